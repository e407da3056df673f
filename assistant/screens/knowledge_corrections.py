"""知识库 ▸ 更正, 文件信息: what is put right in a published document, and what is known of it that its text does not say."""

import re
from collections.abc import Sequence
from typing import Any

import gradio as gr

from assistant.editing import Correction, Details
from assistant.found.roles import BESIDE, written
from assistant.screens import knowledge_draw as draw
from assistant.screens.knowledge_gate import Gate
from assistant.screens.knowledge_pick import all_titles, at_hand, chosen, clauses, filled, pick, titles
from index.details import SHOWN
from ingest.document import Clause, Document, Status, Unit
from ingest.errors import AssistantError

_ROLE_OF = {name: role for role, name in BESIDE.items()}
_UNIT = re.compile(r"^(?P<name>.+?)(?:[（(](?P<role>牵头|配合|参与)[）)])?$")
_WRITTEN = [name for name in SHOWN if name != "status"]


def corrections_part(gate: Gate, tab: Any) -> None:
    editing = gate.editing
    place = pick(gate, "correct")
    text = gr.HTML("", elem_id="correct-text", apply_default_css=False)
    with gr.Row(elem_classes="filters"):
        label = gr.Textbox(label="编号", min_width=120, max_length=40, elem_id="correct-label")
        title = gr.Textbox(label="标题", scale=3, min_width=220, max_length=200, elem_id="correct-title")
    units = gr.Textbox(
        label="责任单位（用顿号隔开，角色写在括号里，如 市商务局（牵头））", lines=2, elem_id="correct-units"
    )
    with gr.Row(elem_classes="actions"):
        save = gr.Button("保存更正", variant="primary", elem_id="correct-save")
    kept = gr.Dropdown([], value=None, label="要取消的更正", elem_id="correct-kept")
    with gr.Row(elem_classes="actions"):
        drop = gr.Button("取消这条更正", elem_id="correct-drop")
    listed = gr.HTML("", elem_id="correct-list", apply_default_css=False)
    fields = [text, label, title, units]

    def offered() -> list[Any]:
        found = editing.corrections()
        names = {value: name for name, value in titles(gate.index)}
        choices = [
            (f"{names.get(each.document_id, each.document_id)} {each.label} {each.what}", each.id) for each in found
        ]
        return [gr.Dropdown(choices=choices, value=None), draw.corrections(found, names)]

    def look(_: str, document_id: str | None, name: str | None) -> list[Any]:
        return [None, *_shown(*_found(gate, document_id, name))]

    def store(editor: str, document_id: str | None, name: str | None, *typed: str) -> list[Any]:
        document, clause = _found(gate, document_id, name)
        document = editing.correct(document.id, _changed(document, clause, *typed), editor=editor)
        now = document.clause(clause.id) or clause
        choices = gr.Dropdown(choices=clauses(gate.index, document.id), value=now.label)
        return ["已保存更正，重新读取这份文件时也会套用。", choices, *_shown(document, now), *offered()]

    def forget(editor: str, correction_id: str | None) -> list[Any]:
        if not correction_id:
            raise AssistantError("还没有选择要取消的更正，请先选择。")
        editing.remove_correction(correction_id, editor=editor)
        return ["已取消这条更正。", *offered()]

    gate.on([place.clause.input], look, place.both, fields)
    gate.change(save.click, store, [*place.both, label, title, units], [place.clause, *fields, kept, listed])
    gate.change(drop.click, forget, [kept], [kept, listed])
    gate.on(
        [tab.select],
        lambda _, document_id: ["", *filled(gate.index, document_id), *offered()],
        [place.document],
        [*place.both, kept, listed],
    )


def _found(gate: Gate, document_id: str | None, name: str | None) -> tuple[Document, Clause]:
    return gate.editing.clause(*chosen(document_id, name))


def _shown(document: Document, clause: Clause) -> list[Any]:
    units = written(document.units_of(clause))
    return [draw.clause_text(document, clause), clause.label, clause.title, units]


def _changed(document: Document, clause: Clause, label: str, title: str, units: str) -> Correction:
    """Only what differs from what stands there now."""
    told = tuple(_unit(each) for each in re.split(r"[、，,;；\n]+", units) if each.strip())
    now = [(each.name, each.role) for each in document.units_of(clause)]
    return Correction(
        clause.label,
        title=title.strip() if title.strip() != clause.title else None,
        new_label=label.strip() if label.strip() != clause.label else None,
        units=told if [(each.name, each.role) for each in told] != now else None,
    )


def _unit(typed: str) -> Unit:
    match = _UNIT.match(typed.strip())
    assert match is not None  # whatever is not empty matches
    role = match["role"]
    return Unit(match["name"], _ROLE_OF[role]) if role else Unit(match["name"])


def details_part(gate: Gate, tab: Any) -> None:
    editing = gate.editing
    place = gr.Dropdown([], value=None, label="文件", elem_id="details-document")
    read = gr.HTML("", elem_id="details-text", apply_default_css=False)
    boxes = {}
    with gr.Row(elem_classes="filters"):
        for name in ("title", "number", "issuer"):
            boxes[name] = _box(name, 300)
    with gr.Row(elem_classes="filters"):
        for name in ("issued_on", "effective_on", "expires_on"):
            boxes[name] = _box(name, 20, placeholder="2021-03-05、2021-03 或 2021")
        status = gr.Dropdown(
            [each.value for each in Status], label=SHOWN["status"], min_width=120, elem_id="details-status"
        )
    source = gr.Textbox(
        label="依据（必填：公布的网址、废止它的文件的文号，或核实的经过）", max_length=2000, elem_id="details-source"
    )
    with gr.Row(elem_classes="actions"):
        save = gr.Button("保存文件信息", variant="primary", elem_id="details-save")
        back = gr.Button("恢复成读到的样子", elem_id="details-back")
    listed = gr.HTML("", elem_id="details-list", apply_default_css=False)
    before = gr.State([])  # what was in the fields when they were filled: another editor may have been there since
    fields = [before, read, *(boxes[name] for name in _WRITTEN), status, source]

    def shown(document: Document | None) -> list[Any]:
        if document is None:
            return [[], "", *[""] * len(_WRITTEN), None, ""]
        values = [*(getattr(document, name) or "" for name in _WRITTEN), document.status.value]
        return [values, draw.noted(document), *values, ""]

    def kept() -> str:
        return draw.details(editing.details(), {value: name for name, value in all_titles(gate.index)})

    def look(_: str, document_id: str | None) -> list[Any]:
        return [None, *shown(gate.index.document(document_id) if document_id else None)]

    def store(editor: str, document_id: str | None, known: Sequence[str], *typed: str) -> list[Any]:
        document = editing.describe(_a_document(document_id), _differing(known, *typed), editor=editor)
        now = gr.Dropdown(choices=all_titles(gate.index), value=document.id)
        return ["已保存文件信息，从现在起照此回答。", now, *shown(document), kept()]

    def forget(editor: str, document_id: str | None) -> list[Any]:
        editing.forget_details(_a_document(document_id), editor=editor)
        document = gate.index.document(_a_document(document_id))
        now = gr.Dropdown(choices=all_titles(gate.index), value=document.id)
        return ["已恢复成读到的样子。", now, *shown(document), kept()]

    def arrive(_: str, document_id: str | None) -> list[Any]:
        here = at_hand(all_titles(gate.index), document_id)
        document = gate.index.document(here) if here else None
        return ["", gr.Dropdown(choices=all_titles(gate.index), value=here), *shown(document), kept()]

    inputs = [place, before, *(boxes[name] for name in _WRITTEN), status, source]
    gate.on([place.input], look, [place], fields)
    gate.change(save.click, store, inputs, [place, *fields, listed])
    gate.change(back.click, forget, [place], [place, *fields, listed])
    gate.on([tab.select], arrive, [place], [place, *fields, listed])


def _box(name: str, length: int, placeholder: str = "") -> Any:
    return gr.Textbox(
        label=SHOWN[name],
        max_length=length,
        min_width=160,
        placeholder=placeholder,
        elem_id=f"details-{name.replace('_', '-')}",
    )


def _a_document(document_id: str | None) -> str:
    if not document_id:
        raise AssistantError("还没有选择文件，请先选择。")
    return document_id


def _differing(known: Sequence[str], *typed: str) -> Details:
    """Only what has been changed in the fields since they were filled."""
    *values, source = typed
    given: dict[str, Any] = {
        name: value or ""
        for name, value, before in zip((*_WRITTEN, "status"), values, known, strict=True)
        if (value or "").strip() != before
    }
    if "status" in given:
        given["status"] = Status(given["status"])
    return Details(**given, source=source or "")
