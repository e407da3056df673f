"""What all pages share: how their events run, who is let in, and what is seen when drawing one fails."""

import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from html import escape
from typing import Any

import gradio as gr

from assistant.gate import BusyError, Gate
from assistant.traced import tracing

LOG = logging.getLogger(__name__)
_EVENTS = logging.getLogger("request")
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
"""For every event: not offered as an API of its own, and nothing that blinks while it runs."""


def let_in(gate: Gate, act: Callable[..., Any], busy: Callable[[str], Any]) -> Callable[..., Awaitable[Any]]:
    """``act(request, *values)`` as an event of a page, let in like a program's request; ``busy`` draws the sentence that says no."""

    async def run(request: gr.Request, *values: Any) -> Any:
        def work() -> Any:
            with _told(request, act):
                return act(request, *values)

        try:
            return await gate.run(work)
        except BusyError as error:
            return busy(str(error))

    return run


def let_in_by_steps(
    gate: Gate, act: Callable[..., Iterator[Any]], busy: Callable[[str], Any]
) -> Callable[..., AsyncIterator[Any]]:
    """The same for an act that draws several times; its place is held to the end."""

    async def run(request: gr.Request, *values: Any) -> AsyncIterator[Any]:
        def work() -> Iterator[Any]:
            with _told(request, act):
                yield from act(request, *values)

        try:
            async for drawn in gate.stream(work):
                yield drawn
        except BusyError as error:
            yield busy(str(error))

    return run


@contextmanager
def _told(request: gr.Request, act: Callable[..., Any]) -> Iterator[None]:
    """A line in the log for a page's event, under the id of the request that brought it: that one had its line before this began."""
    began = time.perf_counter()
    with tracing(str(request.headers.get("x-request-id", ""))) as trace:
        try:
            yield
        finally:
            milliseconds = round((time.perf_counter() - began) * 1000, 1)
            told = {"event": act.__name__, "ms": milliseconds, "stages": trace.milliseconds}
            _EVENTS.info("page %s %s ms", act.__name__, milliseconds, extra=told)


def notice(sentence: str) -> str:
    """In place of a page's content: why there is none."""
    return f'<p class="empty" role="alert">{escape(sentence)}</p>'


def said(draw: Callable[..., str], *values: Any) -> str:
    """A page's content; a defect is logged and said in one sentence."""
    try:
        return draw(*values)
    except Exception:
        LOG.exception("%s failed", draw.__name__)
        return notice("程序出错，没有显示出来；详情已写入运行日志，请重试。")
