"""问答: the page where people ask."""

from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import Any

import gradio as gr

from assistant.ask import Assistant
from assistant.journal import Verdict
from assistant.screens.context import Context
from assistant.screens.conversation import Conversation, Screen, Talk
from assistant.screens.frame import LOG, QUIET, let_in_by_steps
from assistant.screens.openings import opening_questions

TITLE = "政策问答"
_CHIPS = 3
_TALKS = '<button type="button" class="copy" id="talks-open" aria-haspopup="dialog">历史对话</button>'
_WELCOME = "说您想办的事、任务编号、单位名称或文件里的一句话；答案会注明任务编号和全部责任单位，并附原文。"
_QUEUED = "前面还有人在问，正在排队……"
Messages = list[dict[str, Any]]
Act = Callable[..., AsyncIterator[list[Any]]]


def page(context: Context, blocks: gr.Blocks) -> None:
    """问答: the conversation on the left, its evidence on the right; nothing moves when an answer comes."""
    conversation = context.conversation

    def heading() -> str:
        return f"<h1>{TITLE}</h1><p>{conversation.scope}</p>"

    with gr.Row(elem_id="head"):
        title = gr.HTML(heading(), elem_id="title", apply_default_css=False)
        clear = gr.Button("新对话", size="sm", scale=0, min_width=76, interactive=False, elem_id="clear")
        gr.HTML(_TALKS, elem_id="talks", apply_default_css=False)
        kept = gr.Textbox(visible=False)
        reopen = gr.Button("打开", elem_id="reopen")
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
                    with gr.Row(elem_id="verdicts"):
                        gr.HTML('<span class="bar-label">评价</span>', apply_default_css=False)
                        verdicts = {each: gr.Button(str(each), size="sm", elem_classes="verdict") for each in Verdict}
                    retry = gr.Button("重试", size="sm", interactive=False, elem_id="retry", elem_classes="verdict")
            with gr.Column(elem_id="ask-foot"):
                with gr.Row(elem_id="ask-row"):
                    box = _question_box()
                    send = gr.Button("提问", variant="primary", scale=0, min_width=76, elem_id="send")
                    stop = gr.Button("停止", scale=0, min_width=64, interactive=False, elem_id="stop")
                told = gr.HTML("", elem_id="told", apply_default_css=False)
        with gr.Column(scale=2, min_width=300, elem_id="ask-right"):
            evidence = gr.HTML(conversation.holdings, elem_id="evidence", apply_default_css=False)
    talk = gr.State(Talk())
    outputs = [talk, chat, evidence, copies, told, box, welcome, talking, *chips, stop, retry, clear]

    respond, again = _asking(context)
    triggers = [(box, box.submit), (box, send.click), *((chip, chip.click) for chip in (*openings, *chips))]
    asking = [trigger(respond, [source, talk, chat], outputs, **QUIET) for source, trigger in triggers]
    asking.append(retry.click(again, [talk, chat], outputs, **QUIET))
    stop.click(lambda now: _drawn(conversation.stopped(now)), [talk], outputs, cancels=asking, **QUIET)
    clear.click(lambda: _drawn(conversation.cleared()), None, outputs, cancels=asking, **QUIET)
    # the browser's own script gives the conversation that it kept
    reopen.click(
        lambda text: _drawn(conversation.reopened(text)), [kept], outputs, js="() => [window.keptTalk()]", **QUIET
    )
    blocks.load(heading, None, title, **QUIET)
    for verdict, button in verdicts.items():
        button.click(partial(conversation.rated, verdict=verdict), [talk], [told], **QUIET)


def _chat() -> Any:
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
    return gr.Textbox(
        label="问题",
        show_label=False,
        container=False,
        placeholder="例如：第7项由哪些单位负责？",
        scale=5,
        min_width=200,
        max_lines=4,
        elem_id="question",
    )


def _openings(assistant: Assistant) -> list[Any]:
    """Six opening questions in three groups."""
    buttons = []
    with gr.Row(elem_id="openings"):
        for name, questions in opening_questions(assistant):
            with gr.Column(min_width=200):
                gr.HTML(f'<h3 class="opening-title">{name}</h3>', apply_default_css=False)
                buttons += [gr.Button(question, elem_classes="ask-chip") for question in questions]
    return buttons


def _asking(context: Context) -> tuple[Act, Act]:
    """A question, and the last one again. Who has to wait is told so, and who is sent away as well: the question stays in the box."""
    conversation = context.conversation

    def respond(request: gr.Request, question: str, before: Talk, messages: Messages) -> Iterator[list[Any]]:
        turn = conversation.ask(question, before, messages, session=str(request.session_hash))
        yield from guarded(conversation, turn, before, messages)

    def again(request: gr.Request, before: Talk, messages: Messages) -> Iterator[list[Any]]:
        turn = conversation.retry(before, messages, session=str(request.session_hash))
        yield from guarded(conversation, turn, before, messages)

    def admitted(act: Callable[..., Iterator[list[Any]]]) -> Act:
        steps = let_in_by_steps(context.gate, act, _told)

        async def run(request: gr.Request, *values: Any) -> AsyncIterator[list[Any]]:
            if not context.gate.has_free_place:
                yield _told(_QUEUED)
            async for drawn in steps(request, *values):
                yield drawn

        return run

    return admitted(respond), admitted(again)


def guarded(
    conversation: Conversation, turn: Iterator[Screen], before: Talk, messages: Messages
) -> Iterator[list[Any]]:
    """Draw a turn; a defect is logged and said in one sentence, and the question stays for another try."""
    screen = None
    try:
        for screen in turn:
            yield _drawn(screen)
    except Exception:  # noqa: BLE001 — the one place that turns a defect into a sentence
        LOG.exception("no answer")
        yield _drawn(conversation.failed(screen.talk if screen else before, messages))


def _told(sentence: str) -> list[Any]:
    """The line below the question box, and nothing else of the page."""
    return [gr.skip(), gr.skip(), gr.skip(), gr.skip(), sentence, *[gr.skip()] * (6 + _CHIPS)]


def _drawn(screen: Screen) -> list[Any]:
    """A screen as Gradio updates, in the order of the page's outputs."""
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
