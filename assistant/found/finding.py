"""What was found for a question, before it is put into words: evidence, subject units, or the reason for a refusal."""

from dataclasses import dataclass, field
from enum import StrEnum

from assistant.asked.question import Question
from ingest.document import Clause, Document, Span, Unit


class Kind(StrEnum):
    """The kind of question that was answered, as reported over every interface."""

    MEASURE_TO_UNIT = "measure_to_unit"
    UNIT_TO_TASKS = "unit_to_tasks"
    JOINT_UNITS = "joint_units"
    MEMBERSHIP = "membership"
    CLAUSE_BY_NUMBER = "clause_by_number"
    CLAUSE_BY_PHRASE = "clause_by_phrase"
    FACT = "fact"
    OVERVIEW = "overview"
    DOC_META = "doc_meta"
    UNIT_RECORD = "unit_record"
    CROSS_LEVEL = "cross_level"
    SMALL_TALK = "small_talk"
    UNANSWERABLE = "unanswerable"


class Reason(StrEnum):
    """Why nothing is answered; each has its own sentence in compose.py."""

    NOT_IN_COLLECTION = "not_in_collection"
    NOT_STATED = "not_stated"
    NO_SUCH_NUMBER = "no_such_number"
    NO_SUCH_PHRASE = "no_such_phrase"
    ELSEWHERE = "elsewhere"
    NOT_A_POLICY_QUESTION = "not_a_policy_question"
    ORDER_TO_THE_MACHINE = "order_to_the_machine"
    UNSAFE = "unsafe"
    EMPTY = "empty"


@dataclass(frozen=True)
class Evidence:
    """One clause that answers. ``extent`` is what is cited (a heading with everything below it, or the clause itself)."""

    document: Document
    clause: Clause
    extent: Span
    focus: tuple[Span, ...] = ()
    among_others: bool = False
    """Whether several documents are held, so that the answer says which one it speaks of."""

    @property
    def units(self) -> tuple[Unit, ...]:
        return self.document.units_of(self.clause)

    @property
    def unit_names(self) -> tuple[str, ...]:
        return tuple(unit.name for unit in self.units)

    @property
    def quote(self) -> str:
        return self.extent.of(self.document.text)


@dataclass(frozen=True)
class Verdict:
    """What became of a claim: True confirmed, False denied, None not stated in these words."""

    holds: bool | None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """``units`` are the units that the question is about (not those of the evidence).

    ``confidence`` says whether the question is answered at all, ``share`` how clearly by this clause and no other.
    ``is_weak`` says that the clause is near in sense alone, which stands above the answer.
    """

    kind: Kind
    question: Question
    evidence: tuple[Evidence, ...] = ()
    units: tuple[str, ...] = ()
    reason: Reason | None = None
    missing: str = ""
    nearest: tuple[Evidence, ...] = ()
    verdict: Verdict | None = None
    statement: str = ""
    values: tuple[str, ...] = ()
    confidence: float = 1.0
    share: float = 1.0
    is_weak: bool = False
    searched: str = ""
    notes: tuple[str, ...] = field(default=())
    parts: tuple["Finding", ...] = ()
    """What was found for each of several questions in one turn."""

    @property
    def refused(self) -> bool:
        return self.reason is not None
