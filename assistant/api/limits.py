"""How often a client may ask, and how much it may send. The one home of the library limits."""

import asyncio
import math
import time
from typing import Any

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.types import Message, Receive, Scope, Send

from assistant.api.errors import refused
from assistant.api.settings import MIB
from assistant.gate import Gate

JSON_BYTES = MIB
PAGE_BYTES = 4 * MIB
"""The page sends a whole conversation back with each question."""
FILES_AT_ONCE = 4
_SILENCE_S = 30.0
_WAY_S = 0.01
"""What a long body waits after each piece while a question is being answered: it still comes in at 6 MB a second and more."""


class RateLimit:
    """So many requests a minute for each client, None for any number."""

    def __init__(self, rate: int | None) -> None:
        self._item = RateLimitItemPerMinute(rate) if rate else None
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def wait_s(self, client: str) -> int:
        """0 where the request may be made now, else the seconds after which to come again."""
        if self._item is None or self._limiter.hit(self._item, client):
            return 0
        return max(1, math.ceil(self._limiter.get_window_stats(self._item, client).reset_time - time.time()))


class Bounded:
    """One request whose body is counted while it is read, must keep coming, and gives way to questions where it is long."""

    def __init__(self, app: Any, most: int, sentence: str, gate: Gate) -> None:
        self._app, self._most, self._sentence, self._gate = app, most, sentence, gate
        self._received, self._is_read, self._started = 0, False, False
        self._refused: int | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > self._most:
            await refused(scope["path"], 413, self._sentence, {"Connection": "close"})(scope, receive, send)
            return

        async def counted() -> Message:
            if self._refused:
                return {"type": "http.disconnect"}
            try:
                message = await (receive() if self._is_read else asyncio.wait_for(receive(), _SILENCE_S))
            except TimeoutError:
                self._refused = 408
                return {"type": "http.disconnect"}
            self._received += len(message.get("body", b""))
            self._is_read = not message.get("more_body", False)
            if self._received > self._most:
                self._refused = 413
                return {"type": "http.disconnect"}
            if self._received > PAGE_BYTES and not self._is_read and self._gate.running:
                await asyncio.sleep(_WAY_S)
            return message

        async def unless_refused(message: Message) -> None:
            if self._refused and not self._started:
                return
            self._started = True
            await send(message)

        try:
            await self._app(scope, counted, unless_refused)
        except Exception:
            if not self._refused or self._started:
                raise
        if self._refused and not self._started:
            sentence = self._sentence if self._refused == 413 else "请求没有发完就停了，请重新发送。"
            await refused(scope["path"], self._refused, sentence, {"Connection": "close"})(scope, receive, send)
