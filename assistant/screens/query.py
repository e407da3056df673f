"""A query with filters: what 检索 and 检验 have in common."""

from collections.abc import Callable
from typing import Any

import gradio as gr

from assistant.screens.context import Context
from assistant.screens.frame import QUIET, let_in, notice, said
from assistant.screens.narrowing import ANY, LEVELS, Fields, regions
from index.search import Index
from ingest.document import Status

_TOGGLE = '<button type="button" class="copy" id="filters-toggle" aria-expanded="false">筛选条件</button>'
"""Seen on a telephone only, where the filters would fill the screen."""


def query_page(context: Context, blocks: gr.Blocks, draw: Callable[..., str], placeholder: str) -> None:
    """A query, filters and what ``draw`` makes of them; the address may bring the query: ?q=…"""
    index = context.index
    with gr.Row(elem_classes="query-row"):
        query = gr.Textbox(label="检索词", container=False, placeholder=placeholder, scale=5, elem_id="query")
        go = gr.Button("检索", variant="primary", scale=0, min_width=76, elem_id="go")
    gr.HTML(_TOGGLE, apply_default_css=False)
    fields = _filter_row(index)
    results = gr.HTML(draw(index, "", Fields()), elem_id="results", apply_default_css=False)

    def respond(_: gr.Request, text: str, *values: str | None) -> str:
        return said(draw, index, text, Fields(*(value or "" for value in values)))

    def arrive(request: gr.Request) -> tuple[Any, Any, Any, Any]:
        text = request.query_params.get("q", "")
        offered = gr.Dropdown(choices=_titles(index)), gr.Dropdown(choices=[ANY, *regions(index)])
        if not text:  # somebody may be typing already
            return gr.skip(), *offered, gr.skip()
        return text, *offered, said(draw, index, text, Fields())

    triggers = [query.submit, go.click]
    triggers += [field.submit if isinstance(field, gr.Textbox) else field.input for field in fields]
    for trigger in triggers:
        trigger(let_in(context.gate, respond, notice), [query, *fields], results, **QUIET)
    arriving = let_in(context.gate, arrive, lambda sentence: (gr.skip(), gr.skip(), gr.skip(), notice(sentence)))
    blocks.load(arriving, None, [query, fields[0], fields[2], results], **QUIET)


def _titles(index: Index) -> list[tuple[str, str]]:
    return [(ANY, ANY), *((card.title, card.id) for card in index.documents())]


def _filter_row(index: Index) -> list[Any]:
    """The six fields of ``Fields``, in its order."""
    with gr.Row(elem_classes=["filters", "foldable"]):
        return [
            gr.Dropdown(_titles(index), value=ANY, label="文件", scale=3, min_width=200),
            gr.Dropdown([ANY, *LEVELS], value=ANY, label="层级", min_width=100),
            gr.Dropdown([ANY, *regions(index)], value=ANY, label="地区", min_width=110, elem_id="region"),
            gr.Textbox(label="责任单位（简称也可）", scale=2, min_width=160, elem_id="unit"),
            gr.Textbox(label="任务编号", min_width=100, elem_id="task"),
            gr.Dropdown([ANY, *map(str, Status)], value=ANY, label="有效性", min_width=110),
        ]
