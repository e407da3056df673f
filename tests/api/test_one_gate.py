"""People at the page and programs wait in one line: the real process with one place, held by an answer whose model hangs."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from bench.served import Page
from tests.api.conftest import Served, serving
from tests.assistant.endpoint import serving as hanging

QUESTION = "第7项任务由谁负责"


@pytest.fixture
def narrow(tmp_path: Path, seeds: Path) -> Iterator[tuple[Served, threading.Event]]:
    """One place and one to wait; every answer goes on until the model is let go."""
    with hanging() as endpoint:
        settings = {
            "POLICY_AT_ONCE": "1",
            "POLICY_WAITING": "1",
            "POLICY_LLM_BASE_URL": endpoint.url,
            "POLICY_LLM_MODEL": "drip",
            "POLICY_LLM_DEADLINE_S": "60",
            "POLICY_LOG_FORMAT": "json",
            "POLICY_LOG_LEVEL": "info",
        }
        with serving(tmp_path, seeds, **settings) as app:
            yield app, endpoint.released


def at_the_page(app: Served) -> str:
    with app.client() as client:
        return Page(client).ask(QUESTION)


def by_program(app: Served) -> httpx.Response:
    with app.client() as client:
        return client.post("/api/ask", json={"question": QUESTION})


def gauge(app: Served, name: str) -> float:
    with app.client() as client:
        lines = client.get("/metrics").text.splitlines()
    return next(float(line.split()[-1]) for line in lines if line.startswith(f'{name}{{gate="answers"}}'))


def until(app: Served, name: str, value: float) -> None:
    deadline = time.monotonic() + 30
    while gauge(app, name) != value:
        assert time.monotonic() < deadline, name
        time.sleep(0.02)


def test_pages_and_programs_share_the_places_and_both_are_told_when_there_is_none(
    narrow: tuple[Served, threading.Event],
) -> None:
    app, released = narrow
    done: dict[str, object] = {}

    def begin(name: str, ask: Callable[[Served], object]) -> threading.Thread:
        thread = threading.Thread(target=lambda: done.update({name: ask(app)}))
        thread.start()
        return thread

    under_way = [begin("page", at_the_page)]
    until(app, "policy_running", 1)
    under_way.append(begin("program", by_program))
    until(app, "policy_waiting", 1)
    sent_away = at_the_page(app)
    refused = by_program(app)
    assert "正忙，请过几秒再试" in json.loads(sent_away.removeprefix("data:"))["output"]["data"][4]
    assert refused.status_code == 503 and refused.headers["retry-after"]
    assert "正忙，请过几秒再试" in refused.json()["error"]["message"]
    assert gauge(app, "policy_busy_total") == 2
    released.set()
    for thread in under_way:
        thread.join(200)
    assert "市国资委" in str(done["page"])
    answered = done["program"]
    assert isinstance(answered, httpx.Response) and "市国资委" in answered.json()["units"]
