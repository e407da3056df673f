"""Routes that read: questions, search, tasks, units, documents; a verdict on an answer; health, metrics."""

import dataclasses
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import FastAPI, Path, Query, Response
from fastapi.responses import JSONResponse

from assistant.answer import to_json
from assistant.api import looking
from assistant.api.errors import RequestError
from assistant.api.metrics import CONTENT_TYPE
from assistant.api.parts import Parts
from assistant.api.shapes import (
    AnswerBody,
    AskRequest,
    DocumentBody,
    DocumentsBody,
    Done,
    ErrorBody,
    FeedbackRequest,
    HealthBody,
    SearchBody,
    SearchQuery,
    TasksBody,
    UnitsBody,
    Words,
)
from assistant.health import FAILING, health
from index.search import Filters
from ingest.document import Status

Result = TypeVar("Result")
_TOLD = {
    400: "请求不成立",
    401: "需要登录",
    403: "不允许",
    404: "没有这一项",
    413: "请求太大",
    415: "内容类型不对",
    422: "参数不对",
    429: "请求太多",
    500: "程序出错",
    503: "正忙",
}
READING: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorBody, "description": description} for status, description in _TOLD.items()
}
DocumentId = Annotated[Words, Path(max_length=200, description="文件编号", examples=["wuhan-fuwuwaibao-2021"])]
UnitName = Annotated[Words | None, Query(min_length=1, max_length=100, description="责任单位，简称、旧称也可")]


def add_routes(api: FastAPI, parts: Parts) -> None:
    _add_questions(api, parts)
    _add_collection(api, parts)
    _add_state(api, parts)


async def computed(parts: Parts, work: Callable[[], Result]) -> Result:
    """The result of reading work, let in like a question."""
    return await parts.gate.run(work)


def _add_questions(api: FastAPI, parts: Parts) -> None:
    index = parts.context.index

    @api.post("/api/ask", tags=["问答"], summary="回答一个问题", response_model=AnswerBody, responses=READING)
    async def ask(asked: AskRequest) -> JSONResponse:
        answer, ticket = await computed(
            parts,
            lambda: parts.answering.ask(asked.question, asked.history, documents=asked.documents or (), way="api"),
        )
        return JSONResponse(to_json(answer) | {"entry": ticket})

    @api.get("/api/search", tags=["问答"], summary="检索条款", response_model=SearchBody, responses=READING)
    async def search(asked: Annotated[SearchQuery, Query()]) -> JSONResponse:
        def work() -> dict[str, Any]:
            filters: Filters = looking.narrowed(
                parts.context.assistant,
                asked.document,
                asked.unit,
                level=asked.level,
                region=asked.region or None,
                status=Status(asked.status) if asked.status else None,
            )
            return looking.found(index, asked.q, filters=filters, limit=asked.limit)

        return JSONResponse(await computed(parts, work))

    @api.post("/api/feedback", tags=["问答"], summary="评价一个答案", response_model=Done, responses=READING)
    async def feedback(given: FeedbackRequest) -> JSONResponse:
        ticket = given.entry or given.id
        if not ticket:
            raise RequestError(422, "请求体里没有写 entry，请写上 POST /api/ask 返回的那一个。")
        await computed(parts, lambda: parts.answering.rate(ticket, given.verdict))
        return JSONResponse({"status": "ok"})


def _add_collection(api: FastAPI, parts: Parts) -> None:
    assistant, index = parts.context.assistant, parts.context.index

    @api.get("/api/tasks", tags=["文件"], summary="一个单位的全部任务", response_model=TasksBody, responses=READING)
    async def tasks(
        unit: UnitName = None,
        document: Annotated[Words | None, Query(max_length=200, description="只看这份文件（编号）")] = None,
    ) -> JSONResponse:
        return JSONResponse(await computed(parts, lambda: looking.tasks(assistant, unit, document or None)))

    @api.get("/api/units", tags=["文件"], summary="全部责任单位", response_model=UnitsBody, responses=READING)
    async def units() -> JSONResponse:
        return JSONResponse(await computed(parts, lambda: looking.units(assistant)))

    @api.get("/api/documents", tags=["文件"], summary="库里的文件", response_model=DocumentsBody, responses=READING)
    async def documents() -> JSONResponse:
        return JSONResponse(await computed(parts, lambda: looking.documents(index)))

    @api.get(
        "/api/documents/{document_id}",
        tags=["文件"],
        summary="一份文件的全文和条款",
        response_model=DocumentBody,
        responses=READING,
    )
    async def document(document_id: DocumentId) -> JSONResponse:
        return JSONResponse(await computed(parts, lambda: looking.whole_document(index, document_id)))


def _add_state(api: FastAPI, parts: Parts) -> None:
    context = parts.context

    @api.get(
        "/healthz",
        tags=["运行"],
        summary="是否正常",
        response_model=HealthBody,
        responses={503: {"model": HealthBody, "description": "不正常，reason 里是原因"}},
    )
    def healthz() -> JSONResponse:
        now = health(context.index, context.journal, context.editing.home.folder)
        return JSONResponse(dataclasses.asdict(now), 503 if now.status == FAILING else 200)

    @api.get(
        "/metrics",
        tags=["运行"],
        summary="Prometheus 指标",
        response_class=Response,
        responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
    )
    def metrics() -> Response:
        return Response(parts.metrics.text(), media_type=CONTENT_TYPE)
