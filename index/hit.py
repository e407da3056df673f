"""What is asked of the knowledge base beside the words, and what it gives back."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest.document import Span, Status

LEGS: Mapping[str, tuple[str, ...]] = {
    "structure": ("label", "phrase", "number", "unit"),
    "words": ("words", "pairs"),
    "vectors": ("vectors",),
    "similar": ("similar",),
}
"""The legs of a search and the features that each of them gives a passage."""


@dataclass(frozen=True)
class Filters:
    """Narrow before ranking; None means any. ``documents`` are ids, ``unit`` a responsible unit's name."""

    documents: tuple[str, ...] | None = None
    level: str | None = None
    region: str | None = None
    unit: str | None = None
    status: Status | None = None


NO_FILTERS = Filters()


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


@dataclass(frozen=True)
class Explained:
    """How a query was answered: the hits, every feature's value for each of them, the wording understood, milliseconds by stage.

    ``filtered`` counts the passages that the filters left out.
    """

    hits: tuple[Hit, ...]
    features: tuple[dict[str, float], ...]
    understood: str
    filtered: int
    timings: dict[str, float]
