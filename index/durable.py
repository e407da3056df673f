"""Names that outlive a power cut: a file or folder is there for good only once the folder that names it has been synced too."""

import os
from pathlib import Path


def replace(beside: Path, file: Path) -> None:
    """Put a finished file in the place of another: after a power cut it is one or the other, and after the return this one."""
    with beside.open("rb") as written:
        os.fsync(written.fileno())
    beside.replace(file)
    sync(file.parent)


def make_folder(folder: Path) -> None:
    """The folder with its parents, where they are missing."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for each in missing:
        sync(each.parent)


def sync(folder: Path) -> None:
    """The names in a folder are as they are now."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
