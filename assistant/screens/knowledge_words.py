"""知识库 ▸ 相似问, 核定答案, 单位名录: what editors add to the documents."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.editing import Field, SimilarQuestion, UnitEntry, Vetted
from assistant.screens import knowledge_draw as draw
from assistant.screens.knowledge_gate import Gate
from assistant.screens.knowledge_pick import Pick, at_hand, chosen, clauses, filled, pick, titles
from assistant.vetted import faults_in
from ingest.errors import AssistantError, KnowledgeBaseError

_SHOWN = 300
_VOICES = ["", "企业", "工作人员", "热线"]
_EXPORTS = (
    '<p class="exports">导出全部相似问：<a class="copy" href="/export/knowledge/similar.xlsx" download>xlsx</a>'
    ' <a class="copy" href="/export/knowledge/similar.jsonl" download>jsonl</a></p>'
)


def similar_part(gate: Gate, tab: Any) -> None:
    place = pick(gate, "similar")
    known = gr.CheckboxGroup([], label="已有的相似问（勾选后可以删除）", elem_id="similar-known")
    with gr.Row(elem_classes="actions"):
        drop = gr.Button("删除所选", elem_id="similar-drop")
    with gr.Row(elem_classes="filters"):
        fresh = gr.Textbox(label="添加相似问，一行一条", lines=3, scale=5, min_width=240, elem_id="similar-fresh")
        voice = gr.Dropdown([(each or "不限", each) for each in _VOICES], value="", label="口吻", min_width=120)
        add = gr.Button("添加", variant="primary", scale=0, min_width=90, elem_id="similar-add")
    with gr.Accordion("导入和导出", open=False):
        file = gr.File(label="导入 .xlsx 或 .jsonl（列：文件、条款、问法、口吻）", elem_id="similar-file", height=120)
        take = gr.Button("导入", elem_id="similar-import")
        gr.HTML(_EXPORTS, apply_default_css=False)

    def put(editor: str, document_id: str | None, label: str | None, written: str, spoken: str) -> list[Any]:
        asked = [each.strip() for each in written.splitlines() if each.strip()]
        if not asked:
            raise AssistantError("还没有写相似问，请一行写一条。")
        at = chosen(document_id, label)
        questions = [SimilarQuestion(at[0], (at[1],), each, spoken or "") for each in asked]
        count = gate.editing.add_similar(questions, editor=editor)
        return [f"已添加 {count} 条，现在起用来找条款。", "", _known(gate, document_id, label)]

    def delete(editor: str, document_id: str | None, label: str | None, marked: Sequence[str]) -> list[Any]:
        gate.editing.remove_similar(document_id or "", list(marked or ()), editor=editor)
        return [f"已删除 {len(marked)} 条。", _known(gate, document_id, label)]

    def bring(editor: str, document_id: str | None, label: str | None, path: str | None) -> list[Any]:
        if not path:
            raise AssistantError("还没有选择要导入的文件，请先选择。")
        count = gate.editing.import_similar(Path(path), editor=editor)
        return [f"已导入 {count} 条。", None, _known(gate, document_id, label)]

    def arrive(_: str, document_id: str | None) -> list[Any]:
        here = at_hand(titles(gate.index), document_id)
        return ["", *filled(gate.index, document_id), _known(gate, here, None)]

    gate.on([place.document.input, place.clause.input], lambda _, *at: [None, _known(gate, *at)], place.both, [known])
    gate.change(add.click, put, [*place.both, fresh, voice], [fresh, known])
    gate.change(drop.click, delete, [*place.both, known], [known])
    gate.change(take.click, bring, [*place.both, file], [file, known])
    gate.on([tab.select], arrive, [place.document], [*place.both, known])
    _proposals(gate, tab, place, known)


def _proposals(gate: Gate, tab: Any, place: Pick, known: Any) -> None:
    """What a model proposes; an editor decides on each."""
    offered = gr.CheckboxGroup([], label="等待决定的提议", elem_id="proposals")
    with gr.Row(elem_classes="actions"):
        has_model = gate.editing.propose is not None
        propose = gr.Button("请模型为所选条款提议", visible=has_model, elem_id="propose")
        accept = gr.Button("采纳所选", elem_id="accept")
        reject = gr.Button("不采纳所选", elem_id="reject")

    def wish(_: str, document_id: str | None, label: str | None) -> list[Any]:
        count = gate.editing.propose_similar(*chosen(document_id, label))
        return [f"模型提议了 {count} 条，请逐条决定。", _proposed(gate)]

    def decide(
        editor: str, document_id: str | None, label: str | None, marked: Sequence[str], *, taken: bool
    ) -> list[Any]:
        if not marked:
            raise AssistantError("还没有选择提议，请先勾选。")
        for each in marked:
            (gate.editing.accept_proposal if taken else gate.editing.reject_proposal)(each, editor=editor)
        said = f"已{'采纳' if taken else '退回'} {len(marked)} 条。"
        return [said, _proposed(gate), _known(gate, document_id, label)]

    gate.change(propose.click, wish, place.both, [offered])
    gate.change(accept.click, partial(decide, taken=True), [*place.both, offered], [offered, known])
    gate.change(reject.click, partial(decide, taken=False), [*place.both, offered], [offered, known])
    gate.on([tab.select], lambda _: [None, _proposed(gate)], [], [offered])


def _known(gate: Gate, document_id: str | None, label: str | None) -> Any:
    """Those of the clause; of a document without a chosen clause only where they are few."""
    found = gate.editing.similar(document_id) if document_id else []
    here = [each for each in found if label is None or label in each.labels]
    shown = here[:_SHOWN] if label or len(here) <= _SHOWN else []
    choices = [
        (
            f"{each.question} — {'、'.join(each.labels) or each.reason}{f'（{each.voice}）' if each.voice else ''}",
            each.question,
        )
        for each in shown
    ]
    rest = "" if len(shown) == len(here) else f"，列出 {len(shown)} 条" if shown else "，选一条条款后列出"
    return gr.CheckboxGroup(choices=choices, value=[], label=f"已有的相似问 {len(here)} 条{rest}（勾选后可以删除）")


def _proposed(gate: Gate) -> Any:
    found = gate.editing.proposals()
    return gr.CheckboxGroup(
        choices=[(f"{each.question} — {each.label}（{each.origin}）", each.id) for each in found],
        value=[],
        label=f"等待决定的提议 {len(found)} 条",
    )


def vetted_part(gate: Gate, tab: Any) -> None:
    kept = gr.Dropdown([], value=None, label="修改或删除已有的（留空为新写一条）", elem_id="vetted-kept")
    question = gr.Textbox(label="问题", max_length=500, elem_id="vetted-question")
    place = pick(gate, "vetted")
    answer = gr.Textbox(
        label="答案（单位、数字、引文都要是这一条里写着的）", lines=4, max_length=3000, elem_id="vetted-answer"
    )
    with gr.Row(elem_classes="actions"):
        save = gr.Button("保存", variant="primary", elem_id="vetted-save")
        drop = gr.Button("删除", elem_id="vetted-drop")
    listed = gr.HTML("", elem_id="vetted-list", apply_default_css=False)

    def offered() -> list[Any]:
        found = gate.editing.vetted()
        names = {value: name for name, value in titles(gate.index)}
        holding = {each.id: _holds(gate, each) for each in found}
        choices = [("（新写一条）", ""), *((each.question, each.id) for each in found)]
        return [gr.Dropdown(choices=choices, value=""), draw.vetted(found, names, holding)]

    def load(_: str, vetted_id: str | None) -> list[Any]:
        found = next((each for each in gate.editing.vetted() if each.id == vetted_id), None)
        if found is None:
            return [None, "", *[gr.skip()] * 2, ""]
        document, _ = filled(gate.index, found.document_id)
        clause = gr.Dropdown(choices=clauses(gate.index, found.document_id), value=found.label)
        return [None, found.question, document, clause, found.answer]

    def store(editor: str, vetted_id: str | None, asked: str, *rest: str | None) -> list[Any]:
        document_id, label = chosen(*rest[:2])
        told = Vetted(vetted_id or "", document_id, label, asked or "", rest[2] or "")
        gate.editing.put_vetted(told, editor=editor)
        return ["已保存，问到这个问题时先用它回答。", "", "", *offered()]

    def delete(editor: str, vetted_id: str | None) -> list[Any]:
        if not vetted_id:
            raise AssistantError("还没有选择要删除的核定答案，请先选择。")
        gate.editing.remove_vetted(vetted_id, editor=editor)
        return ["已删除。", "", "", *offered()]

    written = [question, answer, kept, listed]
    gate.on([kept.input], load, [kept], [question, *place.both, answer])
    gate.change(save.click, store, [kept, question, *place.both, answer], written)
    gate.change(drop.click, delete, [kept], written)
    gate.on(
        [tab.select],
        lambda _, document_id: ["", *filled(gate.index, document_id), *offered()],
        [place.document],
        [*place.both, kept, listed],
    )


def _holds(gate: Gate, vetted: Vetted) -> bool:
    """Whether the clause is there and still proves the answer."""
    try:
        document, clause = gate.editing.clause(vetted.document_id, vetted.label)
    except KnowledgeBaseError:
        return False
    return not faults_in(vetted, document, clause, gate.index.directory)


def units_part(gate: Gate, tab: Any) -> None:
    kept = gr.Dropdown([], value=None, label="修改或删除已有的（留空为新登记）", elem_id="unit-kept")
    fields = _unit_fields()
    with gr.Row(elem_classes="actions"):
        save = gr.Button("保存", variant="primary", elem_id="unit-save")
        drop = gr.Button("删除", elem_id="unit-drop")
    listed = gr.HTML("", elem_id="unit-list", apply_default_css=False)
    known = gr.HTML("", elem_id="directory-list", apply_default_css=False)

    def offered() -> list[Any]:
        found = gate.editing.units()
        choices = [("（新登记）", ""), *((f"{each.unit} {each.field.shown} {each.value}", each.id) for each in found)]
        return [gr.Dropdown(choices=choices, value=""), draw.units(found)]

    def load(_: str, entry_id: str | None) -> list[Any]:
        found = next((each for each in gate.editing.units() if each.id == entry_id), None)
        if found is None:
            return [None, *[gr.skip()] * 2, "", "", ""]
        return [None, found.unit, found.field.value, found.value, found.since, found.source]

    def store(editor: str, entry_id: str | None, *written: str | None) -> list[Any]:
        name, field, told, when, origin = (each or "" for each in written)
        record = UnitEntry(name, Field(field), told, origin, when)
        gate.editing.put_unit(replace(record, id=entry_id or ""), editor=editor)
        return ["已保存，现在起用在问答里。", *[gr.skip()] * 2, "", "", gr.skip(), *offered()]

    def delete(editor: str, entry_id: str | None) -> list[Any]:
        if not entry_id:
            raise AssistantError("还没有选择要删除的登记，请先选择。")
        gate.editing.remove_unit(entry_id, editor=editor)
        return ["已删除。", *[gr.skip()] * 2, "", "", "", *offered()]

    gate.on([kept.input], load, [kept], fields)
    gate.change(save.click, store, [kept, *fields], [*fields, kept, listed])
    gate.change(drop.click, delete, [kept], [*fields, kept, listed])

    def arrive(_: str, now: str | None) -> list[Any]:
        records = [record for record in gate.index.directory.records if record.responsible]
        names = sorted({record.name for record in records})
        return ["", gr.Dropdown(choices=names, value=now), *offered(), draw.directory(records)]

    gate.on([tab.select], arrive, fields[:1], [fields[0], kept, listed, known])


def _unit_fields() -> list[Any]:
    """Unit, kind, value, since, source."""
    with gr.Row(elem_classes="filters"):
        unit = gr.Dropdown(
            [],
            value=None,
            label="单位（文件里的名称）",
            allow_custom_value=True,
            scale=3,
            min_width=220,
            elem_id="unit-name",
        )
        kind = gr.Dropdown(
            [(each.shown, each.value) for each in Field],
            value=Field.ALIAS.value,
            label="类别",
            min_width=120,
            elem_id="unit-field",
        )
        value = gr.Textbox(label="内容", scale=3, min_width=200, max_length=300, elem_id="unit-value")
    with gr.Row(elem_classes="filters"):
        since = gr.Textbox(
            label="自何时（如 2024-03，不知道就留空）", min_width=200, max_length=20, elem_id="unit-since"
        )
        source = gr.Textbox(
            label="来源（文件、网站或经办人）", scale=3, min_width=220, max_length=300, elem_id="unit-source"
        )
    return [unit, kind, value, since, source]
