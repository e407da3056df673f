"""A database file open for use, on a disk that is full or cannot be written as far as that goes."""

import logging
import os
import sqlite3
from pathlib import Path

_PATIENCE_S = 5.0
logger = logging.getLogger(__name__)


def connected(path: Path) -> sqlite3.Connection:
    """The file, after something was read from it; sqlite3.Error where nothing can be."""
    try:
        return _tried(str(path))
    except sqlite3.OperationalError as problem:
        if "disk I/O" in str(problem):  # no room left for SQLite's shared memory: alone with the file it needs none
            connection = _tried(str(path), "pragma locking_mode = exclusive")
            logger.warning("%s 所在磁盘已满或读写出错，只由本进程打开；请腾出空间后重新启动。", path)
            return connection
        if path.is_file() and not os.access(path.parent, os.W_OK) and not path.with_name(f"{path.name}-wal").exists():
            return _tried(f"{path.resolve().as_uri()}?immutable=1")
        raise


def _tried(place: str, *first: str) -> sqlite3.Connection:
    uri = place.startswith("file:")
    connection = sqlite3.connect(place, timeout=_PATIENCE_S, isolation_level=None, check_same_thread=False, uri=uri)
    try:
        for statement in (*first, "select 1 from sqlite_master"):
            connection.execute(statement).fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection
