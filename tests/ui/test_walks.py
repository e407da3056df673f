"""One walk for each kind of user, on a desk by day and on a telephone by night; what counts is what they see."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

from ingest.document import Document
from tests.ui.browsing import ask, no_sideways_scroll

Visit = Callable[..., Any]
SCREENS = pytest.mark.parametrize("width, dark", [(1400, False), (360, True)], ids=["desk-day", "telephone-night"])


def units(document: Document, label: str) -> list[str]:
    clause = document.clause(label)
    assert clause is not None
    return [unit.name for unit in document.units_of(clause)]


@SCREENS
def test_an_enterprise_asks_in_its_own_words_and_opens_the_proof(
    visit: Visit, seed_document: Document, width: int, dark: bool
) -> None:
    page = visit(width=width, dark=dark)
    assert page.evaluate("document.body.classList.contains('dark')") == dark
    ask(page, "想给员工做服务外包培训，该找哪些单位？")
    card = page.locator(".evidence > .card").first
    assert card.locator(".badge").inner_text() == "任务 11"
    assert card.locator(".chip .name").all_inner_texts() == units(seed_document, "任务11")
    assert no_sideways_scroll(page)
    box = page.locator("#question textarea").bounding_box()
    assert box["y"] + box["height"] <= 900  # the next question can be asked at once
    page.click(".evidence > .card a.open >> nth=0")
    page.wait_for_selector("#reader .clause:target .badge:has-text('任务 11')")
    page.go_back()
    page.wait_for_selector("#chat .user-row:has-text('服务外包培训')")  # the conversation is still there


@SCREENS
def test_staff_find_a_sentence_list_their_duties_and_take_a_table_with_them(
    visit: Visit, seed_document: Document, width: int, dark: bool
) -> None:
    page = visit("/search", ready="#query textarea", width=width, dark=dark)
    page.fill("#query textarea", "剥离非核心业务")
    page.press("#query textarea", "Enter")
    page.wait_for_selector(".results h2:has-text('正好相符')")
    assert page.locator(".results .card").first.locator("mark").inner_text() == "剥离非核心业务"
    assert not page.locator(".results .weak .card").first.is_visible()
    page.locator(".results .card").first.locator(".chip a:has-text('市教育局')").click()
    page.wait_for_selector("#matrix .duties")
    expected = [
        f"任务 {clause.task}" for clause in seed_document.tasks() if "市教育局" in units(seed_document, clause.label)
    ]
    assert page.locator("#matrix .duties .badge").all_inner_texts() == expected
    with page.expect_download() as waiting:
        page.click("#matrix .exports a:has-text('Excel')")
    assert waiting.value.suggested_filename == "市教育局分工表.xlsx"
    rows = list(openpyxl.load_workbook(io.BytesIO(waiting.value.path().read_bytes())).active.values)
    assert [f"任务 {str(row[3]).removeprefix('任务')}" for row in rows[1:]] == expected
    assert no_sideways_scroll(page)


@SCREENS
def test_the_hot_line_types_two_words_reads_one_line_and_copies_it(visit: Visit, width: int, dark: bool) -> None:
    page = visit(width=width, dark=dark)
    ask(page, "上云率 哪条")
    page.click("#answer-bar .copy:has-text('热线短句')")
    page.wait_for_selector("#answer-bar .copy:has-text('已复制')")
    line = page.evaluate("navigator.clipboard.readText()")
    assert "\n" not in line and "1项" in line
    page.click("button.verdict:has-text('有用')")
    page.wait_for_selector("#told:has-text('已记下')")
    ask(page, "离岸执行额每美元补贴几分钱")
    assert "12345" in page.inner_text("#chat .bot-row >> nth=-1")
    assert page.locator(".evidence > .card").count() == 0
    assert no_sideways_scroll(page)
