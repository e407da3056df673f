"""The screens and the server; the only place where the parts are put together. ``python ui.py`` starts it."""

import os
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import socket

    from fastapi import FastAPI

    from assistant.screens.context import Context
    from assistant.screens.waiting import Waiting

TITLE = "政策问答"
_PATIENCE_S = 10
"""How long a stopping server waits for answers under way."""
_ASSETS = Path(__file__).parent / "assistant" / "screens"


def main(argv: Sequence[str] | None = None) -> int:
    """Serve the app; exit code 1 with one sentence when it cannot, 2 on wrong usage."""
    from assistant import logs
    from assistant.accounts.access import Access
    from assistant.api.settings import Limits
    from assistant.ask import Assistant
    from assistant.editing import Editing
    from assistant.journal import Journal
    from assistant.launch import (
        collect_seldom,
        keep_few_heaps,
        listening,
        open_index,
        read_settings,
        stay_offline,
        take_turns,
    )
    from assistant.model.proposing import proposer
    from assistant.screens.context import Context
    from assistant.screens.conversation import Conversation
    from ingest.errors import KnowledgeBaseError

    collect_seldom()
    try:
        settings = read_settings(argv, os.environ)
        stay_offline(os.environ, settings)
        keep_few_heaps()
        take_turns()
        logs.begin(settings.log_level, settings.log_form)
        access, limits = Access.from_env(os.environ, settings.home), Limits.from_env(os.environ)
        with listening(settings.host, settings.port) as door:
            assistant = Assistant(open_index(settings), model=settings.llm, rephrase=settings.rephrase)
            journal = Journal.open(settings.home)
            if settings.journal_days:
                journal.keep_for(settings.journal_days)
            propose = proposer(settings.llm, assistant.index, settings.home) if settings.llm else None
            editing = Editing.open(settings.home, assistant.index, journal, model=settings.model, propose=propose)
            context = Context(assistant, journal, Conversation(assistant, journal), editing, access, limits)
            serve(context, door, chroma=settings.chroma)
    except KnowledgeBaseError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def serve(context: "Context", door: "socket.socket", *, chroma: str) -> None:
    """Answer at ``door`` until stopped: programs at once, and on the screens when they are made."""
    import uvicorn

    from assistant.launch import settle
    from assistant.screens.waiting import Waiting

    def make() -> "FastAPI":
        made = screens(context)
        settle(context.index, chroma)
        return made

    def give_up() -> None:
        server.should_exit = True

    waiting = Waiting(make, give_up)
    config = uvicorn.Config(
        application(context, waiting),
        log_config=None,  # its lines are written like ours
        log_level="warning",
        access_log=False,  # ours tells more, and no question
        server_header=False,
        ws="none",  # no page needs it, and whoever asks for it in a request of another kind was never answered
        timeout_graceful_shutdown=_PATIENCE_S,  # pages keep a connection open for as long as they are
    )
    server = uvicorn.Server(config)
    host, port = door.getsockname()[:2]
    print(f"政策问答已启动：http://{host}:{port}", file=sys.stderr)
    server.run(sockets=[door])
    if waiting.fault:
        raise waiting.fault


def application(context: "Context", waiting: "Waiting") -> "FastAPI":
    """The plain routes, and behind them the screens, in one ASGI application."""
    from fastapi import FastAPI

    from assistant import api
    from assistant.screens.missing import ChinesePages

    app = FastAPI(title=TITLE, openapi_url=None, docs_url=None, redoc_url=None, lifespan=lambda _: waiting.running())
    app.add_middleware(ChinesePages)
    api.add_routes(app, context)
    app.mount("/", waiting)
    return app


def screens(context: "Context") -> "FastAPI":
    """All pages and what they need, as an application of its own; importing Gradio takes most of its time."""
    from assistant.screens.lighter import lighter_gradio, served_once

    with lighter_gradio():
        import gradio as gr
    from fastapi import FastAPI
    from starlette.routing import Mount

    from assistant.api.pages import Pages
    from assistant.screens import knowledge
    from assistant.screens.downloads import add_routes, add_scripts
    from assistant.screens.tabs import keep_little

    app = FastAPI(title=TITLE, openapi_url=None, docs_url=None, redoc_url=None)
    add_routes(app, context)
    knowledge.add_routes(app, context)
    with served_once():
        blocks = pages(context)
    app.add_middleware(Pages, inputs={number: len(event.inputs) for number, event in blocks.fns.items() if event.fn})
    # Gradio says on every start that several pages rule out rendering on the server
    warnings.filterwarnings("ignore", message="SSR mode")
    served: FastAPI = gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        theme=_theme(),
        css="".join((_ASSETS / name).read_text(encoding="utf-8") for name in ("present.css", "knowledge.css")),
        head=add_scripts(app),
        footer_links=[],
        show_error=False,
        ssr_mode=False,
    )
    blocks.app = next(route.app for route in served.routes if isinstance(route, Mount))
    keep_little(served, blocks)
    return served


def _theme() -> Any:
    import gradio as gr

    fonts = ["PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"]
    theme = gr.themes.Default(
        primary_hue="blue", neutral_hue="slate", text_size=_sizes(), font=fonts, font_mono=["monospace"]
    )
    colours = {each: f"var(--{ours})" for ours, names in _COLOURS.items() for each in names}
    return theme.set(**colours, **{f"{name}_dark": colour for name, colour in colours.items()})


_COLOURS = {
    "accent": ("link_text_color", "checkbox_background_color_selected", "checkbox_border_color_selected"),
    "ink": ("body_text_color", "block_label_text_color", "block_title_text_color"),
    "quiet": ("input_placeholder_color", "body_text_color_subdued"),
    "line": ("border_color_primary", "input_border_color", "block_border_color"),
    "paper": (
        "background_fill_primary",
        "block_background_fill",
        "block_label_background_fill",
        "input_background_fill",
    ),
    "ground": ("body_background_fill", "background_fill_secondary"),
}
"""What Gradio draws by itself takes the colours of ``present.css``, which differ by day and by night."""


def _sizes() -> Any:
    """Nothing that is read is smaller than 16 px."""
    from gradio.themes.utils.sizes import Size

    return Size(name="legible", xxs="16px", xs="16px", sm="16px", md="16px", lg="18px", xl="22px", xxl="26px")


def pages(context: "Context") -> Any:
    """All pages as Gradio Blocks."""
    import gradio as gr
    from gradio.components import Navbar

    from assistant.screens import ask
    from assistant.screens.drawn import Drawn, remember_signatures

    with Drawn(title=TITLE, fill_width=True) as blocks:
        Navbar(main_page_name="问答")
        ask.page(context, blocks)
    for name, (path, page) in _pages().items():
        with blocks.route(name, path):
            Navbar(main_page_name="问答")
            gr.HTML(f"<h1>{name}</h1>", elem_classes="page-title", apply_default_css=False)
            page(context, blocks)
    remember_signatures(blocks.blocks.values())
    # the one gate of pages and programs decides who is computed for, who waits and who is sent away; this queue only passes on
    most = context.limits.at_once + context.limits.waiting
    blocks.max_threads = max(blocks.max_threads, 2 * most)
    blocks.queue(default_concurrency_limit=None, max_size=most)
    return blocks


def _pages() -> dict[str, tuple[str, Callable[["Context", Any], None]]]:
    """Name → address and page, in the order of the navigation; 问答 stands before them."""
    from assistant.screens import document, knowledge, matrix, search, trace

    return {
        "检索": ("search", search.page),
        "分工表": ("matrix", matrix.page),
        "文件": ("document", document.page),
        "检验": ("trace", trace.page),
        "知识库": (knowledge.PATH, knowledge.page),
    }


if __name__ == "__main__":
    sys.exit(main())
