"""Gradio drawing only what changes: the same is sent as it would send, and less is kept of each tab."""

import asyncio
import inspect
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import gradio as gr
import pytest
from gradio.state_holder import SessionState, StateHolder

from assistant.screens.drawn import Drawn, remember_signatures
from assistant.screens.tabs import Tabs


@dataclass
class Page:
    """Five components and one event that changes them."""

    blocks: Any
    event: Any
    tabs: StateHolder = field(default_factory=Tabs)


async def page_of(kind: type[gr.Blocks]) -> Page:
    with kind() as blocks:
        box, button = gr.Textbox("before"), gr.Button("before")
        with gr.Column() as column:
            shown = gr.HTML("before")
        kept = gr.State(("before",))
        button.click(lambda: None, None, [box, button, column, shown, kept])
    page = Page(blocks, next(iter(blocks.fns.values())))
    page.tabs.set_blocks(blocks)
    return page


async def changed(page: Page, tab: Any, *changes: Any) -> Any:
    return await page.blocks.postprocess_data(page.event, list(changes), tab)


def talking(talk: Callable[[], Any]) -> None:
    """Gradio looks for a running loop when it makes its server; this thread may have the browser's running already."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(talk())).result()


SKIP = gr.skip()
CHANGES: list[Callable[[], list[Any]]] = [
    lambda: [SKIP, SKIP, SKIP, SKIP, SKIP],
    lambda: ["after", SKIP, SKIP, SKIP, SKIP],
    lambda: [SKIP, gr.Button("after", interactive=False), gr.Column(visible=False), "<b>after</b>", SKIP],
    lambda: ["after", gr.Button(visible=False), SKIP, SKIP, ("after",)],
    lambda: ["", gr.Button(interactive=True), gr.Column(visible=True), None, ()],
]


@pytest.mark.parametrize("changes", CHANGES)
def test_the_same_is_sent_and_kept_as_gradio_sends_and_keeps(changes: Callable[[], list[Any]]) -> None:
    async def told(kind: type[gr.Blocks], of: Callable[[Page], Any]) -> tuple[Any, Any]:
        page = await page_of(kind)
        tab = of(page)
        sent = [_plain(each) for each in await changed(page, tab, *changes())]
        _, button, column, _, kept = (tab[each._id] for each in page.event.outputs)
        return sent, (button.interactive, button.visible, column.visible, kept)

    async def talk() -> None:
        ours = await told(Drawn, lambda page: page.tabs["tab"])
        assert ours == await told(gr.Blocks, lambda page: SessionState(page.blocks))

    talking(talk)


def _plain(sent: Any) -> Any:
    """Gradio tells the browser of an HTML that stays as it is that it is an update, twice."""
    return SKIP if sent == SKIP | {"props": SKIP} else sent


def test_what_is_left_as_it_is_is_not_made_anew() -> None:
    async def talk() -> None:
        page = await page_of(Drawn)
        tab = page.tabs["tab"]
        await changed(page, tab, "after", SKIP, SKIP, SKIP, SKIP)
        assert all(tab[each._id] is each for each in page.event.outputs[:4])

    talking(talk)


def test_a_change_in_one_tab_is_not_seen_in_another() -> None:
    async def talk() -> None:
        page = await page_of(Drawn)
        one, other = page.tabs["one"], page.tabs["other"]
        await changed(page, one, SKIP, gr.Button(interactive=False), SKIP, SKIP, ("mine",))
        button, kept = page.event.outputs[1]._id, page.event.outputs[4]._id
        assert (one[button].interactive, other[button].interactive) == (False, True)
        assert (one[kept], other[kept]) == (("mine",), ("before",))

    talking(talk)


def test_a_tab_keeps_no_description_of_the_page() -> None:
    async def talk() -> None:
        page = await page_of(Drawn)
        tab = page.tabs["tab"]
        await changed(page, tab, "after", gr.Button("after"), SKIP, "after", ("after",))
        assert not any(tab.config_values.values())
        assert len(page.blocks.get_config_file()["components"]) >= 5

    talking(talk)


def test_a_signature_that_is_remembered_is_the_one_that_python_finds() -> None:
    found, known = inspect.signature(gr.Slider.__init__), inspect.getfullargspec(gr.Slider.__init__)
    remember_signatures([gr.Slider()])
    assert inspect.signature(gr.Slider.__init__) is inspect.signature(gr.Slider.__init__)
    assert inspect.signature(gr.Slider.__init__) == found
    assert inspect.getfullargspec(gr.Slider.__init__) == known
