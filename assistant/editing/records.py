"""What an editor sees and gives: drafts, unit entries, proposals, the work list, usage and history, as frozen values."""

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ingest.document import Document
from ingest.written import Written

STAGES = ("读取", "解析", "审核", "待发布")


@dataclass(frozen=True)
class Stage:
    """How far one source has come: one of STAGES, or 未读成 with the reason in ``detail``."""

    source: str
    name: str
    detail: str = ""


@dataclass(frozen=True)
class Draft:
    """A document that was read and is not published."""

    id: str
    source: str
    written: Written
    duplicates: tuple[str, ...] = ()
    read_at: str = ""

    @property
    def document(self) -> Document:
        """All of it; ``written.head`` is enough for most."""
        return self.written.document

    @property
    def audit(self) -> str:
        """What was read, in a sentence."""
        return self.written.audit

    @property
    def gaps(self) -> tuple[str, ...]:
        """What to look at before publishing."""
        return self.written.gaps


@dataclass(frozen=True)
class KeptCorrection:
    """A correction as kept; ``applies`` is False where its place is gone from the document, or the document is."""

    id: str
    document_id: str
    label: str
    what: str
    editor: str
    made_on: str
    applies: bool


@dataclass(frozen=True)
class KeptDetail:
    """One thing that was put right about a document as a whole, as kept; ``field`` is one of ``index.details.SHOWN``."""

    id: int
    document: str
    field: str
    value: str
    source: str
    editor: str
    made_on: str


class Field(StrEnum):
    """What an entry says of a unit."""

    ALIAS = "alias"
    SUCCESSOR = "successor"
    PHONE = "phone"
    SITE = "site"

    @property
    def shown(self) -> str:
        return {"alias": "别名", "successor": "现名", "phone": "电话", "site": "网址"}[self.value]


@dataclass(frozen=True)
class UnitEntry:
    """One fact about a unit, with where it is from. ``since`` is when it began to hold (ISO date or part of one), where known."""

    unit: str
    field: Field
    value: str
    source: str
    since: str = ""
    editor: str = ""
    made_on: str = ""
    id: str = ""


@dataclass(frozen=True)
class Proposal:
    """A similar question proposed for a clause; an editor decides."""

    id: str
    document_id: str
    label: str
    question: str
    origin: str


@dataclass(frozen=True)
class QueueItem:
    """One question that people asked and that was refused or marked as wrong; ``id`` stays the same for the same question."""

    id: str
    question: str
    asked: int
    unanswered: int
    verdicts: tuple[tuple[str, int], ...]
    last_at: str
    citations: tuple[str, ...] = ()


class How(StrEnum):
    """What an editor makes of an item of the work list."""

    SIMILAR = "相似问"
    VETTED = "核定答案"
    KNOWN = "确认无规定"
    DISMISS = "不处理"


@dataclass(frozen=True)
class Settlement:
    """``document_id`` and ``label`` name the clause for SIMILAR and VETTED, ``document_id`` the document for KNOWN."""

    how: How
    document_id: str = ""
    label: str = ""
    answer: str = ""


@dataclass(frozen=True)
class Usage:
    """What was asked in a time: counts by day (ISO), kind and responsible unit."""

    days: int
    asked: int
    unanswered: int
    complaints: int
    by_day: tuple[tuple[str, int, int], ...] = ()
    by_kind: tuple[tuple[str, int], ...] = ()
    by_unit: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class HistoryEntry:
    """One change: ``before`` and ``after`` are JSON, of documents their ids alone."""

    id: int
    at: str
    editor: str
    what: str
    before: str
    after: str
    undone_by: int | None = None
    undoes: int | None = None
    about: tuple[str, ...] = field(default=())


def shown_json(rows: list[tuple[str, str, dict[str, Any] | None]]) -> str:
    """The rows of one side of a change, documents without their text."""
    told = [
        {"table": table, "key": key, **({"row": row} if table not in ("document", "drafts") else {})}
        for table, key, row in rows
        if row is not None
    ]
    return json.dumps(told, ensure_ascii=False)
