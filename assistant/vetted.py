"""Answers that an editor has vetted: they win for questions that are the same but for politeness, marks and word order.

Matching is strict on purpose. A vetted answer for 第7项 must never stand in for 第8项: the words that carry meaning, the numbers and the
negations must all be the same.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Protocol

from assistant.asked.question import Question
from assistant.found import saying
from assistant.found.evidence import cite, focus_of
from assistant.found.finding import Finding, Kind
from assistant.found.standing import chinese_date
from assistant.said import compose
from assistant.said.verify import Line, faults_of, grounds
from index.segment import bigrams, words
from ingest.directory import UnitDirectory
from ingest.document import Clause, Document
from ingest.fold import fold_text

NEAR = 0.75
"""Share of the character pairs that two wordings must have in common, beside the same words."""
_POLITE = re.compile(r"^(?:您好|你好|请问一下|请问|麻烦问一下|想问一下|问一下|我想问)+|(?:呢|吗|啊|呀|吧|谢谢)+$")
_EXACT = re.compile(r"\d+(?:\.\d+)?|[不没未非无别莫]")


@dataclass(frozen=True)
class Vetted:
    """An editor's answer to a question, tied to the clause that proves it. ``on`` is the day on which it was vetted."""

    id: str
    document_id: str
    label: str
    question: str
    answer: str
    editor: str = ""
    on: str = ""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Vetted":
        """From the library's row."""
        return cls(
            str(row["id"]),
            row["document"],
            row["label"],
            row["question"],
            row["answer"],
            row["editor"],
            row["made_on"],
        )

    def row(self) -> dict[str, Any]:
        told = asdict(self)
        named = {"document_id": "document", "on": "made_on"}
        return {named.get(name, name): value for name, value in told.items() if name != "id"}

    @property
    def note(self) -> str:
        return f"经编辑核定（{self.editor}，{chinese_date(self.on)}）"


class Matching(Protocol):
    """Whoever knows the vetted answer for a question."""

    def matching(self, question: str) -> Vetted | None: ...


class VettedAnswers:
    """Those in force; of several that fit equally the one vetted last is given."""

    def __init__(self, kept: Sequence[Vetted]) -> None:
        self.kept = tuple(kept)

    def matching(self, question: str) -> Vetted | None:
        """The vetted answer for this question, or None when there is none for nearly the same."""
        if not self.kept:
            return None
        asked = _Wording(question)
        near = [(asked.nearness(wording), at) for at, wording in enumerate(self._wordings)]
        best, at = max(near)
        return self.kept[at] if best >= NEAR else None

    @cached_property
    def _wordings(self) -> tuple["_Wording", ...]:
        return tuple(_Wording(each.question) for each in self.kept)


class _Wording:
    """A question in the forms that are compared."""

    def __init__(self, question: str) -> None:
        self.text = bare(question)
        self.words = frozenset(words(self.text))
        self.exact = Counter(_EXACT.findall(self.text))
        self.pairs = Counter(bigrams(self.text))

    def nearness(self, other: "_Wording") -> float:
        """1 for the same letters, 0 where words, numbers or negations differ, else the share of common character pairs."""
        if not self.text or not other.text:
            return 0.0
        if self.text == other.text:
            return 1.0
        if self.words != other.words or self.exact != other.exact or not self.words:
            return 0.0
        shared = (self.pairs & other.pairs).total()
        return 2 * shared / max(1, self.pairs.total() + other.pairs.total())


def bare(question: str) -> str:
    """Folded, without marks, white space and politeness."""
    text = re.sub(r"[^\w%.]", "", fold_text(question))
    return _POLITE.sub("", text)


def faults_in(vetted: Vetted, document: Document, clause: Clause, directory: UnitDirectory) -> list[str]:
    """What the answer says that its clause does not prove."""
    basis = grounds([cite(document, clause)])
    return list(dict.fromkeys(fault for line in _lines(vetted) for fault in faults_of(line, basis, directory)))


def finding_of(vetted: Vetted, question: Question, document: Document, directory: UnitDirectory) -> Finding | None:
    """The vetted answer as a finding; None where its clause is gone or no longer proves a line of it."""
    clause = document.clause(vetted.label)
    if clause is None:
        return None
    basis = grounds([cite(document, clause)])
    if not any(not faults_of(line, basis, directory) for line in _lines(vetted)):
        return None
    evidence = cite(document, clause, focus_of(document, clause, vetted.answer))
    return Finding(Kind.FACT, question, (evidence,), notes=(vetted.note,))


def draft_of(vetted: Vetted, finding: Finding) -> compose.Draft:
    """The editor's own lines, the clause's words, and the units where the answer does not name them all."""
    evidence = finding.evidence[0]
    lines = [
        Line(f"{line.text}{saying.mark(evidence)}" if at == 0 else line.text) for at, line in enumerate(_lines(vetted))
    ]
    lines += compose.quote_lines(evidence, whole=False)
    if evidence.units and not all(name in vetted.answer for name in evidence.unit_names):
        lines.append(Line(f"{saying.units_phrase(evidence)}。{saying.mark(evidence)}"))
    figures = (str(len(evidence.units)), *re.findall(r"\d+", evidence.clause.label))
    return compose.Draft(tuple(lines), figures, lines[0].text)


def _lines(vetted: Vetted) -> list[Line]:
    return [Line(text.strip()) for text in vetted.answer.splitlines() if text.strip()]
