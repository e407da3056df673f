"""Who may see and do what on the page 知识库: every event asks again who is there, and says faults in a sentence."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import gradio as gr

from assistant.accounts.access import COOKIE, Access
from assistant.editing import Editing
from assistant.screens.context import Context
from assistant.screens.frame import LOG, QUIET, let_in_by_steps
from index.search import Index
from ingest.errors import KnowledgeBaseError

_EXPIRED = "登录已过期或尚未登录，请在新窗口打开登录页登录后再试；页面上填写的内容还在。"
_DEFECT = "程序出错，没有改动；详情已写入运行日志，请重试。"
_BUSY = "正在处理，请稍候……"
Act = Callable[..., Sequence[Any]]
Steps = Callable[..., Iterable[Sequence[Any]]]


@dataclass(frozen=True)
class Gate:
    """``told`` is the line at the top of the page where every event says what it did."""

    context: Context
    told: Any

    @property
    def editing(self) -> Editing:
        return self.context.editing

    @property
    def index(self) -> Index:
        return self.context.index

    def on(self, triggers: Sequence[Any], act: Act, inputs: Sequence[Any], outputs: Sequence[Any]) -> None:
        """Run ``act(editor, *inputs)`` for an editor; it gives the sentence to say (or None) and an update for each output."""
        for trigger in triggers:
            self._run(trigger, lambda editor, *values: [act(editor, *values)], inputs, outputs)

    def change(self, trigger: Any, act: Act, inputs: Sequence[Any], outputs: Sequence[Any]) -> None:
        """The same for an act that changes something, which may take seconds: that it is under way is said first."""

        def run(editor: str, *values: Any) -> Iterator[Sequence[Any]]:
            yield [_BUSY, *[gr.skip()] * len(outputs)]
            yield act(editor, *values)

        self._run(trigger, run, inputs, outputs)

    def stream(self, trigger: Any, act: Steps, inputs: Sequence[Any], outputs: Sequence[Any]) -> None:
        """The same for an act that gives its updates one after another."""
        self._run(trigger, act, inputs, outputs)

    def _run(self, trigger: Any, act: Steps, inputs: Sequence[Any], outputs: Sequence[Any]) -> None:
        nothing = [gr.skip()] * len(outputs)

        def run(request: gr.Request, *values: Any) -> Iterator[list[Any]]:
            editor = editor_of(self.context.access, request)
            if editor is None:
                yield [alert(_EXPIRED), *nothing]
                return
            try:
                for said, *updates in act(editor, *values):
                    yield [gr.skip() if said is None else done(said), *updates]
            except KnowledgeBaseError as error:
                yield [alert(str(error)), *nothing]
            except Exception:  # noqa: BLE001 — a defect becomes a sentence
                LOG.exception("%s failed", act)
                yield [alert(_DEFECT), *nothing]

        admitted = let_in_by_steps(self.context.desk, run, lambda sentence: [alert(sentence), *nothing])
        trigger(admitted, list(inputs), [self.told, *outputs], **QUIET)


def editor_of(access: Access, request: gr.Request) -> str | None:
    return access.editor_of(request.cookies.get(COOKIE))


def alert(sentence: str) -> str:
    return f'<p class="told bad" role="alert">{escape(sentence)}</p>'


def done(sentence: str) -> str:
    return f'<p class="told good" role="status">{escape(sentence)}</p>' if sentence else ""
