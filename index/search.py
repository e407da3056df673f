"""The doorway to the knowledge base: ``Index.search`` and the types it returns."""

from dataclasses import dataclass, field

from ingest.document import Span, Status


@dataclass(frozen=True)
class Filters:
    """Narrow before ranking; None means any. ``documents`` are ids, ``unit`` a responsible unit's name."""

    documents: tuple[str, ...] | None = None
    level: str | None = None
    region: str | None = None
    unit: str | None = None
    status: Status | None = None


@dataclass(frozen=True)
class Hit:
    """A passage found. ``text`` is the document's text at ``span``; ``score`` in 0–1 is calibrated confidence.

    ``found_by`` maps each leg that found it (structure, words, vectors, similar) to its rank there, from 1.
    """

    document_id: str
    document_title: str
    clause_id: str
    label: str
    task: int | None
    section: str
    text: str
    span: Span
    score: float
    found_by: dict[str, int] = field(default_factory=dict)
