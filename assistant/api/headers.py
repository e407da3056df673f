"""What a browser is told not to do. The policy is the strictest under which the pages work, tried in Chromium (tests/api)."""

import base64
import gzip
import hashlib
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY = "; ".join(
    (
        "default-src 'none'",
        # Gradio makes functions of text for every gr.HTML and every event with js= (new Function), so 'unsafe-eval' cannot go.
        # Its inline scripts are allowed by their sums, page by page: a script that got into a page otherwise does not run, nor
        # does any on…= attribute.
        "script-src 'self' 'unsafe-eval'{scripts}",
        # Svelte's components and the theme write <style> elements and style attributes while they run
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_PRIVATE = ("/api/editor/", "/knowledge", "/login", "/logout")
_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)


class SecurityHeaders:
    """ASGI middleware: every answer gets them; a route's own value stays."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        wants_page = scope["method"] == "GET" and "text/html" in Headers(scope=scope).get("accept", "")
        if wants_page:
            page = _Page(scope, send)
            await self._app(page.uncompressed, receive, page.send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _put(scope, MutableHeaders(scope=message), ())
            await send(message)

        await self._app(scope, receive, with_headers)


class _Page:
    """One answer that may be a page: kept until it is whole, because its policy holds the sums of its scripts."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope, self._send = scope, send
        self._zips = "gzip" in Headers(scope=scope).get("accept-encoding", "")
        self._start: Message | None = None
        self._body = bytearray()

    @property
    def uncompressed(self) -> Scope:
        kept = [each for each in self._scope["headers"] if each[0] != b"accept-encoding"]
        return {**self._scope, "headers": kept}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if Headers(raw=message["headers"]).get("content-type", "").startswith("text/html"):
                self._start = message
                return
            _put(self._scope, MutableHeaders(scope=message), ())
        elif self._start is not None:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._whole(self._start, bytes(self._body))
            return
        await self._send(message)

    async def _whole(self, start: Message, body: bytes) -> None:
        headers = MutableHeaders(scope=start)
        _put(self._scope, headers, [_sum(script) for script in _SCRIPT.findall(body)])
        if self._zips and len(body) > 1000 and "content-encoding" not in headers:
            body = gzip.compress(body, 5)
            headers["content-encoding"] = "gzip"
            headers.add_vary_header("Accept-Encoding")
        headers["content-length"] = str(len(body))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def _put(scope: Scope, headers: MutableHeaders, scripts: "list[str] | tuple[str, ...]") -> None:
    headers.setdefault("Content-Security-Policy", policy(scripts))
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    if scope["path"].startswith(_PRIVATE):
        headers.setdefault("Cache-Control", "no-store")


def policy(scripts: "list[str] | tuple[str, ...]" = ()) -> str:
    return _POLICY.format(scripts="".join(f" '{each}'" for each in dict.fromkeys(scripts)))


def _sum(script: bytes) -> str:
    # the parser of HTML turns CR LF into LF before the sum is taken
    text = script.replace(b"\r\n", b"\n")
    return f"sha256-{base64.b64encode(hashlib.sha256(text).digest()).decode()}"
