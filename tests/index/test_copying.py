"""A knowledge base moves between an SQLite file and PostgreSQL, whole or not at all, and answers as before."""

from contextlib import closing
from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.editing import Editing
from assistant.journal import Journal
from index.__main__ import main
from index.copying import copy_in, copy_out
from index.curate import Curator
from index.home import Home
from index.library import Library
from index.schema import TABLES
from index.search import Index
from index.similar import SimilarQuestion
from index.verify import verify
from ingest.errors import IndexingError
from tests.deploy.cluster import Cluster
from tests.index.conftest import HARBOUR, ORCHARD, document

QUESTIONS = ("岸电箱由谁配备", "果园滴灌每亩补助多少", "船靠岸怎么用电")


@pytest.fixture
def full(tmp_path: Path) -> Home:
    """Two documents, one of them removed and brought back, a question, drafts and a journal."""
    home = Home(tmp_path / "file")
    Curator(home, create=True).add_documents([document("harbour", HARBOUR), document("orchard", ORCHARD)])
    Curator(home).add_similar([SimilarQuestion("harbour", ("一1",), "船靠岸怎么用电")])
    with Index.open(home) as index, closing(Journal.open(home)) as journal:
        editing = Editing.open(home, index, journal)
        editing.remove(["harbour"], editor="王编辑")
        editing.undo(editing.history()[0].id, editor="王编辑")
        journal.record("岸电", Answer("没有", "unanswerable", refused=True))
        journal.key("ticket")
    return home


def rows(home: Home) -> dict[str, list[tuple[object, ...]]]:
    with closing(Library.open(home)) as library:
        found = {table: library.rows(f'select * from "{table}"') for table in TABLES}
    found["meta"] = [row for row in found["meta"] if row[0] not in ("token", "generation")]
    return {table: sorted(map(tuple, each), key=repr) for table, each in found.items()}


def answers(home: Home) -> list[object]:
    with Index.open(home) as index, closing(Journal.open(home)) as journal:
        return [*(index.search(question) for question in QUESTIONS), journal.unanswered(), journal.key("ticket")]


def test_there_and_back_everything_is_the_same(full: Home, postgres: Cluster, tmp_path: Path) -> None:
    there, back = Home(tmp_path / "there", postgres.database()), Home(tmp_path / "back")
    environment = {"POLICY_DATABASE_URL": there.database}
    assert main(["move", "database", "--data", str(full.folder)], env=environment) == 0
    assert rows(there) == rows(full)
    assert answers(there) == answers(full)
    assert main(["move", "folder", "--data", str(back.folder)], env=environment) == 0
    assert rows(back) == rows(full)
    assert answers(back) == answers(full)
    for home in (there, back):
        assert [finding.text for finding in verify(home) if not finding.sound] == []


def test_numbers_go_on_behind_those_that_were_given_ever(full: Home, postgres: Cluster, tmp_path: Path) -> None:
    there, back = Home(tmp_path / "there", postgres.database()), Home(tmp_path / "back")
    Curator(full).add_documents([document("last", ORCHARD + "\n又。")])
    Curator(full).remove(["last"])
    with closing(Library.open(full)) as library:
        last = max(int(str(row[0])) for row in library.rows("select seq from sqlite_sequence where name = 'chunks'"))
    copy_in(full.folder, there)
    back.folder.mkdir()
    copy_out(there, back.folder)
    for home in (there, back):
        Curator(home).add_documents([document("new", ORCHARD + "\n新。")])
        with closing(Library.open(home)) as library:
            new = library.rows(
                "select min(chunks.id) from chunks join documents on row = document where documents.id = 'new'"
            )
        assert new == [(last + 1,)]


def test_what_is_there_is_not_replaced_unasked(full: Home, postgres: Cluster, tmp_path: Path) -> None:
    there = Home(tmp_path / "there", postgres.database())
    Curator(there, create=True).add_documents([document("mine", ORCHARD)])
    with pytest.raises(IndexingError, match="--replace"):
        copy_in(full.folder, there)
    with Index.open(there) as index:
        assert [each.id for each in index.documents()] == ["mine"]
        before = index.generation()
        copy_in(full.folder, there, replace=True)
        assert [hit.document_id for hit in index.search("岸电箱")][:1] == ["harbour"]
        assert index.generation() != before


def test_a_copy_that_fails_changes_nothing(
    full: Home, postgres: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = Home(tmp_path / "there", postgres.database())
    Curator(there, create=True).add_documents([document("mine", ORCHARD)])
    before = rows(there)
    monkeypatch.setattr("index.copying._PAGES", {"chunks": ("nonsense", 1)})
    with pytest.raises(IndexingError):
        copy_in(full.folder, there, replace=True)
    assert rows(there) == before


def test_a_backup_of_one_engine_is_restored_by_the_other(full: Home, postgres: Cluster, tmp_path: Path) -> None:
    environment = {"POLICY_DATABASE_URL": postgres.database()}
    there, back = Home(tmp_path / "there", environment["POLICY_DATABASE_URL"]), Home(tmp_path / "back")
    of_file, of_database = tmp_path / "file.zip", tmp_path / "database.zip"
    assert main(["backup", str(of_file), "--data", str(full.folder)], env={}) == 0
    assert main(["restore", str(of_file), "--data", str(there.folder)], env=environment) == 0
    assert main(["restore", str(of_file), "--data", str(there.folder)], env=environment) == 1
    assert main(["backup", str(of_database), "--data", str(there.folder)], env=environment) == 0
    assert main(["restore", str(of_database), "--data", str(back.folder)], env={}) == 0
    assert answers(there) == answers(back) == answers(full)
    assert rows(back) == rows(full)


def test_export_and_import_cross_the_engines(full: Home, postgres: Cluster, tmp_path: Path) -> None:
    environment = {"POLICY_DATABASE_URL": postgres.database()}
    place = ["--data", str(tmp_path / "there")]
    assert main(["export", str(tmp_path / "all.jsonl"), "--data", str(full.folder)], env={}) == 0
    assert main(["import", str(tmp_path / "all.jsonl"), *place], env=environment) == 0
    assert main(["export", str(tmp_path / "again.jsonl"), *place], env=environment) == 0
    assert (tmp_path / "again.jsonl").read_bytes() == (tmp_path / "all.jsonl").read_bytes()


def test_moving_needs_an_address(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["move", "database", "--data", str(tmp_path)], env={}) == 1
    assert "POLICY_DATABASE_URL" in capsys.readouterr().err
