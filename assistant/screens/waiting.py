"""The screens while they are still being made: programs are answered at once, a browser is shown that the screen is coming.

Gradio takes longer to load than everything else together. What else is asked of the screens (a script, an event of a page that was
open before a restart) waits until they are there.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.screens.missing import bare_page, wants_page

READY = "/ready"
"""Answered once the screens are there: 204. For the waiting page, and for whoever watches the app."""
_SENTENCE = '<p role="status">页面正在打开，几秒钟后自动显示，请稍候。</p>'
_SCRIPT = f"""const look = () => fetch("{READY}", {{ cache: "no-store" }})
  .then((told) => (told.ok ? location.reload() : Promise.reject(told)))
  .catch(() => setTimeout(look, 1000));
look();"""
_PAGE = bare_page("正在打开", _SENTENCE, _SCRIPT)


class Waiting:
    """ASGI application: the screens that ``make`` gives (in a thread, once), and the waiting page before.

    ``give_up`` is called where they cannot be made; ``fault`` then says why.
    """

    def __init__(self, make: Callable[[], FastAPI], give_up: Callable[[], None]) -> None:
        self._make, self._give_up = make, give_up
        self._screens: FastAPI | None = None
        self._settled = asyncio.Event()
        self.fault: BaseException | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The screens are made beside what happens inside, and closed with it."""
        leave = asyncio.Event()
        task = asyncio.create_task(self._open(leave))
        task.add_done_callback(self._closed)
        try:
            yield
        finally:
            leave.set()
            await asyncio.wait([task])

    async def _open(self, leave: asyncio.Event) -> None:
        screens = await asyncio.to_thread(self._make)
        async with screens.router.lifespan_context(screens):
            self._screens = screens
            self._settled.set()
            await leave.wait()

    def _closed(self, task: "asyncio.Task[None]") -> None:
        self.fault = None if task.cancelled() else task.exception()
        self._settled.set()
        if self.fault:
            self._give_up()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_opening = not self._settled.is_set()
        answer: ASGIApp
        if is_opening and wants_page(scope):
            answer = HTMLResponse(_PAGE, headers={"Cache-Control": "no-store"})
        else:
            await self._settled.wait()
            answer = self._answer(scope)
        await answer(scope, receive, send)

    def _answer(self, scope: Scope) -> ASGIApp:
        if self._screens is None:
            return PlainTextResponse("页面没有打开，详情在运行日志里。", 503)
        return Response(status_code=204) if scope["path"] == READY else self._screens
