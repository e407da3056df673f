"""Editors put right what is said of a whole document: it is answered from, outlasts another reading, and can be taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.editing import Details
from index.curate import Curator
from index.home import Home
from index.search import Index
from index.transfer import export, import_
from ingest.document import Status
from ingest.errors import KnowledgeBaseError
from tests.assistant.editors import EDITOR, HARBOUR, Room, room, written

REPEALED = Details(status=Status.REPEALED, source="https://example.org/gazette/12")


@pytest.fixture
def table(home: Home) -> Iterator[Room]:
    made = room(home)
    yield made
    made.index.close()
    made.journal.close()


def publish(table: Room) -> str:
    (draft,) = table.editing.read([written(table.data.parent, "harbour.txt", HARBOUR)])
    (made,) = table.editing.publish([draft.id], editor=EDITOR)
    return made


def test_a_repealed_document_is_said_to_be_repealed_and_is_not_any_more_when_it_is_undone(table: Room) -> None:
    before = table.state()
    table.editing.describe("orchard", REPEALED, editor=EDITOR)
    answer = table.assistant.ask("果园步道由哪个单位负责")
    assert "已废止" in answer.as_of
    assert answer.notes[0].startswith("请注意") and answer.hotline.startswith("所据文件已废止。")
    assert table.index.document("orchard").noted == (("status", "https://example.org/gazette/12"),)
    assert "有效性改为“废止”" in table.editing.history()[0].what
    table.editing.undo(table.editing.history()[0].id, editor=EDITOR)
    assert table.state() == before
    assert "已废止" not in table.assistant.ask("果园步道由哪个单位负责").as_of


def test_a_number_that_the_text_has_lost_is_told_and_outlasts_another_reading(table: Room) -> None:
    published = publish(table)
    right = Details(number="甲港发〔2031〕7号", issued_on="2031年3月5日", source="局办公室核实")
    table.editing.describe(published, right, editor=EDITOR)
    table.editing.reread([published], editor=EDITOR)
    now = table.index.document(published)
    assert (now.number, now.issued_on) == ("甲港发〔2031〕7号", "2031-03-05")
    assert "甲港发〔2031〕7号" in table.assistant.ask("关于港口岸电的通知的文号是什么").answer
    assert table.editing.forget_details(published, editor=EDITOR).number is None
    assert table.editing.details() == ()


def test_what_is_put_right_later_joins_what_was_before(table: Room) -> None:
    table.editing.describe("orchard", Details(title="果园新规", source="一"), editor=EDITOR)
    table.editing.describe("orchard", REPEALED, editor=EDITOR)
    now = table.editing.describe("orchard", Details(number="甲农〔2031〕2号", source="三"), editor=EDITOR)
    assert (now.title, now.number, now.status) == ("果园新规", "甲农〔2031〕2号", Status.REPEALED)
    (kept,) = table.editing.details()
    assert set(kept.details.given) == {"title", "number", "status"}


def test_a_place_in_the_text_that_said_otherwise_proves_nothing_any_more(table: Room) -> None:
    assert "title" in dict(table.index.document("orchard").spans)
    now = table.editing.describe("orchard", Details(title="果园新规", source="公报"), editor=EDITOR)
    assert "title" not in dict(now.spans)
    assert "title" in dict(table.editing.forget_details("orchard", editor=EDITOR).spans)


@pytest.mark.parametrize(
    ("details", "sentence"),
    [
        (Details(source="公报"), "没有改动任何一项"),
        (Details(title=" ", source="公报"), "标题不能空着"),
        (Details(status=Status.REPEALED), "请写明依据"),
        (Details(issued_on="前年", source="公报"), "成文日期“前年”不是日期"),
        (Details(issued_on="2031-02-30", source="公报"), "不是日期"),
        (Details(effective_on="2031-05", expires_on="2030", source="公报"), "早于施行日期"),
    ],
)
def test_details_that_cannot_be_right_are_refused(table: Room, details: Details, sentence: str) -> None:
    before = table.state()
    with pytest.raises(KnowledgeBaseError, match=sentence):
        table.editing.describe("orchard", details, editor=EDITOR)
    assert table.state() == before


def test_an_unknown_document_and_one_never_put_right_are_said(table: Room) -> None:
    with pytest.raises(KnowledgeBaseError, match="没有文件“nowhere”"):
        table.editing.describe("nowhere", REPEALED, editor=EDITOR)
    with pytest.raises(KnowledgeBaseError, match="没有更正过"):
        table.editing.forget_details("orchard", editor=EDITOR)


def test_details_go_with_the_collection(table: Room, tmp_path: Path) -> None:
    table.editing.describe("orchard", REPEALED, editor=EDITOR)
    export(table.home, tmp_path / "all.jsonl")
    curator = Curator(tmp_path / "other", create=True)
    import_(curator, tmp_path / "all.jsonl")
    with Index.open(tmp_path / "other") as index:
        assert index.document("orchard") == table.index.document("orchard")
