"""What proves an answer: the document's own text, its damage shown, its date and validity, today's names of the units."""

import hashlib
import json
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from assistant.answer import to_json
from assistant.ask import Assistant
from ingest.errors import AssistantError
from tests.assistant.told import Ask, opening, units_of

QUESTIONS = [
    "第7项讲什么",
    "出口信用保险找谁",
    "市商务局负责哪些任务",
    "市教育局和市科技局共同负责哪几项",
    "“一带一路”出现在哪些地方",
    "有哪些保障措施",
    "发展目标是什么",
    "国家文件的文号是什么",
    "谁发的这个文件",
    "第15项是市商务局一家负责的吧",
    "股权激励和出口信用保险分别归谁管",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_quotation_is_the_documents_own_text_at_its_span(ask: Ask, assistant: Assistant, question: str) -> None:
    answer = ask(question)
    assert answer.citations
    for citation in answer.citations:
        document = assistant.index.document(citation.document_id)
        clause = document.clause(citation.clause_id)
        assert clause is not None and citation.quote == citation.span.of(document.text) != ""
        assert 0 <= citation.span.start < citation.span.end <= len(document.text)
        assert citation.span.covers(clause.span)
        assert citation.units == document.units_of(clause)
        assert all(citation.span.covers(focus) for focus in citation.focus)
        assert citation.document_sha256 == document.source.sha256


def test_the_sum_is_that_of_the_file(ask: Ask, pytestconfig: pytest.Config) -> None:
    file = pytestconfig.rootpath / "seeds" / "wuhan-2021-service-outsourcing.txt"
    (citation,) = ask("第7项讲什么").citations
    assert citation.document_sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert citation.quote in file.read_text(encoding="utf-8").replace("\r\n", "\n")


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_unit_said_to_be_responsible_stands_in_a_citation(ask: Ask, question: str) -> None:
    answer = ask(question)
    named = {unit.name for citation in answer.citations for unit in citation.units}
    assert set(answer.units) <= named


def test_a_lost_comma_between_units_is_mended_in_a_note_and_not_in_the_quotation(ask: Ask) -> None:
    answer = ask("第4项由谁负责")
    assert answer.units == units_of(4)
    assert "市商务局市市场监管局" in answer.citations[0].quote
    assert any("“市商务局市市场监管局”应为“市商务局、市市场监管局”" in note and "确定" in note for note in answer.notes)


def test_a_damaged_number_is_read_aloud_and_quoted_as_it_stands(ask: Ask) -> None:
    answer = ask("序言讲了什么")
    assert "商服贸发〔202012号" in answer.citations[0].quote
    assert "（原文残缺处“〔202012号”按规则读作“〔2020〕12号”）" in answer.answer
    assert "> 202128" in ask("落款").answer
    assert opening(ask("什么时候发的文件")).startswith("成文日期：2021年2月8日")


def test_what_is_only_likely_is_said_to_be_likely(ask: Ask) -> None:
    assert any("“2025年”应为“到2025年”" in note and "可能" in note for note in ask("发展目标是什么").notes)


@pytest.mark.parametrize(
    ("question", "note"),
    [
        ("湖北银保监局有哪些任务", "“湖北银保监局”现为国家金融监督管理总局湖北监管局（已核实，2023年7月20日起）"),
        ("市科技局有哪些任务", "“市科技局”现为武汉市科技创新局（已核实，2024年起）"),
        ("股权激励找谁", "“市招才局”现为武汉市人才工作局（可能）"),
    ],
)
def test_a_renamed_unit_comes_with_todays_name_date_and_certainty(ask: Ask, question: str, note: str) -> None:
    assert any(said.startswith(note) for said in ask(question).notes)


def test_a_unit_that_kept_its_name_has_no_such_note(ask: Ask) -> None:
    assert not [note for note in ask("市司法局有哪些任务").notes if "现为" in note]


def test_it_says_as_of_when(ask: Ask) -> None:
    assert ask("第7项讲什么").as_of == (
        "《武汉市关于推动服务外包加快转型升级的实施意见》（暂名）2021年2月8日成文，未注明是否有效"
    )


def test_targets_whose_year_has_passed_are_said_to_be_past(assistant: Assistant) -> None:
    past = "目标年份2025年已过，文件没有写后续安排"
    assert past in assistant.ask("发展目标是什么").notes
    assert past not in replace(assistant, today=lambda: date(2024, 5, 1)).ask("发展目标是什么").notes
    assert past not in assistant.ask("第7项讲什么").notes


@pytest.mark.parametrize("question", [*QUESTIONS, "今天天气怎么样", "你好"])
def test_asked_twice_it_says_the_same_to_the_character(ask: Ask, question: str) -> None:
    first, second = (json.dumps(to_json(replace(ask(question), elapsed_ms=0.0))) for _ in range(2))
    assert first == second


def test_another_process_of_mind_says_the_same(ask: Ask, assistant: Assistant) -> None:
    """Nothing is remembered between questions: a fresh assistant on the same index agrees."""
    fresh = Assistant(assistant.index, today=assistant.today)
    for question in QUESTIONS:
        assert replace(fresh.ask(question), elapsed_ms=0.0) == replace(ask(question), elapsed_ms=0.0)


def test_the_json_form_has_spans_and_roles_as_plain_lists(ask: Ask) -> None:
    row = json.loads(json.dumps(to_json(ask("第6项讲什么")), ensure_ascii=False))
    (citation,) = row["citations"]
    start, end = citation["span"]
    assert end - start == len(citation["quote"])
    assert citation["units"] == [
        {"name": "市商务局", "role": "responsible"},
        {"name": "市司法局", "role": "responsible"},
    ]
    assert {"answer", "refused", "kind", "units", "notes", "followups", "rewritten_question", "as_of"} < set(row)
    assert row["model"] is None and row["elapsed_ms"] >= 0


def test_a_stream_brings_the_evidence_first_and_ends_with_the_whole_answer(assistant: Assistant) -> None:
    grown = list(assistant.stream("第7项由谁负责"))
    assert grown[0].answer == "" and grown[0].citations == grown[-1].citations != ()
    assert all(later.answer.startswith(earlier.answer) for earlier, later in pairwise(grown))
    assert replace(grown[-1], elapsed_ms=0.0) == replace(assistant.ask("第7项由谁负责"), elapsed_ms=0.0)


def test_a_stream_of_a_follow_up_knows_the_turns_before(assistant: Assistant) -> None:
    assert list(assistant.stream("找谁", ("第7项讲什么",)))[-1].units == units_of(7)


def test_too_long_a_question_is_one_clear_sentence(assistant: Assistant) -> None:
    with pytest.raises(AssistantError, match=r"^问题太长（2001字），请缩短到2000字以内再问。$"):
        assistant.ask("长" * 2001)
    assert assistant.ask("第7项" + "，" * 1990).units == units_of(7)
