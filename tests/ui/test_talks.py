"""Conversations kept in the browser: listed, opened again, saved as files, deleted; they come back after a reload."""

import io
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import docx
import pytest

from assistant.screens.recalled import LARGEST, keepsake, recalled, written
from ingest.document import Document
from ingest.errors import AssistantError
from tests.ui.browsing import App, ask
from tests.ui.test_present import ANSWER, CITATION, DOCUMENT

Visit = Callable[..., Any]


def kept(page: Any) -> list[list[str]]:
    """The questions of every conversation that the browser holds."""
    return page.evaluate(
        """Object.keys(localStorage).filter((key) => key.startsWith('policy-talk:')).map((key) =>
        JSON.parse(localStorage.getItem(key)).turns.map((turn) => turn.question))"""
    )


def questions(page: Any) -> list[str]:
    return [text.strip() for text in page.locator("#chat .user-row").all_inner_texts()]


def test_a_conversation_comes_back_after_a_reload_and_goes_on(visit: Visit) -> None:
    page = visit()
    ask(page, "第7项由哪些单位负责？")
    ask(page, "第8项由哪些单位负责？")
    page.reload()
    page.wait_for_selector("#chat .user-row")
    assert questions(page) == ["第7项由哪些单位负责？", "第8项由哪些单位负责？"]
    assert page.locator(".evidence > .card .badge").first.inner_text() == "任务 8"
    ask(page, "那第9项呢？")
    assert page.locator(".evidence > .card .badge").first.inner_text() == "任务 9"
    assert kept(page) == [["第7项由哪些单位负责？", "第8项由哪些单位负责？", "那第9项呢？"]]


def test_conversations_are_listed_opened_again_and_deleted(visit: Visit) -> None:
    page = visit()
    ask(page, "第7项由哪些单位负责？")
    page.click("#clear")
    page.wait_for_selector("#openings button")
    ask(page, "上云率 哪条")
    page.click("#talks-open")
    assert page.locator("#talks-dialog .talk-title").all_inner_texts() == ["上云率 哪条", "第7项由哪些单位负责？"]
    page.click("#talks-dialog .talk-title:has-text('第7项')")
    page.wait_for_selector(".evidence > .card .badge:has-text('任务 7')")
    assert questions(page) == ["第7项由哪些单位负责？"]
    page.click("#talks-open")
    page.click("#talks-dialog [aria-label='删除：上云率 哪条']")
    assert kept(page) == [["第7项由哪些单位负责？"]]
    page.keyboard.press("Escape")
    assert not page.locator("#talks-dialog").is_visible()


def test_asking_again_replaces_the_last_answer(visit: Visit) -> None:
    page = visit()
    ask(page, "第7项由哪些单位负责？")
    page.click("#retry")
    page.wait_for_selector("#retry:not([disabled])")
    assert kept(page) == [["第7项由哪些单位负责？"]]


@pytest.mark.parametrize("form, ending", [("Word", "docx"), ("Markdown", "md")])
def test_a_conversation_is_saved_as_a_file_that_opens(visit: Visit, form: str, ending: str) -> None:
    page = visit()
    ask(page, "第7项由哪些单位负责？")
    page.click("#talks-open")
    with page.expect_download() as waiting:
        page.click(f"#talks-dialog button:has-text('{form}')")
    assert waiting.value.suggested_filename == f"政策问答记录.{ending}"
    content = waiting.value.path().read_bytes()
    text = (
        content.decode()
        if ending == "md"
        else "\n".join(each.text for each in docx.Document(io.BytesIO(content)).paragraphs)
    )
    assert "1. 第7项由哪些单位负责？" in text
    assert "责任单位共7家：人行武汉分行营管部" in text
    assert "任务7“支持业务运营服务外包”" in text and "剥离非核心业务" in text


def test_what_is_kept_is_read_back_as_it_was() -> None:
    (row,) = json.loads(f"[{_unescaped(keepsake('谁负责？', ANSWER, 0))}]")
    (turn,) = recalled(json.dumps([row]))
    assert turn.question == "谁负责？"
    assert turn.answer == ANSWER
    assert CITATION.quote in written([turn], "md", date(2026, 1, 2)).decode()
    assert DOCUMENT.title in written([turn], "md", date(2026, 1, 2)).decode()


def _unescaped(html: str) -> str:
    import html as names

    return names.unescape(html.split('data-turn="')[1].split('"')[0])


@pytest.mark.parametrize(
    "text", [None, "", "\ud800", "{", "{}", "[1]", '[{"question": "a"}]', "[" * 5000, '[{"question": 1, "units": 3}]']
)
def test_a_damaged_conversation_is_said(text: str | None) -> None:
    with pytest.raises(AssistantError, match="损坏"):
        recalled(text)


def test_a_conversation_that_is_too_long_or_of_no_known_format_is_said(visit: Visit, app: App) -> None:
    page = visit()
    for path, body, status in (("md", " " * (LARGEST + 1), 413), ("exe", "[]", 400), ("docx", "[]", 400)):
        answer = page.request.post(f"{app.url}/export/talk.{path}", data=body)
        assert (answer.status, answer.text()[-1]) == (status, "。")


def test_a_question_too_long_to_be_asked_stays_in_the_box(visit: Visit) -> None:
    page = visit()
    page.fill("#question textarea", "长" * 5000)
    page.press("#question textarea", "Enter")
    page.wait_for_selector("#told:has-text('5000 字')")
    assert page.input_value("#question textarea") == "长" * 5000


def test_a_document_that_has_gone_since_is_told(visit: Visit, seed_document: Document) -> None:
    page = visit()
    ask(page, "第7项由哪些单位负责？")
    page.evaluate(
        """Object.keys(localStorage).filter((key) => key.startsWith('policy-talk:')).forEach((key) =>
        localStorage.setItem(key, localStorage.getItem(key).replaceAll('wuhan-2021-service-outsourcing', 'gone')))"""
    )
    page.reload()
    page.wait_for_selector(".evidence .card:has-text('已更新或移出')")
    clause = seed_document.clause("任务7")
    assert clause is not None
    assert seed_document.quote(clause).strip() in page.inner_text(".evidence .card blockquote")
