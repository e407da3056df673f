"""The app behind ``deploy/nginx.conf``, over HTTPS, as people will meet it."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.deploy.proxy import Proxy, proxy
from tests.ui.browsing import App, ask


@pytest.fixture(scope="module")
def front(app: App, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with proxy(tmp_path_factory.mktemp("nginx"), int(app.url.rsplit(":", 1)[1])) as running:
        yield running


def test_a_question_is_asked_and_answered_over_https(front: Proxy, browser: Any) -> None:
    context = browser.new_context(ignore_https_errors=True, locale="zh-CN")
    page = context.new_page()
    outside: list[str] = []
    own = (front.url, front.url.replace("https", "wss"), "data:", "blob:")
    page.on("request", lambda request: None if request.url.startswith(own) else outside.append(request.url))
    page.goto(front.url)
    page.wait_for_selector("#question textarea")
    ask(page, "第7项由哪些单位负责？")
    assert page.locator(".evidence .card .badge").first.inner_text() == "任务 7"
    context.close()
    assert outside == []


def test_the_page_names_its_public_address_only(front: Proxy) -> None:
    with httpx.Client(base_url=front.url, verify=front.trust, trust_env=False, timeout=30) as client:
        assert client.get("/healthz").status_code == 200
        assert re.findall(r"http://(?:127\.0\.0\.1|localhost)[:\d]*", client.get("/").text) == []


def test_what_is_too_large_never_reaches_the_app(front: Proxy) -> None:
    with httpx.Client(base_url=front.url, verify=front.trust, trust_env=False, timeout=30) as client:
        assert client.post("/gradio_api/upload", content=bytes(53 * 1024 * 1024)).status_code == 413
