"""A bit of what is stored turns over: ``verify`` says where, and no answer is given from it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from assistant.editing import Editing
from assistant.journal import Journal
from bench.running import served
from index.curate import Curator
from index.faults import DamagedError
from index.home import Home
from index.library import FILE_NAME, Library
from index.search import Index
from index.verify import verify
from tests.index.conftest import HARBOUR, ORCHARD, document


@pytest.fixture
def data(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    Curator(data, create=True).add_documents([document("harbour", HARBOUR), document("orchard", ORCHARD)])
    return data


def turn_over(file: Path, words: str) -> None:
    """The lowest bit of the last byte of the first of these words: it stays UTF-8, and another character."""
    content = bytearray(file.read_bytes())
    at = content.index(words.encode()) + 2
    content[at] ^= 1
    file.write_bytes(content)


def faults(where: Path | Home) -> list[str]:
    return [finding.text for finding in verify(where) if not finding.sound]


def test_a_character_that_has_changed_is_found_and_its_document_named(data: Path) -> None:
    assert faults(data) == []
    turn_over(data / FILE_NAME, "沿江码头应当")
    with closing(sqlite3.connect(data / FILE_NAME)) as connection:
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
    (said,) = faults(data)
    assert said.startswith("harbour ") and "restore" in said
    with closing(Library.open(data)) as library:
        assert library.document("orchard")
        with pytest.raises(DamagedError):
            library.document("harbour")


def test_the_app_answers_from_the_others_and_names_the_one_that_has_changed(data: Path) -> None:
    turn_over(data / FILE_NAME, "沿江码头应当")
    with served(data) as app:
        health = app.client.get("/healthz").json()
        assert health["status"] == "degraded" and "文件 harbour" in health["reason"] and health["documents"] == 1
        given = app.client.post("/api/ask", json={"question": "港口岸电：沿江码头配备岸电箱由哪个单位负责？"}).json()
        assert given["refused"] and not given["citations"]


@pytest.mark.parametrize("column", ["card", "body", "text", "sum"])
def test_every_part_of_a_document_is_looked_at(home: Home, column: str) -> None:
    Curator(home, create=True).add_documents([document("harbour", HARBOUR), document("orchard", ORCHARD)])
    with closing(Library.open(home)) as library, library.changing() as change:
        change.run(f"update documents set {column} = {column} || ' ' where id = 'orchard'")
    (said,) = faults(home)
    assert said.startswith("orchard ")


def test_a_word_index_and_an_uploaded_file_that_have_changed_are_found(data: Path, tmp_path: Path) -> None:
    (tmp_path / "new.txt").write_text(HARBOUR + "\n附则。", encoding="utf-8")
    index, journal = Index.open(data), Journal.open(data)
    editing = Editing.open(data, index, journal)
    editing.publish([each.id for each in editing.read([tmp_path / "new.txt"])], editor="编辑")
    index.close()
    journal.close()
    assert faults(data) == []
    with closing(Library.open(data)) as library, library.changing() as change:
        for table, key in (("blocks", "id"), ("originals", "sha256")):
            ((at, content),) = change.rows(f"select {key}, content from {table} order by {key} desc limit 1")
            spoilt = bytes(content[:-1]) + bytes([content[-1] ^ 1])
            change.run(f"update {table} set content = ? where {key} = ?", (spoilt, at))
    said = faults(data)
    assert len(said) == 2 and "new.txt" in said[0] and "有损坏" in said[1]
