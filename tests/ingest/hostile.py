"""What a reading process may be made to do by a bad file; each is a function that it can be told to run."""

import os
import signal
import tempfile
from pathlib import Path

from ingest.document import RawText, Source
from ingest.formats import office

SOURCE = Source("hostile.txt", "txt", "utf-8", "0" * 64, None)


def settings() -> tuple[RawText, ...]:
    return (RawText("\n".join(f"{name}={value}" for name, value in os.environ.items()), SOURCE),)


def manners() -> tuple[RawText, ...]:
    return (RawText(f"关于测试的通知\n\n一、优先级\n\n谦让到 {os.nice(0)}。\n", SOURCE),)


def greed() -> tuple[RawText, ...]:
    held = [bytes([at % 251]) * 2**28 for at in range(64)]
    return (RawText(str(len(held)), SOURCE),)


def crash() -> tuple[RawText, ...]:
    os.kill(os.getpid(), signal.SIGSEGV)
    raise AssertionError("unreachable")


def defect() -> tuple[RawText, ...]:
    raise ZeroDivisionError("of a parser")


def chatter() -> tuple[RawText, ...]:
    print('{"documents": []}', flush=True)
    os.write(1, b'{"refused": "nonsense"}\n')
    return (RawText("关于测试的通知\n\n一、总体要求\n\n要测试。\n", SOURCE),)


def says(content: bytes, *, goes_on: bool) -> tuple[RawText, ...]:
    """In place of what a reader says, on the pipe itself; then more than a pipe holds, or nothing any more."""
    (pipe,) = (int(each.name) for each in Path("/proc/self/fd").iterdir() if _is_pipe_to_parent(each))
    os.write(pipe, content)
    while goes_on:
        os.write(pipe, b"\n" + b" " * 65536)
    os._exit(0)


def _is_pipe_to_parent(open_file: Path) -> bool:
    try:
        return int(open_file.name) > 2 and str(open_file.readlink()).startswith("pipe:")
    except OSError:  # the listing's own
        return False


def for_ever() -> tuple[RawText, ...]:
    """Converted by a script that starts another program and waits for it, as LibreOffice's does, without end."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder, "soffice")
        program.write_text("#!/bin/sh\nsleep 600\ntrue\n", encoding="ascii")
        program.chmod(0o700)
        office._convert(str(program), Path(folder, "source.doc"), Path(folder))
    raise AssertionError("unreachable")
