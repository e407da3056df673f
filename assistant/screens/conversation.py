"""One tab's conversation: what its screen shows at each moment of a turn, as plain values that any user interface can draw."""

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.answer import Answer
from assistant.ask import LONGEST_QUESTION, Assistant, length_of
from assistant.journal import Journal, Verdict
from assistant.screens import present
from assistant.screens.recalled import keepsake, recalled
from ingest.errors import KnowledgeBaseError

_LOG = logging.getLogger(__name__)
_EARLIER = 8
_FRAME_S = 0.04  # a long list is not drawn line by line faster than anyone can see
_SEARCHING = "正在查找……"
_STOPPED = "已停止，可以点“重试”。"
_EMPTY = "请先输入问题：要查的事情、任务编号或单位名称。"
_LONG = "问题有 {} 字，太长了，没有提交；请缩短到 {} 字以内，原来的文字还在框里。"
_DEFECT = "程序出错，没有答成；详情已写入运行日志。请点“重试”，或换个说法再问。"

Message = Mapping[str, object]


@dataclass(frozen=True)
class Talk:
    """What was asked, the evidence cards shown for it (latest first), and the journal's number of the last answer."""

    questions: tuple[str, ...] = ()
    evidence: tuple[tuple[str, str], ...] = ()
    entry: int | None = None


@dataclass(frozen=True)
class Screen:
    """What the page shows now; None leaves a part as it is. ``told`` is the line below the question box."""

    talk: Talk
    messages: Sequence[Message] | None = None
    evidence: str | None = None
    copies: str | None = None
    told: str | None = None
    chips: tuple[str, ...] | None = None
    is_running: bool | None = None


@dataclass(frozen=True)
class Conversation:
    """Answers and remembers. Every method returns what is to be seen; the caller keeps ``Talk`` between the turns."""

    assistant: Assistant
    journal: Journal

    @property
    def scope(self) -> str:
        return present.scope_line(self.assistant.index.documents())

    @property
    def holdings(self) -> str:
        """The evidence column before anything is asked."""
        return present.holdings(self.assistant.index.documents())

    def ask(self, question: str, talk: Talk, messages: Sequence[Message], *, session: str = "") -> Iterator[Screen]:
        """The evidence appears first, then the answer line by line, what one can do with it, and what a model adds."""
        question, turn = question.strip(), len(talk.questions)
        if not question:
            yield Screen(talk, told=_EMPTY)
            return
        if length_of(question) > LONGEST_QUESTION:  # what was pasted stays in the box
            yield Screen(talk, told=_LONG.format(length_of(question), LONGEST_QUESTION))
            return
        now = Talk((*talk.questions, question), talk.evidence)
        asked = [*messages, {"role": "user", "content": present.said(question)}]
        waiting = present.notice(_SEARCHING)
        yield Screen(now, [*asked, _reply(_SEARCHING)], waiting, copies="", told="", chips=(), is_running=True)
        cards, drawn_at, settled = "", 0.0, Screen(now)
        try:
            for answer in self.assistant.stream(question, talk.questions):
                shown = [*asked, _reply(present.markdown(answer, turn) or _SEARCHING)]
                if not cards:
                    cards = present.cards(answer, turn, self.assistant.index.document)
                    yield Screen(now, shown, present.panel(cards, talk.evidence))
                elif answer.explanation_note and settled.talk is now:  # a model goes on, the answer itself is whole
                    settled = self._settled(question, answer, talk, cards, session)
                    yield replace(settled, messages=shown)
                elif time.monotonic() - drawn_at < _FRAME_S:
                    continue
                else:
                    yield Screen(settled.talk, shown)
                drawn_at = time.monotonic()
        except KnowledgeBaseError as error:
            yield self.failed(now, messages, str(error))
            return
        if settled.talk is now:
            settled = self._settled(question, answer, talk, cards, session)
        copies = self._copies(question, answer, turn)
        yield replace(settled, messages=shown, copies=copies, chips=answer.followups, is_running=False)

    def _settled(self, question: str, answer: Answer, before: Talk, cards: str, session: str) -> Screen:
        """What one can do with an answer that is whole: it is recorded, can be copied, rated and asked on from."""
        entry, told = self._record(question, answer, session)
        talk = Talk((*before.questions, question), ((question, cards), *before.evidence)[:_EARLIER], entry)
        composed = replace(answer, explanation="", explanation_note="")  # what a stop leaves behind
        copies = self._copies(question, composed, len(before.questions))
        return Screen(talk, copies=copies, told=told, chips=answer.followups)

    def _copies(self, question: str, answer: Answer, turn: int) -> str:
        """The copy forms, and the turn as the browser keeps it."""
        return present.copy_bar(answer) + keepsake(question, answer, turn)

    def retry(self, talk: Talk, messages: Sequence[Message], *, session: str = "") -> Iterator[Screen]:
        """The last question again, in place of what it gave."""
        turn = max(len(talk.questions) - 1, 0)
        before = Talk(talk.questions[:turn], talk.evidence[max(len(talk.evidence) - turn, 0) :])
        yield from self.ask("".join(talk.questions[turn:]), before, messages[: 2 * turn], session=session)

    def failed(self, talk: Talk, messages: Sequence[Message], sentence: str = _DEFECT) -> Screen:
        """The last question with the reason why it has no answer; ``messages`` are those before it."""
        asked = [*messages, *({"role": "user", "content": present.said(question)} for question in talk.questions[-1:])]
        alert = present.notice(sentence, role="alert")
        return Screen(talk, [*asked, _reply(sentence)], alert, copies="", told="", chips=(), is_running=False)

    def stopped(self, talk: Talk) -> Screen:
        return Screen(talk, told=_STOPPED, is_running=False)

    def cleared(self) -> Screen:
        return Screen(Talk(), [], self.holdings, copies="", told="", chips=(), is_running=False)

    def reopened(self, kept: str | None) -> Screen:
        """A conversation that the browser kept, as it was; asking goes on from there."""
        try:
            turns = recalled(kept)
        except KnowledgeBaseError as error:
            return Screen(Talk(), told=str(error))
        messages, evidence = list[Message](), list[tuple[str, str]]()
        for place, turn in enumerate(turns):
            messages += [
                {"role": "user", "content": present.said(turn.question)},
                _reply(present.markdown(turn.answer, place)),
            ]
            evidence.insert(0, (turn.question, present.cards(turn.answer, place, self.assistant.index.document)))
        if not turns:
            return self.cleared()
        last = turns[-1].answer
        return Screen(
            Talk(tuple(turn.question for turn in turns), tuple(evidence[:_EARLIER])),
            messages,
            present.panel(evidence[0][1], evidence[1:_EARLIER]),
            copies=present.copy_bar(last),
            told="",
            chips=last.followups,
            is_running=False,
        )

    def rated(self, talk: Talk, verdict: Verdict) -> str:
        """Keep the verdict on the last answer; the sentence that says so."""
        if talk.entry is None:
            return "只能评价刚得到的答案，请先提问或点“重试”。"
        try:
            self.journal.rate(talk.entry, verdict)
        except KnowledgeBaseError as error:
            return str(error)
        return f"已记下“{verdict}”，谢谢。"

    def _record(self, question: str, answer: Answer, session: str) -> tuple[int | None, str]:
        """A journal that cannot be written costs no answer, but is said."""
        try:
            return self.journal.record(question, answer, session=session), ""
        except KnowledgeBaseError as error:
            _LOG.warning("not recorded: %s", error)
            return None, str(error)


def _reply(text: str) -> Message:
    return {"role": "assistant", "content": text}
