"""The question page, seen through a browser."""

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from assistant.screens.conversation import Conversation
from ingest.document import Document
from tests.ui.browsing import CONTRAST, App, ask, no_sideways_scroll

Visit = Callable[..., Any]


@pytest.fixture(scope="module")
def document() -> Document:
    from ingest.load import load

    return load("seeds/wuhan-2021-service-outsourcing.txt")[0]


def unit_names(document: Document, label: str) -> list[str]:
    clause = document.clause(label)
    assert clause is not None
    return [unit.name for unit in document.units_of(clause)]


def test_a_typed_question_shows_the_task_all_its_units_and_the_clause(visit: Visit, document: Document) -> None:
    page = visit()
    ask(page, "第7项由哪些单位负责？")
    card = page.locator(".evidence .card").first
    assert card.locator(".badge").inner_text() == "任务 7"
    assert card.locator(".chip .name").all_inner_texts() == unit_names(document, "任务7")
    clause = document.clause("任务7")
    assert clause is not None
    assert card.locator("blockquote").inner_text().strip() == document.quote(clause).strip()
    assert "支持业务运营服务外包" in page.locator("#chat .bot-row").last.inner_text()


def test_a_mark_leads_to_its_card_by_mouse_and_by_keyboard(visit: Visit) -> None:
    page = visit()
    ask(page, "市经信局负责哪些任务？")
    marks = page.locator("#chat a.mark")
    assert marks.count() > 1
    marks.nth(1).click()
    second = page.evaluate("document.activeElement.id")
    assert second == marks.nth(1).get_attribute("href").lstrip("#")
    assert page.evaluate("document.activeElement.matches('.card:target')")
    marks.first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == marks.first.get_attribute("href").lstrip("#") != second


def test_who_comes_when_too_many_wait_is_told_so_and_keeps_the_question(visit: Visit) -> None:
    page = visit()
    page.route("**/queue/join*", lambda route: route.fulfill(status=503, json={"detail": "Queue is full."}))
    page.fill("#question textarea", "第7项由哪些单位负责？")
    page.press("#question textarea", "Enter")
    page.wait_for_selector(".toast-wrap :text('现在提问的人太多')")
    assert page.locator("#question textarea").input_value() == "第7项由哪些单位负责？"
    page.unroute("**/queue/join*")
    ask(page, "第7项由哪些单位负责？")
    assert page.locator(".evidence .card").count()


def test_every_opening_question_is_answered_with_evidence(visit: Visit) -> None:
    page = visit()
    assert page.locator(".opening-title").all_inner_texts() == ["企业", "工作人员", "热线"]
    questions = page.locator("#openings button").all_inner_texts()
    assert len(set(questions)) == 6
    for number, question in enumerate(questions):
        if number:
            page.click("#clear")
        page.wait_for_selector("#openings button")
        page.click(f"#openings button:has-text('{question}')")
        page.wait_for_selector("#answer-bar .copy")
        assert page.locator(".evidence .card .badge").first.inner_text()
        assert page.locator(".evidence .nearest").count() == 0


def test_a_place_that_carries_the_answer_is_highlighted(visit: Visit, document: Document) -> None:
    page = visit()
    ask(page, "“剥离非核心业务”出自哪条")
    assert "剥离非核心业务" in "".join(page.locator(".evidence .card mark").all_inner_texts())


def test_a_follow_up_chip_asks_and_earlier_evidence_stays_within_reach(visit: Visit) -> None:
    page = visit()
    ask(page, "第7项由哪些单位负责？")
    chip = page.locator("#followups button:visible").first
    question = chip.inner_text()
    page.evaluate("document.querySelectorAll('#answer-bar .copy').forEach((each) => each.remove())")
    chip.click()
    page.wait_for_selector("#answer-bar .copy")
    assert page.locator("#chat .user-row").last.inner_text().strip() == question
    page.locator("#chat a.mark").first.click()
    assert page.evaluate("document.activeElement.closest('.earlier') !== null")


def test_a_refusal_shows_no_evidence_but_what_lies_nearest_under_its_own_heading(visit: Visit) -> None:
    page = visit()
    ask(page, "离岸执行额每美元补贴几分钱")
    assert page.locator(".evidence > .card").count() == 0
    assert "没有回答本问题" in page.locator(".evidence .nearest h3").first.inner_text()
    assert page.locator(".evidence .nearest .card").count() >= 1
    assert page.locator("#chat a.mark").count() == 0


@pytest.mark.parametrize(
    "form, expected", [("纯文本", "责任单位"), ("带出处", "依据：\n[1] 《"), ("热线短句", "第7项任务")]
)
def test_the_answer_is_copied_in_three_forms(visit: Visit, form: str, expected: str) -> None:
    page = visit()
    ask(page, "第7项由哪些单位负责？")
    page.click(f"#answer-bar .copy:has-text('{form}')")
    page.wait_for_selector("#answer-bar .copy:has-text('已复制')")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert expected in copied
    assert "**" not in copied


def test_a_card_copies_its_reference_with_the_clause(visit: Visit, document: Document) -> None:
    page = visit()
    ask(page, "第7项由哪些单位负责？")
    page.click(".evidence .card .copy")
    page.wait_for_selector(".evidence .copy:has-text('已复制')")
    clause = document.clause("任务7")
    assert clause is not None
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("《") and copied.endswith(document.quote(clause).strip())


def test_a_damaged_place_shows_both_what_stands_there_and_what_must_have_stood_there(visit: Visit) -> None:
    page = visit()
    ask(page, "这个文件是什么时候成文的")
    assert page.locator(".card .damaged").first.inner_text() == "202128"
    assert "2021年2月8日" in page.locator(".card .mended").first.inner_text()


def test_feedback_reaches_the_journal(visit: Visit, app: App) -> None:
    page = visit()
    ask(page, "第8项由哪些单位负责？")
    page.click("button.verdict:has-text('部门错')")
    page.wait_for_selector("#told:has-text('已记下')")
    with closing(sqlite3.connect(app.data / "journal.db")) as journal:
        rows = journal.execute(
            "select verdict, citations from asked where question = '第8项由哪些单位负责？'"
        ).fetchall()
    assert [(verdict, json.loads(cited)[0].split("#")[1]) for verdict, cited in rows] == [("部门错", "任务8")]


def test_clear_brings_back_the_openings_and_retry_asks_the_last_question_again(visit: Visit) -> None:
    page = visit()
    ask(page, "第7项由哪些单位负责？")
    page.click("#retry")
    page.wait_for_function("document.querySelectorAll('#chat .user-row').length === 1")
    page.wait_for_selector(".evidence .card .badge:has-text('任务 7')")
    page.wait_for_selector("#clear:not([disabled])")
    page.click("#clear")
    page.wait_for_selector("#openings button")
    assert page.locator(".evidence .card").count() == 0


def test_words_typed_by_a_user_are_shown_and_never_run(visit: Visit) -> None:
    page = visit()
    typed = "1. *第7项* <img src=http://example.org/x.png> ![](http://example.org/y.png) ${1+1} https://example.org"
    ask(page, typed)
    assert page.locator("#chat .user-row").last.inner_text().strip() == typed
    assert page.locator("#chat .user-row img, #chat .user-row a").count() == 0
    ask(page, "第8项由哪些单位负责？")
    assert page.locator(".earlier > summary").inner_text() == f"前面的依据：{typed}"


def test_an_empty_question_is_answered_by_a_hint(visit: Visit) -> None:
    page = visit()
    page.click("#send")
    page.wait_for_selector("#told:has-text('请先输入问题')")


def test_enter_that_ends_a_pinyin_word_does_not_send(visit: Visit) -> None:
    page = visit()
    page.fill("#question textarea", "diqixiang")
    page.evaluate(
        """document.querySelector('#question textarea').dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, isComposing: true }))"""
    )
    page.wait_for_timeout(300)
    assert page.input_value("#question textarea") == "diqixiang"


@pytest.mark.parametrize("width", [360, 768, 1600])
def test_nothing_scrolls_sideways(visit: Visit, width: int) -> None:
    page = visit(width=width)
    assert no_sideways_scroll(page)
    ask(page, "市商务局负责哪些任务？")
    assert no_sideways_scroll(page)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_text_is_readable(visit: Visit, dark: bool) -> None:
    page = visit(dark=dark)
    places = ["#title p", "#welcome .lead", "#openings button", "#send"]
    contrasts = {place: page.evaluate(CONTRAST, place) for place in places}
    ask(page, "这个文件是什么时候成文的")
    places = ["#chat .bot-row p", "#chat a.mark", ".card .badge", ".card blockquote", ".card .mended", ".card footer p"]
    contrasts |= {place: page.evaluate(CONTRAST, place) for place in places}
    assert {place: round(value, 1) for place, value in contrasts.items() if value < 4.5} == {}


def test_the_column_keeps_its_place_when_an_answer_comes(visit: Visit) -> None:
    page = visit()
    page.wait_for_selector("#openings button")
    before = page.locator("#ask-row").bounding_box()
    ask(page, "第7项由哪些单位负责？")
    assert page.locator("#ask-row").bounding_box() == before


def test_on_a_telephone_the_newest_question_is_brought_to_the_top(visit: Visit) -> None:
    page = visit(width=390)
    for asked in ("市商务局负责哪些任务", "第7项讲什么", "第9项由哪些单位负责"):
        ask(page, asked)
    page.wait_for_function(
        "Math.abs([...document.querySelectorAll('#chat .user-row')].at(-1).getBoundingClientRect().top) < 60"
    )
    assert page.evaluate("window.scrollY") > 300


def test_everything_on_the_page_is_in_chinese(visit: Visit) -> None:
    page = visit()
    ask(page, "第7项由哪些单位负责？")
    labels = page.evaluate(
        """[...document.querySelectorAll('[aria-label], [title], [placeholder]')].flatMap((node) =>
        ['aria-label', 'title', 'placeholder'].map((name) => node.getAttribute(name))).filter(Boolean)"""
    )
    english = [label for label in [*labels, *page.inner_text("body").split()] if re.fullmatch(r"[A-Za-z ]{3,}", label)]
    assert english == []


def test_a_stopped_answer_keeps_the_question_for_another_try() -> None:
    from assistant.screens.conversation import Talk

    class Slow:
        def stream(self, question: str, history: object) -> object:
            yield from ()

    conversation = Conversation(Slow(), None)  # type: ignore[arg-type]
    begun = next(conversation.ask("第7项", Talk(), []))
    assert begun.is_running and begun.talk.questions == ("第7项",)
    stopped = conversation.stopped(begun.talk)
    assert not stopped.is_running and stopped.told is not None and "重试" in stopped.told
    again = next(conversation.retry(begun.talk, list(begun.messages or ())))
    assert again.talk.questions == ("第7项",) and len(again.messages or ()) == 2


def test_a_defect_is_one_sentence_and_the_question_stays_for_another_try() -> None:
    class Broken:
        def stream(self, question: str, history: object) -> object:
            raise ZeroDivisionError

    from assistant.screens.ask import guarded

    conversation = Conversation(Broken(), None)  # type: ignore[arg-type]
    from assistant.screens.conversation import Talk

    drawn = list(guarded(conversation, conversation.ask("第7项", Talk(), []), Talk(), []))
    talk, messages = drawn[-1][0], drawn[-1][1]
    assert talk.questions == ("第7项",)
    assert [message["role"] for message in messages] == ["user", "assistant"]
    assert "重试" in messages[-1]["content"]
