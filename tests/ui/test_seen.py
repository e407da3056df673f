"""What a designer's eye asks of every page: nothing too small to read, nothing covered, nothing cut off, nothing said twice."""

from collections.abc import Callable
from typing import Any

import pytest

from ingest.document import Document
from tests.ui.browsing import ask

Visit = Callable[..., Any]
SEED = "wuhan-2021-service-outsourcing"
READER = f"/document?doc={SEED}&q=服务外包#任务7"
PAGES = [
    ("/search?q=上云率", ".results .card"),
    ("/matrix", "#matrix table"),
    ("/matrix?unit=市财政局", "#matrix .duties"),
    (READER, "#reader .clause:target"),
    ("/trace?q=上云率", "table.trace"),
    ("/knowledge", "#gate .gate"),
]
_SMALL = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const holder = node.parentElement, box = holder.getBoundingClientRect();
    if (!node.data.trim() || !box.width || ['SCRIPT', 'STYLE', 'NOSCRIPT'].includes(holder.tagName)) continue;
    if (parseFloat(getComputedStyle(holder).fontSize) < 16) found.push(node.data.trim());
  }
  return found;
}"""
_IN_SIGHT = """(node) => {
  const box = node.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return node.contains(top);
}"""


@pytest.mark.parametrize("width", [1400, 360])
@pytest.mark.parametrize("path, ready", PAGES, ids=[path.split("?")[0] + path[-3:] for path, _ in PAGES])
def test_nothing_is_smaller_than_16_pixels(visit: Visit, path: str, ready: str, width: int) -> None:
    assert visit(path, ready=ready, width=width).evaluate(_SMALL) == []


def test_an_answer_and_a_failure_are_as_large_as_the_rest(visit: Visit) -> None:
    page = visit(width=360)
    ask(page, "列出市商务局全部任务")
    assert page.evaluate(_SMALL) == []
    page.context.set_offline(True)
    page.fill("#question textarea", "第7项由哪些单位负责？")
    page.press("#question textarea", "Enter")
    page.wait_for_selector(".toast-wrap")
    assert page.evaluate(_SMALL) == []


@pytest.mark.parametrize("width", [1400, 360])
def test_the_clause_that_a_link_leads_to_is_not_covered_and_the_outline_names_it(visit: Visit, width: int) -> None:
    page = visit(READER, ready="#reader .clause:target", width=width)
    page.wait_for_function("document.querySelector('#reader .clause:target').getBoundingClientRect().top < 140")
    assert page.locator("#reader .clause:target .badge").evaluate(_IN_SIGHT)
    current = page.locator("#reader .toc nav [aria-current]")
    assert current.count() == 1 and str(current.text_content()).startswith("任务7 ")
    page.evaluate("window.scrollTo(0, 0)")
    page.wait_for_function("document.querySelector('#reader .toc nav [aria-current]').textContent.startsWith('抬头')")


def test_a_telephone_gives_its_width_to_the_text(visit: Visit) -> None:
    page = visit(width=360)
    assert page.locator("#welcome").bounding_box()["width"] >= 330
    titles, buttons = (page.locator(each).bounding_box() for each in ("#title h1", "#talks"))
    assert abs(titles["y"] - buttons["y"]) < 20  # on one line, so that the first question is in sight
    assert page.locator("#openings button").first.bounding_box()["y"] < 450


def test_the_numbers_above_the_table_stand_beside_their_names(visit: Visit, seed_document: Document) -> None:
    page = visit("/matrix", ready="#matrix table", width=1600)
    names = page.locator("#matrix .beside .chart .name a")
    assert names.all_inner_texts() == [f"{each.label} {each.title}" for each in seed_document.tasks()]
    table, first = page.locator("#matrix .grid").bounding_box(), names.first.bounding_box()
    assert first["x"] > table["x"] + table["width"] and first["y"] < table["y"] + 100
    names.nth(6).click()
    page.wait_for_selector("#reader .clause:target .badge:has-text('任务 7')")


def test_one_units_duties_are_copied_as_a_list(visit: Visit, seed_document: Document) -> None:
    page = visit("/matrix?unit=市财政局", ready="#matrix .duties")
    page.click("#matrix .copy:has-text('复制清单')")
    page.wait_for_selector("#matrix .copy:has-text('已复制')")
    lines = page.evaluate("navigator.clipboard.readText()").split("\n")
    tasks = [
        f"{each.label} {each.title}"
        for each in seed_document.tasks()
        if "市财政局" in [unit.name for unit in seed_document.units_of(each)]
    ]
    assert lines[:2] == [f"市财政局的任务（{len(tasks)} 条）", "《武汉市关于推动服务外包加快转型升级的实施意见》"]
    assert [line.split("（")[0] for line in lines[2:]] == tasks


def test_a_card_highlights_where_the_units_are_named_and_tells_a_repair_once(visit: Visit) -> None:
    page = visit()
    ask(page, "第4项由哪些单位负责？")
    card = page.locator(".evidence > .card").first
    marked = "".join(card.locator("blockquote mark").all_inner_texts())
    assert marked.startswith("(责任单位:市商务局") and marked.endswith("市税务局)")
    assert card.locator(".repairs li").count() == 1
    assert "原文残缺" not in page.inner_text(".evidence .notes")


def test_an_empty_search_offers_words_that_find_something(visit: Visit) -> None:
    page = visit("/search", ready="#results .chips a")
    for at in range(page.locator("#results .chips a").count()):
        page.goto(page.url.split("?")[0])
        page.locator("#results .chips a").nth(at).click()
        page.wait_for_selector(".results h2:has-text('正好相符')")
