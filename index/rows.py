"""Rows of the library's tables, as readers get them."""

from dataclasses import dataclass

from ingest.document import Span, Status


@dataclass(frozen=True)
class DocumentRow:
    """What narrowing and ranking need to know of a document, without its text."""

    row: int
    id: str
    title: str
    number: str | None
    level: str | None
    region: str | None
    issued_on: str | None
    origin: str
    hash: str
    status: Status


@dataclass(frozen=True)
class ChunkRow:
    """Where a chunk stands: its document's row and clause, and its span in the document's text."""

    id: int
    document: int
    clause_id: str
    span: Span


@dataclass(frozen=True)
class SimilarRow:
    """A similar question as stored. Without labels, nothing answers it, for ``reason``.

    ``keys`` are the keys of its words and pairs (uint64 bytes), ``vector`` is float32 bytes: opening cuts and embeds nothing.
    """

    id: int
    document_id: str
    labels: tuple[str, ...]
    question: str
    voice: str
    reason: str
    origin: str
    keys: bytes
    vector: bytes
