"""The data folder's lock: held by the process that has the embedded Chroma open, and by a restore."""

from pathlib import Path
from typing import BinaryIO

from ingest.errors import IndexingError

FILE_NAME = "chroma.lock"


def lock(data: Path) -> BinaryIO:
    """The open lock file; closing it, or the end of the process however it comes, frees it."""
    import fcntl

    try:
        file = (data / FILE_NAME).open("wb")
    except OSError as problem:
        raise IndexingError(f"{data} 不可写，Chroma 不能使用；按原始向量精确检索，结果不受影响。") from problem
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as problem:
        file.close()
        raise IndexingError("Chroma 正由另一个进程使用，请先停掉它，或用 CHROMA_URL 指向 Chroma 服务。") from problem
    return file


def is_locked(data: Path) -> bool:
    """Whether another process has the embedded Chroma open, or is restoring."""
    try:
        lock(data).close()
    except IndexingError:
        return True
    return False
