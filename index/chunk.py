"""Clause → chunks: passages of whole sentences that are indexed and found.

A chunk's text is always the document's text at its span. Where the clause stands (title, headings above it) is a context of its
own: it is indexed with the chunk and never shown as part of it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from index.segment import sentences
from ingest.document import Clause, Document, Span

LONGEST = 300
OVERLAP = 60
_PAUSE = re.compile(r"[，,、：:\s]+")


@dataclass(frozen=True)
class Chunk:
    """A passage of one clause (``clause_id`` is empty where no clause covers the text); ``context`` is the headings above."""

    clause_id: str
    span: Span
    context: str


def chunk(document: Document) -> tuple[Chunk, ...]:
    """Every passage of the document, in text order; no character that can be read is left out."""
    return tuple(
        Chunk(clause.id if clause else "", span, _context(clause))
        for clause, part in _parts(document)
        for span in _passages(document.text, part)
    )


def _parts(document: Document) -> Iterator[tuple[Clause | None, Span]]:
    """The clauses' own spans, and between them whatever no clause covers."""
    end = 0
    for clause in sorted(document.clauses, key=lambda clause: clause.span):
        if clause.span.start > end:
            yield None, Span(end, clause.span.start)
        yield clause, clause.span
        end = max(end, clause.span.end)
    if end < len(document.text):
        yield None, Span(end, len(document.text))


def _context(clause: Clause | None) -> str:
    return " ".join((*clause.path, clause.title)) if clause else ""


def _passages(text: str, part: Span) -> Iterator[Span]:
    """Whole sentences up to LONGEST characters; the next passage repeats the last sentence when it is short."""
    pieces = [piece for sentence in _sentences(text, part) for piece in _shortened(text, sentence)]
    first = 0
    while first < len(pieces):
        last = first
        while last + 1 < len(pieces) and pieces[last + 1].end - pieces[first].start <= LONGEST:
            last += 1
        span = _trimmed(text, Span(pieces[first].start, pieces[last].end))
        if span.end > span.start:
            yield span
        first = last if _repeats(pieces, first, last) else last + 1


def _repeats(pieces: Sequence[Span], first: int, last: int) -> bool:
    """Whether the last sentence also opens the next passage."""
    if last == first or last + 1 >= len(pieces):
        return False
    overlap, following = pieces[last], pieces[last + 1]
    return overlap.end - overlap.start <= OVERLAP and following.end - overlap.start <= LONGEST


def _sentences(text: str, part: Span) -> Iterator[Span]:
    for start, end in sentences(part.of(text)):
        yield Span(part.start + start, part.start + end)


def _shortened(text: str, sentence: Span) -> Iterator[Span]:
    """A sentence longer than a passage (a table, a list without stops) is cut at a pause, or else where it must."""
    start = sentence.start
    while sentence.end - start > LONGEST:
        pauses = [found.end() for found in _PAUSE.finditer(text, start + LONGEST // 2, start + LONGEST)]
        end = pauses[-1] if pauses else start + LONGEST
        yield Span(start, end)
        start = end
    yield Span(start, sentence.end)


def _trimmed(text: str, span: Span) -> Span:
    """Without the white space around it."""
    inside = span.of(text)
    start = span.start + len(inside) - len(inside.lstrip())
    return Span(start, max(start, span.end - (len(inside) - len(inside.rstrip()))))


def nodes(document: Document) -> list[Any]:
    """The document's chunks as llama-index TextNodes, with their clause and place as metadata."""
    return list(_parser()().get_nodes_from_documents([_as_llama(document)]))


def _as_llama(document: Document) -> Any:
    from llama_index.core import Document as LlamaDocument

    return LlamaDocument(text=document.text, id_=document.id, metadata={"title": document.title, "source": document})


@cache
def _parser() -> Any:
    """The NodeParser class; made on first use because importing llama-index takes seconds."""
    from llama_index.core.node_parser import NodeParser
    from llama_index.core.schema import BaseNode, NodeRelationship, RelatedNodeInfo, TextNode

    class ClauseNodeParser(NodeParser):
        """Cuts documents that carry the parsed Document in their metadata."""

        def _parse_nodes(self, nodes: Sequence[BaseNode], show_progress: bool = False, **_: Any) -> list[BaseNode]:
            return [node for each in nodes for node in self._cut(each)]

        def _cut(self, node: BaseNode) -> Iterator[BaseNode]:
            document: Document = node.metadata["source"]
            for piece in chunk(document):
                clause = document.clause(piece.clause_id)
                yield TextNode(
                    id_=f"{document.id}:{piece.span.start}-{piece.span.end}",
                    text=piece.span.of(document.text),
                    start_char_idx=piece.span.start,
                    end_char_idx=piece.span.end,
                    metadata={
                        "document_id": document.id,
                        "document_title": document.title,
                        "clause_id": piece.clause_id,
                        "label": clause.label if clause else "",
                        "context": piece.context,
                    },
                    relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=document.id)},
                )

    return ClauseNodeParser
