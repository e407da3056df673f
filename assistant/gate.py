"""Who is computed for: a few at once in threads of their own, a few more waiting, everybody else is told to come again."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

from ingest.errors import KnowledgeBaseError

Result = TypeVar("Result")
_PATIENCE_S = 20.0


class BusyError(KnowledgeBaseError):
    """Too many questions at once; the next one may be answered in a few seconds."""

    wait_s = 2

    def __init__(self) -> None:
        super().__init__("现在问的人太多，正忙，请过几秒再试。")


class Gate:
    """Keeps blocking work off the event loop. A place is given back when the work has really ended, not when its client has gone."""

    def __init__(self, at_once: int, waiting: int, *, name: str = "answer") -> None:
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix=name)
        self._places = asyncio.Semaphore(at_once)
        self._most_waiting = waiting
        self.name, self.waiting, self.running, self.refused = name, 0, 0, 0
        self.listeners: list[Callable[[float], None]] = []
        """Told of everybody who was let in, how many seconds they had waited."""

    async def run(self, work: Callable[[], Result]) -> Result:
        """The result of ``work``; BusyError where too many wait already, or one has waited too long."""
        await self._enter()
        return await self._started(work)

    async def stream(self, make: Callable[[], Iterator[Result]]) -> AsyncIterator[Result]:
        """What the iterator yields; it is left at its next item when nobody listens any more."""
        loop, told, stop = asyncio.get_running_loop(), asyncio.Queue[tuple[Result] | None](), threading.Event()

        def tell(item: tuple[Result] | None) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(told.put_nowait, item)

        def work() -> None:
            try:
                for item in make():
                    tell((item,))
                    if stop.is_set():
                        return
            finally:
                tell(None)

        await self._enter()
        ended = self._started(work)
        ended.add_done_callback(lambda future: future.cancelled() or future.exception())
        try:
            while (item := await told.get()) is not None:
                yield item[0]
            await ended
        finally:
            stop.set()

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    @property
    def has_free_place(self) -> bool:
        return not self._places.locked()

    async def _enter(self) -> None:
        if self._places.locked() and self.waiting >= self._most_waiting:
            self.refused += 1
            raise BusyError
        self.waiting += 1
        began = time.perf_counter()
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await self._places.acquire()
        except TimeoutError as error:
            self.refused += 1
            raise BusyError from error
        finally:
            self.waiting -= 1
        for listener in self.listeners:
            listener(time.perf_counter() - began)

    def _started(self, work: Callable[[], Result]) -> "asyncio.Future[Result]":
        self.running += 1
        future = asyncio.get_running_loop().run_in_executor(self._pool, copy_context().run, work)
        future.add_done_callback(self._leave)
        return asyncio.shield(future)

    def _leave(self, future: "asyncio.Future[Result]") -> None:
        self.running -= 1
        self._places.release()
        if not future.cancelled():
            future.exception()  # looked at, also where nobody waits for it any more
