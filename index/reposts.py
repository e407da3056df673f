"""Documents that hold the same text: a notice posted again by another body, or a copy under another name."""

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, nullcontext
from itertools import islice

from index.connect import marks, portions
from index.library import Library
from index.snippets import keys_of, snippets
from ingest.document import Document, Form

SAME = 0.6
"""Share of the shorter text's snippets from which two documents are said to be the same text."""

_LIKELY = SAME / 4
"""The same share, told from the snippets that are kept; of the shorter text these may be fewer by chance."""

_READ = 24

Turn = Callable[[], AbstractContextManager[None]]
"""What is held while the library is looked into, and let go while texts are compared."""


def reposts(library: Library, document: Document, turn: Turn = nullcontext) -> list[tuple[Document, float]]:
    """Held documents with the same text and the share that is the same (0–1), most alike first; fact sheets are left out."""
    if document.form is Form.FACT_SHEET:
        return []
    own, found = set(snippets(document.text)), []
    others = (each for each in _likely(library, own, turn) if each != document.id)
    for document_id in islice(others, _READ):
        with turn():
            other = library.document(document_id)
        if other is not None and (share := _share(own, set(snippets(other.text)))) >= SAME:
            found.append((other, share))
    return sorted(found, key=lambda pair: (-pair[1], pair[0].id))


def _likely(library: Library, own: Collection[str], turn: Turn) -> Iterator[str]:
    """The ids of the originals that may be the same text, likeliest first; of the rows kept, many may be of none that lives."""
    asked = keys_of(own)
    with turn():
        parts = library.snippets()
    likeness: dict[int, float] = {}
    for part in parts:
        for row, shared, kept in zip(*(each.tolist() for each in part.sharing(asked)), strict=True):
            likeness[row] = shared / min(kept, (len(asked) + 1) / 2)
    likely = [row for row in sorted(likeness, key=lambda row: -likeness[row]) if likeness[row] >= _LIKELY]
    for few in portions(likely):
        query = f"select row, id from documents where form = ? and row in ({marks(few)})"  # nosec B608  # places only
        with turn():
            ids = {row: str(document_id) for row, document_id in library.rows(query, (Form.ORIGINAL.value, *few))}
        yield from (ids[row] for row in few if row in ids)


def _share(own: set[str], theirs: set[str]) -> float:
    return len(own & theirs) / max(1, min(len(own), len(theirs)))
