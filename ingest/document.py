"""What a policy document is once it has been read: the frozen types that every later stage relies on.

Glossary, used in names throughout the project:

========================  =================================================================================
document 文件              one official text with its metadata, clauses, responsibilities and repairs
clause 条款                a numbered or named part of the text: 序言, 二, 三(一), 任务7, 四(二), 结语, 落款
task 任务                  a clause of the numbering that runs on through the document (1, 2, … 15)
responsibility 责任条款     the passage that names who is responsible: （责任单位：…）
responsible unit 责任单位   one body named there, with its role
repair 修复                a place where the source is damaged, with what must have stood there
span                      character offsets [start, end) into ``Document.text``
========================  =================================================================================

``Document.text`` is the source's own text as read; repairs never change it. ``text[start:end]`` is always the quotation.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple


class Span(NamedTuple):
    """Character offsets into a document's text, end exclusive."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]

    def covers(self, other: "Span") -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end


class Part(StrEnum):
    """What a clause is in the document's structure."""

    ADDRESS = "抬头"
    PREAMBLE = "序言"
    SECTION = "章节"
    TASK = "任务"
    ITEM = "条目"
    CLOSING = "结语"
    SIGNATURE = "落款"
    ANNEX = "附件"
    FACT = "要点"


class Role(StrEnum):
    """How a unit is named in a responsibility; being first in a list is not LEAD unless the document says so."""

    LEAD = "lead"
    RESPONSIBLE = "responsible"
    COOPERATING = "cooperating"
    PARTICIPATING = "participating"


class Status(StrEnum):
    """Validity as the text itself or a vetted catalogue entry states it."""

    IN_FORCE = "现行"
    EXPIRED = "失效"
    REPEALED = "废止"
    UNSTATED = "未注明"


class Form(StrEnum):
    """Whether the original text is held, or only a fact sheet in our own words."""

    ORIGINAL = "原文"
    FACT_SHEET = "要点，非原文"


class Certainty(StrEnum):
    SURE = "sure"
    PROBABLE = "probable"


@dataclass(frozen=True)
class Unit:
    """One responsible unit; ``name`` is the name to show, ``span`` where it is written.

    ``name`` equals the written text unless a prefix was elided there (省工信厅、财政厅 → 省财政厅) or text was lost.
    ``collective`` marks groups (各区政府, 有关部门).
    """

    name: str
    role: Role = Role.RESPONSIBLE
    span: Span | None = None
    collective: bool = False


@dataclass(frozen=True)
class Responsibility:
    """The passage that says who is responsible for one clause."""

    clause_id: str
    span: Span
    text: str
    units: tuple[Unit, ...]
    deadline: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Clause:
    """One part of the outline. ``span`` holds its own heading and text, not its children's.

    ``label`` names it for people and in links (任务7, 三(一), 序言); ``section`` is the outline numbers joined (三, 三(二),
    四(一), 序言, 落款); for a task, the section that it stands in. ``path`` holds the headings above it, outermost first.
    """

    id: str
    label: str
    part: Part
    span: Span
    section: str
    title: str = ""
    task: int | None = None
    path: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reference:
    """Another document named in the text. ``relation``: 依据, 落实, 废止, 附件, 提及."""

    title: str
    number: str | None
    span: Span
    relation: str = "提及"


@dataclass(frozen=True)
class Repair:
    """A damaged place: ``found`` stands at ``span`` in the text, ``repaired`` must have stood there."""

    span: Span
    found: str
    repaired: str
    rule: str
    certainty: Certainty = Certainty.SURE


@dataclass(frozen=True)
class Audit:
    """What the reader is sure of and what it is not, for the editor."""

    tasks: int = 0
    tasks_with_units: int = 0
    numbering_gaps: tuple[str, ...] = ()
    orphan_paragraphs: int = 0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """Where the text came from. ``path`` as given by the user; ``sha256`` of the bytes read."""

    path: str
    format: str
    encoding: str | None
    sha256: str
    url: str | None = None


@dataclass(frozen=True)
class Table:
    """A table found while reading: the span of every cell in the text, row by row (an empty cell has an empty span)."""

    rows: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True)
class RawText:
    """A source after decoding and extraction, before anything is understood.

    ``pages`` holds the offset at which each page starts (formats with pages only).
    """

    text: str
    source: Source
    tables: tuple[Table, ...] = ()
    pages: tuple[int, ...] = ()


@dataclass(frozen=True)
class Document:
    """One policy document, read. Unknown metadata is None, never guessed.

    ``spans`` proves the metadata: field name → where the text says so; ``noted``: field name → on what grounds an editor put it right.
    """

    id: str
    text: str
    source: Source
    title: str
    title_derived: bool = False
    number: str | None = None
    issuer: str | None = None
    issued_on: str | None = None  # ISO date, or year / year-month when the text says no more
    level: str | None = None  # 国家, 省, 市, 区
    region: str | None = None
    status: Status = Status.UNSTATED
    form: Form = Form.ORIGINAL
    effective_on: str | None = None
    expires_on: str | None = None
    addressees: tuple[str, ...] = ()
    clauses: tuple[Clause, ...] = ()
    responsibilities: tuple[Responsibility, ...] = ()
    references: tuple[Reference, ...] = ()
    repairs: tuple[Repair, ...] = ()
    audit: Audit = field(default_factory=Audit)
    spans: tuple[tuple[str, Span], ...] = ()
    noted: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        """Positions are checked once, here: every span lies inside the text and every clause_id exists."""
        length, ids = len(self.text), {clause.id for clause in self.clauses}
        for clause in self.clauses:
            if not 0 <= clause.span.start <= clause.span.end <= length:
                raise ValueError(f"clause {clause.id} lies outside the text: {clause.span} of {length}")
        for responsibility in self.responsibilities:
            if responsibility.span.of(self.text) != responsibility.text:
                raise ValueError(f"responsibility text is not at its span: {responsibility.text[:40]}")
            if responsibility.clause_id not in ids:
                raise ValueError(f"responsibility names an unknown clause {responsibility.clause_id}")
        for repair in self.repairs:
            if repair.span.of(self.text) != repair.found:
                raise ValueError(f"repair is not at its span: {repair.found[:40]}")

    def clause(self, label: str) -> Clause | None:
        """The clause with this id or label, or None."""
        return next((clause for clause in self.clauses if label in (clause.id, clause.label)), None)

    def quote(self, clause: Clause) -> str:
        """The clause's own text, raw."""
        return clause.span.of(self.text)

    def units_of(self, clause: Clause) -> tuple[Unit, ...]:
        """Every unit responsible for the clause, in the document's order, each once."""
        return self._units.get(clause.id, ())

    @cached_property
    def _units(self) -> dict[str, tuple[Unit, ...]]:
        """By the clause's id: a page asks for those of every clause."""
        found: dict[str, dict[str, Unit]] = {}
        for responsibility in self.responsibilities:
            units = found.setdefault(responsibility.clause_id, {})
            for unit in responsibility.units:
                units.setdefault(unit.name, unit)
        return {clause_id: tuple(units.values()) for clause_id, units in found.items()}

    def tasks(self) -> Sequence[Clause]:
        """The clauses of the running numbering, in order."""
        return [clause for clause in self.clauses if clause.task is not None]
