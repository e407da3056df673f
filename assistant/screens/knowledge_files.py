"""知识库 ▸ 上传, 文件: from a file to a published document."""

import threading
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import gradio as gr

from assistant.editing import Stage
from assistant.screens import knowledge_draw as draw
from assistant.screens.knowledge_gate import Gate
from assistant.screens.knowledge_pick import all_titles
from assistant.screens.markup import matrix_link, reader_link
from index.search import Index
from ingest.errors import AssistantError, KnowledgeBaseError

_FORMATS = "可以读 docx、doc、wps、pdf、ofd、txt、html、xlsx、csv、图片，以及装着这些文件的 zip；每份先读成草稿，发布后才用来回答。"


def upload_part(gate: Gate, tab: Any) -> tuple[Any, list[Any]]:
    """What fills it, and what is filled, for the first look at the page."""
    editing = gate.editing
    files = gr.File(
        label="选择文件（可以多选）",
        file_count="multiple",
        elem_id="upload-files",
        height=170,
    )
    gr.HTML(f'<p class="quiet">{_FORMATS}</p>', apply_default_css=False)
    with gr.Row(elem_classes="query-row"):
        address = gr.Textbox(label="或填写网址（http 或 https）", max_length=2000, scale=5, elem_id="upload-url")
        read = gr.Button("读取", variant="primary", scale=0, min_width=90, elem_id="upload-read")
    progress = gr.HTML("", elem_id="upload-progress", apply_default_css=False)
    waiting = gr.CheckboxGroup([], label="待发布（勾选后发布或放弃）", elem_id="drafts")
    with gr.Row(elem_classes="actions"):
        publish = gr.Button("发布所选", variant="primary", elem_id="publish")
        discard = gr.Button("放弃所选", elem_id="discard")
    preview = gr.HTML("", elem_id="draft-preview", apply_default_css=False)
    listed = [waiting, preview]

    def list_drafts(marked: Sequence[str] | None = None) -> list[Any]:
        found = editing.drafts()
        choices = [(f"《{each.document.title or each.source}》 {each.audit}", each.id) for each in found]
        ids = [each.id for each in found]
        value = ids if marked is None else [each for each in marked if each in ids]
        return [gr.CheckboxGroup(choices=choices, value=value), draw.drafts(found)]

    def read_all(_: str, paths: Sequence[str] | None, url: str) -> Iterator[list[Any]]:
        sources = [*(paths or ()), *([url.strip()] if url.strip() else [])]
        stages: dict[str, Stage] = {}
        for stage in _read(gate, sources):
            if isinstance(stage, KnowledgeBaseError):
                yield ["", gr.skip(), gr.skip(), draw.progress(stages), *list_drafts()]
                raise stage
            stages[stage.source] = stage
            yield [None, gr.skip(), gr.skip(), draw.progress(stages), gr.skip(), gr.skip()]
        for path in paths or ():
            Path(path).unlink(missing_ok=True)  # the original is kept in the library
        said = "已读好，请核对后发布；发布前不会用来回答问题。"
        yield [said, None, "", draw.progress(stages), *list_drafts()]

    gate.stream(read.click, read_all, [files, address], [files, address, progress, *listed])
    gate.stream(address.submit, read_all, [files, address], [files, address, progress, *listed])

    def publish_all(editor: str, marked: Sequence[str]) -> list[Any]:
        ids = editing.publish(list(marked or ()), editor=editor)
        return [f"已发布 {len(ids)} 份，现在起用来回答问题。", _published(gate.index, ids), *list_drafts()]

    def discard_all(_: str, marked: Sequence[str]) -> list[Any]:
        if not marked:
            raise AssistantError("还没有选择要放弃的文件，请先勾选。")
        editing.discard(list(marked))
        return [f"已放弃 {len(marked)} 份。", "", *list_drafts()]

    gate.change(publish.click, publish_all, [waiting], [progress, *listed])
    gate.change(discard.click, discard_all, [waiting], [progress, *listed])
    gate.on([tab.select], lambda _: ["", *list_drafts()], [], listed)
    return list_drafts, listed


def _read(gate: Gate, sources: Sequence[str]) -> Iterator[Stage | KnowledgeBaseError]:
    """The stages as they are reached, in a thread of their own so that they can be seen; at the end what went wrong, if anything."""
    steps: SimpleQueue[Stage | KnowledgeBaseError | Exception | None] = SimpleQueue()

    def work() -> None:
        try:
            gate.editing.read(sources, say=steps.put)
            steps.put(None)
        except Exception as error:  # noqa: BLE001 — carried over to the thread that shows it
            steps.put(error)

    threading.Thread(target=work, name="read-upload", daemon=True).start()
    while (step := steps.get()) is not None:
        if isinstance(step, Exception) and not isinstance(step, KnowledgeBaseError):
            raise step
        yield step
        if isinstance(step, KnowledgeBaseError):
            return


def _published(index: Index, ids: Sequence[str]) -> str:
    """The way from what was just published to its pages."""
    titles = {card.id: card.title for card in index.documents()}
    links = "".join(
        f'<li><a href="{reader_link(each)}">{escape(titles.get(each) or each)}</a> <a href="{matrix_link(each)}">分工表</a></li>'
        for each in ids
    )
    return f'<ul class="holdings">{links}</ul>'


def documents_part(gate: Gate, tab: Any) -> None:
    editing = gate.editing
    marked = gr.Dropdown([], value=[], multiselect=True, label="选择文件（可以多选）", elem_id="documents")
    with gr.Row(elem_classes="actions"):
        again = gr.Button("重新读取", elem_id="reread")
        remove = gr.Button("删除", variant="stop", elem_id="remove")
    with gr.Row(visible=False, elem_classes="actions confirm") as confirming:
        asked = gr.HTML("", apply_default_css=False)
        sure = gr.Button("确认删除", variant="stop", elem_id="remove-sure")
        back = gr.Button("不删除", elem_id="remove-back")
    listed = gr.HTML("", elem_id="document-list", apply_default_css=False)
    outputs = [marked, confirming, asked, listed]

    def show(ids: Sequence[str] = ()) -> list[Any]:
        cards = gate.index.documents()
        choices = [(card.title or card.id, card.id) for card in cards]
        kept = [each for each in ids if each in [card.id for card in cards]]
        counts = editing.similar_counts()
        dropdown = gr.Dropdown(choices=choices, value=kept)
        return [dropdown, gr.Row(visible=False), "", draw.documents(gate.index, counts)]

    def reread(editor: str, ids: Sequence[str]) -> list[Any]:
        if not ids:
            raise AssistantError("还没有选择文件，请先选择。")
        return ["".join(editing.reread(list(ids), editor=editor)), *show(ids)]

    def ask(_: str, ids: Sequence[str]) -> list[Any]:
        if not ids:
            raise AssistantError("还没有选择要删除的文件，请先选择。")
        named = "、".join(f"《{title}》" for title, value in all_titles(gate.index) if value in ids)
        return [
            None,
            gr.skip(),
            gr.Row(visible=True),
            f"<p>删除{named}和它的相似问？可以在“历史”里撤销。</p>",
            gr.skip(),
        ]

    def delete(editor: str, ids: Sequence[str]) -> list[Any]:
        editing.remove(list(ids or ()), editor=editor)
        return [f"已删除 {len(ids)} 份，可以在“历史”里撤销。", *show()]

    gate.change(again.click, reread, [marked], outputs)
    gate.on([remove.click], ask, [marked], outputs)
    gate.change(sure.click, delete, [marked], outputs)
    gate.on([back.click], lambda _, ids: [None, *show(ids or ())], [marked], outputs)
    gate.on([tab.select], lambda _, ids: ["", *show(ids or ())], [marked], outputs)
