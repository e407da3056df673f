"""A damaged library: what is derived is made again, what is lost is named, and the rest is served."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from index.__main__ import main
from index.curate import Curator
from index.faults import DamagedError
from index.home import Home
from index.ledger import history
from index.library import FILE_NAME, Library
from index.lock import lock
from index.salvage import mend
from index.search import Index
from index.similar import SimilarQuestion
from index.swap import contents
from index.verify import verify
from ingest.errors import IndexingError
from tests.index.conftest import HARBOUR, ORCHARD, document

LONG = f"关于夜市的通知\n\n{'其他事项从略。' * 2000}"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two documents, a similar question, and an editor's entry in the history."""
    curator = Curator(tmp_path / "data", create=True)
    curator.add_documents([document("harbour", HARBOUR), document("orchard", ORCHARD)])
    with curator.recording() as ledger:
        ledger.put_similar(SimilarQuestion("harbour", ("一1",), "船靠岸怎么用电"), origin="add")
        ledger.close("编辑", "添加相似问")
    return tmp_path / "data"


def spoil_table(file: Path, name: str) -> None:
    """Zeros over the first page of a table or index."""
    with closing(sqlite3.connect(file)) as connection:
        root = connection.execute("select rootpage from sqlite_master where name = ?", (name,)).fetchone()[0]
    with file.open("r+b") as opened:
        opened.seek((root - 1) * 4096)
        opened.write(bytes(4096))


def spoil_words(file: Path, words: str) -> None:
    """Other bytes over the page on which these words stand first."""
    content = bytearray(file.read_bytes())
    page = content.index(words.encode()) // 4096 * 4096
    content[page : page + 4096] = bytes(at * 37 % 256 for at in range(4096))
    file.write_bytes(content)


DERIVED = [
    "blocks",
    "chunks",
    "chunks_by_document",
    "clauses",
    "clauses_by_label",
    "units",
    "units_by_name",
    "documents_by_block",
    "sqlite_autoindex_documents_1",
    "sqlite_autoindex_similar_1",
]


@pytest.mark.parametrize("name", DERIVED)
def test_what_is_derived_is_made_again_without_a_hand(data: Path, name: str) -> None:
    with Index.open(data) as index:
        before = index.search("岸电箱由谁配备")
    spoil_table(data / FILE_NAME, name)
    mended = mend(Home(data))
    assert mended.sentence == ""
    assert all(finding.sound for finding in verify(data))
    with Index.open(data) as index:
        assert index.search("岸电箱由谁配备") == before != []
        assert index.similar_questions("船靠岸怎么用电")[0].labels == ("一1",)
    with closing(Library.open(data)) as library:
        assert [entry.what for entry in history(library)] == ["添加相似问"]
    assert [path.name for path in contents(data) if path.suffix == ".sqlite"] == [FILE_NAME]
    assert len(list(data.glob(f"damaged-*/{FILE_NAME}"))) == 1


def test_a_document_that_cannot_be_read_is_named_and_the_others_are_served(data: Path) -> None:
    Curator(data).add_documents([document("long", LONG)])
    spoil_words(data / FILE_NAME, "其他事项从略。" * 100)
    damaged = (data / FILE_NAME).read_bytes()
    mended = mend(Home(data))
    assert "文件 long" in mended.sentence and "restore" in mended.sentence and mended.sentence.endswith("。")
    with Index.open(mended.home) as index:
        assert [each.id for each in index.documents()] == ["harbour", "orchard"]
        assert index.search("岸电箱由谁配备")
    assert (data / FILE_NAME).read_bytes() == damaged
    assert mend(Home(data)) == mended


def test_what_an_editor_made_and_nothing_can_give_back_is_named(data: Path) -> None:
    spoil_table(data / FILE_NAME, "history")
    mended = mend(Home(data))
    assert "改动历史" in mended.sentence
    with Index.open(mended.home) as index:
        assert index.search("岸电箱由谁配备")


def test_a_sound_library_is_left_as_it_is(data: Path) -> None:
    before = (data / FILE_NAME).read_bytes()
    assert mend(Home(data)) == mend(Home(data))
    assert (data / FILE_NAME).read_bytes() == before
    assert not list(data.glob("damaged-*"))


def test_a_file_of_which_nothing_can_be_read_is_said(data: Path) -> None:
    content = (data / FILE_NAME).read_bytes()
    (data / FILE_NAME).write_bytes(bytes(4096) + content[4096:])
    with pytest.raises(DamagedError, match="restore"):
        mend(Home(data))
    assert (data / FILE_NAME).read_bytes() == bytes(4096) + content[4096:]


def test_nothing_is_mended_under_a_running_app(data: Path) -> None:
    spoil_table(data / FILE_NAME, "blocks")
    with lock(data), pytest.raises(IndexingError):
        mend(Home(data))
    assert mend(Home(data)).sentence == ""


def test_build_mends_what_is_derived_and_refuses_to_build_on_what_is_lost(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "market.txt").write_text("关于夜市的通知\n\n夜市应当按时收摊。", encoding="utf-8")
    command = ["build", str(tmp_path / "market.txt"), "--data", str(data)]
    spoil_table(data / FILE_NAME, "blocks")
    assert main(command, env={}) == 0
    spoil_table(data / FILE_NAME, "history")
    capsys.readouterr()
    assert main(command, env={}) == 1
    assert "改动历史" in capsys.readouterr().err
