"""Editors add similar questions, vetted answers and unit entries, and clear the work list; all of it counts at once."""

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from assistant.answer import Answer
from assistant.editing import Field, How, Settlement, SimilarQuestion, UnitEntry, Vetted
from assistant.journal import Journal, Verdict
from index.curate import BUILT
from index.home import Home
from index.library import Library
from ingest.errors import KnowledgeBaseError
from tests.assistant.editors import EDITOR, Room, room
from tests.assistant.told import cited, opening

SPOKEN = "秋天想搞个摘果子的活动找谁张罗"


@pytest.fixture
def table(home: Home) -> Iterator[Room]:
    opened = room(home)
    yield opened
    opened.index.close()
    opened.journal.close()


def ask(table: Room, question: str) -> Answer:
    answer = table.assistant.ask(question)
    table.journal.record(question, answer)
    return answer


def undo(table: Room) -> None:
    table.editing.undo(table.editing.history()[0].id, editor=EDITOR)


# ---- similar questions


def test_similar_questions_are_listed_added_and_removed(table: Room) -> None:
    question = SimilarQuestion("orchard", ("二(二)",), SPOKEN, "企业")
    assert table.editing.add_similar([question], editor=EDITOR) == 1
    assert table.editing.similar("orchard") == [question]
    with pytest.raises(KnowledgeBaseError, match="都已经有了"):
        table.editing.add_similar([question], editor=EDITOR)
    table.editing.remove_similar("orchard", [SPOKEN], editor=EDITOR)
    assert table.editing.similar("orchard") == []
    undo(table)
    assert table.editing.similar("orchard") == [question]


@pytest.mark.parametrize("ending", ["jsonl", "xlsx"])
def test_similar_questions_go_out_into_a_file_and_come_back(table: Room, tmp_path: Path, ending: str) -> None:
    question = SimilarQuestion("orchard", ("二(二)", "二(三)"), SPOKEN, "企业")
    table.editing.add_similar([question], editor=EDITOR)
    file = tmp_path / f"questions.{ending}"
    assert table.editing.export_similar(file) == 1
    table.editing.remove_similar("orchard", [SPOKEN], editor=EDITOR)
    assert table.editing.import_similar(file, editor=EDITOR) == 1
    assert table.editing.similar("orchard") == [question]


def test_what_editors_drop_or_change_of_the_seeds_stays_so_after_a_build(
    table: Room, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from index import collect, similar

    (tmp_path / "seeds" / "similar_questions").mkdir(parents=True)
    seeds = [SimilarQuestion("orchard", ("二(一)",), question) for question in ("修路找谁", "步道谁修", "观景台谁建")]
    similar.write(tmp_path / "seeds" / "similar_questions" / "orchard.jsonl", seeds)
    curator = table.editing.curator
    monkeypatch.setattr(collect, "SEEDS", tmp_path / "seeds")

    def build() -> None:
        library = Library.open(table.home)
        with library.changing() as change:
            curator._store_seed_questions(library, change)
        library.close()

    build()
    table.editing.remove_similar("orchard", ["修路找谁"], editor=EDITOR)
    table.editing.add_similar([replace(seeds[1], labels=("二(二)",))], editor=EDITOR)
    build()
    assert {each.question: each.labels for each in table.editing.similar("orchard")} == {
        "步道谁修": ("二(二)",),
        "观景台谁建": ("二(一)",),
    }
    library = Library.open(table.home)
    assert [row.origin for row in library.similar() if row.question == "观景台谁建"] == [BUILT]
    library.close()


def test_proposals_are_decided_on_once(table: Room) -> None:
    table.editing.propose = lambda document, clause: ["谁管采摘节", "采摘节归谁", "谁管采摘节"]
    assert table.editing.propose_similar("orchard", "二(二)") == 2
    first, second = table.editing.proposals()
    table.editing.accept_proposal(first.id, editor=EDITOR)
    table.editing.reject_proposal(second.id, editor=EDITOR)
    assert [each.question for each in table.editing.similar("orchard")] == ["谁管采摘节"]
    assert table.editing.propose_similar("orchard", "二(二)") == 0
    with pytest.raises(KnowledgeBaseError, match="已经处理过"):
        table.editing.accept_proposal(first.id, editor=EDITOR)
    undo(table)
    assert [each.question for each in table.editing.proposals()] == ["采摘节归谁"]


def test_without_a_model_nothing_is_proposed_and_the_reason_is_said(table: Room) -> None:
    with pytest.raises(KnowledgeBaseError, match="没有配置语言模型"):
        table.editing.propose_similar("orchard", "二(二)")


# ---- vetted answers

QUESTION = "办采摘节有什么要求？"
VETTED = Vetted("", "orchard", "二(二)", QUESTION, "每年春秋两季各办一次，由市文化和旅游局牵头。")


def test_a_vetted_answer_wins_and_cites_its_clause(table: Room) -> None:
    table.editing.put_vetted(VETTED, editor=EDITOR)
    answer = table.assistant.ask("请问办采摘节有什么要求呢")
    assert opening(answer) == "每年春秋两季各办一次，由市文化和旅游局牵头。〔二(二)〕"
    assert cited(answer) == ["二(二)"]
    assert "> 原文〔二(二)〕：" in answer.answer
    assert "经编辑核定（王编辑，2026年11月23日）" in answer.notes
    assert answer.units == ("市文化和旅游局", "市农业农村局", "市商务局")
    undo(table)
    assert "核定" not in " ".join(table.assistant.ask(QUESTION).notes)


@pytest.mark.parametrize(
    "other",
    [
        "办采摘节没有什么要求？",
        "办直播培训班有什么要求？",
        "办2场采摘节有什么要求？",
        "采摘节由谁牵头？",
        "",
    ],
)
def test_a_vetted_answer_is_not_given_to_another_question(table: Room, other: str) -> None:
    table.editing.put_vetted(VETTED, editor=EDITOR)
    assert table.assistant.kept().vetted.matching(other) is None


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ("由市供销社负责。", "市供销社"),
        ("每年补助80元。", "80"),
        ("见江政办发〔2024〕3号。", "3号"),
        ("文件说“每个月都办”。", "每个月都办"),
    ],
)
def test_a_vetted_answer_that_its_clause_does_not_prove_is_refused(table: Room, answer: str, fault: str) -> None:
    with pytest.raises(KnowledgeBaseError, match=fault) as told:
        table.editing.put_vetted(replace(VETTED, answer=answer), editor=EDITOR)
    assert str(told.value).endswith("没有保存。")
    assert table.editing.vetted() == []


def test_a_vetted_answer_whose_clause_has_changed_is_no_longer_given(table: Room) -> None:
    from index.curate import Curator
    from ingest.load import from_row

    table.editing.put_vetted(VETTED, editor=EDITOR)
    text = table.index.document("orchard").text.replace("牵头单位:市文化和旅游局", "牵头单位:市体育局")
    Curator(table.home).add_documents([from_row({"id": "orchard", "text": text})])
    answer = table.assistant.ask(QUESTION)
    assert "核定" not in " ".join(answer.notes)
    assert "市文化和旅游局" not in answer.answer


def test_a_vetted_answer_of_a_removed_document_is_no_longer_given(table: Room) -> None:
    table.editing.put_vetted(VETTED, editor=EDITOR)
    table.editing.remove(["orchard"], editor=EDITOR)
    assert table.assistant.ask(QUESTION).refused


def test_the_same_question_vetted_again_replaces_the_first_answer(table: Room) -> None:
    table.editing.put_vetted(VETTED, editor=EDITOR)
    table.editing.put_vetted(replace(VETTED, answer="由市文化和旅游局牵头。"), editor="李编辑")
    assert [(each.answer, each.editor) for each in table.editing.vetted()] == [("由市文化和旅游局牵头。", "李编辑")]
    table.editing.remove_vetted(table.editing.vetted()[0].id, editor=EDITOR)
    assert table.editing.vetted() == []


# ---- units


def entry(field: Field, value: str, unit: str = "市文化和旅游局", source: str = "局网站") -> UnitEntry:
    return UnitEntry(unit, field, value, source)


def test_an_alias_is_understood_at_once(table: Room) -> None:
    assert "市文化和旅游局" not in table.assistant.ask("采摘办负责哪些任务").units
    table.editing.put_unit(entry(Field.ALIAS, "采摘办"), editor=EDITOR)
    assert table.assistant.ask("采摘办负责哪些任务").units == ("市文化和旅游局",)
    undo(table)
    assert "市文化和旅游局" not in table.assistant.ask("采摘办负责哪些任务").units


def test_successor_and_telephone_stand_in_the_answer_with_source_and_date(table: Room) -> None:
    successor = replace(entry(Field.SUCCESSOR, "市文体旅局"), since="2025-03-01")
    table.editing.put_unit(successor, editor=EDITOR)
    table.editing.put_unit(entry(Field.PHONE, "0123-456789"), editor=EDITOR)
    notes = table.assistant.ask("采摘节由谁牵头").notes
    assert "“市文化和旅游局”现为市文体旅局（已核实，2025年3月1日起）来源：局网站，2026-11-23登记" in notes
    assert "市文化和旅游局电话：0123-456789（来源：局网站，2026年11月23日）" in notes


@pytest.mark.parametrize(
    ("record", "sentence"),
    [
        (entry(Field.PHONE, "1", unit="市航天局"), "没有“市航天局”"),
        (entry(Field.PHONE, "1", source=" "), "来源都要写"),
        (entry(Field.ALIAS, "市商务局"), "本身就是另一个单位"),
    ],
)
def test_a_unit_entry_that_would_be_a_guess_is_refused(table: Room, record: UnitEntry, sentence: str) -> None:
    with pytest.raises(KnowledgeBaseError, match=sentence):
        table.editing.put_unit(record, editor=EDITOR)
    assert table.editing.units() == []


def test_a_unit_entry_is_changed_and_removed(table: Room) -> None:
    table.editing.put_unit(entry(Field.PHONE, "1"), editor=EDITOR)
    table.editing.put_unit(replace(table.editing.units()[0], value="2"), editor=EDITOR)
    assert [each.value for each in table.editing.units()] == ["2"]
    undo(table)
    assert [each.value for each in table.editing.units()] == ["1"]
    table.editing.remove_unit(table.editing.units()[0].id, editor=EDITOR)
    assert table.editing.units() == []


# ---- the work list


def test_the_same_question_is_one_item_with_its_count(table: Room) -> None:
    for asked in ("光伏补贴怎么领？", "请问光伏补贴怎么领", "光伏补贴怎么领呢"):
        assert ask(table, asked).refused
    table.journal.rate(
        table.journal.record("采摘节由谁牵头", table.assistant.ask("采摘节由谁牵头")), Verdict.WRONG_UNIT
    )
    items = table.editing.queue()
    assert [(each.asked, each.unanswered, each.verdicts) for each in items] == [(3, 3, ()), (1, 0, (("部门错", 1),))]


def test_a_similar_question_clears_an_item_and_the_question_is_answered(table: Room) -> None:
    assert ask(table, SPOKEN).refused
    (item,) = table.editing.queue()
    table.editing.settle(item.id, Settlement(How.SIMILAR, "orchard", "二(二)"), editor=EDITOR)
    assert table.editing.queue() == []
    answer = ask(table, SPOKEN)
    assert (answer.refused, cited(answer)) == (False, ["二(二)"])
    undo(table)
    assert [each.question for each in table.editing.queue()] == [SPOKEN]
    assert table.editing.similar("orchard") == []


def test_a_vetted_answer_clears_an_item(table: Room) -> None:
    ask(table, SPOKEN)
    (item,) = table.editing.queue()
    with pytest.raises(KnowledgeBaseError, match="市供销社"):
        table.editing.settle(item.id, Settlement(How.VETTED, "orchard", "二(二)", "找市供销社。"), editor=EDITOR)
    assert len(table.editing.queue()) == 1
    table.editing.settle(item.id, Settlement(How.VETTED, "orchard", "二(二)", "找市文化和旅游局。"), editor=EDITOR)
    assert opening(ask(table, SPOKEN)) == "找市文化和旅游局。〔二(二)〕"
    assert table.editing.queue() == []


def test_what_is_known_to_be_unregulated_does_not_come_back(table: Room) -> None:
    question = "光伏补贴怎么领？"
    ask(table, question)
    (item,) = table.editing.queue()
    table.editing.settle(item.id, Settlement(How.KNOWN, "orchard"), editor=EDITOR)
    assert ask(table, question).refused
    assert table.editing.queue() == []


def test_what_was_dismissed_stays_away_and_is_brought_back_by_undoing(table: Room) -> None:
    ask(table, "光伏补贴怎么领？")
    (item,) = table.editing.queue()
    table.editing.settle(item.id, Settlement(How.DISMISS), editor=EDITOR)
    assert table.editing.queue() == []
    with pytest.raises(KnowledgeBaseError, match="已经处理过"):
        table.editing.settle(item.id, Settlement(How.DISMISS), editor=EDITOR)
    undo(table)
    assert table.editing.queue() == [item]


def test_a_question_that_was_settled_in_vain_comes_back(table: Room) -> None:
    ask(table, SPOKEN)
    (item,) = table.editing.queue()
    table.editing.settle(item.id, Settlement(How.SIMILAR, "orchard", "二(二)"), editor=EDITOR)
    entry_id = table.journal.record(SPOKEN, table.assistant.ask(SPOKEN))
    table.journal.rate(entry_id, Verdict.WRONG_CLAUSE)
    later = (datetime.now(UTC) + timedelta(seconds=5)).isoformat(timespec="seconds")
    table.journal._connection.execute("update asked set asked_at = ? where id = ?", (later, entry_id))
    assert [each.verdicts for each in table.editing.queue()] == [(("条款错", 1),)]


# ---- usage


def test_usage_counts_by_day_kind_and_unit(table: Room) -> None:
    for question in ("采摘节由谁牵头", "光伏补贴怎么领？"):
        ask(table, question)
    usage = table.editing.usage(7)
    assert (usage.asked, usage.unanswered, len(usage.by_day)) == (2, 1, 7)
    assert usage.by_day[-1][1:] == (2, 1)
    assert dict(usage.by_unit)["市文化和旅游局"] == 1
    assert sum(count for _, count in usage.by_kind) == 2


def test_the_journal_is_exported_without_formulas(table: Room, tmp_path: Path) -> None:
    ask(table, "=1+1采摘节由谁牵头")
    assert table.editing.journal_export(tmp_path / "asked.csv") == 1
    rows = list(csv.reader((tmp_path / "asked.csv").read_text("utf-8-sig").splitlines()))
    assert rows[1][1] == "'=1+1采摘节由谁牵头"
    table.editing.journal_export(tmp_path / "asked.xlsx")
    assert openpyxl.load_workbook(tmp_path / "asked.xlsx").active.max_row == 2


def test_a_journal_of_the_first_release_is_opened(tmp_path: Path) -> None:
    import sqlite3

    from assistant import journal

    connection = sqlite3.connect(tmp_path / "journal.db")
    connection.executescript(
        journal._TABLES.replace("    rated_at text,\n", "").replace(",\n    units text not null default '[]'", "")
    )
    assert "units" not in [row[1] for row in connection.execute("pragma table_info(asked)")]
    connection.close()
    opened = Journal.open(tmp_path)
    opened.record("问", Answer("答", "fact", units=("市商务局",)))
    assert opened.since("")[0].units == ("市商务局",)
    opened.close()


# ---- history


def test_history_says_who_did_what_and_what_was_there_before(table: Room) -> None:
    table.editing.add_similar([SimilarQuestion("orchard", ("二(二)",), SPOKEN)], editor=EDITOR)
    table.editing.add_similar([SimilarQuestion("orchard", ("二(三)",), SPOKEN)], editor="李编辑")
    latest, first = table.editing.history()
    assert (latest.editor, first.editor, latest.what) == ("李编辑", EDITOR, f"添加相似问“{SPOKEN}”")
    assert json.loads(latest.before)[0]["row"]["labels"] == ["二(二)"]
    assert json.loads(latest.after)[0]["row"]["labels"] == ["二(三)"]
    with pytest.raises(KnowledgeBaseError, match="第2号"):
        table.editing.undo(first.id, editor=EDITOR)
