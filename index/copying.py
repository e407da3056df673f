"""A whole knowledge base from a data folder's SQLite files into PostgreSQL, and back: every table, row by row, in one transaction.

What upper layers keep beside the library (``journal.db``) goes along; logins do not. A copy has a life of its own: its vectors in a
Chroma server must not be taken for the original's, so it gets a new token.
"""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from index.connect import Connection, connected, marks
from index.faults import MISSING, translated
from index.home import Home
from index.library import FILE_NAME, Library
from index.postgres import Postgres
from index.schema import TABLES, make_schema
from ingest.errors import IndexingError

JOURNAL = "journal.db"
_OF_THE_SERVICE = ("sessions", "failed_logins")
_PAGES = {
    "documents": ("row", 50),
    "clauses": ("document", 50),
    "units": ("document", 50),
    "chunks": ("document", 50),
    "blocks": ("id", 1),
    "snippets": ("block", 1),
    "originals": ("sha256", 1),
    "as_read": ("document", 20),
    "similar": ("id", 500),
    "drafts": ("id", 20),
    "history": ("id", 100),
    "asked": ("id", 1000),
}
"""Large tables are copied by their key, so many keys at a time; the others whole."""


def copy_in(folder: Path, home: Home, *, replace: bool = False) -> None:
    """The folder's files into the database; one that holds a knowledge base already is left alone unless ``replace``."""
    if not (folder / FILE_NAME).is_file():
        raise IndexingError(MISSING.format(data=folder))
    Library.open(folder).close()  # an older file is brought up to date
    with translated(home), closing(Postgres(home)) as target:
        make_schema(target)
        with _changed(target):
            before = int(_meta(target, "generation"))
            if before and not replace:
                raise IndexingError(f"{home} 里已有知识库，没有改动；确要替换请加 --replace（请先备份）。")
            for table in reversed([*TABLES, *_others(target)]):
                target.execute(f'delete from "{table}"')  # nosec B608  # names of tables
            with translated(folder):
                _fill(target, folder)
            after = max(before, int(_meta(target, "generation"))) + 1
            target.execute("update meta set value = ? where key = 'generation'", (str(after),))


def copy_out(home: Home, folder: Path) -> list[str]:
    """The database as files in an empty folder, all of one moment; their names."""
    with ExitStack() as open_files:
        source = open_files.enter_context(closing(Postgres(home)))
        if not source.columns("meta") or _meta(source, "generation") == "0":
            raise IndexingError(MISSING.format(data=home))
        library = open_files.enter_context(closing(connected(folder / FILE_NAME)))
        source.begin_reading()
        make_schema(library)
        with _changed(library):
            for table in reversed(TABLES):
                library.execute(f'delete from "{table}"')  # nosec B608  # names of tables
            _copy(source, library, TABLES)
        names = [FILE_NAME]
        if others := _others(source):
            journal = open_files.enter_context(closing(connected(folder / JOURNAL)))
            with _changed(journal):
                _copy(source, journal, others)
            names.append(JOURNAL)
        source.commit()
    return names


def _fill(target: Connection, folder: Path) -> None:
    with closing(connected(folder / FILE_NAME)) as library:
        library.begin_reading()
        _copy(library, target, TABLES)
    if (folder / JOURNAL).is_file():
        with closing(connected(folder / JOURNAL)) as journal:
            journal.begin_reading()
            _copy(journal, target, journal.tables())


def _copy(source: Connection, target: Connection, tables: list[str]) -> None:
    for table in tables:
        if not target.columns(table):
            target.define(source.definition(table))
        names = source.columns(table)
        put = f'insert into "{table}" ({_quoted(names)}) values ({marks(names)})'  # nosec B608  # names of tables
        for rows in _pages(source, table, names):
            target.executemany(put, rows)
        count = f'select count(*) from "{table}"'  # nosec B608  # as above
        if source.execute(count).fetchone() != target.execute(count).fetchone():
            raise IndexingError(f"表 {table} 没有复制完整，没有改动；请再试一次。")
    given = source.numbers()
    target.number_from({table: given.get(table, 0) for table in tables})
    if "meta" in tables:
        target.execute("update meta set value = ? where key = 'token'", (secrets.token_hex(6),))


def _pages(source: Connection, table: str, names: list[str]) -> Iterator[list[tuple[Any, ...]]]:
    chosen = f'select {_quoted(names)} from "{table}"'  # nosec B608  # names of tables
    if table not in _PAGES:
        yield source.execute(chosen).fetchall()
        return
    key, size = _PAGES[table]
    keys = [row[0] for row in source.execute(f'select distinct {key} from "{table}" order by {key}')]  # nosec B608  # as above
    for start in range(0, len(keys), size):
        page = keys[start : start + size]
        yield source.execute(f"{chosen} where {key} in ({marks(page)}) order by {key}", page).fetchall()


def _others(connection: Connection) -> list[str]:
    return [name for name in connection.tables() if name not in (*TABLES, *_OF_THE_SERVICE)]


def _meta(connection: Connection, key: str) -> str:
    return str(connection.execute("select value from meta where key = ?", (key,)).fetchone()[0])


def _quoted(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


@contextmanager
def _changed(connection: Connection) -> Iterator[None]:
    connection.begin_changing()
    try:
        yield
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
