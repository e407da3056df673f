"""Chroma: derived from the library, kept by one process, never believed over it."""

import sqlite3
import time
from pathlib import Path

import pytest

from index.curate import Curator
from index.search import Index
from index.store import EMBEDDED, FOLDER, is_locked, ready_child, tend, tend_safely
from ingest.errors import IndexingError
from tests.index.conftest import HARBOUR, ORCHARD, document


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    Curator(tmp_path / "data").build([str(tmp_path / "harbour.txt")])
    return tmp_path / "data"


def wait_for_chroma(index: Index) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        index.search("岸电")
        if index.vector_search == "chroma":
            return
        time.sleep(0.1)
    raise AssertionError("Chroma never became ready")


def test_chroma_follows_what_is_added_and_removed(data: Path) -> None:
    first = tend(data)
    Curator(data).add_documents([document("orchard", ORCHARD)])
    second = tend(data)
    Curator(data).remove(["orchard"])
    third = tend(data)
    assert first["added"] == first["held"] > 0
    assert second["added"] == second["held"] - first["held"] > 0
    assert (third["held"], third["removed"]) == (first["held"], second["added"])


def test_chroma_and_exact_search_find_the_same_while_documents_come_and_go(data: Path) -> None:
    with Index.open(data) as exact, Index.open(data, chroma=EMBEDDED) as kept:
        wait_for_chroma(kept)
        assert is_locked(data)
        for change in (
            lambda: Curator(data).add_documents([document("orchard", ORCHARD)]),
            lambda: Curator(data).remove(["orchard"]),
        ):
            change()
            for question in ("岸电箱由谁配备", "滴灌补助"):
                for _ in range(5):  # before Chroma has followed, while it follows, and after
                    assert kept.search(question) == exact.search(question)
                    time.sleep(0.05)
    assert not is_locked(data)


def test_a_second_process_searches_exactly(data: Path) -> None:
    with Index.open(data, chroma=EMBEDDED) as kept:
        wait_for_chroma(kept)
        assert tend_safely(data) is None
        with Index.open(data, chroma=EMBEDDED) as second:
            assert second.search("岸电") and second.vector_search == "exact"


def test_a_broken_chroma_is_made_anew(data: Path) -> None:
    held = tend_safely(data)
    (data / FOLDER / "chroma.sqlite3").write_bytes(b"broken" * 1000)
    assert held is not None and tend_safely(data) == held | {"added": held["held"]}


def test_chroma_holds_no_texts(data: Path) -> None:
    tend(data)
    connection = sqlite3.connect(data / FOLDER / "chroma.sqlite3")
    assert connection.execute("select count(*) from embedding_metadata").fetchone() == (0,)
    connection.close()


def test_a_child_that_is_ready_fills_chroma_when_it_is_told(data: Path) -> None:
    with ready_child(data) as child:
        held = tend_safely(data, child=child)
    assert held is not None and held["added"] == held["held"] > 0
    assert child.returncode == 0


def test_a_child_whose_starter_has_ended_touches_nothing(data: Path) -> None:
    with ready_child(data) as child:
        assert child.stdin
        child.stdin.close()
        assert child.wait(60) == 1
    assert not (data / FOLDER).exists()


def test_a_child_that_is_not_needed_is_ended(data: Path) -> None:
    with pytest.raises(IndexingError), ready_child(data) as child:
        raise IndexingError("nothing was read")
    assert child.poll() is not None
