"""知识库 ▸ 待处理, 用量, 历史: what could not be answered, what was asked, and what editors did."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from assistant.editing import How, QueueItem, Settlement
from assistant.screens import knowledge_draw as draw
from assistant.screens.knowledge_gate import Gate
from assistant.screens.knowledge_pick import named
from ingest.errors import AssistantError

_DAYS = [("最近 7 天", 7), ("最近 30 天", 30)]
_SPANS = [*_DAYS, ("最近 90 天", 90)]
_SUGGESTED = 12
_LISTED = 200
_EXPORTS = (
    '<p class="exports">导出问答记录（一年内）：<a class="copy" href="/export/knowledge/journal.xlsx" download>xlsx</a>'
    ' <a class="copy" href="/export/knowledge/journal.csv" download>csv</a></p>'
)


def queue_part(gate: Gate, tab: Any) -> None:
    days = gr.Radio(_DAYS, value=7, label="时间", elem_id="queue-days")
    items = gr.Radio([], value=None, label="没有答出或评价为有误的问题", elem_id="queue")
    with gr.Row(elem_classes="filters"):
        clause = gr.Dropdown(
            [], value=None, label="条款（按这个问题找到的在前）", scale=4, min_width=240, elem_id="queue-clause"
        )
        words = gr.Textbox(label="换个词找条款", scale=2, min_width=160, max_length=200, elem_id="queue-words")
    text = gr.HTML("", elem_id="queue-text", apply_default_css=False)
    answer = gr.Textbox(label="核定答案（选“写成核定答案”时填写）", lines=3, max_length=3000, elem_id="queue-answer")
    with gr.Row(elem_classes="actions"):
        alike = gr.Button("加为这一条的相似问", variant="primary", elem_id="queue-similar")
        told = gr.Button("写成核定答案", elem_id="queue-vetted")
        known = gr.Button("确认文件没有规定", elem_id="queue-known")
        leave = gr.Button("不处理", elem_id="queue-dismiss")

    def listed(span: int) -> Any:
        found = gate.editing.queue(days=int(span))
        more = f"，先列出最常问的 {_LISTED} 个" if len(found) > _LISTED else ""
        label = f"没有答出或评价为有误的问题 {len(found)} 个{more}" if found else "没有要处理的问题"
        return gr.Radio(choices=[(_named(each), each.id) for each in found[:_LISTED]], value=None, label=label)

    def look(_: str, span: int, item_id: str | None) -> list[Any]:
        item = _item(gate, item_id, span)
        return [None, _suggested(gate, item.question), ""]

    def search(_: str, written: str) -> list[Any]:
        return [None, _suggested(gate, written)]

    def show(_: str, place: str | None) -> list[Any]:
        return [None, draw.clause_text(*gate.editing.clause(*_place(place)))]

    def settle(editor: str, how: How, span: int, item_id: str | None, place: str | None, written: str) -> list[Any]:
        item = _item(gate, item_id, span)
        at = _place(place) if how in (How.SIMILAR, How.VETTED) else ("", "")
        document_id = at[0] or _home(gate, place)
        gate.editing.settle(item.id, Settlement(how, document_id, at[1], written), editor=editor)
        said = f"“{item.question}”：{how.value}，已处理，可以在“历史”里撤销。"
        return [said, listed(span), gr.Dropdown(choices=[], value=None), "", ""]

    gate.on([days.input, tab.select], lambda _, span: ["", listed(span)], [days], [items])
    gate.on([items.input], look, [days, items], [clause, text])
    gate.on([words.submit], search, [words], [clause])
    gate.on([clause.input], show, [clause], [text])
    for button, how in ((alike, How.SIMILAR), (told, How.VETTED), (known, How.KNOWN), (leave, How.DISMISS)):
        gate.change(
            button.click,
            lambda editor, *values, how=how: settle(editor, how, *values),
            [days, items, clause, answer],
            [items, clause, text, answer],
        )


def _named(item: QueueItem) -> str:
    said = [f"没有答案 {item.unanswered} 次"] if item.unanswered else []
    said += [f"{verdict} {count} 次" for verdict, count in item.verdicts]
    return f"{item.question}（{'，'.join(said)}，最近 {draw.when(item.last_at)}）"


def _item(gate: Gate, item_id: str | None, span: int) -> QueueItem:
    found = next((each for each in gate.editing.queue(days=int(span)) if each.id == item_id), None)
    if found is None:
        raise AssistantError("还没有选择问题，或这个问题已经处理过，请重新选择。")
    return found


def _suggested(gate: Gate, question: str) -> Any:
    """The clauses that a search for the question finds, the best first and chosen."""
    if not question.strip():
        raise AssistantError("还没有写要找的词，请先写一个。")
    choices: dict[str, str] = {}
    for hit in gate.index.search(question, limit=_SUGGESTED):
        document = gate.index.document(hit.document_id)
        clause = document.clause(hit.clause_id)
        if clause is not None:
            choices.setdefault(f"{document.id}\n{clause.label}", f"{named(document, clause)} ·《{document.title}》")
    offered = [(name, value) for value, name in choices.items()]
    return gr.Dropdown(choices=offered, value=offered[0][1] if offered else None)


def _place(place: str | None) -> tuple[str, str]:
    if not place:
        raise AssistantError("还没有选择条款，请先选一条。")
    document_id, _, label = place.partition("\n")
    return document_id, label


def _home(gate: Gate, place: str | None) -> str:
    """The document that does not regulate it: that of the clause shown, else the collection's first."""
    if place:
        return _place(place)[0]
    cards = gate.index.documents()
    return cards[0].id if cards else ""


def usage_part(gate: Gate, tab: Any) -> None:
    days = gr.Radio(_SPANS, value=30, label="时间", elem_id="usage-days")
    shown = gr.HTML("", elem_id="usage", apply_default_css=False)
    gr.HTML(_EXPORTS, apply_default_css=False)
    gate.on([days.input, tab.select], lambda _, span: ["", draw.usage(gate.editing.usage(int(span)))], [days], [shown])


def history_part(gate: Gate, tab: Any) -> None:
    entries = gr.Dropdown([], value=None, label="选择要撤销的改动", elem_id="history-entry")
    with gr.Row(elem_classes="actions"):
        undo = gr.Button("撤销", variant="primary", elem_id="undo")
    listed = gr.HTML("", elem_id="history", apply_default_css=False)

    def show() -> list[Any]:
        found = gate.editing.history(200)
        standing: Sequence[Any] = [each for each in found if each.undone_by is None]
        choices = [(f"{each.id}. {each.what}（{each.editor}，{draw.when(each.at)}）", each.id) for each in standing]
        return [gr.Dropdown(choices=choices, value=None), draw.history(found)]

    def take_back(editor: str, entry_id: int | None) -> list[Any]:
        if entry_id is None:
            raise AssistantError("还没有选择要撤销的改动，请先选择。")
        gate.editing.undo(int(entry_id), editor=editor)
        return [f"已撤销第 {entry_id} 号改动；撤销本身也可以再撤销。", *show()]

    gate.change(undo.click, take_back, [entries], [entries, listed])
    gate.on([tab.select], lambda _: ["", *show()], [], [entries, listed])
