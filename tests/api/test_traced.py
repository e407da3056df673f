"""What a monitor and a reader of logs are told: every stage's time, and one line a request under the id that its answer carries."""

import asyncio
import json
import logging

import gradio as gr
import httpx
import pytest
from fastapi import FastAPI

from assistant.api.pages import Pages
from assistant.api.settings import Limits
from assistant.ask import Assistant
from assistant.gate import Gate
from assistant.logs import AsJson, AsText
from assistant.model.llm import Endpoint
from assistant.screens.frame import let_in
from assistant.traced import current, note, tracing
from tests.api.conftest import Within
from tests.assistant.editors import Room
from tests.assistant.endpoint import serving

QUESTION = "果园步道由谁负责"
STAGES = ("waiting", "understand", "search", "compose", "verify", "model", "answer")


def timed(told: str) -> set[str]:
    """The stages of which /metrics tells times."""
    rows = (line.rpartition(" ") for line in told.splitlines() if line.startswith("policy_stage_seconds_count"))
    return {name.split('"')[1] for name, _, value in rows if float(value) >= 1}


def test_every_stage_of_an_answer_is_timed_and_told_in_one_line(
    within: Within, table: Room, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    async def talk(client: httpx.AsyncClient) -> None:
        async with client:
            await client.post("/api/ask", json={"question": "果园里铺路找谁"})
            given = await client.post("/api/ask", json={"question": QUESTION}, headers={"x-request-id": "a-clients-1"})
            assert given.status_code == 200 and given.headers["x-request-id"] == "a-clients-1"
            assert set(STAGES) <= timed((await client.get("/metrics")).text)
            searched = await client.get("/api/search", params={"q": QUESTION})
            assert len(searched.headers["x-request-id"]) == 16

    with serving() as endpoint:
        model = Endpoint(endpoint.url, "good", deadline_s=10)
        assistant = Assistant(table.index, model=model)
        asyncio.run(talk(within(assistant=assistant)))
    (looked_up, line, search) = [each for each in caplog.records if each.name == "request"]
    told = vars(line)
    assert (told["method"], told["path"], told["status"]) == ("POST", "/api/ask", 200)
    assert set(STAGES) - {"search"} <= set(told["stages"])
    stages = vars(looked_up)["stages"]
    assert 0 < stages["search"] <= stages["understand"] <= vars(looked_up)["ms"]
    assert search.getMessage().startswith("GET /api/search 200 ")
    assert "果园" not in search.getMessage()


def test_a_pages_event_is_told_with_its_stages_under_its_requests_id(
    table: Room, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    def answered(request: gr.Request, question: str) -> str:
        note("search", 0.002)
        return question

    async def talk() -> str:
        request = gr.Request(headers={"x-request-id": "a-browsers-1"})
        return str(await let_in(Gate(1, 1), answered, str)(request, QUESTION))

    assert asyncio.run(talk())
    (line,) = [each for each in caplog.records if each.name == "request"]
    told = vars(line)
    assert (told["event"], told["stages"]) == ("answered", {"search": 2.0})
    assert told["ms"] > 0 and QUESTION not in line.getMessage()


def test_a_streamed_answer_needs_one_place_and_is_recorded_at_it(within: Within) -> None:
    """Having told everything, it found the places taken by others and broke off before its end."""

    async def talk(client: httpx.AsyncClient) -> None:
        async with client:
            asked = {"model": "x", "stream": True, "messages": [{"role": "user", "content": QUESTION}]}
            told = (await client.post("/v1/chat/completions", json=asked)).text
            assert told.endswith("data: [DONE]\n\n") and '"entry":"' in told.replace(" ", "")
            metrics = (await client.get("/metrics")).text
            assert 'policy_stage_seconds_count{stage="waiting"} 1.0' in metrics

    asyncio.run(talk(within()))


@pytest.mark.parametrize("path", ["/gradio_api/reset", "/gradio_api/cancel", "/gradio_api/queue/join"])
def test_what_is_no_json_never_reaches_the_pages(path: str) -> None:
    """NaN, which Python reads, could not be told back in the error that the pages made of it."""

    async def talk() -> int:
        app = Pages(FastAPI(), {})
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://policy.test") as client:
            return (await client.post(path, content=b'{"question": NaN}')).status_code

    assert asyncio.run(talk()) == 422


def test_what_machines_ask_all_day_is_not_told(within: Within, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    async def talk(client: httpx.AsyncClient) -> None:
        async with client:
            for path in ("/healthz", "/ready", "/metrics", "/api/documents"):
                await client.get(path)

    asyncio.run(talk(within()))
    told = [each.getMessage().split()[:2] for each in caplog.records if each.name == "request"]
    assert told == [["GET", "/api/documents"]]


def test_an_id_that_is_none_is_not_taken_over(within: Within) -> None:
    async def talk(client: httpx.AsyncClient) -> None:
        async with client:
            for given in ("short", "x" * 65, 'a"quoted-id', "with space 12"):
                answer = await client.get("/healthz", headers={"x-request-id": given})
                assert answer.headers["x-request-id"] != given

    asyncio.run(talk(within()))


def test_whoever_is_told_to_come_again_is_counted(within: Within) -> None:
    async def talk(client: httpx.AsyncClient) -> None:
        async with client:
            given = await asyncio.gather(*(client.get("/api/units") for _ in range(20)))
            busy = sum(each.status_code == 503 for each in given)
            assert busy
            assert f'policy_busy_total{{gate="answers"}} {busy}.0' in (await client.get("/metrics")).text

    asyncio.run(talk(within(limits=Limits(at_once=1, waiting=1))))


def test_a_line_of_the_log_is_one_json_object_with_the_requests_id() -> None:
    record = logging.LogRecord("a.b", logging.WARNING, "f", 1, "第一行\n第二行 %s", ("x",), None)
    record.status = 500
    with tracing("0123456789") as trace:
        told = json.loads(AsJson().format(record))
        assert "\n" not in AsJson().format(record)
        assert AsText("%(message)s").format(record).endswith(f"[{trace.id}]")
    assert told["message"] == "第一行\n第二行 x" and told["request"] == "0123456789" and told["status"] == 500
    assert current() is None and "request" not in json.loads(AsJson().format(record))


def test_a_defects_traceback_stays_within_its_object() -> None:
    try:
        raise ZeroDivisionError("by chance")
    except ZeroDivisionError as error:
        record = logging.LogRecord("a", logging.ERROR, "f", 1, "failed", (), (type(error), error, error.__traceback__))
    told = AsJson().format(record)
    assert len(told.splitlines()) == 1 and "ZeroDivisionError: by chance" in json.loads(told)["traceback"]
