"""Kinds of change that are made in PostgreSQL, for ``kill.py``: the process that makes them is killed, the server goes on."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

from bench.kill_work import Kind, State, Step, rows_of, text, version_of, versions
from index.__main__ import main as command
from index.curate import Curator
from index.home import Home, Where, home_of
from index.library import Library, is_unbuilt
from ingest.load import from_row

DATABASE = "database"
"""The file in a kind's folder that holds the address of its database."""


def _home(folder: Path) -> Home:
    return Home(folder / "data", (folder / DATABASE).read_text(encoding="ascii"))


def _ran(folder: Path, *arguments: str) -> None:
    settings = {"POLICY_DATABASE_URL": _home(folder).database}
    if command([*arguments, "--data", str(folder / "data")], env=settings) != 0:
        raise RuntimeError(f"{arguments[0]} failed")


def _nothing(folder: Path) -> None:
    """The first build finds an empty database."""


def _build(folder: Path) -> Iterator[Step]:
    for version in count(version_of(_built(folder)) + 1):
        made = f"version {version}, {30 + version % 7} documents"
        yield "will", "collection", made
        _ran(folder, "build", "--jsonl", str(rows_of(folder, version)))
        yield "did", "collection", made


def _built(folder: Path) -> State:
    return {} if is_unbuilt(_home(folder)) else versions(_home(folder))


def _two(folder: Path) -> None:
    """One and the same collection in the folder and in the database."""
    Curator(folder / "data", create=True).add_documents([from_row({"id": "d0", "text": text(0)})])
    _ran(folder, "move", "database")


def _move(folder: Path) -> Iterator[Step]:
    """There and back, each time with one document more."""
    for number in count(int(max(_moved(folder).values(), key=int))):
        way = "database" if number % 2 else "folder"
        source: Where = folder / "data" if number % 2 else _home(folder)
        for place in ("database", "folder"):
            yield "will", place, str(number + 1)
        Curator(source).add_documents([from_row({"id": f"d{at}", "text": text(at)}) for at in range(number + 1)])
        _ran(folder, "move", way, "--replace")
        for place in ("database", "folder"):
            yield "did", place, str(number + 1)


def _moved(folder: Path) -> State:
    """How many documents each has; what a move put aside is whole."""
    places: dict[str, Where] = {"database": _home(folder), "folder": folder / "data"}
    for kept in (folder / "data").glob("before-*"):
        assert _count(kept), "what was replaced is not whole"
        shutil.rmtree(kept)
    return {name: str(_count(place)) for name, place in places.items()}


def _count(where: Where) -> int:
    with closing(Library.open(home_of(where))) as library:
        return len(library.documents())


KINDS = {
    "build in PostgreSQL": Kind(_nothing, _build, _built, span_s=4.0, data=_home),
    "move to PostgreSQL and back": Kind(_two, _move, _moved, span_s=3.0, data=_home),
}
