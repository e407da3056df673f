"""The assistant: ``Assistant.ask(question, history)`` → Answer, the same answer for the same question, to the character."""

import logging
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from assistant.answer import Answer, Citation
from assistant.asked import wording
from assistant.asked.letters import in_characters, without_tones
from assistant.asked.question import Part, Question, read_question
from assistant.found import apart, dialogue, standing, turn
from assistant.found.dialogue import Turn
from assistant.found.find import Finder
from assistant.found.finding import Evidence, Finding, Kind, Reason
from assistant.found.scope import Scope, whole
from assistant.kept import Kept
from assistant.model.explain import explain
from assistant.model.llm import Model
from assistant.model.rephrase import rephrased
from assistant.said import compose
from assistant.said.verify import Line, grounds, verify
from assistant.vetted import Matching, draft_of, finding_of
from index.search import Index
from ingest.document import Form
from ingest.errors import AssistantError, KnowledgeBaseError
from ingest.fold import fold_text

_LOG = logging.getLogger(__name__)
_INCOMPLETE = "知识库有一部分损坏，正等待从备份恢复，这次的结果可能不全。"
LONGEST_QUESTION = 2000
"""Characters; more than a person types, and every pattern stays fast below it."""
LONGEST_HISTORY = 20
_TRIES = 3
CLEAR = 0.6
"""Confidence, and share of the best clause, from which a question needs nothing that was told before it."""


@dataclass(frozen=True)
class Assistant:
    """Answers from one knowledge base. ``documents`` narrows it to these ids; None means all.

    With a ``model``, its explanation comes below the answer, which is the same as without. ``vetted`` holds editors' answers that win
    over composed ones; None takes those of the library. ``rephrase`` lets the model offer another wording below a weak answer.
    """

    index: Index
    documents: tuple[str, ...] | None = None
    today: Callable[[], date] = date.today
    model: Model | None = None
    vetted: Matching | None = None
    rephrase: bool = False
    _scopes: dict[str | None, Scope] = field(default_factory=dict, repr=False)
    _kept: dict[str | None, Kept] = field(default_factory=dict, repr=False)

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Answer the question in the light of the earlier questions; AssistantError when it is not a question at all."""
        answer, finding = self._answered(question, history)
        return [answer, *self._explained(answer, finding)][-1]

    def stream(self, question: str, history: Sequence[str] = ()) -> Iterator[Answer]:
        """The evidence first (empty text), then the text growing line by line, then the model's explanation below it."""
        answer, finding = self._answered(question, history)
        lines = answer.answer.split("\n")
        for count in range(len(lines)):
            yield replace(answer, answer="\n".join(lines[:count]))
        yield answer
        yield from self._explained(answer, finding)

    def _answered(self, question: str, history: Sequence[str]) -> tuple[Answer, Finding]:
        """Answered again where the collection changed under it: what was found may be gone by the time that it is read."""
        for _ in range(_TRIES):
            before = self.index.generation()
            try:
                return self._answered_once(question, history)
            except (KnowledgeBaseError, LookupError):
                if self.index.generation() == before:
                    raise
        raise AssistantError("知识库正在更新，请过几秒再问。")

    def _answered_once(self, question: str, history: Sequence[str]) -> tuple[Answer, Finding]:
        began = time.perf_counter()
        turns: list[Turn] = []
        with self.index.stages.timed("understand"):
            for asked in _recent(history):
                turns.append(self._understand(asked, turns))
            finding = self._understand(_checked(question), turns).finding
        finding, draft = self._vetted(finding.question.text if turns else question, finding)
        answer = self._answer(question, finding, draft)
        return replace(answer, elapsed_ms=round((time.perf_counter() - began) * 1000, 2)), finding

    def _vetted(self, asked: str, finding: Finding) -> tuple[Finding, compose.Draft | None]:
        """An editor's answer in place of what was found, where one was vetted for nearly this question and still holds."""
        match = (self.vetted or self.kept().vetted).matching(asked)
        document = self.scope().document(match.document_id) if match else None
        found = finding_of(match, finding.question, document, self.index.directory) if match and document else None
        return (found, draft_of(match, found)) if match and found else (finding, None)

    def _explained(self, answer: Answer, finding: Finding) -> Iterator[Answer]:
        """The answer with the model's explanation growing below it; a refusal calls no model."""
        if self.model is None or answer.refused:
            return
        asked, directory, stages = finding.question.text, self.index.directory, self.index.stages
        for told in explain(self.model, asked, finding.evidence, directory, stages=stages):
            name = self.model.name if told.text else None
            answer = replace(answer, explanation=told.text, explanation_note=told.note, model=name)
            yield answer
        is_weak = self.rephrase and finding.confidence < CLEAR
        other = rephrased(self.model, asked, directory) if is_weak else None
        found = self._understand(other, ()).finding if other else None
        if other and found and not found.refused and found.confidence >= CLEAR:
            note = f"{answer.explanation_note}也可以按“{other}”查询。"
            yield replace(answer, explanation_note=note, followups=(other, *answer.followups)[:3])

    def _understand(self, asked: str, turns: Sequence[Turn], *, part_of: str = "") -> Turn:
        """``part_of`` is the turn that this was taken from; only what is shorter than that is taken apart again, so that it ends."""
        scope = _continued(self.scope(), turns, asked)
        resolved = dialogue.resolve(self._read(asked, scope), turns, lambda text: self._read(text, scope))
        question = resolved.question
        if resolved.finding is not None:
            return Turn(question, resolved.finding)
        is_whole = not part_of or len(question.asked) < len(part_of)
        if is_whole and (each := self._each(question, turns, scope)):
            return Turn(question, each)
        if len(question.several) > 1:
            return Turn(question, apart.together(question, question.several, self._answered_by))
        finder = Finder(self.index, resolved.focus)
        if resolved.narrower is not None and resolved.narrower.text != question.text:
            finding = finder.find(resolved.narrower, _view(resolved.narrower, scope))
            if not finding.refused and finding.confidence >= CLEAR and finding.share >= CLEAR:
                return Turn(question, finding)
        finding = finder.find(question, _view(question, scope))
        if finding.reason is Reason.NOT_IN_COLLECTION and not question.documents and scope is self.scope().current:
            finding = self._in_replaced(finder, question) or finding
        return Turn(question, finding)

    def _in_replaced(self, finder: Finder, question: Question) -> Finding | None:
        """What only a document says that a newer one has repealed: told with a note, never before the newer one."""
        if self.scope().current is self.scope():
            return None
        finding = finder.find(question, self.scope())
        return None if finding.refused else finding

    def _each(self, question: Question, turns: Sequence[Turn], scope: Scope) -> Finding | None:
        """Several questions in one turn, each in the light of those before it; None when it is one question."""
        parts = turn.parts(question.asked, lambda text: self._read(text, scope))
        told = list(turns)
        for asked in parts:
            told.append(self._understand(asked, told, part_of=question.asked))
        return turn.together(question, parts, [each.finding for each in told[len(turns) :]])

    def _read(self, asked: str, scope: Scope) -> Question:
        """The question in the light of the documents: those that it names are taken out of its words and narrow the scope."""
        folded = fold_text(asked)
        named = self.scope().names.find(folded)
        documents = apart.meant(named)
        view = self.scope().only(documents) if documents else scope
        question = self._worded(apart.without_names(folded, named) if named else asked, view)
        if named and question.is_bare:
            question = self._worded(asked, view)
        several = apart.parts(folded, named) if len(documents) > 1 else ()
        return replace(question, asked=asked, documents=documents, several=tuple(several))

    def _worded(self, text: str, scope: Scope) -> Question:
        text = in_characters(without_tones(text))
        return read_question(
            self.index.understood(text) if _has_slip(text) else text,
            directory=scope.mentioned(self.index.directory),
            titles=scope.titles,
            regions=self.scope().regions,
            expected=scope.home_matrix.units,
        )

    def _answered_by(self, part: Part) -> Finding:
        """What one of several named documents answers."""
        view = self.scope().only([part.document])
        return Finder(self.index).find(self._read(part.text, view), view)

    def scope(self) -> Scope:
        """The documents that may be answered from; read again only after the collection has changed."""
        today = self.today()
        key = f"{self.index.generation()} {today}"
        if key not in self._scopes:
            documents = self.index.whole_documents(self.documents)
            taught = self.index.intents().models
            now = whole(documents, taught, everything=len(documents) == len(self.index.documents()), today=today)
            self._scopes.clear()
            self._scopes[key] = now
        return self._scopes[key]

    def kept(self) -> Kept:
        """What editors keep; read again only after the collection has changed."""
        generation = self.index.generation()
        if generation not in self._kept:
            now = Kept.of(self.index)
            self._kept.clear()
            self._kept[generation] = now
        return self._kept[generation]

    def _answer(self, asked: str, finding: Finding, draft: compose.Draft | None = None) -> Answer:
        finding = _among_others(finding, self.scope())
        with self.index.stages.timed("compose"):
            draft = draft or compose.compose(finding)
        successors = self._successors(finding)
        directory = self.index.directory
        basis = grounds(
            finding.evidence if not finding.refused else finding.nearest,
            also=(*successors, *_from_directory(finding)),
            computed=draft.computed,
            question="\n".join((asked, *map(_repeated, (finding, *finding.parts)))),
        )
        with self.index.stages.timed("verify"):
            kept, withheld = verify(draft.lines, basis, directory)
        for fault in withheld:
            _LOG.warning("withheld: %s", fault)
        if not kept:
            raise AssistantError("这个回答没有通过核对，已经不予显示；请换一种问法，或直接查看条款原文。")
        spoken, _ = verify([Line(draft.hotline, echo=True)] if draft.hotline else [], basis, directory)
        citations = () if finding.refused else tuple(_citation(evidence) for evidence in finding.evidence)
        standings = self.scope().standings
        short = spoken[0].text if spoken else compose.first_words(kept)
        notes = (
            *standing.warnings(finding.evidence, standings),
            *finding.question.notes,
            *finding.notes,
            *compose.repair_notes(finding.evidence),
            *successors,
            *self.kept().reached_at(_asserted(finding)),
            *((_INCOMPLETE,) if self.index.damage else ()),
            *standing.notes(finding.evidence, standings, self.today()),
        )
        return Answer(
            answer="\n\n".join(line.text for line in kept),
            kind=str(finding.kind),
            refused=finding.refused,
            units=_asserted(finding),
            citations=citations,
            nearest=tuple(_citation(evidence) for evidence in finding.nearest),
            notes=tuple(dict.fromkeys(notes)),
            followups=tuple(compose.followups(finding, (asked,))),
            hotline=standing.spoken(short, finding.evidence, standings),
            rewritten_question=finding.question.text,
            as_of=standing.as_of(finding.evidence or finding.nearest, standings),
            confidence=round(finding.confidence, 4),
        )

    def _successors(self, finding: Finding) -> tuple[str, ...]:
        """Today's names of the units in the answer, each with date, certainty and source."""
        names = finding.units or tuple(dict.fromkeys(name for item in finding.evidence for name in item.unit_names))
        if finding.refused or (len(finding.evidence) > 6 and not finding.units):
            return ()
        notes = []
        for name in names:
            record = self.index.directory.record(name)
            for successor in record.successors if record else ():
                certainty = "可能" if successor.mark == "L" else "已核实"
                date = f"，{standing.chinese_date(successor.on)}起" if successor.on else ""
                notes.append(f"“{name}”现为{successor.name}（{certainty}{date}）{successor.note}".rstrip())
        return tuple(notes)


def length_of(question: str) -> int:
    """Characters as they are read: one sign may stand for eighteen (ﷺ)."""
    return max(len(question), len(fold_text(question)))


def _checked(question: str) -> str:
    if length_of(question) > LONGEST_QUESTION:
        raise AssistantError(f"问题太长（{length_of(question)}字），请缩短到{LONGEST_QUESTION}字以内再问。")
    return question.encode("utf-8", "ignore").decode()


def _recent(history: Sequence[str]) -> list[str]:
    """The latest turns that are together no longer than one question may be: all of them are read anew for each question."""
    kept: list[str] = []
    left = LONGEST_QUESTION
    for asked in reversed(history[-LONGEST_HISTORY:]):
        left -= length_of(asked)
        if left < 0:
            break
        kept.insert(0, asked)
    return kept


def _has_slip(text: str) -> bool:
    """Whether letters may be pinyin: no structure can be read from them before they are words."""
    return bool(re.search(r"[a-z]{4,}", fold_text(text)))


def _continued(scope: Scope, turns: Sequence[Turn], asked: str) -> Scope:
    """What stands today; at home in the document that the conversation is about."""
    if turns and turns[-1].finding.evidence and not wording.ABANDON.match(fold_text(asked)):
        focus = turns[-1].finding.evidence[0].document
        if focus.form is Form.ORIGINAL and focus.id in scope.by_id:
            return (scope if scope.replaced(focus.id) else scope.current).at_home_in(focus)
    return scope.current


def _view(question: Question, scope: Scope) -> Scope:
    """The documents named in the question, else all."""
    return scope.only(question.documents) if question.documents else scope


def _among_others(finding: Finding, scope: Scope) -> Finding:
    """Every clause is told with its document where several documents are held."""
    if len(scope.originals.documents) < 2:
        return finding
    return replace(
        finding,
        evidence=_told_with_title(finding.evidence),
        nearest=_told_with_title(finding.nearest),
        parts=tuple(_among_others(part, scope) for part in finding.parts),
    )


def _told_with_title(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    return tuple(replace(item, among_others=True) for item in evidence)


def _repeated(finding: Finding) -> str:
    """The user's own words as they were understood, which an answer may repeat."""
    question = finding.question
    named = (*question.units, question.unknown_body or "", *finding.units)
    return "\n".join((question.text, *named, finding.missing, *finding.values))


def _from_directory(finding: Finding) -> tuple[str, ...]:
    """What the answer states from the unit directory."""
    return tuple(part.statement for part in finding.parts or (finding,) if part.kind is Kind.UNIT_RECORD)


def _asserted(finding: Finding) -> tuple[str, ...]:
    """The units that the answer names as responsible, in the document's order."""
    if finding.parts:
        return tuple(dict.fromkeys(name for part in finding.parts for name in _asserted(part)))
    if finding.refused:
        return ()
    if finding.kind is Kind.UNIT_RECORD or "shared" in finding.values:
        return finding.units
    if finding.kind in (Kind.UNIT_TO_TASKS, Kind.JOINT_UNITS) and finding.units:
        absent = finding.statement.startswith("没有")
        return finding.units if finding.evidence and not absent else ()
    held = set(finding.evidence[0].unit_names) if finding.evidence else set()
    if finding.kind is Kind.MEMBERSHIP and finding.verdict and finding.verdict.holds and set(finding.units) <= held:
        return finding.units
    return tuple(dict.fromkeys(name for evidence in finding.evidence for name in evidence.unit_names))


def _citation(evidence: Evidence) -> Citation:
    document, clause = evidence.document, evidence.clause
    return Citation(
        document_id=document.id,
        document_title=document.title,
        number=document.number,
        clause_id=clause.id,
        label=clause.label,
        task=clause.task,
        section=clause.section,
        title=clause.title,
        units=evidence.units,
        quote=evidence.quote,
        span=evidence.extent,
        document_sha256=document.source.sha256,
        form=str(document.form),
        focus=evidence.focus,
    )
