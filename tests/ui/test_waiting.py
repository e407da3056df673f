"""While the screens are being made: programs are answered, a browser sees a calm page that turns into the screen by itself."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

import ui
from assistant.accounts.access import Access
from assistant.api.settings import Limits
from assistant.ask import Assistant
from assistant.editing import Editing
from assistant.journal import Journal
from assistant.launch import listening
from assistant.screens.context import Context
from assistant.screens.conversation import Conversation
from assistant.screens.waiting import Waiting
from index.home import Home
from index.search import Index
from tests.ui.browsing import ROOT, environment, free_port

BROWSER = {"Accept": "text/html"}
LOADED = "torch sentence_transformers chromadb llama_index openai sklearn scipy ingest.parse index.train_static"
LOADED_LATER = f"gradio pandas jieba pypinyin openpyxl docx {LOADED}"


@dataclass
class Slow:
    """An app whose screen is made when the test says so, or never."""

    url: str = ""
    may_open: threading.Event = field(default_factory=threading.Event)
    fault: Exception | None = None
    waiting: Waiting | None = None
    server: uvicorn.Server | None = None

    def make(self) -> FastAPI:
        self.may_open.wait(30)
        if self.fault:
            raise self.fault
        screens = FastAPI()

        @screens.get("/document")
        def document(doc: str) -> HTMLResponse:
            return HTMLResponse(f"<h1>文件 {doc}</h1>")

        @screens.get("/favicon.ico")
        @screens.get("/scripts/some.js")
        def script() -> str:
            return "some"

        return screens

    def give_up(self) -> None:
        assert self.server
        self.server.should_exit = True


@pytest.fixture
def slow(tmp_path: Path, seeds: Path) -> Iterator[Slow]:
    home, app = Home(tmp_path), Slow()
    with Index.open(seeds) as index, closing(Journal.open(home)) as journal, listening("127.0.0.1", 0) as door:
        assistant = Assistant(index)
        context = Context(
            assistant, journal, Conversation(assistant, journal), Editing.open(home, index, journal), Access(), Limits()
        )
        app.waiting = Waiting(app.make, app.give_up)
        app.server = uvicorn.Server(uvicorn.Config(ui.application(context, app.waiting), log_level="error"))
        app.url = f"http://127.0.0.1:{door.getsockname()[1]}"
        thread = threading.Thread(target=app.server.run, kwargs={"sockets": [door]})
        thread.start()
        while not app.server.started:
            time.sleep(0.01)
        try:
            yield app
        finally:
            app.may_open.set()
            app.server.should_exit = True
            thread.join()


def test_programs_are_answered_before_the_screens_are_there(slow: Slow) -> None:
    with httpx.Client(base_url=slow.url, trust_env=False, timeout=60) as client:
        assert client.get("/healthz").json()["status"] == "ok"
        answer = client.post("/api/ask", json={"question": "第7项由哪些单位负责？"}).json()
    assert [citation["task"] for citation in answer["citations"]] == [7]


def test_a_browser_sees_that_the_page_is_coming_and_nothing_of_it_is_kept(slow: Slow) -> None:
    shown = httpx.get(f"{slow.url}/document?doc=a", headers=BROWSER, trust_env=False)
    assert shown.status_code == 200 and "页面正在打开" in shown.text
    assert shown.headers["cache-control"] == "no-store"


def test_the_waiting_page_turns_into_the_screen_that_was_asked_for(slow: Slow, browser: Any) -> None:
    context = browser.new_context(locale="zh-CN")
    with closing(context):
        page, faults = context.new_page(), list[str]()
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{slow.url}/document?doc=a#here")
        assert page.locator("[role=status]").inner_text() == "页面正在打开，几秒钟后自动显示，请稍候。"
        slow.may_open.set()
        page.wait_for_selector("h1:text('文件 a')")
        assert page.url == f"{slow.url}/document?doc=a#here"
        assert faults == []


def test_what_else_is_asked_of_the_screens_waits_for_them(slow: Slow) -> None:
    given: dict[str, int] = {}

    def get(path: str) -> None:
        given[path] = httpx.get(slow.url + path, trust_env=False, timeout=30).status_code

    paths = {"/scripts/some.js": 200, "/ready": 204}
    threads = [threading.Thread(target=get, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    assert given == {}
    slow.may_open.set()
    for thread in threads:
        thread.join()
    assert given == paths


def test_screens_that_cannot_be_made_end_the_server_with_the_reason(slow: Slow) -> None:
    slow.fault = ValueError("a defect")
    slow.may_open.set()
    assert slow.server and slow.waiting
    while not slow.server.should_exit:
        time.sleep(0.01)
    assert slow.waiting.fault is slow.fault


STARTED = """
import gc, sys, ui
def serve(context, door, chroma):
    print(*(name for name in sys.argv[3].split() if name in sys.modules), sep="\\n")
    opened = []
    sys.addaudithook(lambda event, given: opened.append(str(given[0])) if event == "open" else None)
    ui.screens(context)
    from gradio.routes import App
    gc.collect()
    servers = sum(isinstance(each, App) for each in gc.get_objects())
    stubs = sum(path.endswith(".pyi") for path in opened)
    print(*(name for name in sys.argv[4].split() if name in sys.modules), servers, stubs, sep="\\n")
ui.serve = serve
sys.exit(ui.main(["--data", sys.argv[1], "--port", sys.argv[2]]))
"""


def test_a_start_does_no_work_that_nobody_waits_for(seeds: Path) -> None:
    """Before serving, none of what is heavy is loaded; the screens add Gradio alone, make one server of it, and no stubs."""
    command = [sys.executable, "-c", STARTED, str(seeds), str(free_port()), LOADED_LATER, LOADED]
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["1", "0"]
