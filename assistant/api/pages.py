"""What Gradio is let do: only what the pages use is served of it, and only events of the form that the pages send."""

import re
from collections.abc import Mapping
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.api.body import parsed, read, replayed
from assistant.api.errors import refused

_UNDER = "/gradio_api/"
_SERVED = {
    "GET": re.compile(r"queue/data|heartbeat/\w{1,64}|upload_progress|file=.+|startup-events|info|app_id|theme\.css"),
    "HEAD": re.compile(r"file=.+"),
    "POST": re.compile(r"queue/join|cancel|reset|upload"),
}
"""Method → paths. Calls by name, proxies, monitors, recordings and editors of the page itself have no use here."""
_ELSEWHERE = re.compile(
    r"/(?:monitoring|profiling|run-history|runs|proxy=|vibe-|undo-vibe|custom_component|dev/|token|user|login_check|file[=/]|svelte/"
    r"|queue/|run/|call/|stream/|heartbeat|component_server|process_recording|upload|cancel|reset|startup-events|app_id|info)"
)
"""The same under their old addresses."""
_SESSION = re.compile(r"\w{1,64}")
_WRONG = "请求的内容和页面要的不一样，没有处理；请刷新页面后再试。"


class Pages:
    """ASGI middleware. ``inputs`` is the number of values that each of the pages' events takes."""

    def __init__(self, app: ASGIApp, inputs: Mapping[int, int]) -> None:
        self._app, self._inputs = app, inputs

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"] if scope["type"] == "http" else ""
        if path.startswith(_UNDER):
            served = _SERVED.get(scope["method"])
            if served is None or not served.fullmatch(path.removeprefix(_UNDER)):
                await refused(path, 404, "没有这个地址。")(scope, receive, send)
                return
        elif _ELSEWHERE.match(path):
            await refused(path, 404, "没有这个地址。")(scope, receive, send)
            return
        if path in ("/gradio_api/queue/join", "/gradio_api/cancel", "/gradio_api/reset"):
            body = await read(receive)
            if body is None:
                return
            told = parsed(body)
            if not isinstance(told, dict) or (path.endswith("/join") and not self._is_event(told)):
                await refused(path, 422, _WRONG)(scope, receive, send)
                return
            receive = replayed(body, receive)
        await self._app(scope, receive, send)

    def _is_event(self, told: Mapping[str, Any]) -> bool:
        number, given, session = told.get("fn_index"), told.get("data"), told.get("session_hash")
        return (
            type(number) is int
            and isinstance(given, list)
            and self._inputs.get(number) == len(given)
            and isinstance(session, str)
            and bool(_SESSION.fullmatch(session))
            and isinstance(told.get("trigger_id"), int | None)
        )
