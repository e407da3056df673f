"""The screens and the server; the only place where the parts are put together. ``python ui.py`` starts it."""

import logging
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import socket

    from fastapi import FastAPI

    from assistant.ask import Assistant
    from assistant.conversation import Conversation, Screen, Talk
    from index.search import Index

TITLE = "政策问答"
_ASSETS = Path(__file__).parent / "assistant"
_CHIPS = 3
_LOG = logging.getLogger(__name__)
_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
_WELCOME = "说您想办的事、任务编号、单位名称或文件里的一句话；答案会注明任务编号和全部责任单位，并附原文。"
Messages = list[dict[str, Any]]


def main(argv: Sequence[str] | None = None) -> int:
    """Serve the app; exit code 1 with one sentence when it cannot, 2 on wrong usage."""
    from assistant.ask import Assistant
    from assistant.conversation import Conversation
    from assistant.journal import Journal
    from assistant.launch import listening, open_index, read_settings, stay_offline
    from ingest.errors import KnowledgeBaseError

    try:
        settings = read_settings(argv, os.environ)
        stay_offline(os.environ, settings)
        logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s")
        with listening(settings.host, settings.port) as door:
            assistant = Assistant(open_index(settings))
            serve(Conversation(assistant, Journal.open(settings.data)), door)
    except KnowledgeBaseError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def serve(conversation: "Conversation", door: "socket.socket") -> None:
    """Answer at ``door`` until stopped."""
    import uvicorn

    server = uvicorn.Server(uvicorn.Config(application(conversation), log_level="warning"))
    host, port = door.getsockname()[:2]
    print(f"政策问答已启动：http://{host}:{port}", file=sys.stderr)
    server.run(sockets=[door])


def application(conversation: "Conversation") -> "FastAPI":
    """The screens and the plain routes in one ASGI application."""
    import gradio as gr
    from fastapi import FastAPI

    from assistant.downloads import add_routes

    app = FastAPI(title=TITLE, docs_url=None, redoc_url=None)

    add_routes(app, conversation.assistant.index)
    script = (_ASSETS / "present.js").read_text(encoding="utf-8")
    with warnings.catch_warnings():  # Gradio says on every start that several pages rule out rendering on the server
        warnings.filterwarnings("ignore", message="SSR mode")
        served: FastAPI = gr.mount_gradio_app(
            app,
            screens(conversation),
            path="/",
            theme=_theme(),
            css=(_ASSETS / "present.css").read_text(encoding="utf-8"),
            head=f"<script>{script}</script>",
            footer_links=[],
            show_error=False,
            ssr_mode=False,
        )
    return served


def _theme() -> Any:
    import gradio as gr

    fonts = ["PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"]
    return gr.themes.Default(primary_hue="blue", neutral_hue="slate", font=fonts, font_mono=["monospace"])


def screens(conversation: "Conversation") -> Any:
    """All pages as Gradio Blocks."""
    import gradio as gr
    from gradio.components import Navbar

    index = conversation.assistant.index
    pages = {
        "检索": ("search", _search_page),
        "分工表": ("matrix", _matrix_page),
        "文件": ("document", _document_page),
        "检验": ("trace", _trace_page),
    }
    with gr.Blocks(title=TITLE, fill_width=True) as blocks:
        Navbar(main_page_name="问答")
        _ask_page(conversation, blocks)
    for name, (path, page) in pages.items():
        with blocks.route(name, path):
            Navbar(main_page_name="问答")
            gr.HTML(f"<h1>{name}</h1>", elem_classes="page-title", apply_default_css=False)
            page(index, blocks)
    blocks.queue(default_concurrency_limit=4)
    return blocks


def _ask_page(conversation: "Conversation", blocks: Any) -> None:
    """问答: the conversation on the left, its evidence on the right; nothing moves when an answer comes."""
    import gradio as gr

    from assistant.conversation import Talk
    from assistant.journal import Verdict

    def heading() -> str:
        return f"<h1>{TITLE}</h1><p>{conversation.scope}</p>"

    title = gr.HTML(heading(), elem_id="title", apply_default_css=False)
    with gr.Row(equal_height=False, elem_id="ask"):
        with gr.Column(scale=3, min_width=300, elem_id="ask-left"):
            with gr.Column(elem_id="welcome") as welcome:
                gr.HTML(f'<h2>请直接提问</h2><p class="lead">{_WELCOME}</p>', apply_default_css=False)
                openings = _openings(conversation.assistant)
            with gr.Column(visible=False, elem_id="talk") as talking:
                chat = _chat()
                with gr.Row(elem_id="followups"):
                    chips = [gr.Button(visible=False, size="sm", elem_classes="ask-chip") for _ in range(_CHIPS)]
                with gr.Row(elem_id="answer-bar"):
                    copies = gr.HTML("", elem_id="copies", apply_default_css=False)
                    gr.HTML('<span class="bar-label">评价</span>', apply_default_css=False)
                    verdicts = {each: gr.Button(str(each), size="sm", elem_classes="verdict") for each in Verdict}
            with gr.Row(elem_id="ask-row"):
                box = _question_box()
                send = gr.Button("提问", variant="primary", scale=0, min_width=76, elem_id="send")
                controls = [
                    gr.Button(label, scale=0, min_width=64, interactive=False, elem_id=name)
                    for name, label in (("stop", "停止"), ("retry", "重试"), ("clear", "清空"))
                ]
            told = gr.HTML("", elem_id="told", apply_default_css=False)
        with gr.Column(scale=2, min_width=300, elem_id="ask-right"):
            evidence = gr.HTML(conversation.holdings, elem_id="evidence", apply_default_css=False)
    talk = gr.State(Talk())
    outputs = [talk, chat, evidence, copies, told, box, welcome, talking, *chips, *controls]

    def respond(question: str, before: Talk, messages: Messages, request: gr.Request) -> Iterator[list[Any]]:
        turn = conversation.ask(question, before, messages, session=str(request.session_hash))
        yield from _guarded(conversation, turn, before, messages)

    def again(before: Talk, messages: Messages, request: gr.Request) -> Iterator[list[Any]]:
        turn = conversation.retry(before, messages, session=str(request.session_hash))
        yield from _guarded(conversation, turn, before, messages)

    stop, retry, clear = controls
    triggers = [(box, box.submit), (box, send.click), *((chip, chip.click) for chip in (*openings, *chips))]
    asking = [trigger(respond, [source, talk, chat], outputs, **_QUIET) for source, trigger in triggers]
    asking.append(retry.click(again, [talk, chat], outputs, **_QUIET))
    stop.click(lambda now: _drawn(conversation.stopped(now)), [talk], outputs, cancels=asking, **_QUIET)
    clear.click(lambda: _drawn(conversation.cleared()), None, outputs, cancels=asking, **_QUIET)
    blocks.load(heading, None, title, **_QUIET)
    for verdict, button in verdicts.items():
        button.click(partial(conversation.rated, verdict=verdict), [talk], [told], **_QUIET)


def _chat() -> Any:
    import gradio as gr

    return gr.Chatbot(
        label="对话",
        show_label=False,
        elem_id="chat",
        buttons=[],
        feedback_options=None,
        autoscroll=False,
        latex_delimiters=[],
        group_consecutive_messages=False,
    )


def _question_box() -> Any:
    import gradio as gr

    return gr.Textbox(
        label="问题",
        show_label=False,
        container=False,
        placeholder="例如：第7项由哪些单位负责？",
        scale=5,
        min_width=200,
        max_lines=4,
        max_length=2000,
        elem_id="question",
    )


def _openings(assistant: "Assistant") -> list[Any]:
    """Six opening questions in three groups."""
    import gradio as gr

    from assistant.openings import opening_questions

    buttons = []
    with gr.Row(elem_id="openings"):
        for name, questions in opening_questions(assistant):
            with gr.Column(min_width=200):
                gr.HTML(f'<h3 class="opening-title">{name}</h3>', apply_default_css=False)
                buttons += [gr.Button(question, elem_classes="ask-chip") for question in questions]
    return buttons


def _guarded(
    conversation: "Conversation", turn: "Iterator[Screen]", before: "Talk", messages: Messages
) -> Iterator[list[Any]]:
    """Draw a turn; a defect is logged and said in one sentence, and the question stays for another try."""
    screen = None
    try:
        for screen in turn:
            yield _drawn(screen)
    except Exception:  # noqa: BLE001 — the one place that turns a defect into a sentence
        _LOG.exception("no answer")
        yield _drawn(conversation.failed(screen.talk if screen else before, messages))


def _drawn(screen: "Screen") -> list[Any]:
    """A screen as Gradio updates, in the order of the page's outputs."""
    import gradio as gr

    parts = [screen.messages, screen.evidence, screen.copies, screen.told]
    begun, running = bool(screen.talk.questions), screen.is_running
    fresh = screen.messages is not None
    shown = [gr.skip()] * _CHIPS
    if screen.chips is not None:
        texts = [*screen.chips, *[""] * _CHIPS][:_CHIPS]
        shown = [gr.Button(text, visible=True) if text else gr.Button(visible=False) for text in texts]
    buttons = [gr.skip()] * 3
    if running is not None:
        buttons = [
            gr.Button(interactive=running),
            gr.Button(interactive=begun and not running),
            gr.Button(interactive=begun),
        ]
    return [
        screen.talk,
        *(gr.skip() if part is None else part for part in parts),
        "" if running else gr.skip(),
        gr.Column(visible=not begun) if fresh else gr.skip(),
        gr.Column(visible=begun) if fresh else gr.skip(),
        *shown,
        *buttons,
    ]


def _search_page(index: "Index", blocks: Any) -> None:
    """检索: words and filters, hits highlighted."""
    from assistant.page_search import search_page

    _query_page(index, blocks, search_page, "词语、句子、任务编号或单位，例如：上云率")


def _trace_page(index: "Index", blocks: Any) -> None:
    """检验: what every leg of the search makes of a question."""
    from assistant.page_trace import trace_page

    _query_page(index, blocks, trace_page, "输入一个问题，看它是怎样被检索的")


def _query_page(index: "Index", blocks: Any, draw: Callable[..., str], placeholder: str) -> None:
    """A query, filters and what ``draw`` makes of them; the address may bring the query: ?q=…"""
    import gradio as gr

    from assistant.narrowing import Fields

    with gr.Row(elem_classes="query-row"):
        query = gr.Textbox(
            label="检索词", container=False, placeholder=placeholder, scale=5, max_length=2000, elem_id="query"
        )
        go = gr.Button("检索", variant="primary", scale=0, min_width=76, elem_id="go")
    fields = _filter_row(index)
    results = gr.HTML(draw(index, "", Fields()), elem_id="results", apply_default_css=False)

    def respond(text: str, *values: str | None) -> str:
        return _said(draw, index, text, Fields(*(value or "" for value in values)))

    def arrive(request: gr.Request) -> tuple[Any, Any, Any]:
        text, titles = request.query_params.get("q", ""), gr.Dropdown(choices=_titles(index))
        if not text:  # somebody may be typing already
            return gr.skip(), titles, gr.skip()
        return text, titles, _said(draw, index, text, Fields())

    triggers = [query.submit, go.click]
    triggers += [field.submit if isinstance(field, gr.Textbox) else field.input for field in fields]
    for trigger in triggers:
        trigger(respond, [query, *fields], results, **_QUIET)
    blocks.load(arrive, None, [query, fields[0], results], **_QUIET)


def _matrix_page(index: "Index", blocks: Any) -> None:
    """分工表: units × tasks; the address may name the document and the unit: ?doc=…&unit=…"""
    import gradio as gr

    from assistant.narrowing import ANY
    from assistant.page_matrix import matrix_page, with_units

    def choices() -> list[tuple[str, str]]:
        return [*((document.title, document.id) for document in with_units(index)), (ANY, ANY)]

    first = choices()[0][1]
    with gr.Row(elem_classes="filters"):
        document = gr.Dropdown(choices(), value=first, label="文件", scale=3, min_width=220)
        unit = gr.Textbox(label="责任单位（简称、旧称也可，留空看全表）", scale=2, min_width=220, elem_id="unit")
        go = gr.Button("查看", variant="primary", scale=0, min_width=76)
    table = gr.HTML(matrix_page(index, first, ""), elem_id="matrix", apply_default_css=False)

    def show(document_id: str | None, name: str) -> str:
        return _said(matrix_page, index, document_id or ANY, name)

    def arrive(request: gr.Request) -> tuple[Any, Any, Any]:
        document_id, name = (request.query_params.get(key, "") for key in ("doc", "unit"))
        offered = choices()
        if not (document_id or name):
            return gr.Dropdown(choices=offered), gr.skip(), gr.skip()
        chosen = document_id if document_id in [value for _, value in offered] else offered[0][1]
        return gr.Dropdown(choices=offered, value=chosen), name, show(chosen, name)

    for trigger in (document.input, unit.submit, go.click):
        trigger(show, [document, unit], table, **_QUIET)
    blocks.load(arrive, None, [document, unit, table], **_QUIET)


def _document_page(index: "Index", blocks: Any) -> None:
    """文件: the reader; the address names the document and the clause: ?doc=…#任务7"""
    import gradio as gr

    from assistant.page_document import document_page

    reader = gr.HTML('<p class="empty">正在打开文件……</p>', elem_id="reader", apply_default_css=False)

    def arrive(request: gr.Request) -> str:
        return _said(document_page, index, *(request.query_params.get(key, "") for key in ("doc", "focus")))

    blocks.load(arrive, None, reader, **_QUIET)


def _said(draw: Callable[..., str], *values: Any) -> str:
    """A page's content; a defect is logged and said in one sentence."""
    try:
        return draw(*values)
    except Exception:  # noqa: BLE001 — as in _guarded
        _LOG.exception("%s failed", draw.__name__)
        return '<p class="empty" role="alert">程序出错，没有显示出来；详情已写入运行日志，请重试。</p>'


def _titles(index: "Index") -> list[tuple[str, str]]:
    from assistant.narrowing import ANY

    return [(ANY, ANY), *((card.title, card.id) for card in index.documents())]


def _filter_row(index: "Index") -> list[Any]:
    """The five fields of ``Fields``, in its order."""
    import gradio as gr

    from assistant.narrowing import ANY, LEVELS
    from ingest.document import Status

    with gr.Row(elem_classes="filters"):
        return [
            gr.Dropdown(_titles(index), value=ANY, label="文件", scale=3, min_width=200),
            gr.Dropdown([ANY, *LEVELS], value=ANY, label="层级", min_width=100),
            gr.Textbox(label="责任单位（简称也可）", scale=2, min_width=160, elem_id="unit"),
            gr.Textbox(label="任务编号", min_width=100, elem_id="task"),
            gr.Dropdown([ANY, *map(str, Status)], value=ANY, label="有效性", min_width=110),
        ]


if __name__ == "__main__":
    sys.exit(main())
