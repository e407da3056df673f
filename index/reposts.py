"""Documents that hold the same text: a notice posted again by another body, or a copy under another name."""

import re

from index.search import Index
from index.segment import sentences
from ingest.document import Document, Form
from ingest.fold import fold_text

SAME = 0.6
"""Share of the shorter text's passages from which two documents are said to be the same text."""

_PROBES, _HITS, _LETTERS = 6, 4, 12


def reposts(index: Index, document: Document) -> list[tuple[Document, float]]:
    """Held documents with the same text and the share that is the same (0–1), most alike first; fact sheets are left out."""
    if document.form is Form.FACT_SHEET:
        return []
    own, near = _passages(document.text), set[str]()
    for probe in _probes(document.text):
        near |= {hit.document_id for hit in index.search(probe, limit=_HITS)}
    found = []
    for document_id in sorted(near - {document.id}):
        other = index.document(document_id)
        theirs = _passages(other.text)
        share = len(own & theirs) / max(1, min(len(own), len(theirs)))
        if other.form is Form.ORIGINAL and share >= SAME:
            found.append((other, share))
    return sorted(found, key=lambda pair: -pair[1])


def _probes(text: str) -> list[str]:
    """Long sentences from all over the text."""
    spans = [(start, end) for start, end in sentences(text) if end - start >= 20] or [(0, min(len(text), 200))]
    step = max(1, len(spans) // _PROBES)
    return [text[start:end].strip()[:200] for start, end in spans[::step][:_PROBES]]


def _passages(text: str) -> set[str]:
    """Runs of letters, each beginning where the last one ended within its sentence, so that layout does not matter."""
    runs = (re.sub(r"\W", "", fold_text(text[start:end])) for start, end in sentences(text))
    return {
        run[at : at + _LETTERS] for run in runs for at in range(0, max(1, len(run) - _LETTERS + 1), _LETTERS) if run
    }
