"""The screens and the server; the only place where the parts are put together. ``python ui.py`` starts it."""

import argparse
import logging
import os
import socket
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.ask import Assistant

TITLE = "政策问答"
_STYLE = Path(__file__).parent / "assistant" / "present.css"
_CHIPS = 3
_WELCOME = (
    "### 请直接提问\n说您想办的事、任务编号、单位名称或文件里的一句话；答案会注明任务编号和全部责任单位，并附原文。"
)

Message = dict[str, Any]


def main(argv: Sequence[str] | None = None) -> int:
    """Serve the app; exit code 1 with one sentence when it cannot."""
    from ingest.errors import KnowledgeBaseError

    options = _parser(os.environ).parse_args(argv)
    _stay_offline(os.environ)
    logging.basicConfig(level=options.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        _require_free_port(options.host, options.port)
        assistant = _assistant(options.data)
        serve(assistant, host=options.host, port=options.port)
    except KnowledgeBaseError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def _parser(environment: Mapping[str, str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python ui.py", description="启动政策问答网页（默认 http://127.0.0.1:7860）。"
    )
    parser.add_argument("--host", default=environment.get("POLICY_HOST") or "127.0.0.1", help="监听地址，默认只限本机")
    parser.add_argument("--port", type=int, default=int(environment.get("POLICY_PORT") or 7860), help="端口，默认 7860")
    parser.add_argument(
        "--data", type=Path, default=Path(environment.get("POLICY_DATA") or "data"), help="知识库文件夹"
    )
    parser.add_argument("--share", choices=["no"], default="no", help="不提供公网分享，只能是 no")
    parser.set_defaults(log_level=environment.get("POLICY_LOG_LEVEL") or "warning")
    return parser


def _stay_offline(environment: "os._Environ[str]") -> None:
    """Nothing may leave the machine; a model named by the user may still be fetched unless they forbid it."""
    environment["GRADIO_ANALYTICS_ENABLED"] = "False"
    environment["ANONYMIZED_TELEMETRY"] = "False"
    if not environment.get("POLICY_EMBED_MODEL"):
        environment["HF_HUB_OFFLINE"] = "1"


def _require_free_port(host: str, port: int) -> None:
    from ingest.errors import AssistantError

    try:
        with socket.create_server((host, port)):
            pass
    except OSError as error:
        raise AssistantError(
            f"不能在 {host}:{port} 上启动（{error.strerror or error}），请用 --port 换一个端口或关掉占用它的程序。"
        ) from error


def _assistant(data: Path) -> "Assistant":
    """The assistant over ``data``; on the first start the seeds are indexed, with progress on stderr."""
    from assistant.ask import Assistant
    from index.__main__ import main as index_command
    from index.search import Index
    from ingest.errors import IndexingError

    try:
        return Assistant(Index.open(data))
    except IndexingError:
        if data.exists() and any(data.iterdir()):
            raise
    print("第一次启动，正在建立知识库……", file=sys.stderr)
    if index_command(["build", "--data", str(data)]) != 0:
        raise IndexingError("知识库没有建成，请按上面的提示处理后重新启动。")
    return Assistant(Index.open(data))


def serve(assistant: "Assistant", *, host: str, port: int) -> None:
    """Run until stopped."""
    import uvicorn

    print(f"政策问答已启动：http://{host}:{port}", file=sys.stderr)
    uvicorn.run(application(assistant), host=host, port=port, log_level="warning")


def application(assistant: "Assistant") -> "FastAPI":
    """The screens and the health route in one ASGI application."""
    import gradio as gr
    from fastapi import FastAPI

    app = FastAPI(title=TITLE, docs_url=None, redoc_url=None)

    @app.get("/healthz")
    def healthz() -> dict[str, object]:
        return {"status": "ok", "documents": len(assistant.index.documents())}

    return gr.mount_gradio_app(
        app,
        screens(assistant),
        path="/",
        theme=_theme(),
        css=_STYLE.read_text(encoding="utf-8"),
        footer_links=[],
        show_error=False,
    )


def _theme() -> Any:
    import gradio as gr

    fonts = ["PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"]
    return gr.themes.Default(primary_hue="blue", neutral_hue="slate", font=fonts, font_mono=["monospace"])


def screens(assistant: "Assistant") -> Any:
    """All pages as Gradio Blocks."""
    import gradio as gr

    with gr.Blocks(title=TITLE, fill_width=True) as blocks:
        gr.HTML(f"<h1>{TITLE}</h1><p>{scope_line(assistant)}</p>", elem_id="title")
        with gr.Row(equal_height=False):
            with gr.Column(scale=3, min_width=320):
                chat = gr.Chatbot(
                    label="对话",
                    elem_id="chat",
                    height="60vh",
                    buttons=["copy"],
                    feedback_options=None,
                    placeholder=_WELCOME,
                )
                followups = [gr.Button(visible=False, size="sm", elem_classes="ask-chip") for _ in range(_CHIPS)]
                with gr.Row():
                    box = gr.Textbox(
                        label="问题",
                        show_label=False,
                        placeholder="例如：第7项由哪些单位负责？",
                        scale=5,
                        max_lines=4,
                        autofocus=True,
                        elem_id="question",
                    )
                    send = gr.Button("提问", variant="primary", scale=1, min_width=88, elem_id="send")
                openings = _openings(assistant)
            with gr.Column(scale=2, min_width=320):
                evidence = gr.HTML(
                    '<section class="evidence"><p class="empty">答案的依据会显示在这里。</p></section>',
                    elem_id="evidence",
                )
        outputs = [box, chat, evidence, *followups]

        def respond(question: str, messages: list[Message]) -> Iterator[list[Any]]:
            yield from conversation(assistant, question, messages)

        for trigger in (box.submit, send.click):
            trigger(respond, [box, chat], outputs, api_name=False, show_progress="hidden")
        for chip in (*openings, *followups):
            chip.click(respond, [chip, chat], outputs, api_name=False, show_progress="hidden")
    return blocks


def _openings(assistant: "Assistant") -> list[Any]:
    """Six opening questions in three groups."""
    import gradio as gr

    from assistant.openings import opening_questions

    buttons = []
    with gr.Row():
        for name, questions in opening_questions(originals(assistant)):
            with gr.Column(min_width=220):
                gr.HTML(f'<p class="opening-title">{name}</p>')
                buttons += [gr.Button(question, size="sm", elem_classes="ask-chip") for question in questions]
    return buttons


def conversation(assistant: "Assistant", question: str, messages: list[Message]) -> Iterator[list[Any]]:
    """One turn: the evidence appears first, then the answer line by line, then the follow-up chips."""
    import gradio as gr

    from assistant import present
    from ingest.errors import KnowledgeBaseError

    hidden = [gr.Button(visible=False)] * _CHIPS
    question = question.strip()
    history = [_text(message) for message in messages if message["role"] == "user"]
    asked = [*messages, {"role": "user", "content": question}]
    if not question:
        yield ["", messages, _notice("请输入要查的事情、任务编号或单位名称。"), *hidden]
        return
    try:
        for answer in assistant.stream(question, history):
            reply = {"role": "assistant", "content": present.markdown(answer, len(history)) or "……"}
            yield ["", [*asked, reply], present.cards(answer, len(history)), *hidden]
    except KnowledgeBaseError as error:
        yield ["", [*asked, {"role": "assistant", "content": str(error)}], _notice(str(error)), *hidden]
        return
    chips = [gr.Button(text, visible=True) for text in answer.followups[:_CHIPS]]
    yield ["", [*asked, reply], present.cards(answer, len(history)), *chips, *hidden[len(chips) :]]


def _text(message: Message) -> str:
    """The words of a chat message; Gradio hands text back as a list of parts."""
    content = message["content"]
    if isinstance(content, str):
        return content
    return "".join(part if isinstance(part, str) else str(part.get("text", "")) for part in content)


def _notice(sentence: str) -> str:
    from html import escape

    return f'<section class="evidence"><p class="empty" role="alert">{escape(sentence)}</p></section>'


def originals(assistant: "Assistant") -> list[Any]:
    """The documents whose text is held."""
    from ingest.document import Form

    documents = [assistant.index.document(summary.id) for summary in assistant.index.documents()]
    return [document for document in documents if document.form is Form.ORIGINAL]


def scope_line(assistant: "Assistant") -> str:
    """How many documents, as of when: what an answer can rest on."""
    from html import escape

    held = originals(assistant)
    known = len(assistant.index.documents()) - len(held)
    dates = sorted(document.issued_on for document in held if document.issued_on)
    latest = f"，最新成文 {dates[-1]}" if dates else ""
    sheets = f"，另有 {known} 份只有要点" if known else ""
    names = f"：{escape(held[0].title)}" if len(held) == 1 else ""
    return f"库内原文 {len(held)} 份{names}{latest}{sheets}。只依据这些文件回答，不联网。"


if __name__ == "__main__":
    sys.exit(main())
