"""SQLite's and the file system's complaints as one Chinese sentence each that says what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from index.home import Where, home_of
from ingest.errors import IndexingError

DAMAGED = "{data} 里的知识库文件已损坏，请用 python -m index restore 从备份恢复；没有备份时把该目录移走后运行 python -m index build 重建。"
MISSING = "{data} 里还没有知识库，请先运行 python -m index build 建立。"
_DAMAGED_ROWS = "{data} 里的知识库有内容已损坏，请用 python -m index restore 从备份恢复。"
_SENTENCES = (
    ("locked", "另一个程序正在写入 {data} 里的知识库，请等它结束后再试。"),
    ("full", "磁盘已满，知识库保持原样；请腾出空间后再试。"),
    ("readonly", "{data} 不可写，请检查目录权限，或用 --data 指定另一个目录。"),
    ("unable to open", "{data} 打不开，请检查目录权限，或用 --data 指定另一个目录。"),
    ("no such table", DAMAGED),
    ("no such column", DAMAGED),
    ("malformed", DAMAGED),
    ("Could not decode", DAMAGED),
    ("not a database", DAMAGED),
    ("disk I/O", "{data} 所在磁盘读写出错，知识库保持原样；请检查磁盘后再试。"),
)


class DamagedError(IndexingError):
    """What is stored does not read as what it was: pages of the file hold something else now."""


@contextmanager
def translated(data: Where) -> Iterator[None]:
    """SQLite's and the file system's complaints as one sentence that says what to do."""
    try:
        yield
    except sqlite3.DatabaseError as problem:
        for sign, sentence in _SENTENCES:
            if sign in str(problem):
                kind = DamagedError if sentence is DAMAGED else IndexingError
                raise kind(sentence.format(data=data)) from problem
        raise
    except PermissionError as problem:
        raise IndexingError(_SENTENCES[2][1].format(data=data)) from problem
    except (FileExistsError, NotADirectoryError) as problem:
        raise IndexingError(f"{data} 不是目录，请用 --data 指定一个目录。") from problem


@contextmanager
def decoded(data: Where) -> Iterator[None]:
    """What was stored whole does not read: DamagedError."""
    try:
        yield
    except (ValueError, KeyError, TypeError, IndexError) as problem:
        raise DamagedError((_DAMAGED_ROWS if home_of(data).database else DAMAGED).format(data=data)) from problem
