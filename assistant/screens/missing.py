"""What a browser sees at an address that leads nowhere: a page in Chinese with a way back, instead of the server's JSON."""

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PROGRAMS = ("/api/", "/v1/", "/mcp", "/healthz", "/metrics", "/openapi.json")
_SENTENCES = {
    404: ("没有这个页面", "网址可能写错了，或这一页已经移走。"),
    405: ("没有这个页面", "这个网址不能直接打开。"),
    500: ("程序出错", "这一页没有显示出来；详情已写入运行日志，请稍后再试。"),
}
_WAYS = """<p><a href="/">回到问答</a>，或打开<a href="/search">检索</a>、<a href="/matrix">分工表</a>、<a href="/document">文件</a>。</p>"""
_PAGE = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title} · 政策问答</title><style>
html {{ background: #f5f7f9; border-top: 4px solid #14508c; }}
body {{ font: 16px/1.8 sans-serif; max-width: 36em; margin: 12vh auto; padding: 0 20px; color: #1f2933; }}
h1 {{ font-size: 24px; }} a {{ color: #14508c; }}
@media (prefers-color-scheme: dark) {{ html {{ background: #12181f; border-color: #8fc0f2; }} body {{ color: #e6eaef; }} a {{ color: #8fc0f2; }} }}
</style></head><body><main><h1>{title}</h1>{body}</main>{script}</body></html>"""


def bare_page(title: str, body: str, script: str = "") -> str:
    """A page that stands alone, in light and dark; ``body`` and ``script`` are HTML and JavaScript of ours."""
    return _PAGE.format(title=escape(title), body=body, script=f"<script>{script}</script>" if script else "")


def wants_page(scope: "Scope") -> bool:
    """Whether a browser asks for something to show."""
    return scope["method"] == "GET" and b"text/html" in dict(scope["headers"]).get(b"accept", b"")


class ChinesePages:
    """ASGI middleware: a failed request for a page is answered by a page; requests of programs are left as they are."""

    def __init__(self, app: "ASGIApp") -> None:
        self._app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] != "http" or not _is_for_people(scope):
            await self._app(scope, receive, send)
            return
        replaced = False

        async def answer(message: "Message") -> None:
            nonlocal replaced
            if message["type"] == "http.response.start" and message["status"] in _SENTENCES and _is_json(message):
                replaced = True
                await _send_page(message["status"], send)
            elif not replaced:
                await send(message)

        await self._app(scope, receive, answer)


def _is_for_people(scope: "Scope") -> bool:
    return wants_page(scope) and not scope["path"].startswith(_PROGRAMS)


def _is_json(message: "Message") -> bool:
    kind: bytes = dict(message["headers"]).get(b"content-type", b"")
    return kind.startswith((b"application/json", b"text/plain"))


async def _send_page(status: int, send: "Send") -> None:
    title, sentence = _SENTENCES[status]
    body = bare_page(title, f"<p>{sentence}</p>{_WAYS}").encode()
    headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
