"""Editors read, publish, remove, re-read and correct documents; every step can be taken back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from assistant.editing import Correction, Stage
from index.home import Home
from index.similar import SimilarQuestion
from index.verify import verify
from ingest.audit import audit_sentence
from ingest.document import Role, Unit
from ingest.errors import KnowledgeBaseError
from tests.assistant.editors import EDITOR, HARBOUR, Room, room, written
from tests.assistant.told import cited


@pytest.fixture
def table(home: Home) -> Iterator[Room]:
    opened = room(home)
    yield opened
    opened.index.close()
    opened.journal.close()


def publish(table: Room, text: str = HARBOUR, name: str = "harbour.txt") -> str:
    drafts = table.editing.read([written(table.data.parent, name, text)])
    return table.editing.publish([each.id for each in drafts], editor=EDITOR)[0]


def test_reading_goes_through_its_stages_and_publishes_nothing(table: Room) -> None:
    stages: list[Stage] = []
    (draft,) = table.editing.read([written(table.data.parent, "harbour.txt", HARBOUR)], say=stages.append)
    assert [each.name for each in stages] == ["读取", "解析", "审核", "待发布"]
    assert {each.source for each in stages} == {"harbour.txt"}
    assert draft.audit == audit_sentence(draft.document)
    assert [each.id for each in table.index.documents()] == ["orchard"]
    assert table.assistant.ask("岸电箱由谁负责").refused


def test_a_gap_in_the_numbering_is_said_before_publishing(table: Room) -> None:
    text = HARBOUR.replace("2.发放用电补贴", "4.发放用电补贴")
    (draft,) = table.editing.read([written(table.data.parent, "gap.txt", text)])
    assert any("缺" in gap for gap in draft.gaps)


def test_what_is_published_is_answered_from_at_once(table: Room) -> None:
    publish(table)
    answer = table.assistant.ask("港口岸电：沿江码头配备岸电箱由哪个单位负责？")
    assert answer.units == ("市交通运输局",)
    assert table.editing.drafts() == ()


def test_reading_drafts_makes_nobody_read_the_collection_anew(table: Room) -> None:
    before = table.index.generation()
    table.editing.read([written(table.data.parent, "harbour.txt", HARBOUR)])
    assert table.index.generation() == before


def test_several_editors_at_once_lose_nothing(table: Room) -> None:
    questions = [SimilarQuestion("orchard", ("二(二)",), f"第{at}个人问采摘节") for at in range(8)]
    editors = [
        Thread(target=table.editing.add_similar, args=([each],), kwargs={"editor": f"编辑{at}"})
        for at, each in enumerate(questions)
    ]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join()
    assert sorted(each.question for each in table.editing.similar("orchard")) == [each.question for each in questions]
    assert sorted(each.editor for each in table.editing.history()) == [f"编辑{at}" for at in range(8)]


def test_drafts_survive_a_restart_and_can_be_discarded(table: Room) -> None:
    (draft,) = table.editing.read([written(table.data.parent, "harbour.txt", HARBOUR)])
    after = table.again()
    assert [each.document for each in after.editing.drafts()] == [draft.document]
    after.editing.discard([draft.id])
    assert after.editing.drafts() == ()
    with pytest.raises(KnowledgeBaseError, match="已经发布或放弃"):
        after.editing.publish([draft.id], editor=EDITOR)


def test_a_document_read_again_takes_its_drafts_place_among_others(table: Room) -> None:
    """Whatever signs its name, and so its id, has."""
    names = ['引号"与\\.txt', "other.txt", "third.txt"]
    first = [table.editing.read([written(table.data.parent, name, HARBOUR + name)])[0] for name in names]
    again = [table.editing.read([written(table.data.parent, name, HARBOUR + name)])[0] for name in names]
    assert len({each.written.head.id for each in first}) == len(names)
    assert [each.id for each in again] == [each.id for each in first]
    assert [each.id for each in table.editing.drafts()] == [each.id for each in first]


@pytest.mark.parametrize("body", ["", "[]", "{}", "[" * 100_000, '{"id": "harbour", "clauses": 7}'])
def test_a_draft_that_is_no_document_is_shown_discarded_and_never_published(table: Room, body: str) -> None:
    files = [written(table.data.parent, name, text) for name, text in (("a.txt", HARBOUR), ("b.txt", HARBOUR + "完。"))]
    broken, sound = table.editing.read(files)
    with table.editing.noting() as (_, change):
        change.run("update drafts set body = ? where id = ?", (body, int(broken.id)))
    shown, beside = table.editing.drafts()
    assert (shown.source, shown.document.clauses, beside.document) == ("a.txt", (), sound.document)
    assert shown.gaps
    with pytest.raises(KnowledgeBaseError):
        table.editing.publish([broken.id], editor=EDITOR)
    table.editing.discard([broken.id])
    assert [each.id for each in table.editing.drafts()] == [sound.id]


def test_files_that_cannot_be_read_are_named_and_the_others_are_kept(table: Room, tmp_path: Path) -> None:
    files = [written(tmp_path, "harbour.txt", HARBOUR), written(tmp_path, "empty.txt", " "), tmp_path / "none.docx"]
    with pytest.raises(KnowledgeBaseError, match=r"empty\.txt.*none\.docx.*其余 1 份") as told:
        table.editing.read(files)
    assert "\n" not in str(told.value)
    assert [each.source for each in table.editing.drafts()] == ["harbour.txt"]


def test_a_text_that_is_held_already_is_named(table: Room) -> None:
    publish(table)
    (same,) = table.editing.read([written(table.data.parent, "harbour.txt", HARBOUR)])
    assert any("已有这份文件" in each for each in same.duplicates)
    (copy,) = table.editing.read([written(table.data.parent, "copy.txt", "转发：\n\n" + HARBOUR)])
    assert any("文字相同" in each for each in copy.duplicates)


def test_publishing_is_undone_and_done_again(table: Room) -> None:
    before = table.state()
    published = publish(table)
    after = table.state()
    table.editing.undo(table.editing.history()[0].id, editor=EDITOR)
    assert table.state() == before
    assert len(table.editing.drafts()) == 1
    table.editing.undo(table.editing.history()[0].id, editor=EDITOR)
    assert table.state() == after
    assert table.index.document(published).title == "关于港口岸电的通知"


def test_a_removed_document_comes_back_exactly_as_it_was(table: Room) -> None:
    publish(table)
    table.editing.add_similar([SimilarQuestion("orchard", ("二(二)",), "秋天摘果子谁管")], editor=EDITOR)
    before, answer = table.state(), table.assistant.ask("采摘节由谁牵头")
    table.editing.remove(["orchard"], editor=EDITOR)
    assert [each.title for each in table.index.documents()] == ["关于港口岸电的通知"]
    assert all(finding.sound for finding in verify(table.home))
    table.editing.undo(table.editing.history()[0].id, editor=EDITOR)
    assert table.state() == before
    assert replace(table.assistant.ask("采摘节由谁牵头"), elapsed_ms=0) == replace(answer, elapsed_ms=0)


def test_removing_one_unknown_document_removes_none(table: Room) -> None:
    with pytest.raises(KnowledgeBaseError, match="nowhere"):
        table.editing.remove(["orchard", "nowhere"], editor=EDITOR)
    assert [each.id for each in table.index.documents()] == ["orchard"]
    assert table.editing.history() == []


def test_a_change_on_which_later_ones_stand_is_not_undone(table: Room) -> None:
    published = publish(table)
    table.editing.add_similar([SimilarQuestion(published, ("任务1",), "船靠岸怎么用电")], editor=EDITOR)
    first = table.editing.history()[-1]
    with pytest.raises(KnowledgeBaseError, match=r"第2号改动（添加相似问“船靠岸怎么用电”）.*先撤销") as told:
        table.editing.undo(first.id, editor=EDITOR)
    assert str(told.value).count("。") == 1
    table.editing.undo(2, editor=EDITOR)
    table.editing.undo(first.id, editor=EDITOR)
    with pytest.raises(KnowledgeBaseError, match="已经撤销过"):
        table.editing.undo(first.id, editor=EDITOR)


UNITS = (Unit("市文化和旅游局"), Unit("市商务局"))
LED = (Unit("市文化和旅游局", Role.LEAD), Unit("市商务局", Role.COOPERATING))


def test_a_correction_changes_what_is_answered_and_is_undone(table: Room) -> None:
    before = table.state()
    table.editing.correct("orchard", Correction("二(二)", title="办好采摘节", units=UNITS), editor=EDITOR)
    clause = table.index.document("orchard").clause("二(二)")
    assert clause is not None
    assert clause.title == "办好采摘节"
    assert table.assistant.ask("采摘节由哪些单位负责").units == ("市文化和旅游局", "市商务局")
    table.editing.undo(table.editing.history()[0].id, editor=EDITOR)
    assert table.state() == before


def test_the_roles_that_a_correction_gives_are_told(table: Room) -> None:
    table.editing.correct("orchard", Correction("二(二)", units=LED), editor=EDITOR)
    assert table.editing.history()[0].what.endswith("责任单位改为“市文化和旅游局（牵头）、市商务局（配合）”")


def test_a_correction_survives_reading_the_document_again(table: Room) -> None:
    published = publish(table)
    table.editing.correct(published, Correction("任务2", title="岸电补贴", units=(Unit("市财政局"),)), editor=EDITOR)
    told = table.editing.reread([published], editor=EDITOR)
    assert told[0].endswith("已重新读取：" + audit_sentence(table.index.document(published)) + "。")
    clause = table.index.document(published).clause("任务2")
    assert clause is not None
    assert (clause.title, [each.name for each in table.index.document(published).units_of(clause)]) == (
        "岸电补贴",
        ["市财政局"],
    )
    table.editing.remove_correction(table.editing.corrections()[0].id, editor=EDITOR)
    clause = table.index.document(published).clause("任务2")
    assert clause is not None
    assert len(table.index.document(published).units_of(clause)) == 2


def test_a_document_read_from_a_file_is_read_again_from_there_as_often_as_wanted(table: Room) -> None:
    from index.curate import Curator

    path = written(table.data.parent, "码头.txt", HARBOUR)
    (name,) = Curator(table.home).add([str(path)]).added
    for _ in range(2):
        assert "已重新读取" in table.editing.reread([name], editor=EDITOR)[0]
    path.unlink()
    assert "没有保存原件" in table.editing.reread([name], editor=EDITOR)[0]


def test_a_correction_finds_its_clause_under_another_number(table: Room) -> None:
    from index.curate import Curator
    from ingest.load import from_row

    table.editing.correct("orchard", Correction("二(二)", title="办好采摘节"), editor=EDITOR)
    text = table.index.document("orchard").text
    moved = text.replace("(一)建设果园步道", "(二)建设果园步道").replace("(二)开展采摘节庆", "(三)开展采摘节庆")
    moved = moved.replace("二、重点任务\n", "二、重点任务\n\n(一)整修田埂。每年修整一次。\n", 1)
    Curator(table.home).add_documents([from_row({"id": "orchard", "text": moved})])
    found = [each.label for each in table.index.document("orchard").clauses if each.title == "办好采摘节"]
    assert found == ["二(三)"]


def test_a_correction_whose_place_is_gone_is_told_and_kept(table: Room) -> None:
    from index.curate import Curator
    from ingest.load import from_row

    table.editing.correct("orchard", Correction("二(二)", title="办好采摘节"), editor=EDITOR)
    text = table.index.document("orchard").text
    outcome = Curator(table.home).add_documents(
        [from_row({"id": "orchard", "text": text.replace("(二)开展采摘节庆。", "(二)举办丰收庆典。")})]
    )
    assert "二(二)" in outcome.notices[0]
    assert [each.applies for each in table.editing.corrections()] == [False]
    Curator(table.home).add_documents([from_row({"id": "orchard", "text": text})])
    assert [each.applies for each in table.editing.corrections()] == [True]
    clause = table.index.document("orchard").clause("二(二)")
    assert clause is not None
    assert clause.title == "办好采摘节"


@pytest.mark.parametrize(
    ("correction", "sentence"),
    [
        (Correction("二(九)", title="x"), r"没有“二\(九\)”这一条"),
        (Correction("二(二)"), "没有可更正的"),
        (Correction("二(二)", new_label="二(三)"), "已有别的条款使用"),
        (Correction("二(二)", new_label="市商务局（牵头）、市财政局"), "不像编号"),
        (Correction("二(二)", units=(Unit("市航天局"),)), "“市航天局”没有写在"),
    ],
)
def test_a_correction_that_the_text_does_not_bear_is_refused(
    table: Room, correction: Correction, sentence: str
) -> None:
    before = table.state()
    with pytest.raises(KnowledgeBaseError, match=sentence):
        table.editing.correct("orchard", correction, editor=EDITOR)
    assert table.state() == before


def test_similar_questions_follow_a_clause_that_gets_another_number(table: Room) -> None:
    table.editing.add_similar([SimilarQuestion("orchard", ("二(四)",), "教果农嫁接谁管")], editor=EDITOR)
    table.editing.correct("orchard", Correction("二(四)", new_label="二(5)"), editor=EDITOR)
    assert [each.labels for each in table.editing.similar("orchard")] == [("二(5)",)]
    assert cited(table.assistant.ask("教果农嫁接谁管")) == ["二(5)"]
    table.editing.undo(table.editing.history()[0].id, editor=EDITOR)
    assert [each.labels for each in table.editing.similar("orchard")] == [("二(四)",)]


def test_nobody_edits_without_a_name(table: Room) -> None:
    with pytest.raises(KnowledgeBaseError, match="登录"):
        table.editing.remove(["orchard"], editor="")


def test_many_corrections_of_one_place_are_one(table: Room) -> None:
    table.editing.correct("orchard", Correction("二(二)", title="采摘"), editor=EDITOR)
    table.editing.correct("orchard", Correction("二(二)", units=UNITS), editor=EDITOR)
    assert len(table.editing.corrections()) == 1
    clause = table.index.document("orchard").clause("二(二)")
    assert clause is not None
    assert clause.title == "采摘"
    assert len(table.index.document("orchard").units_of(clause)) == 2
