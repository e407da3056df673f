"""Sources read in a process of their own: what is wrong with one takes nothing else down, and its reading slows nobody's answer.

The child is told what to read by pickle, which comes from us; what it tells of a text that anybody may have written is JSON: data, never
code. A document comes written down (``ingest.written``), its body behind the line that names it, so that nobody here waits while
ten thousands of clauses are taken apart. The child has a limit of memory and of time, gives way to everybody else on the processor,
knows no setting and no secret, and ends with the process that asked for it.
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
from itertools import chain
from pathlib import Path
from typing import IO, Any, BinaryIO

from ingest.catalog import Catalog
from ingest.directory import UnitDirectory
from ingest.document import RawText
from ingest.errors import IngestError
from ingest.exchange import from_json, to_json
from ingest.formats.limits import READING_BYTES, READING_SECONDS
from ingest.written import Written, is_body_of

Read = Callable[[], Sequence[RawText]]
Row = dict[str, Any]
_LOG = logging.getLogger(__name__)
_ROOT = Path(__file__).resolve().parent.parent
_PLACES = threading.BoundedSemaphore(min(2, max(1, (os.cpu_count() or 1) - 1)))
"""As many are read at once, and a core is left to who asks; whoever else wants to read waits here."""
_POLITE = 19
_MOST_TOLD = 512 * 1024 * 1024
_LAST_WORDS_S = 5.0
_CODING = ("utf-8", "surrogatepass")


def documents_apart(
    read: Read,
    *,
    catalog: Catalog | None,
    directory: UnitDirectory | None,
    characters: Callable[[int], None] = lambda count: None,
) -> tuple[Written, ...]:
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
        try:
            found = told(child.stdout, characters)
        except CutOffError as cut:
            _LOG.warning("a reading process ended with %s (%s)", _code(child), cut)
        else:
            return found
    if stopped.is_set():
        raise IngestError(f"文件读了 {READING_SECONDS:.0f} 秒还没有读完，已经停止；请拆成几个文件后再导入。")
    raise IngestError(
        "读这个文件的程序中断了（文件可能已损坏，或内容太大），请用原来的软件打开后另存，或拆分后再导入。"
    )


class CutOffError(Exception):
    """The child ended before it had told everything, or told what can't be understood."""


@contextmanager
def _child() -> Iterator[tuple["subprocess.Popen[bytes]", threading.Event]]:
    """A child that is ended with all that it started, and left no file behind; the event says that it took too long."""
    stopped = threading.Event()
    with tempfile.TemporaryDirectory(prefix="policy-reading-", ignore_cleanup_errors=True) as folder:
        child = _started(folder)

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


def _started(folder: str) -> "subprocess.Popen[bytes]":
    """In a group of its own, so that it ends as a whole, with a folder of its own for what it writes."""
    environment = {
        "PATH": os.pathsep.join(os.get_exec_path()),  # where LibreOffice is
        "LC_ALL": "C.UTF-8",
        "TMPDIR": folder,
        "PYTHONPATH": str(_ROOT),
    }
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "ingest.apart"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    )


def _end(child: "subprocess.Popen[bytes]") -> None:
    """The whole group: what the child started may outlive it."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def _code(child: "subprocess.Popen[bytes]") -> int:
    """How it ended. One that goes on after its last word, or has more to say than is believed, is ended."""
    if child.stdout:
        child.stdout.close()
    try:
        return child.wait(_LAST_WORDS_S)
    except subprocess.TimeoutExpired:
        _end(child)
        return child.wait()


def told(pipe: IO[bytes], characters: Callable[[int], None] = lambda count: None) -> tuple[Written, ...]:
    """The documents that the child tells of. CutOffError where it does not say what it should: nothing is taken for granted."""
    line = _line(pipe)
    if isinstance(count := line.get("characters"), int):
        characters(count)
        line = _line(pipe)
    if "refused" in line:
        raise IngestError(str(line["refused"]))
    if "defect" in line:
        _LOG.error("reading failed: %s", line["defect"])
        raise IngestError("程序读这个文件时出错，没有读成；详情已写入运行日志，请用原来的软件打开后另存再试。")
    try:
        return tuple(_written(each, pipe) for each in line["documents"])
    except (KeyError, TypeError, ValueError) as fault:
        raise CutOffError(repr(fault)[:200]) from fault


def _line(pipe: IO[bytes]) -> Row:
    try:
        line = json.loads(pipe.readline(_MOST_TOLD))
    except (ValueError, RecursionError) as fault:
        raise CutOffError(repr(fault)[:200]) from fault
    if not isinstance(line, dict):
        raise CutOffError("no object")
    return line


def _written(line: Row, pipe: IO[bytes]) -> Written:
    body, text = (_exactly(pipe, line[name]) for name in ("body", "text"))
    try:
        head = from_json(line["head"] | {"text": text})
        fits = is_body_of(body, head)
    except (IngestError, AttributeError, RecursionError) as fault:  # a sentence of ours is for files that people export
        raise ValueError("no document") from fault
    if not fits:
        raise ValueError("head and body are of different documents")
    return Written(head, body, str(line["audit"]), tuple(map(str, line["gaps"])))


def _exactly(pipe: IO[bytes], count: int) -> str:
    if not 0 <= count <= _MOST_TOLD:
        raise ValueError(f"{count} bytes")
    content = pipe.read(count)
    if len(content) != count:
        raise ValueError(f"{len(content)} bytes of {count}")
    return content.decode(*_CODING)


def main() -> None:
    """The child."""
    from ingest.load import document_of  # half a second to load, and who asks reads nothing

    order, pipe = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints goes nowhere
    _limit()
    read, catalog, directory = pickle.load(order)  # nosec B301  # from the parent
    threading.Thread(target=_end_with_parent, args=(order,), daemon=True).start()

    def tell(*contents: bytes, **values: object) -> None:
        pipe.writelines((json.dumps(values).encode(), b"\n", *contents))
        pipe.flush()

    try:
        raws = read()
        tell(characters=sum(len(raw.text) for raw in raws))
        found = [Written.of(document_of(raw, catalog=catalog, directory=directory)) for raw in raws]
        contents = [(each.body.encode(*_CODING), each.head.text.encode(*_CODING)) for each in found]
        lines = [_described(each, *map(len, pair)) for each, pair in zip(found, contents, strict=True)]
        tell(*chain.from_iterable(contents), documents=lines)
    except IngestError as error:
        tell(refused=str(error))
    except MemoryError:
        tell(refused=f"读这个文件要的内存超过 {READING_BYTES // 1024**2} MB，已经停止；请拆成几个文件后再导入。")
    except Exception:  # noqa: BLE001 - told to the parent, which logs it
        tell(defect=traceback.format_exc())


def _described(written: Written, body: int, text: int) -> Row:
    """What stands on the line; of the body and the text, their bytes."""
    head = {name: value for name, value in to_json(written.head).items() if name != "text"}
    return {"head": head, "body": body, "text": text, "audit": written.audit, "gaps": written.gaps}


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
