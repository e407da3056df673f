"""Texts that try to be page: every drawer of every page shows them as text."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from assistant.ask import Assistant
from assistant.screens import knowledge_draw, present
from assistant.screens.document import document_page
from assistant.screens.matrix import matrix_page
from assistant.screens.narrowing import Fields
from assistant.screens.search import search_page
from assistant.screens.trace import trace_page
from tests.attack.conftest import SCRIPT

FORBIDDEN = {"script", "img", "iframe", "object", "embed", "link", "meta", "base", "form", "style"}
PATHS = re.compile(r"^(?:/|#|https?://|\?)")


class Watcher(HTMLParser):
    """What a browser would take for elements and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in FORBIDDEN:
            self.faults.append(tag)
        for name, value in attrs:
            if name.startswith("on") or (name in ("href", "src", "action") and not PATHS.match(value or "")):
                self.faults.append(f"{tag} {name}={value}")


def faults(page: str) -> list[str]:
    watcher = Watcher()
    watcher.feed(page)
    return watcher.faults


QUERIES = (SCRIPT, "夜市摊位", f"夜市{SCRIPT}", "'\"><b onclick=alert(1)>")
NASTY = Fields(document=SCRIPT, region=SCRIPT, unit=SCRIPT, task=SCRIPT)
Draw = Callable[[Assistant, str], str]
PAGES: dict[str, Draw] = {
    "document": lambda each, query: "".join(
        document_page(each.index, document.id, focus, query)
        for document in each.index.documents()
        for focus in ("", "0-60", SCRIPT)
    ),
    "document unknown": lambda each, query: document_page(each.index, query),
    "search": lambda each, query: search_page(each.index, query, Fields()),
    "search all": lambda each, query: search_page(each.index, "", Fields(document="plain")),
    "search narrowed": lambda each, query: search_page(each.index, query, NASTY),
    "matrix": lambda each, query: "".join(
        matrix_page(each.index, document, unit)
        for document in ("", "plain", query)
        for unit in ("", "市城管委", "市商务局", query)
    ),
    "trace": lambda each, query: trace_page(each.index, query, Fields()),
    "trace narrowed": lambda each, query: trace_page(each.index, query, NASTY),
    "cards": lambda each, query: present.cards(each.ask(query), 0, each.index.document),
    "copies": lambda each, query: present.copy_bar(each.ask(query)),
    "holdings": lambda each, query: present.holdings(each.index.documents()),
    "scope": lambda each, query: present.scope_line(each.index.documents()),
    "notice": lambda each, query: present.notice(query),
    "panel": lambda each, query: present.panel("", [(query, "")]),
    "documents of editors": lambda each, query: knowledge_draw.documents(each.index, {}),
    "outline of editors": lambda each, query: "".join(
        knowledge_draw.outline(each.index.document(card.id)) for card in each.index.documents()
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_hostile_texts_as_text(hostile: Assistant, name: str) -> None:
    drawn = [PAGES[name](hostile, query) for query in QUERIES]
    assert any(drawn)
    assert [fault for page in drawn for fault in faults(page)] == []


def test_the_watcher_sees_what_it_should() -> None:
    page = '<a href="javascript:x">a</a><b onclick=x>b</b><img src="http://evil.test">'
    assert faults(page) == ["a href=javascript:x", "b onclick=x", "img"]


@pytest.mark.parametrize(
    "query", [*QUERIES, "第1项由哪些单位负责", "第1项讲什么", "夜市摊位按时收摊", "![x](http://evil.test/x.png)"]
)
def test_the_chat_gets_no_markup_but_its_own(hostile: Assistant, query: str) -> None:
    """Markdown is drawn by the chat: no raw element, no picture and no foreign link may be left in it."""
    shown = [present.markdown(hostile.ask(query)), present.said(query)]
    for text in shown:
        bare = re.sub(r"\\.|&\w+;", "", text)
        assert faults(bare) == []
        assert not re.search(r"!\[[^\]]*\]\(", bare)
        assert re.findall(r"\]\((?!#)[^)]*\)", bare) == []
