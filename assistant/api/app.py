"""The application for programs. It stands beside the pages in one process and has errors, limits and a description of its own."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.requests import ClientDisconnect
from starlette.routing import BaseRoute, Match
from starlette.types import Message, Receive, Scope, Send

from assistant.api import chat, editors, login, reading
from assistant.api.answering import Answering
from assistant.api.errors import answer_in_json, refused
from assistant.api.guard import Guard
from assistant.api.headers import SecurityHeaders
from assistant.api.metrics import Metrics
from assistant.api.parts import Parts
from assistant.api.tools import Tools
from assistant.api.traced import Traced
from assistant.screens.context import Context

LOG = logging.getLogger(__name__)
_UNDER = ("/api", "/v1", "/mcp")
_EXACT = frozenset({"/healthz", "/metrics", "/openapi.json", "/login", "/logout"})
_ABOUT = """用自己的话问政策，得到条款、任务编号和全部责任单位，并附原文。

读取默认不需要登录（`POLICY_AUTH=login` 时需要）；`/api/editor/` 下的接口需要编辑登录：`POST /login` 取得令牌，放在 `Authorization: Bearer` 里。
出错时一律返回 `{"error": {"code", "message"}}`。同样的问题得到同样的答案。MCP 工具在 `/mcp`（streamable HTTP）。"""


def add_routes(app: FastAPI, context: Context) -> None:
    """Everything for programs at ``app``, and the guard in front of its pages too."""
    metrics = Metrics()
    metrics.watch(context)
    parts = Parts(context, Answering(context), metrics)
    api, tools = programs(parts), Tools(parts)
    app.router.routes.append(_Programs(api, tools, metrics))
    app.add_middleware(Guard, context=context, metrics=metrics)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Traced)
    before = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(running: FastAPI) -> AsyncIterator[Any]:
        async with before(running) as state, tools.running():
            yield state
        context.close()

    app.router.lifespan_context = lifespan


def programs(parts: Parts) -> FastAPI:
    """The REST routes and the OpenAI form."""
    api = FastAPI(
        title="政策问答",
        version="1",
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        separate_input_output_schemas=False,
    )
    answer_in_json(api)
    for module in (reading, chat, editors, login):
        module.add_routes(api, parts)
    return api


class _Programs(BaseRoute):
    """Hands the programs' paths to their application, whatever the method, so that its errors are its own."""

    def __init__(self, api: FastAPI, tools: Tools, metrics: Metrics) -> None:
        self._api, self._tools, self._metrics = api, tools, metrics

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        is_ours = scope["type"] == "http" and _is_for_programs(scope["path"])
        return (Match.FULL if is_ours else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def noted(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                self._count(scope, message["status"])
            await send(message)

        try:
            await (self._tools if scope["path"] == "/mcp" else self._api)(scope, receive, noted)
        except ClientDisconnect:
            return  # nobody is there to be answered, or the guard answers
        except Exception:
            LOG.exception("%s %s failed", scope["method"], scope["path"])
            if not started:
                await refused(scope["path"], 500)(scope, receive, noted)

    def _count(self, scope: Scope, status: int) -> None:
        route = getattr(scope.get("route"), "path", "/mcp" if scope["path"] == "/mcp" else "")
        self._metrics.requests.labels(route, str(status)).inc()
        if status >= 400:
            self._metrics.errors.labels(str(status)).inc()


def _is_for_programs(path: str) -> bool:
    return path in _EXACT or any(path == each or path.startswith(f"{each}/") for each in _UNDER)
