"""How an answer is shown and copied: nothing in it is taken for markup, every mark finds its card."""

import re
from dataclasses import replace
from hashlib import sha256

import pytest

from assistant.answer import Answer, Citation
from assistant.screens import present
from ingest.document import Certainty, Clause, Document, Form, Part, Repair, Role, Source, Span, Unit

TEXT = "7.支持<b>外包</b>。(牵头单位:甲局;配合单位:乙局"
CLAUSE = Clause("one#任务7", "任务7", Part.TASK, Span(0, len(TEXT)), "三", "支持外包", 7)
DOCUMENT = Document(
    "one",
    TEXT,
    Source("one.txt", "txt", "utf-8", sha256(TEXT.encode()).hexdigest()),
    "关于<外包>的意见",
    clauses=(CLAUSE,),
    repairs=(Repair(Span(24, 26), TEXT[24:26], "乙局)", "补责任条款的括号", Certainty.SURE),),
)
UNITS = (Unit("甲局", Role.LEAD), Unit("乙局", Role.COOPERATING))
CITATION = Citation(
    "one", DOCUMENT.title, None, CLAUSE.id, "任务7", 7, "三", "支持外包", UNITS, TEXT, CLAUSE.span, "ff"
)
ANSWER = Answer("**是**：〔任务7〕", "fact", citations=(CITATION,), hotline="是。", as_of="2021年2月成文")


def cards(answer: Answer) -> str:
    return present.cards(answer, 0, lambda _: DOCUMENT)


def test_a_mark_leads_to_the_card_of_its_citation() -> None:
    assert 'href="#evidence-0-0"' in present.markdown(ANSWER)
    assert 'id="evidence-0-0"' in cards(ANSWER)


def test_marks_of_documents_that_share_a_label_lead_to_their_own_cards() -> None:
    answer = replace(
        ANSWER, answer="甲：〔任务7〕\n> 〔任务7〕\n乙：〔任务7〕\n> 〔任务7〕", citations=(CITATION, CITATION)
    )
    shown = present.markdown(answer)
    assert [shown.count(f'href="#evidence-0-{number}"') for number in (0, 1)] == [2, 2]


def test_a_year_in_brackets_is_no_mark() -> None:
    assert "href" not in present.markdown(replace(ANSWER, answer="商服贸发〔2020〕12号"))


@pytest.mark.parametrize("text", ["<img src=x>", "![](http://example.org/x.png)", "[点这里](javascript:alert(1))"])
def test_nothing_in_an_answer_or_a_question_is_markup(text: str) -> None:
    for shown in (present.markdown(replace(ANSWER, answer=text)), present.said(text)):
        assert "<img" not in shown
        assert "](" not in shown.replace("\\](", "").replace("\\]\\(", "")


@pytest.mark.parametrize("address", ["www.example.org", "https://example.org", "someone@example.org"])
def test_no_address_becomes_a_link_that_leads_off_this_machine(address: str) -> None:
    from markdown_it import MarkdownIt

    shown = present.markdown(replace(ANSWER, answer=f"来源 {address}"))
    assert address not in shown
    assert address in MarkdownIt().render(shown)


def test_roles_are_said_and_a_document_is_escaped_on_its_card() -> None:
    shown = cards(ANSWER)
    assert re.findall(r'class="name"><a [^>]*>(\w+)</a></span><small>(\w+)<', shown) == [
        ("甲局", "牵头"),
        ("乙局", "配合"),
    ]
    assert "&lt;b&gt;" in shown and "<b>" not in shown and "关于&lt;外包&gt;" in shown


def test_a_repair_is_shown_beside_the_damaged_place_with_its_rule() -> None:
    shown = cards(ANSWER)
    assert "〔应为“乙局)”〕" in shown
    assert "补责任条款的括号" in shown and "确定" in shown


def test_a_repair_that_is_only_probable_is_not_said_to_be_sure() -> None:
    doubtful = replace(DOCUMENT, repairs=(replace(DOCUMENT.repairs[0], certainty=Certainty.PROBABLE),))
    shown = present.cards(ANSWER, 0, lambda _: doubtful)
    assert "〔疑为“乙局)”〕" in shown and "应为" not in shown


def test_a_fact_sheet_is_flagged() -> None:
    assert "要点，非原文" in cards(replace(ANSWER, citations=(replace(CITATION, form=str(Form.FACT_SHEET)),)))
    assert "要点，非原文" not in cards(ANSWER)


def test_weak_evidence_is_said_above_the_answer() -> None:
    assert present.markdown(replace(ANSWER, confidence=0.3)).startswith("**依据不够充分")
    assert "依据不够充分" not in present.markdown(ANSWER)


def test_that_a_document_has_ended_is_said_once_above_the_answer_and_in_what_is_copied() -> None:
    ended = replace(ANSWER, notes=("请注意：《通知》已废止", "目标年份2020年已过"))
    assert present.markdown(ended).startswith("**请注意：《通知》已废止**\n\n")
    assert present.plain(ended).startswith("请注意：《通知》已废止\n\n是：")
    assert "已废止" not in cards(ended) and "目标年份2020年已过" in cards(ended)


def test_a_refusal_never_shows_what_lies_nearest_as_evidence() -> None:
    near = replace(CITATION, focus=(Span(0, 4),))
    refusal = replace(ANSWER, refused=True, citations=(), nearest=(near,))
    shown = cards(refusal)
    assert shown.index("没有回答本问题") < shown.index("支持外包")
    assert 'id="evidence' not in shown and "<mark>" not in shown


def test_three_forms_to_copy() -> None:
    assert present.plain(ANSWER) == "是：〔任务7〕"
    assert present.with_citations(ANSWER).splitlines()[-2:] == [
        "[1] 《关于<外包>的意见》任务7“支持外包”",
        "2021年2月成文",
    ]
    assert present.copy_bar(ANSWER).count("data-copy=") == 3


def test_a_document_that_has_changed_since_is_not_quoted_in_the_old_words() -> None:
    from ingest.errors import AssistantError

    def gone(_: str) -> Document:
        raise AssistantError("没有这份文件。")

    changed = replace(DOCUMENT, text=TEXT.replace("外包", "承揽"), clauses=(), repairs=())
    for library in (gone, lambda _: changed):
        shown = present.cards(ANSWER, 0, library)
        assert "此后已更新或移出" in shown and "支持&lt;b&gt;外包" in shown


def test_hundreds_of_citations_are_not_all_drawn_and_that_is_said() -> None:
    answer = replace(ANSWER, citations=(CITATION,) * 500)
    assert cards(answer).count("<article") == 60
    assert "引用共 500 条" in cards(answer)
