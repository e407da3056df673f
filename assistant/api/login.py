"""Logging in and out: a page that needs no script, and the same in JSON for programs."""

import base64
import hashlib
from html import escape
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from pydantic import BaseModel, Field, ValidationError
from starlette.concurrency import run_in_threadpool

from assistant.accounts.access import COOKIE, NO_EDITOR, SESSION_S, AccessDenied
from assistant.api.client import address_of, bearer_of, cookie_of, is_foreign, token_of
from assistant.api.errors import RequestError, explained
from assistant.api.parts import Parts
from assistant.api.reading import READING
from assistant.api.shapes import Told, Words

HOME = "/knowledge"
_STYLE = """
:root { color-scheme: light dark; --ink: #1f2933; --ground: #f5f7f9; --card: #fff; --line: #77808f; --mark: #14508c; --on-mark: #fff; --bad: #a3241b; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6eaef; --ground: #12181f; --card: #1b232c; --line: #8b95a5; --mark: #8fc0f2; --on-mark: #10202f; --bad: #ff9f96; }
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 16px; background: var(--ground); color: var(--ink);
  border-top: 4px solid var(--mark);
  font: 16px/1.7 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
main { width: 100%; max-width: 400px; padding: 24px; background: var(--card); border: 1px solid #8b95a555; border-radius: 8px; overflow-wrap: anywhere; }
h1 { margin: 0 0 12px; font-size: 22px; }
label { display: block; margin-top: 12px; }
input { width: 100%; margin-top: 4px; padding: 10px; font: inherit; color: inherit; background: transparent;
  border: 1px solid var(--line); border-radius: 8px; }
button { width: 100%; margin-top: 20px; padding: 10px; font: inherit; color: var(--on-mark); background: var(--mark); border: 0; border-radius: 8px; cursor: pointer; }
:focus-visible { outline: 3px solid var(--mark); outline-offset: 2px; }
a { color: var(--mark); }
.bad { margin: 0 0 8px; color: var(--bad); }
"""
_SUM = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = f"default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; style-src 'sha256-{_SUM}'"
_PAGE = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>登录 · 政策问答</title><style>{style}</style></head><body><main><h1>{title}</h1>{body}<p><a href="/">回到问答</a></p></main></body></html>"""
_FORM = """<form method="post" action="/login{query}">{told}
<label>登录名<input name="user" autocomplete="username" required maxlength="200" autofocus value="{user}"></label>
<label>口令<input name="password" type="password" autocomplete="current-password" required maxlength="1024"></label>
<button type="submit">登录</button></form>"""
_LOGGED_IN = '<p>已登录：{user}</p><p><a href="{next}">继续</a></p><form method="post" action="/logout"><button type="submit">退出登录</button></form>'


class Credentials(BaseModel):
    user: Words = Field(max_length=200, description="登录名")
    password: Words = Field(max_length=1024, description="口令")


class Token(Told):
    token: str = Field(description="放在 Authorization: Bearer 里")
    user: str
    expires_in: int = Field(description="多少秒后失效")


def add_routes(api: FastAPI, parts: Parts) -> None:
    access = parts.context.access

    @api.get("/login", include_in_schema=False)
    def page(request: Request) -> HTMLResponse:
        onward = _local(request.query_params.get("next"))
        if not access.has_editor:
            return _page("还不能登录", f"<p>{escape(NO_EDITOR)}</p>")
        user = access.editor_of(cookie_of(request.headers))
        if user:
            return _page("登录", _LOGGED_IN.format(user=escape(user), next=escape(onward)))
        return _form(onward)

    @api.post(
        "/login",
        tags=["登录"],
        summary="取得令牌",
        response_model=Token,
        responses={status: READING[status] for status in (401, 403, 413, 415, 422, 429, 500)},
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": Credentials.model_json_schema()}},
            }
        },
    )
    async def login(request: Request) -> Response:
        if any(name in request.headers for name in ("origin", "sec-fetch-site")) and is_foreign(request.headers):
            raise RequestError(403, "登录请求来自别的网站，没有处理；请从登录页登录。")
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "application/x-www-form-urlencoded":
            return await _login_by_form(request, parts)
        if kind != "application/json":
            raise RequestError(415)
        given = await _credentials(request)
        token = await _login(request, parts, given.user, given.password)
        body = {"token": token, "user": access.editor_of(token), "expires_in": SESSION_S}
        return JSONResponse(body, headers={"Cache-Control": "no-store"})

    @api.post(
        "/logout",
        tags=["登录"],
        summary="让令牌失效",
        status_code=204,
        response_class=Response,
        responses={303: {"description": "网页登录的，回到登录页"}, 403: READING[403], 500: READING[500]},
    )
    def logout(request: Request) -> Response:
        token = token_of(request.headers)
        if token:
            access.logout(token)
        if bearer_of(request.headers):
            return Response(status_code=204)
        response = RedirectResponse("/login", 303)
        response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
        return response


async def _login(request: Request, parts: Parts, user: str, password: str) -> str:
    """A new token, never the one that the request brought; a session that it brought ends."""
    access, client = parts.context.access, address_of(request.scope)
    try:
        token = await run_in_threadpool(access.login, user, password, client=client)
    except AccessDenied as error:
        parts.metrics.logins.labels("delayed" if error.wait_s else "denied").inc()
        raise
    parts.metrics.logins.labels("ok").inc()
    before = cookie_of(request.headers)
    if before:
        access.logout(before)
    return token


async def _login_by_form(request: Request, parts: Parts) -> Response:
    fields = await request.form(max_files=0, max_fields=10, max_part_size=64 * 1024)
    user, password = (str(fields.get(name) or "") for name in ("user", "password"))
    onward = _local(request.query_params.get("next"))
    try:
        token = await _login(request, parts, user, password)
    except AccessDenied as error:
        response = _form(onward, str(error), user, status=429 if error.wait_s else 401)
        if error.wait_s:
            response.headers["Retry-After"] = str(error.wait_s)
        return response
    done = RedirectResponse(onward, 303, headers={"Cache-Control": "no-store"})
    is_secure = request.url.scheme == "https"
    done.set_cookie(COOKIE, token, max_age=SESSION_S, path="/", httponly=True, samesite="strict", secure=is_secure)
    return done


async def _credentials(request: Request) -> Credentials:
    try:
        given: Any = await request.json()
    except (ValueError, RecursionError) as error:
        raise RequestError(422, "请求体不是 JSON。请改正后再试。") from error
    try:
        return Credentials.model_validate(given)
    except ValidationError as error:
        told = [fault | {"loc": ("body", *fault["loc"])} for fault in error.errors()[:3]]
        raise RequestError(422, "；".join(explained(told)) + "。请改正后再试。") from error


def _form(onward: str, sentence: str = "", user: str = "", *, status: int = 200) -> HTMLResponse:
    told = f'<p class="bad" role="alert">{escape(sentence)}</p>' if sentence else ""
    query = escape("?" + urlencode({"next": onward}))
    return _page("编辑登录", _FORM.format(query=query, told=told, user=escape(user[:200])), status)


def _page(title: str, body: str, status: int = 200) -> HTMLResponse:
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
    return HTMLResponse(_PAGE.format(style=_STYLE, title=title, body=body), status, headers=headers)


def _local(onward: str | None) -> str:
    """Where to go after login: a place on this site, whatever the address says."""
    is_local = bool(onward) and onward is not None and onward.startswith("/") and not onward.startswith(("//", "/\\"))
    return onward if is_local and onward is not None and onward.isprintable() else HOME
