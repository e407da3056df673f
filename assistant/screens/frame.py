"""What all pages share: how their events run, who is let in, and what is seen when drawing one fails."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from html import escape
from typing import Any

import gradio as gr

from assistant.gate import BusyError, Gate
from assistant.traced import tracing

LOG = logging.getLogger(__name__)
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
"""For every event: not offered as an API of its own, and nothing that blinks while it runs."""


def let_in(gate: Gate, act: Callable[..., Any], busy: Callable[[str], Any]) -> Callable[..., Awaitable[Any]]:
    """``act(request, *values)`` as an event of a page, let in like a program's request; ``busy`` draws the sentence that says no."""

    async def run(request: gr.Request, *values: Any) -> Any:
        def work() -> Any:
            with tracing(_id_of(request)):
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
            with tracing(_id_of(request)):
                yield from act(request, *values)

        try:
            async for drawn in gate.stream(work):
                yield drawn
        except BusyError as error:
            yield busy(str(error))

    return run


def _id_of(request: gr.Request) -> str:
    return str(request.headers.get("x-request-id", ""))


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
