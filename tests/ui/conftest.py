"""The app as people use it: ``python ui.py`` in a process of its own, and a real Chromium in front of it."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ingest.document import Document
from ingest.load import load
from tests.ui.browsing import ROOT, App, environment, free_port, leaves, wait_until_healthy


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """Started once on an empty data folder, so that the first start is part of what is tested."""
    data, port = tmp_path_factory.mktemp("ui") / "data", free_port()
    command = [sys.executable, "ui.py", "--port", str(port), "--data", str(data)]
    with subprocess.Popen(command, cwd=ROOT, env=environment(), stderr=subprocess.PIPE, text=True) as process:
        try:
            wait_until_healthy(f"http://127.0.0.1:{port}", process)
            yield App(f"http://127.0.0.1:{port}", data)
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def seed_document() -> Document:
    return load("seeds/wuhan-2021-service-outsourcing.txt")[0]


@pytest.fixture
def visit(app: App, browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens a page of the app; afterwards, no request may have left this machine and no script may have failed."""
    contexts, outside, faults = [], [], []

    def open_page(path: str = "/", *, width: int = 1400, dark: bool = False, ready: str = "#question textarea") -> Any:
        context = browser.new_context(
            locale="zh-CN",
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            permissions=["clipboard-read", "clipboard-write"],
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("request", lambda request: outside.append(request.url) if leaves(request.url) else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(app.url + path)
        page.wait_for_selector(ready)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert outside == []
    assert faults == []
