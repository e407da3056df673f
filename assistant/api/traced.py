"""Every request has an id, told in its answer and in the log, where one line says what came of it and how long each stage took."""

import logging
import time
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.traced import Trace, tracing

HEADER = "x-request-id"
_LOG = logging.getLogger("request")
_OFTEN = frozenset({"/healthz", "/ready", "/metrics"})
"""Asked for by machines every few seconds: told at the most talkative level only."""


class Traced:
    """ASGI middleware, in front of all others. The address's query is never written down: it may hold a question."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = trace.id
            await send(message)

        with tracing(Headers(scope=scope).get(HEADER, "")) as trace:
            # the pages' events are worked on later, by what the header of their request says
            others = [each for each in scope["headers"] if each[0] != HEADER.encode()]
            inner = {**scope, "headers": [*others, (HEADER.encode(), trace.id.encode())]}
            try:
                await self._app(inner, receive, noted)
            finally:
                _tell(scope, status, time.perf_counter() - began, trace)


def _tell(scope: Scope, status: int, seconds: float, trace: Trace) -> None:
    level = logging.DEBUG if scope["path"] in _OFTEN else logging.INFO
    if _LOG.isEnabledFor(level):
        path, milliseconds = quote(scope["path"])[:200], round(seconds * 1000, 1)
        told = {
            "method": scope["method"],
            "path": path,
            "status": status,
            "ms": milliseconds,
            "stages": trace.milliseconds,
        }
        _LOG.log(level, "%s %s %s %s ms", scope["method"], path, status, milliseconds, extra=told)
