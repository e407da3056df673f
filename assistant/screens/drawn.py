"""Gradio's Blocks, drawing only what changes."""

import copy
import inspect
from collections.abc import Iterable
from typing import Any

import gradio as gr


class Drawn(gr.Blocks):
    """What an event leaves as it is costs nothing.

    For each ``gr.skip()`` Gradio makes the component and its description anew, and compares: forty times for one answer.
    """

    async def postprocess_data(self, block_fn: Any, predictions: Any, state: Any) -> list[Any]:
        if len(block_fn.outputs) < 2 or not isinstance(predictions, (list, tuple)):
            return await super().postprocess_data(block_fn, predictions, state)
        self.validate_outputs(block_fn, predictions)
        skipped = gr.skip()
        changed = [place for place, value in enumerate(predictions) if value != skipped]
        fewer = copy.copy(block_fn)
        fewer.outputs = [block_fn.outputs[place] for place in changed]
        values: Any = [predictions[place] for place in changed]
        given = (
            await super().postprocess_data(fewer, values[0] if len(values) == 1 else values, state) if values else []
        )
        drawn: list[Any] = [None if block.stateful else dict(skipped) for block in block_fn.outputs]
        for place, value in zip(changed, given, strict=True):
            drawn[place] = value
        return drawn


def remember_signatures(components: Iterable[Any]) -> None:
    """Gradio asks what a component's constructor takes whenever it makes or describes one; from now on Python need not work it out again."""
    kinds = {base for each in components for base in type(each).__mro__} - {object}
    for made in (vars(kind)["__init__"] for kind in kinds if "__init__" in vars(kind)):
        if inspect.isfunction(own := inspect.unwrap(made)):
            own.__signature__ = inspect.signature(own)  # type: ignore[attr-defined]
