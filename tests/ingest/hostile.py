"""What a reading process may be made to do by a bad file; each is a function that it can be told to run."""

import os
import signal
import subprocess
import sys
import time

from ingest.document import RawText, Source

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


def for_ever() -> tuple[RawText, ...]:
    """With a program of its own, as LibreOffice is."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]):
        time.sleep(600)
    raise AssertionError("unreachable")
