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
    asked = "关于港口岸电的通知的文号是什么"
    table.editing.describe(published, right, editor=EDITOR)
    table.editing.reread([published], editor=EDITOR)
    now = table.index.document(published)
    assert (now.number, now.issued_on) == ("甲港发〔2031〕7号", "2031-03-05")
    answer = table.assistant.ask(asked)
    assert "文号：甲港发〔2031〕7号。" in answer.answer and "文号由编辑核实，依据：局办公室核实" in answer.notes
    table.editing.forget_details(published, editor=EDITOR)
    assert table.index.document(published).number is None and table.editing.details() == ()
    assert table.assistant.ask(asked).refused


def test_what_is_put_right_later_joins_what_was_before(table: Room) -> None:
    table.editing.describe("orchard", Details(title="果园新规", source="一"), editor=EDITOR)
    table.editing.describe("orchard", REPEALED, editor=EDITOR)
    now = table.editing.describe("orchard", Details(number="甲农〔2031〕2号", source="三"), editor=EDITOR)
    assert (now.title, now.number, now.status) == ("果园新规", "甲农〔2031〕2号", Status.REPEALED)
    assert dict(now.noted) == {"title": "一", "number": "三", "status": REPEALED.source}
    assert [each.field for each in table.editing.details()] == ["title", "status", "number"]


def test_a_place_in_the_text_that_said_otherwise_proves_nothing_any_more(table: Room) -> None:
    assert "title" in dict(table.index.document("orchard").spans)
    now = table.editing.describe("orchard", Details(title="果园新规", source="公报"), editor=EDITOR)
    assert "title" not in dict(now.spans)
    table.editing.forget_details("orchard", editor=EDITOR)
    assert "title" in dict(table.index.document("orchard").spans)


@pytest.mark.parametrize("question", ["这份通知还有效吗", "这份通知废止了吗", "这份通知的有效期到什么时候"])
def test_whether_a_document_stands_is_answered_as_an_editor_has_put_it_right(table: Room, question: str) -> None:
    table.editing.remove(["orchard"], editor=EDITOR)
    table.editing.describe(publish(table), REPEALED, editor=EDITOR)
    answer = table.assistant.ask(question)
    assert not answer.refused and "已废止" in answer.answer
    assert any(REPEALED.source in note for note in answer.notes)


def test_an_editor_who_has_looked_is_believed_that_a_document_stands(table: Room) -> None:
    table.editing.describe("orchard", Details(expires_on="2024", source="公报"), editor=EDITOR)
    assert "已过期" in table.assistant.ask("果园步道由哪个单位负责").as_of
    table.editing.describe("orchard", Details(status=Status.IN_FORCE, source="经核实继续有效"), editor=EDITOR)
    assert table.assistant.ask("果园步道由哪个单位负责").as_of.endswith("现行")


def test_taking_back_never_loses_what_was_put_right_since(table: Room) -> None:
    table.editing.describe("orchard", Details(title="果园一", source="一"), editor=EDITOR)
    table.editing.forget_details("orchard", editor=EDITOR)
    forgotten = table.editing.history()[0].id
    table.editing.describe("orchard", Details(title="果园二", source="二"), editor=EDITOR)
    with pytest.raises(KnowledgeBaseError, match="请先撤销它"):
        table.editing.undo(forgotten, editor=EDITOR)
    assert table.index.document("orchard").title == "果园二"
    table.editing.undo(table.editing.history()[0].id, editor=EDITOR)
    table.editing.undo(forgotten, editor=EDITOR)
    assert table.index.document("orchard").title == "果园一"


def test_blanks_are_nothing_and_digits_alone_are_a_date(table: Room) -> None:
    now = table.editing.describe(
        "orchard", Details(number=" 甲农〔2031〕2号 ", issued_on="20230816", source=" 公报 "), editor=EDITOR
    )
    assert (now.number, now.issued_on, dict(now.noted)["number"]) == ("甲农〔2031〕2号", "2023-08-16", "公报")
    with pytest.raises(KnowledgeBaseError, match="没有改动任何一项"):
        table.editing.describe("orchard", Details(number="甲农〔2031〕2号  ", source="公报"), editor=EDITOR)


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
    held = table.index.document("orchard")
    table.editing.describe("orchard", REPEALED, editor=EDITOR)
    export(table.home, tmp_path / "all.jsonl")
    curator = Curator(tmp_path / "other", create=True)
    curator.add_documents([held])  # as it was, before the corrections arrive
    import_(curator, tmp_path / "all.jsonl")
    with Index.open(tmp_path / "other") as index:
        assert index.document("orchard") == table.index.document("orchard")
