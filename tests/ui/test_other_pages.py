"""Search, matrix, reader and retrieval test, seen through a browser."""

import csv
import io
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import docx
import openpyxl
import pytest

from ingest.document import Document
from tests.ui.browsing import CONTRAST, App, no_sideways_scroll

Visit = Callable[..., Any]
SEED = "wuhan-2021-service-outsourcing"
PAGES = {
    "search": ("/search?q=上云率", ".results .card"),
    "matrix": ("/matrix", "#matrix table"),
    "document": (f"/document?doc={SEED}#任务7", "#reader .clause:target"),
    "trace": ("/trace?q=上云率", "table.trace"),
}


@pytest.fixture(scope="module")
def document() -> Document:
    from ingest.load import load

    return load(f"seeds/{SEED}.txt")[0]


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_readable_and_fits_a_telephone(visit: Visit, name: str) -> None:
    path, ready = PAGES[name]
    page = visit(path, ready=ready, width=360, dark=True)
    assert no_sideways_scroll(page)
    assert page.locator("nav a").all_inner_texts()[:5] == ["问答", "检索", "分工表", "文件", "检验"]
    assert page.evaluate(CONTRAST, "nav a") >= 4.5
    assert page.evaluate(CONTRAST, ready) >= 4.5


def test_a_search_highlights_what_was_asked_for_and_opens_the_clause(visit: Visit) -> None:
    page = visit("/search", ready="#query textarea")
    page.fill("#query textarea", "上云率")
    page.press("#query textarea", "Enter")
    page.wait_for_selector(".results mark")
    first = page.locator(".results .card").first
    assert "上云率" in first.locator("mark").all_inner_texts()
    assert first.locator(".badge").inner_text() == "任务 1"
    first.get_by_role("button", name="复制链接").click()
    first.get_by_role("button", name="已复制").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").startswith(f"{page.url.split('/search')[0]}/document?doc=")
    first.locator("a.open").click()
    page.wait_for_selector("#reader .clause:target .badge:has-text('任务 1')")


def test_filters_alone_list_every_clause_that_they_leave(visit: Visit, document: Document) -> None:
    page = visit("/search", ready="#query textarea")
    page.fill("#unit textarea", "教育局")
    page.press("#unit textarea", "Enter")
    page.wait_for_selector(".results h2:has-text('符合条件')")
    expected = [
        f"任务 {clause.task}"
        for clause in document.clauses
        if "市教育局" in [unit.name for unit in document.units_of(clause)]
    ]
    assert page.locator(".results .badge").all_inner_texts() == expected


@pytest.mark.parametrize("field, value", [("#unit", "市航天局"), ("#task", "第很多项")])
def test_a_filter_that_names_nothing_is_said(visit: Visit, field: str, value: str) -> None:
    page = visit("/search?q=上云率", ready=".results .card")
    page.fill(f"{field} textarea", value)
    page.press(f"{field} textarea", "Enter")
    page.wait_for_selector(f".results [role=alert]:has-text('{value}')")


def test_the_matrix_has_a_row_for_every_unit_and_a_cell_for_every_duty(visit: Visit, document: Document) -> None:
    page = visit("/matrix", ready="#matrix table")
    named = [unit.name for clause in document.clauses for unit in document.units_of(clause)]
    assert set(page.locator("#matrix tbody th").all_inner_texts()) == set(named)
    assert page.locator("#matrix tbody td a").count() == len(named)
    page.locator("#matrix tbody tr:has-text('市司法局') td a").first.click()
    page.wait_for_selector("#reader .clause:target .badge:has-text('任务 6')")


def test_one_units_duties_are_complete(visit: Visit, document: Document) -> None:
    page = visit("/matrix?unit=" + quote("财政局"), ready="#matrix .duties")
    expected = [
        f"任务 {clause.task}"
        for clause in document.tasks()
        if "市财政局" in [unit.name for unit in document.units_of(clause)]
    ]
    assert page.locator("#matrix .duties .badge").all_inner_texts() == expected
    assert page.locator("#matrix .chart .chosen .value").inner_text() == str(len(expected))


@pytest.mark.parametrize("ending", ["xlsx", "docx", "csv"])
def test_the_matrix_is_saved_as_a_file_that_opens(visit: Visit, document: Document, ending: str) -> None:
    page = visit("/matrix", ready="#matrix table")
    with page.expect_download() as waiting:
        page.click(f"#matrix .exports a[href*='.{ending}']")
    download = waiting.value
    assert download.suggested_filename == f"责任单位分工表.{ending}"
    content = download.path().read_bytes()
    readers: dict[str, Callable[[bytes], list[list[str]]]] = {
        "csv": lambda data: list(csv.reader(io.StringIO(data.decode("utf-8-sig")))),
        "xlsx": lambda data: [
            [str(value or "") for value in row]
            for row in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)
        ],
        "docx": lambda data: [
            [cell.text for cell in row.cells] for row in docx.Document(io.BytesIO(data)).tables[0].rows
        ],
    }
    rows = readers[ending](content)
    assert len(rows) == 1 + len(document.tasks())
    assert "、".join(unit.name for unit in document.units_of(document.tasks()[6])) in rows[7]


@pytest.mark.parametrize("query", ["matrix.exe", "matrix.csv?doc=nowhere", "matrix.csv?unit=" + quote("市航天局")])
def test_a_file_that_cannot_be_made_is_answered_by_one_sentence(visit: Visit, app: App, query: str) -> None:
    page = visit("/matrix", ready="#matrix table")
    answer = page.request.get(f"{app.url}/export/{query}")
    assert answer.status == 400
    assert answer.text().endswith("。")


def test_the_reader_shows_the_whole_text_once_and_marks_its_repairs(visit: Visit, document: Document) -> None:
    page = visit(f"/document?doc={SEED}", ready="#reader .text")
    shown = page.evaluate(
        """[...document.querySelectorAll('#reader .clause > p, #reader .between')].map((node) => {
        const copy = node.cloneNode(true); copy.querySelectorAll('.mended, .held').forEach((each) => each.remove());
        return copy.textContent; }).join('')"""
    )
    assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", document.text)
    assert page.locator("#reader .mended").count() == len(document.repairs)
    assert page.locator("#reader .mends li").count() == len(document.repairs)


def test_a_deep_link_opens_the_clause_with_the_cited_place_highlighted(visit: Visit, document: Document) -> None:
    start = document.text.index("剥离非核心业务")
    page = visit(f"/document?doc={SEED}&focus={start}-{start + 7}#任务7", ready="#reader .clause:target")
    assert page.evaluate("document.activeElement.id") == "任务7"
    assert page.locator("#reader .clause:target mark").inner_text() == "剥离非核心业务"
    top = page.locator("#reader .clause:target").bounding_box()["y"]
    assert 0 <= top < 300


def test_a_place_that_runs_over_the_end_of_a_title_is_highlighted_in_one_piece(
    visit: Visit, document: Document
) -> None:
    clause = next(each for each in document.tasks() if each.title)
    end = document.text.index(clause.title, clause.span.start) + len(clause.title)
    page = visit(f"/document?doc={SEED}&focus={end - 3}-{end + 4}#{clause.label}", ready="#reader .clause:target")

    marks = page.locator("#reader .clause:target mark").all_inner_texts()
    assert marks == [document.text[end - 3 : end + 4]]


def test_a_clause_is_found_by_its_address_without_the_page(visit: Visit) -> None:
    page = visit(f"/?doc={SEED}#任务7", ready="#reader .clause:target")
    assert page.evaluate("document.activeElement.id") == "任务7"


def test_the_outline_and_the_steps_lead_through_the_document(visit: Visit) -> None:
    page = visit(f"/document?doc={SEED}", ready="#reader .text")
    page.click("#reader nav a:has-text('任务9')")
    assert page.evaluate("document.activeElement.id") == "任务9"
    page.click("#reader .clause:target .steps a:has-text('上一条')")
    assert page.evaluate("document.activeElement.id") == "任务8"


def test_documents_that_the_text_names_are_links_and_what_is_held_of_them_is_said(
    visit: Visit, document: Document
) -> None:
    page = visit(f"/document?doc={SEED}#序言", ready="#reader .clause:target")
    names = page.locator("#reader .mentions li").all_inner_texts()
    assert len(names) == len({(reference.title, reference.number) for reference in document.references})
    assert "依据：《商务部等8部门关于推动服务外包加快转型升级的指导意见》（商服贸发〔2020〕12号）（只有要点）" in names
    page.click("#reader .clause:target a.named >> nth=0")
    page.wait_for_selector("#reader .doc-title:has-text('商务部等8部门')")
    assert page.locator("#reader .doc-title .sheet").inner_text() == "要点，非原文"


def test_one_goes_from_one_highlighted_place_to_the_next(visit: Visit) -> None:
    page = visit(f"/document?doc={SEED}&q=" + quote("人才培训"), ready="#reader .hits")
    marks = page.locator("#reader .text mark")
    assert page.inner_text(".hit-count") == f"高亮 {marks.count()} 处" and marks.count() > 2
    page.click("[data-hit='1']")
    page.click("[data-hit='1']")
    assert page.inner_text(".hit-count") == f"第 2 处，共 {marks.count()} 处"
    assert "now" in marks.nth(1).get_attribute("class")
    page.click("[data-hit='-1']")
    assert "now" in marks.nth(0).get_attribute("class")


def test_a_clause_is_copied_with_its_source_and_its_address_opens_it_again(visit: Visit, document: Document) -> None:
    page = visit(f"/document?doc={SEED}#任务8", ready="#reader .clause:target")
    page.click("#reader .clause:target [data-cite]")
    page.wait_for_selector("#reader .clause:target [data-cite]:has-text('已复制')")
    copied = page.evaluate("navigator.clipboard.readText()")
    clause = document.clause("任务8")
    assert clause is not None
    assert copied.splitlines()[0].endswith("任务8“积极开拓境外市场”")
    assert copied.split("\n", 1)[1] == document.quote(clause).strip()
    page.click("#reader .clause:target [data-link]")
    page.wait_for_selector("#reader .clause:target [data-link]:has-text('已复制')")
    address = page.evaluate("navigator.clipboard.readText()")
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_selector("#reader .clause:target .badge:has-text('任务 8')")
    page.reload()
    page.wait_for_selector("#reader .clause:target .badge:has-text('任务 8')")


def test_the_outline_is_folded_on_a_telephone_and_stays_in_view_on_a_desk(visit: Visit) -> None:
    narrow = visit(f"/document?doc={SEED}", ready="#reader .text", width=360)
    narrow.wait_for_selector("#reader .toc[data-shown]")
    assert not narrow.locator("#reader nav a").first.is_visible()
    wide = visit(f"/document?doc={SEED}#任务15", ready="#reader .clause:target")
    assert 0 <= wide.locator("#reader .toc summary").bounding_box()["y"] < 200
    assert wide.evaluate("window.scrollY") > 500


def test_a_document_that_is_not_there_is_said(visit: Visit) -> None:
    page = visit("/document?doc=nowhere", ready="#reader [role=alert]")
    assert "nowhere" in page.inner_text("#reader [role=alert]")


def test_the_retrieval_test_shows_each_legs_rank_and_what_a_filter_took_away(visit: Visit) -> None:
    page = visit("/trace?q=上云率", ready="table.trace")
    heads = page.locator("table.trace thead th").all_inner_texts()
    assert [head.split("\n")[0] for head in heads[3:7]] == ["结构", "字词", "语义", "相似问"]
    assert "第 1" in page.locator("table.trace tbody tr").first.inner_text()
    assert "毫秒" in page.inner_text("#results")
    page.fill("#unit textarea", "海关")
    page.press("#unit textarea", "Enter")
    page.wait_for_selector(".left-out li:has-text('责任单位里没有武汉海关')")


def test_nothing_of_the_collection_is_given_away_by_the_interface_description(visit: Visit, app: App) -> None:
    page = visit()
    described = page.request.get(f"{app.url}/gradio_api/info").json()
    assert described == {"named_endpoints": {}, "unnamed_endpoints": {}}
