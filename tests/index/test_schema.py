"""A data folder of every earlier release opens, is brought up to date in one step, and answers as before."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from index import schema
from index.curate import Curator
from index.library import FILE_NAME, Library
from index.schema import SCHEMA_VERSION
from index.search import Index
from index.verify import verify
from ingest.errors import IndexingError
from tests.index.conftest import ORCHARD, document

RELEASES = {
    "3": "first-release.sqlite",
    "4": "second-release.sqlite",
    "5": "third-release.sqlite",
    "6": "fourth-release.sqlite",
}
"""Version → the file that its release made from one short document with one similar question."""


@pytest.fixture(params=RELEASES)
def old(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    shutil.copy(Path(__file__).parent / "files" / RELEASES[request.param], tmp_path / FILE_NAME)
    return tmp_path


def test_there_is_a_file_of_every_earlier_release() -> None:
    assert set(RELEASES) == set(schema._STEPS)


def tables(data: Path) -> list[tuple[str, str]]:
    connection = sqlite3.connect(data / FILE_NAME)
    found = connection.execute("select name, sql from sqlite_master where type = 'table' order by name").fetchall()
    connection.close()
    return [(name, " ".join(str(sql).split())) for name, sql in found if name != "sqlite_sequence"]


def version(data: Path) -> str:
    connection = sqlite3.connect(data / FILE_NAME)
    found = connection.execute("select value from meta where key = 'schema'").fetchone()[0]
    connection.close()
    return str(found)


def test_an_earlier_releases_folder_is_migrated_when_it_is_opened(old: Path) -> None:
    assert version(old) in RELEASES
    with Index.open(old) as index:
        assert index.search("岸电箱")[0].document_id == "harbour"
        assert index.similar_questions("船靠岸怎么用电")[0].labels == ("一1",)
    assert version(old) == SCHEMA_VERSION
    assert all(finding.sound for finding in verify(old))


def test_a_migrated_file_has_the_tables_of_a_new_one(old: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    new = tmp_path_factory.mktemp("new")
    Curator(new, create=True).add_documents([document("orchard", ORCHARD)])
    Library.open(old).close()
    assert tables(old) == tables(new)


def test_a_migrated_file_can_be_changed(old: Path) -> None:
    Curator(old).add_documents([document("orchard", ORCHARD)])
    with Index.open(old) as index:
        assert [each.id for each in index.documents()] == ["harbour", "orchard"]


def test_a_migration_that_fails_leaves_the_old_file(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = version(old)
    monkeypatch.setitem(
        schema._STEPS, before, "create table half (id integer);\ncreate table documents (id integer);\n"
    )
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        Library.open(old)
    assert version(old) == before
    assert "half" not in [name for name, _ in tables(old)]


def test_a_file_of_a_later_release_is_left_alone_and_said(old: Path) -> None:
    connection = sqlite3.connect(old / FILE_NAME)
    connection.execute("update meta set value = '99' where key = 'schema'")
    connection.commit()
    connection.close()
    with pytest.raises(IndexingError, match="另一版本"):
        Library.open(old)
    assert version(old) == "99"


def test_a_document_stored_again_keeps_its_position(tmp_path: Path) -> None:
    curator = Curator(tmp_path, create=True)
    curator.add_documents([document("first", ORCHARD), document("second", ORCHARD + "\n另。")])
    curator.add_documents([document("first", ORCHARD + "\n又。")])
    with Index.open(tmp_path) as index:
        assert [each.id for each in index.documents()] == ["first", "second"]
