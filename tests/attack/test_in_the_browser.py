"""Hostile documents in a real Chromium under the policy that is sent: nothing of them runs, nothing leaves the machine."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.attack.conftest import Attacked
from tests.ui.browsing import ask, leaves

PAGES = [
    "/search?q=夜市摊位",
    "/matrix",
    "/document?doc=plain",
    "/trace?q=夜市",
    "/document?doc=<script>alert(1)</script>",
]


class Watched:
    """A page with everything noted that must not happen on it."""

    def __init__(self, page: Any) -> None:
        self.page, self.dialogs, self.outside = page, list[str](), list[str]()
        page.on("dialog", self._dialog)
        page.on("request", lambda request: self.outside.append(request.url) if leaves(request.url) else None)

    def _dialog(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()


@pytest.fixture
def watched(browser: Any) -> Iterator[Watched]:
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(20_000)
    yield Watched(page)
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_no_page_runs_what_stands_in_a_document(attacked: Attacked, watched: Watched, path: str) -> None:
    watched.page.goto(attacked.url + path)
    watched.page.wait_for_selector("h1")
    watched.page.wait_for_timeout(1500)  # the page keeps a connection open for as long as it is: idle never comes
    assert watched.page.locator("img[src^='http://evil'], script:has-text('alert(1)'), iframe").count() == 0
    assert (watched.dialogs, watched.outside) == ([], [])


@pytest.mark.parametrize("question", ["规范摊位由谁负责", "<img src=x onerror=alert(1)>![x](http://evil.test/x.png)"])
def test_no_answer_runs_what_stands_in_a_document_or_question(
    attacked: Attacked, watched: Watched, question: str
) -> None:
    watched.page.goto(attacked.url)
    watched.page.wait_for_selector("#question textarea")
    ask(watched.page, question)
    assert watched.page.locator("#chat").inner_text()
    assert watched.page.locator("#chat img[src^='http'], #chat script, #chat iframe, #evidence img").count() == 0
    assert (watched.dialogs, watched.outside) == ([], [])


def test_the_policy_stops_a_script_that_got_into_the_page_all_the_same(attacked: Attacked, watched: Watched) -> None:
    """Scripts of its own run; one that is put in, an attribute, and a picture from elsewhere do not."""
    watched.page.goto(attacked.url)
    watched.page.wait_for_selector("#question textarea")
    ran = watched.page.evaluate(
        """async () => {
          const script = document.createElement('script');
          script.textContent = 'window.harmed = 1';
          document.body.append(script);
          document.body.insertAdjacentHTML('beforeend', '<img src="x" onerror="window.harmed = 2"><img src="http://evil.test/leak">');
          await new Promise((done) => setTimeout(done, 500));
          return window.harmed ?? 0;
        }"""
    )
    assert ran == 0
    assert watched.dialogs == []


def test_every_answer_has_the_headers_that_browsers_obey(http: httpx.Client) -> None:
    for path in ("/", "/search", "/api/units", "/login", "/metrics", "/nowhere"):
        headers = http.get(path, headers={"Accept": "text/html"}).headers
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["X-Frame-Options"] == "DENY", path
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy, path
        assert "'unsafe-inline'" not in policy.partition("style-src")[0], path
