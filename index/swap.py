"""A data folder's contents replaced as one step: killed at any moment, it is as before, or the next to open it finishes.

The new files stand whole in ``.restoring/new`` before a marker says so; from the marker on, moving is only carried forward. Works
inside the folder, which may be a mounted volume. What was there before is kept in a folder beside the new files.
"""

import json
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

from index import durable
from index.lock import FILE_NAME as LOCK_NAME
from index.lock import lock
from ingest.errors import IndexingError

_FOLDER = ".restoring"
_KEPT = ("before-restore-", "damaged-")
_PATIENCE_S = 10.0


def contents(data: Path) -> list[Path]:
    """What stands in the folder, without the traces of restoring and of the file system."""
    if not data.is_dir():
        return []
    return [
        path
        for path in sorted(data.iterdir())
        if path.name not in (_FOLDER, LOCK_NAME, "lost+found") and not path.name.startswith(_KEPT)
    ]


def is_pending(data: Path) -> bool:
    """Whether a restore is complete but for moving its files into place."""
    return (data / _FOLDER / "ready").exists()


def staging(data: Path) -> Path:
    """An empty folder for the new files, on the same volume; the caller holds the lock."""
    shutil.rmtree(data / _FOLDER, ignore_errors=True)
    new = data / _FOLDER / "new"
    new.mkdir(parents=True)
    return new


def discard(data: Path) -> None:
    """Give up what was staged."""
    shutil.rmtree(data / _FOLDER, ignore_errors=True)


def swap(
    data: Path, names: Sequence[str], *, stamp: str, old: Sequence[str] | None = None, prefix: str = _KEPT[0]
) -> Path | None:
    """Put the staged files in place of everything, or of the ``old``; the folder that what was there is kept in, if anything was."""
    kept = _unused(data / f"{prefix}{stamp}") if contents(data) else None
    plan = {"names": list(names), "kept": kept.name if kept else None, "old": None if old is None else list(old)}
    ready, beside = data / _FOLDER / "ready", data / _FOLDER / "ready.part"
    beside.write_text(json.dumps(plan), encoding="utf-8")
    for folder in (data / _FOLDER / "new", data):
        durable.sync(folder)
    durable.replace(beside, ready)
    finish_held(data)
    return kept


def finish(data: Path) -> None:
    """Finish a restore that was cut off after its files were complete; nothing to do is the rule."""
    until = time.monotonic() + _PATIENCE_S
    while is_pending(data):
        try:
            held = lock(data)
        except IndexingError as problem:
            if time.monotonic() > until:
                raise IndexingError(f"{data} 正在从备份恢复，请等它结束后再试。") from problem
            time.sleep(0.05)
            continue
        with held:
            finish_held(data)


def finish_held(data: Path) -> None:
    """``finish`` for who holds the lock. Every step may have been done already by a process that was killed."""
    if not is_pending(data):
        return
    ready, new = data / _FOLDER / "ready", data / _FOLDER / "new"
    plan = json.loads(ready.read_text(encoding="utf-8"))
    if plan["kept"]:
        kept = data / plan["kept"]
        kept.mkdir(exist_ok=True)
        old = plan.get("old")
        for path in contents(data):
            if old is not None and path.name not in old:
                continue
            if path.name not in plan["names"] or (new / path.name).exists():
                path.replace(kept / path.name)
        durable.sync(kept)
    for name in plan["names"]:
        if (new / name).exists():
            (new / name).replace(data / name)
    durable.sync(data)
    ready.unlink()
    discard(data)


def _unused(path: Path) -> Path:
    """The same second may come twice when the clock is set back."""
    free, count = path, 1
    while free.exists():
        count += 1
        free = path.with_name(f"{path.name}-{count}")
    return free
