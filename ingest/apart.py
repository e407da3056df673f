"""Sources read in a process of their own: what is wrong with one takes nothing else down, and its reading slows nobody's answer.

The child is told what to read by pickle, which comes from us; what it tells of a text that anybody may have written is JSON: data, never
code. It has a limit of memory and of time, gives way to everybody else on the processor, knows no setting and no secret, and ends
with the process that asked for it.
"""

import json
import logging
import os
import pickle  # nosec B403  # what the child reads comes from its parent
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, BinaryIO

from ingest.catalog import Catalog
from ingest.directory import UnitDirectory
from ingest.document import Document, RawText
from ingest.errors import IngestError
from ingest.exchange import from_json, to_json
from ingest.formats.limits import READING_BYTES, READING_SECONDS

Read = Callable[[], Sequence[RawText]]
_LOG = logging.getLogger(__name__)
_ROOT = Path(__file__).resolve().parent.parent
_PLACES = threading.BoundedSemaphore(2)
"""As many are read at once; whoever else wants to read waits here."""
_POLITE = 19
_MOST_TOLD = 512 * 1024 * 1024


def documents_apart(
    read: Read,
    *,
    catalog: Catalog | None,
    directory: UnitDirectory | None,
    characters: Callable[[int], None] = lambda count: None,
) -> tuple[Document, ...]:
    """What ``read`` gives, parsed. It travels to the child: a function of this package with its arguments (``functools.partial``).

    ``characters`` is told the length of the texts before they are parsed. Raises IngestError, also where the child breaks or is
    stopped.
    """
    order = pickle.dumps((read, catalog, directory))
    with _PLACES, _child() as (child, stopped):
        assert child.stdin and child.stdout
        with suppress(BrokenPipeError):  # it has ended already: what it said tells why
            child.stdin.write(order)
            child.stdin.flush()
        for told in _told(child.stdout):
            if "documents" in told:
                return tuple(from_json(each) for each in told["documents"])
            if "refused" in told:
                raise IngestError(str(told["refused"]))
            if "defect" in told:
                _LOG.error("reading failed: %s", told["defect"])
                raise IngestError("程序读这个文件时出错，没有读成；详情已写入运行日志，请用原来的软件打开后另存再试。")
            characters(int(told["characters"]))
        code = child.wait()
    if stopped.is_set():
        raise IngestError(f"文件读了 {READING_SECONDS:.0f} 秒还没有读完，已经停止；请拆成几个文件后再导入。")
    _LOG.warning("a reading process ended with %s", code)
    raise IngestError(
        "读这个文件的程序中断了（文件可能已损坏，或内容太大），请用原来的软件打开后另存，或拆分后再导入。"
    )


@contextmanager
def _child() -> Iterator[tuple["subprocess.Popen[bytes]", threading.Event]]:
    """A child in a group of its own, so that what it starts ends with it; the event says that it took too long."""
    environment = {
        "PATH": os.pathsep.join(os.get_exec_path()),  # where LibreOffice is
        "LC_ALL": "C.UTF-8",
        "TMPDIR": tempfile.gettempdir(),
        "PYTHONPATH": str(_ROOT),
    }
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", "ingest.apart"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    )
    stopped = threading.Event()

    def stop() -> None:
        stopped.set()
        _end(child)

    timer = threading.Timer(READING_SECONDS, stop)
    timer.daemon = True
    timer.start()
    try:
        yield child, stopped
    finally:
        timer.cancel()
        _end(child)
        child.wait()
        for pipe in (child.stdin, child.stdout):
            with suppress(BrokenPipeError):
                pipe.close() if pipe else None


def _end(child: "subprocess.Popen[bytes]") -> None:
    """The whole group: what the child started may outlive it."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def _told(pipe: IO[bytes]) -> Iterator[dict[str, Any]]:
    """The child's lines; one that is cut off or is no object is the end of what can be believed."""
    while line := pipe.readline(_MOST_TOLD):
        try:
            told = json.loads(line)
        except ValueError:
            return
        if not isinstance(told, dict):
            return
        yield told


def main() -> None:
    """The child."""
    from ingest.load import document_of  # half a second to load, and who asks reads nothing

    order, told = sys.stdin.buffer, os.fdopen(os.dup(1), "w", encoding="utf-8", errors="surrogatepass")
    os.dup2(2, 1)  # whatever a library prints goes nowhere
    _limit()
    read, catalog, directory = pickle.load(order)  # nosec B301  # from the parent
    threading.Thread(target=_end_with_parent, args=(order,), daemon=True).start()

    def tell(**values: object) -> None:
        print(json.dumps(values), file=told, flush=True)

    try:
        raws = read()
        tell(characters=sum(len(raw.text) for raw in raws))
        found = [document_of(raw, catalog=catalog, directory=directory) for raw in raws]
        tell(documents=[to_json(each) for each in found])
    except IngestError as error:
        tell(refused=str(error))
    except MemoryError:
        tell(refused=f"读这个文件要的内存超过 {READING_BYTES // 1024**2} MB，已经停止；请拆成几个文件后再导入。")
    except Exception:  # noqa: BLE001 - told to the parent, which logs it
        tell(defect=traceback.format_exc())


def _limit() -> None:
    """Where the system has such limits. Out of memory, the system takes this process and not the server."""
    with suppress(OSError):
        os.nice(_POLITE)
    with suppress(OSError):  # Linux weighs sessions before it weighs processes, and this is a session of its own
        Path("/proc/self/autogroup").write_text(str(_POLITE), encoding="ascii")
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    with suppress(ImportError):
        import resource

        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        most = READING_BYTES if hard == resource.RLIM_INFINITY else min(READING_BYTES, hard)
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_DATA, (most, most))
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _end_with_parent(order: BinaryIO) -> None:
    order.read(1)  # the pipe is closed by the parent's end alone
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
