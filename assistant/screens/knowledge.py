"""知识库: where editors work. Whoever is not logged in gets a link to the login page, and none of the editors' data."""

import tempfile
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.accounts.access import COOKIE, NO_EDITOR
from assistant.screens.context import Context
from assistant.screens.frame import QUIET
from assistant.screens.knowledge_corrections import corrections_part, details_part
from assistant.screens.knowledge_files import documents_part, upload_part
from assistant.screens.knowledge_gate import Gate, editor_of
from assistant.screens.knowledge_queue import history_part, queue_part, usage_part
from assistant.screens.knowledge_words import similar_part, units_part, vetted_part
from ingest.errors import KnowledgeBaseError

PATH = "knowledge"
_LOGIN = (
    '<section class="gate"><p>这一页供编辑使用：上传和更正文件、添加相似问、处理没有答出的问题。</p>'
    f'<p><a class="copy primary" href="/login?next=/{PATH}">登录</a></p></section>'
)
_NO_EDITOR = f'<section class="gate"><p>这一页没有开放。{escape(NO_EDITOR)}</p></section>'
_OTHERS: dict[str, Callable[[Gate, Any], None]] = {
    "文件": documents_part,
    "文件信息": details_part,
    "更正": corrections_part,
    "相似问": similar_part,
    "单位名录": units_part,
    "待处理": queue_part,
    "核定答案": vetted_part,
    "用量": usage_part,
    "历史": history_part,
}


def page(context: Context, blocks: gr.Blocks) -> None:
    """The parts are filled only for an editor; each event asks again."""
    closed = gr.HTML('<p class="empty">正在打开……</p>', elem_id="gate", apply_default_css=False)
    with gr.Column(visible=False, elem_id="knowledge") as room:
        told = gr.HTML("", elem_id="knowledge-told", apply_default_css=False)
        gate = Gate(context, told)
        with gr.Tabs(elem_id="parts"):
            with gr.Tab("上传") as first:
                fill, filled = upload_part(gate, first)
            for name, part in _OTHERS.items():
                with gr.Tab(name) as tab:
                    part(gate, tab)

    def arrive(request: gr.Request) -> list[Any]:
        editor = editor_of(context.access, request)
        if editor is None:
            shut = _LOGIN if context.access.has_editor else _NO_EDITOR
            return [shut, gr.Column(visible=False), *[gr.skip()] * len(filled)]
        return [_who(editor), gr.Column(visible=True), *fill()]

    blocks.load(arrive, None, [closed, room, *filled], **QUIET)


def _who(editor: str) -> str:
    return (
        f'<form class="who" method="post" action="/logout"><span>编辑：{escape(editor)}</span>'
        '<button class="copy" type="submit">退出登录</button></form>'
    )


def add_routes(app: FastAPI, context: Context) -> None:
    """Downloads for editors, and no upload from anybody else."""
    app.add_middleware(OnlyEditorsUpload, context=context)

    @app.get("/export/knowledge/{name}", include_in_schema=False)
    def export(name: str, request: Request) -> Response:
        if not _is_editor(context, request):
            return PlainTextResponse("只有登录的编辑可以导出，请先登录。", status_code=403)
        if name not in _FILES:
            return PlainTextResponse("没有这个导出文件，请从页面上的链接下载。", status_code=404)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            try:
                _FILES[name](context, path)
            except KnowledgeBaseError as error:
                return PlainTextResponse(str(error), status_code=400)
            return Response(
                path.read_bytes(),
                media_type="application/octet-stream",
                headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
            )


class OnlyEditorsUpload:
    """Gradio takes uploads from whoever sends them; here they are taken from editors alone."""

    def __init__(self, app: ASGIApp, context: Context) -> None:
        self._app, self._context = app, context

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = (
            scope["type"] == "http"
            and scope["path"].rstrip("/").endswith("/upload")
            and not _is_editor(self._context, Request(scope))
        )
        answer = PlainTextResponse("只有登录的编辑可以上传文件，请先登录。", status_code=403)
        await (answer if refused else self._app)(scope, receive, send)


def _is_editor(context: Context, request: Request) -> bool:
    return context.access.editor_of(request.cookies.get(COOKIE)) is not None


_FILES: dict[str, Callable[[Context, Path], int]] = {
    "similar.jsonl": lambda context, path: context.editing.export_similar(path),
    "similar.xlsx": lambda context, path: context.editing.export_similar(path),
    "journal.csv": lambda context, path: context.editing.journal_export(path),
    "journal.xlsx": lambda context, path: context.editing.journal_export(path),
}
