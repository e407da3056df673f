"""MCP: the same questions as tools for other assistants, over HTTP at /mcp and over stdio. The one home of the library mcp."""

import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Any

import anyio
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.types import CallToolResult, TextContent, Tool, ToolAnnotations
from pydantic import BaseModel, Field, ValidationError
from starlette.types import Receive, Scope, Send

from assistant.answer import to_json
from assistant.api import looking
from assistant.api.body import parsed, read, replayed
from assistant.api.errors import RequestError, explained, refused
from assistant.api.limits import JSON_BYTES
from assistant.api.parts import Parts
from assistant.api.reading import computed
from assistant.api.shapes import AnswerBody, HitBody, Level, QuestionText, TaskRow, TasksBody, Told, Words
from ingest.errors import KnowledgeBaseError

LOG = logging.getLogger(__name__)
_ABOUT = """中文政策知识库。答案只来自库里文件的条款，逐项核对过；refused 为真就是库里没有，不要再补充。
引用时写明文件名和条款名，责任单位照抄，不要自己推断牵头单位。"""
DocumentId = Annotated[Words | None, Field(max_length=200, description="只看这份文件（编号）；不写为全部")]


class AskInput(BaseModel):
    question: QuestionText
    history: list[Words] = Field(default=[], max_length=100, description="同一对话里以前的问题，先问的在前")
    documents: list[Words] | None = Field(
        default=None, max_length=200, description="只依据这些文件（编号）；不写为全部"
    )


class SearchInput(BaseModel):
    query: QuestionText
    limit: int = Field(default=10, ge=1, le=50, description="最多几条")
    level: Level | None = Field(default=None, description="文件层级")
    unit: Words | None = Field(default=None, max_length=100, description="只看某责任单位的条款")
    document: DocumentId = None


class UnitInput(BaseModel):
    unit: Words = Field(min_length=1, max_length=100, description="责任单位，简称、旧称也可", examples=["市商务局"])
    document: DocumentId = None


class TaskInput(BaseModel):
    task: Words = Field(
        min_length=1, max_length=100, description="任务编号或条款名称", examples=["7", "任务7", "三(二)"]
    )
    document: DocumentId = None


class HitsOutput(Told):
    hits: list[HitBody]


class UnitsOutput(Told):
    tasks: list[TaskRow]


@dataclass(frozen=True)
class _Offer:
    """One tool: what it says of itself, what it takes and gives, and what it does."""

    about: str
    takes: type[BaseModel]
    gives: type[BaseModel]
    work: Callable[[Parts, Any], dict[str, Any]]


def _ask(parts: Parts, given: AskInput) -> dict[str, Any]:
    answer, ticket = parts.answering.ask(given.question, given.history, documents=given.documents or (), way="mcp")
    return to_json(answer) | {"entry": ticket}


def _search(parts: Parts, given: SearchInput) -> dict[str, Any]:
    documents = (given.document,) if given.document else ()
    filters = looking.narrowed(parts.context.assistant, documents, given.unit, level=given.level)
    return {"hits": looking.found(parts.context.index, given.query, filters=filters, limit=given.limit)["hits"]}


def _tasks(parts: Parts, given: UnitInput) -> dict[str, Any]:
    return looking.tasks(parts.context.assistant, given.unit, given.document)


def _units(parts: Parts, given: TaskInput) -> dict[str, Any]:
    return {"tasks": looking.task(parts.context.assistant, given.task, given.document)}


OFFERS = {
    "ask": _Offer(
        "用自己的话问政策：答出条款、任务编号和全部责任单位，并附原文（citations）。refused 为真表示库里没有答案。",
        AskInput,
        AnswerBody,
        _ask,
    ),
    "search_clauses": _Offer("检索条款原文，最相关的在前；score 是 0 到 1 的把握。", SearchInput, HitsOutput, _search),
    "tasks_of_unit": _Offer(
        "一个责任单位的全部任务，来自完整的单位 × 任务表，没有遗漏。", UnitInput, TasksBody, _tasks
    ),
    "units_of_task": _Offer("一项任务（或条款）的全部责任单位，照文件的写法和顺序。", TaskInput, UnitsOutput, _units),
}


class Tools:
    """ASGI application for /mcp. Every call stands alone: nothing of one client is kept for another to see."""

    def __init__(self, parts: Parts) -> None:
        self._manager = StreamableHTTPSessionManager(
            server(parts), json_response=True, stateless=True, max_request_body_size=JSON_BYTES
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["method"] == "GET"
        ):  # a stream on which nothing would ever be said: there is nothing to tell a client unasked
            await refused("/mcp", 405, headers={"Allow": "POST"})(scope, receive, send)
            return
        body = await read(receive)
        if body is None:
            return
        if body and parsed(body) is None:
            await refused("/mcp", 400)(scope, receive, send)
            return
        await self._manager.handle_request(scope, replayed(body, receive), send)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with self._manager.run():
            yield


def serve_stdio(parts: Parts) -> None:
    """Answer on stdin and stdout until the other side closes."""

    async def serve() -> None:
        made = server(parts)
        async with stdio_server() as (read, write):
            await made.run(read, write, made.create_initialization_options())

    anyio.run(serve)


def server(parts: Parts) -> "Server[Any, Any]":
    made: Server[Any, Any] = Server("policy-assistant", version="1", instructions=_ABOUT)
    listed = [_tool(name, offer) for name, offer in OFFERS.items()]

    async def list_tools() -> list[Tool]:
        return listed

    async def call_tool(name: str, arguments: dict[str, Any]) -> CallToolResult:
        if name not in OFFERS:
            return _failed(f"没有叫“{name[:60]}”的工具，现有：{'、'.join(OFFERS)}。")
        return await _called(parts, OFFERS[name], arguments)

    list_handler: Callable[[], Awaitable[list[Tool]]] = list_tools
    made.list_tools()(list_handler)  # type: ignore[no-untyped-call]
    made.call_tool(validate_input=False)(call_tool)  # the offer's own model says in Chinese what is wrong
    return made


async def _called(parts: Parts, offer: _Offer, arguments: dict[str, Any]) -> CallToolResult:
    try:
        given = offer.takes.model_validate(arguments)
        told = await computed(parts, lambda: offer.work(parts, given))
    except ValidationError as error:
        faults = [fault | {"loc": ("body", *fault["loc"])} for fault in error.errors()[:3]]
        return _failed("；".join(explained(faults)) + "。请改正后再试。")
    except (KnowledgeBaseError, RequestError) as error:
        return _failed(str(error))
    except Exception:
        LOG.exception("tool failed")
        return _failed("程序出错，没有完成；详情已写入运行日志。")
    text = told["answer"] if "answer" in told else json.dumps(told, ensure_ascii=False)
    return CallToolResult(content=[TextContent(type="text", text=text)], structuredContent=told)


def _failed(sentence: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=sentence)], isError=True)


def _tool(name: str, offer: _Offer) -> Tool:
    return Tool(
        name=name,
        description=offer.about,
        inputSchema=offer.takes.model_json_schema(),
        outputSchema=offer.gives.model_json_schema(),
        annotations=ToolAnnotations(readOnlyHint=True, openWorldHint=False),
    )
