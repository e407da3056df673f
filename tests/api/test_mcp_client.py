"""A real MCP client over both ways in: streamable HTTP at /mcp, and a process of its own on standard input and output."""

import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

from tests.api.conftest import Served
from tests.assistant.told import RESPONSIBLE, tasks_of
from tests.ui.browsing import ROOT, environment

DOCUMENT = "wuhan-2021-service-outsourcing"
Talk = Callable[[ClientSession], Awaitable[None]]


def over_http(served: Served, talk: Talk) -> None:
    async def run() -> None:
        async with (
            streamable_http_client(f"{served.url}/mcp") as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            await talk(session)

    anyio.run(run)


def over_stdio(data: Path, talk: Talk) -> None:
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "assistant", "mcp", "--data", str(data)],
        cwd=ROOT,
        env=environment(),
    )

    async def run() -> None:
        async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
            await session.initialize()
            await talk(session)

    anyio.run(run)


async def called(session: ClientSession, tool: str, **arguments: Any) -> dict[str, Any]:
    """What the tool gives as data; the client has checked it against the tool's own schema."""
    told = await session.call_tool(tool, arguments)
    assert not told.isError and told.content, told
    assert isinstance(told.structuredContent, dict)
    return told.structuredContent


async def every_tool(session: ClientSession) -> None:
    listed = (await session.list_tools()).tools
    assert {tool.name for tool in listed} == {"ask", "search_clauses", "tasks_of_unit", "units_of_task"}
    assert all(tool.annotations and tool.annotations.readOnlyHint and tool.description for tool in listed)
    answer = await called(session, "ask", question="那第8项呢", history=["第7项任务由谁负责"])
    assert answer["units"] == RESPONSIBLE[8].split() and answer["citations"][0]["label"] == "任务8"
    found = await called(session, "search_clauses", query="人才队伍", limit=3, document=DOCUMENT)
    assert found["hits"][0]["label"] == "任务10" and len(found["hits"]) == 3
    duties = await called(session, "tasks_of_unit", unit="教育局", document=DOCUMENT)
    assert [task["task"] for task in duties["tasks"]] == tasks_of("市教育局")
    shared = await called(session, "units_of_task", task="12", document=DOCUMENT)
    assert [unit["name"] for unit in shared["tasks"][0]["units"]] == RESPONSIBLE[12].split()


def test_every_tool_answers_over_http(served: Served) -> None:
    over_http(served, every_tool)


def test_every_tool_answers_on_standard_input_and_output(served: Served) -> None:
    over_stdio(served.data, every_tool)


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("ask", {}, "question"),
        ("ask", {"question": "字" * 2001}, "2000"),
        ("tasks_of_unit", {"unit": "没有这个局"}, "没有责任单位"),
        ("units_of_task", {"task": "99"}, "99"),
        ("search_clauses", {"query": "人才", "document": "no-such"}, "no-such"),
        ("drop_tables", {}, "没有叫"),
    ],
)
def test_a_wrong_call_is_said_in_a_sentence(served: Served, tool: str, arguments: dict[str, Any], said: str) -> None:
    async def talk(session: ClientSession) -> None:
        told = await session.call_tool(tool, arguments)
        assert told.isError
        text = json.dumps([each.model_dump() for each in told.content], ensure_ascii=False)
        assert said in text and "。" in text and "Traceback" not in text

    over_http(served, talk)


@pytest.mark.parametrize(
    "headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}]
)
def test_a_page_of_another_site_cannot_call_the_tools(http: httpx.Client, headers: dict[str, str]) -> None:
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accepted = {"accept": "application/json, text/event-stream"}
    assert http.post("/mcp", json=call, headers=accepted).status_code == 200
    assert http.post("/mcp", json=call, headers=accepted | headers).status_code == 403
