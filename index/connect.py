"""A database open for use: SQLite's file here, PostgreSQL in ``postgres``; both take the same statements.

Statements keep to what both speak: ``?`` for values, ``on conflict``, ``returning``, ``nulls first``, "end" and
"similar" in quotes, and no order that is not asked for.
"""

import logging
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence, Sized
from pathlib import Path
from typing import Any, Protocol

_PATIENCE_S = 5.0
_AT_ONCE = 10_000
logger = logging.getLogger(__name__)


class Rows(Protocol):
    """What a statement gave."""

    @property
    def rowcount(self) -> int: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> list[tuple[Any, ...]]: ...
    def __iter__(self) -> Iterator[tuple[Any, ...]]: ...


class Connection(Protocol):
    """One session with a database. What it begins is ended with ``commit`` or ``rollback``."""

    @property
    def in_transaction(self) -> bool: ...
    def execute(self, statement: str, values: Sequence[Any] = (), /) -> Rows: ...
    def executemany(self, statement: str, rows: Iterable[Sequence[Any]], /) -> object: ...
    def commit(self) -> None: ...
    def rollback(self) -> None: ...
    def close(self) -> None: ...

    def begin_reading(self) -> None:
        """What is read until the end belongs to one state."""

    def begin_changing(self) -> None:
        """Nobody else changes the knowledge base until the end."""

    def alone(self, statement: str, values: Sequence[Any] = (), /) -> list[tuple[Any, ...]]:
        """One statement that is a transaction of its own."""

    def define(self, statement: str) -> None:
        """Make or change a table, told in SQLite's types."""

    def columns(self, table: str) -> list[str]:
        """In their order; none where there is no such table."""

    def tables(self) -> list[str]:
        """By name."""

    def definition(self, table: str) -> str:
        """What ``define`` was told."""

    def numbers(self) -> dict[str, int]:
        """Table → the last number that it gave a row by itself."""

    def number_from(self, numbers: dict[str, int]) -> None:
        """Go on counting behind these, and behind the rows that are there."""

    def is_sound(self) -> bool:
        """The database's own check of what it stores."""


class File(sqlite3.Connection):
    """An SQLite file as ``Connection``; every method that sqlite3 has already is its own."""

    def begin_reading(self) -> None:
        self.execute("begin")

    def begin_changing(self) -> None:
        self.execute("begin immediate")

    def alone(self, statement: str, values: Sequence[Any] = (), /) -> list[tuple[Any, ...]]:
        return self.execute(statement, values).fetchall()

    def define(self, statement: str) -> None:
        self.execute(statement)

    def columns(self, table: str) -> list[str]:
        return [row[0] for row in self.execute("select name from pragma_table_info(?)", (table,))]

    def tables(self) -> list[str]:
        rows = self.execute(
            "select name from sqlite_master where type = 'table' and name not like 'sqlite!_%' escape '!'"
        )
        return sorted(row[0] for row in rows)

    def definition(self, table: str) -> str:
        return str(self.execute("select sql from sqlite_master where name = ?", (table,)).fetchone()[0])

    def numbers(self) -> dict[str, int]:
        counted = self.columns("sqlite_sequence")
        return dict(self.execute("select name, seq from sqlite_sequence").fetchall()) if counted else {}

    def number_from(self, numbers: dict[str, int]) -> None:
        here = self.numbers()
        for table, last in numbers.items():
            if table in here:
                self.execute("update sqlite_sequence set seq = max(seq, ?) where name = ?", (last, table))
            elif "autoincrement" in (self.definition(table) if self.columns(table) else ""):
                self.execute("insert into sqlite_sequence values (?, ?)", (table, last))

    def is_sound(self) -> bool:
        return bool(self.execute("pragma quick_check").fetchone()[0] == "ok")


def marks(values: Sized) -> str:
    """As many places as there are values, for ``in (…)``; SQLite takes 32,766."""
    return ", ".join(["?"] * len(values))


def portions(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """All of them in order, at a time no more than every database has places for."""
    return (values[at : at + _AT_ONCE] for at in range(0, len(values), _AT_ONCE))


def connected(path: Path) -> File:
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


def _tried(place: str, *first: str) -> File:
    uri = place.startswith("file:")
    connection = sqlite3.connect(
        place, timeout=_PATIENCE_S, isolation_level=None, check_same_thread=False, uri=uri, factory=File
    )
    try:
        # extra: what was committed outlives a power cut, whatever SQLite was compiled with and in either kind of journal
        for statement in (*first, "pragma synchronous = extra", "select 1 from sqlite_master"):
            connection.execute(statement).fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection
