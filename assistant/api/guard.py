"""In front of the pages and the programs' routes: who may come in, how often, and with how much."""

from functools import partial
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.api.client import (
    SAFE,
    address_of,
    bearer_of,
    cookie_of,
    is_foreign,
    is_loopback,
    is_same_origin,
    token_of,
)
from assistant.api.errors import refused
from assistant.api.limits import FILES_AT_ONCE, JSON_BYTES, PAGE_BYTES, Bounded, RateLimit
from assistant.api.metrics import Metrics
from assistant.api.settings import MIB
from assistant.screens.context import Context
from index.postgres import UnavailableError

_OPEN = frozenset({"/login", "/logout", "/healthz", "/ready", "/metrics", "/robots.txt", "/favicon.ico"})
"""Asked for without login even where reading needs one."""
_COSTLY = ("/api/", "/v1/", "/mcp", "/export/", "/gradio_api/queue/join", "/gradio_api/run/", "/gradio_api/call/")
_LONGEST_NAME, _LONGEST_ID = 255, 800
"""Bytes: of a file on disk, of a document or unit in an address."""
_EDITOR = "/api/editor/"
_UPLOADS = frozenset({"/api/editor/documents", "/gradio_api/upload"})
_PROGRAMS = ("/api/", "/v1/", "/mcp", "/login", "/logout")
_FOREIGN = "这个请求来自别的网站，没有处理；请在本站的页面上操作。"
_LOGIN = "请先登录：用 POST /login 取得令牌，放在 Authorization: Bearer 里。"


class Guard:
    """ASGI middleware. Refuses with one sentence, before anything of the body is read where it can."""

    def __init__(self, app: ASGIApp, context: Context, metrics: Metrics) -> None:
        self._app, self._access, self._limits, self._metrics = app, context.access, context.limits, metrics
        self._gate = context.gate
        self._rate = RateLimit(context.limits.rate)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = await self._refusal(scope, Headers(scope=scope))
        if answer is not None:
            await answer(scope, receive, send)
        elif scope["method"] in SAFE:
            await self._app(scope, receive, send)
        else:
            most = self._most(scope["path"])
            sentence = f"请求超过 {most // MIB} MB，太大了，没有处理；请减少内容后再试。"
            await Bounded(self._app, most, sentence, self._gate)(scope, receive, send)

    async def _refusal(self, scope: Scope, headers: Headers) -> ASGIApp | None:
        path, look_up = scope["path"], partial(self._unknown, scope, headers)
        try:  # a session may stand in a database, which other requests need not wait for
            unknown = await run_in_threadpool(look_up) if token_of(headers) else look_up()
        except UnavailableError as error:
            return refused(path, 503, str(error), {"Retry-After": str(error.wait_s)})
        return (
            unknown
            or self._forged(scope, headers)
            or self._odd(path, headers)
            or (self._strange_page(headers) if path == "/mcp" else None)
            or (self._too_often(scope) if path.startswith(_COSTLY) else None)
        )

    def _unknown(self, scope: Scope, headers: Headers) -> ASGIApp | None:
        """Editors' routes need an editor; reading may need a login, and a page then leads to it."""
        path, token = scope["path"], token_of(headers)
        if path.startswith(_EDITOR):
            return None if self._access.editor_of(token) else self._denied(path)
        if path in _OPEN or self._access.may_read(token):
            return None
        if scope["method"] == "GET" and "text/html" in headers.get("accept", ""):
            query = scope["query_string"].decode("latin-1")
            return RedirectResponse(f"/login?next={quote(path + (f'?{query}' if query else ''))}", 303)
        return self._denied(path)

    def _odd(self, path: str, headers: Headers) -> ASGIApp | None:
        """No page or program of ours changes the protocol, and no path is longer than a file's name may be."""
        if "upgrade" in headers:
            return refused(path, 400, headers={"Connection": "close"})
        longest = _LONGEST_ID if path.startswith(_PROGRAMS) else _LONGEST_NAME
        return refused(path, 404) if any(len(part.encode()) > longest for part in path.split("/")) else None

    def _denied(self, path: str) -> ASGIApp:
        return refused(path, 401, _LOGIN, {"WWW-Authenticate": "Bearer"})

    def _forged(self, scope: Scope, headers: Headers) -> ASGIApp | None:
        """A cookie travels without the editor's doing: whatever changes something by it must come from our own pages."""
        by_cookie = cookie_of(headers) and not bearer_of(headers)
        is_forged = by_cookie and scope["method"] not in SAFE and is_foreign(headers)
        return refused(scope["path"], 403, _FOREIGN) if is_forged else None

    def _strange_page(self, headers: Headers) -> ASGIApp | None:
        """Web pages may call the tools from this machine only, or from where the settings say: a name can be made to point here."""
        origin = headers.get("origin")
        if origin is None:
            foreign = headers.get("sec-fetch-site") not in (None, "same-origin", "none")
            return refused("/mcp", 403, _FOREIGN) if foreign else None
        is_local = is_same_origin(origin, headers) and is_loopback(headers.get("host", ""))
        is_allowed = is_local or origin.rstrip("/") in self._limits.mcp_origins
        return None if is_allowed else refused("/mcp", 403, _FOREIGN)

    def _too_often(self, scope: Scope) -> ASGIApp | None:
        wait_s = self._rate.wait_s(address_of(scope))
        if not wait_s:
            return None
        self._metrics.rate_limited.inc()
        sentence = f"请求太频繁了，请过 {wait_s} 秒再试。"
        return refused(scope["path"], 429, sentence, {"Retry-After": str(wait_s)})

    def _most(self, path: str) -> int:
        if path.rstrip("/") in _UPLOADS:
            most: int = self._limits.upload_bytes * (FILES_AT_ONCE if path.startswith(_EDITOR) else 1)
            return most + MIB
        return JSON_BYTES if path.startswith(_PROGRAMS) else PAGE_BYTES
