"""Every page for everyone: axe-core finds nothing serious, all is reached by keyboard, Chinese whatever the browser speaks."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.ui.browsing import App, ask, no_sideways_scroll

Visit = Callable[..., Any]
SEED = "wuhan-2021-service-outsourcing"
PAGES = {
    "ask": ("/", "#openings button"),
    "search": ("/search?q=上云率", ".results .card"),
    "matrix": ("/matrix", "#matrix table"),
    "duties": ("/matrix?unit=市财政局", "#matrix .duties"),
    "document": (f"/document?doc={SEED}&q=人才#任务7", "#reader .clause:target"),
    "trace": ("/trace?q=上云率", "table.trace"),
    "nowhere": ("/nowhere", "h1"),
}


@pytest.fixture(scope="session")
def axe() -> str:
    bundle = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
    return next(Path(bundle.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")


def findings(page: Any, axe: str) -> list[str]:
    """What axe-core calls serious or critical, each with the place."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found if each["impact"] in ("serious", "critical")
    ]


_DRAWN = "(dark) => !document.querySelector('gradio-app') || document.body.classList.contains('dark') === dark"


def everywhere(page: Any, axe: str) -> dict[str, list[str]]:
    """The findings on a desk by day and by night, and on a telephone."""
    found = {}
    page.add_style_tag(content="* { transition: none !important; }")
    for width, scheme in ((1400, "light"), (1400, "dark"), (360, "dark")):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(_DRAWN, arg=scheme == "dark")
        assert no_sideways_scroll(page)
        found[f"{width} {scheme}"] = findings(page, axe)
    return {mode: each for mode, each in found.items() if each}


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious(visit: Visit, axe: str, name: str) -> None:
    path, ready = PAGES[name]
    page = visit(path, ready=ready)
    assert everywhere(page, axe) == {}


def test_axe_finds_nothing_serious_in_an_answer_and_the_list_of_conversations(visit: Visit, axe: str) -> None:
    page = visit()
    ask(page, "这个文件是什么时候成文的")
    assert everywhere(page, axe) == {}
    page.click("#talks-open")
    assert everywhere(page, axe) == {}


def test_a_question_is_asked_answered_and_followed_without_a_mouse(visit: Visit) -> None:
    page = visit()
    page.keyboard.type("第7项由哪些单位负责？")  # the box has the focus
    page.keyboard.press("Enter")
    page.wait_for_selector("#answer-bar .copy")
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "(() => { const at = document.activeElement; return at.id || at.dataset.link && 'link' || at.textContent.trim(); })()"
            )
        )
        visible = page.evaluate(
            "(() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle !== 'none' || s.boxShadow !== 'none'; })()"
        )
        assert visible or page.evaluate("document.activeElement === document.body")
    assert {"纯文本", "部门错", "retry", "clear", "talks-open", "复制引用", "link", "在文件中查看"} <= reached


@pytest.mark.parametrize("name", PAGES)
def test_pages_speak_chinese_to_every_browser(app: App, browser: Any, name: str) -> None:
    path, ready = PAGES[name]
    context = browser.new_context(locale="en-US")
    try:
        page = context.new_page()
        page.goto(app.url + path)
        page.wait_for_selector(ready)
        labels = page.evaluate(
            """[...document.querySelectorAll('[aria-label], [title], [placeholder]')].flatMap((node) =>
            ['aria-label', 'title', 'placeholder'].map((name) => node.getAttribute(name))).filter(Boolean)"""
        )
        english = [
            each for each in [*labels, *page.inner_text("body").split("\n")] if re.fullmatch(r"[A-Za-z ]{3,}", each)
        ]
        assert set(english) <= {"Excel", "Word", "CSV"}
        assert page.evaluate("document.documentElement.lang") == "zh-CN"
    finally:
        context.close()


def test_an_address_that_leads_nowhere_says_so_and_leads_home_and_programs_get_json(visit: Visit, app: App) -> None:
    page = visit("/nowhere", ready="h1")
    assert page.inner_text("h1") == "没有这个页面"
    page.click("a:has-text('回到问答')")
    page.wait_for_selector("#question textarea")
    answer = page.request.get(f"{app.url}/nowhere", headers={"Accept": "application/json"})
    assert answer.status == 404 and "json" in answer.headers["content-type"]


def test_a_server_that_cannot_be_reached_is_said_in_chinese_and_the_question_stays(visit: Visit) -> None:
    page = visit()
    page.fill("#question textarea", "第7项由哪些单位负责？")
    page.context.set_offline(True)
    page.press("#question textarea", "Enter")
    page.wait_for_selector(".toast-wrap")
    page.wait_for_function("!/[A-Za-z]{4}/.test(document.querySelector('.toast-wrap').innerText)")
    assert page.input_value("#question textarea") == "第7项由哪些单位负责？"
