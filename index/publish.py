"""Documents → the library: cut, count and embed inside one change; only what changed is worked on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.block import Block, merge, pair_keys, postings, word_keys
from index.chunk import Chunk, chunk
from index.embed import Embedder
from index.library import Change, Library
from index.snippets import Keys, gathered, joined, kept_keys
from ingest.document import Document
from ingest.fold import fold_text

BLOCK_CHUNKS = 20_000
OPENING = 120  # characters of the text that stand beside the title: most texts without a title line open with it
_TIERS = (1, 500, 5_000, 15_000)  # living chunks
_MOST_ALIKE = 8


@dataclass
class _Pending:
    """Chunks on their way into the next block."""

    chunk_ids: list[int] = field(default_factory=list)
    document_rows: list[int] = field(default_factory=list)
    title_rows: list[int] = field(default_factory=list)
    words: list[NDArray[np.uint64]] = field(default_factory=list)
    pairs: list[NDArray[np.uint64]] = field(default_factory=list)
    titles: list[NDArray[np.uint64]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    snippets: list[tuple[int, Keys]] = field(default_factory=list)

    def add(self, document: Document, row: int, chunks: Sequence[Chunk], ids: Sequence[int]) -> None:
        title = fold_text(f"{document.title} {document.text[:OPENING]}")
        self.title_rows.append(row)
        self.snippets.append((row, kept_keys(document.text)))
        self.titles.append(np.concatenate((word_keys(title), pair_keys(title))))
        for each, chunk_id in zip(chunks, ids, strict=True):
            text = f"{each.context} {each.span.of(document.text)}"
            folded = fold_text(text)
            self.chunk_ids.append(chunk_id)
            self.document_rows.append(row)
            self.words.append(word_keys(folded))
            self.pairs.append(pair_keys(folded))
            self.texts.append(f"{document.title} {text}")

    def block(self, embedder: Embedder) -> Block:
        return Block(
            chunk_ids=np.array(self.chunk_ids, np.int64),
            document_rows=np.array(self.document_rows, np.int64),
            title_rows=np.array(self.title_rows, np.int64),
            words=postings(self.words),
            pairs=postings(self.pairs),
            titles=postings(self.titles),
            vectors=embedder.embed(self.texts).astype(np.float32, copy=False),
        )


def publish(
    change: Change,
    documents: Iterable[tuple[Document, str]],
    *,
    embedder: Embedder,
    origin: str,
) -> list[str]:
    """Put documents (each with the hash of its source) into the library within ``change``; their ids, in order."""
    pending, ids = _Pending(), list[str]()
    for document, content_hash in documents:
        chunks = chunk(document)
        row, chunk_ids = change.put(document, chunks, origin=origin, content_hash=content_hash)
        pending.add(document, row, chunks, chunk_ids)
        ids.append(document.id)
        if len(pending.chunk_ids) >= BLOCK_CHUNKS:
            _put(change, pending, embedder)
            pending = _Pending()
    if pending.title_rows:
        _put(change, pending, embedder)
    return ids


def _put(change: Change, pending: _Pending, embedder: Embedder) -> None:
    change.put_block(pending.block(embedder), gathered(pending.snippets))


def tidy(library: Library, change: Change) -> None:
    """Drop blocks that hold nothing any more and merge the many that small changes leave, so that searching stays quick.

    Blocks are merged with others of their size only, so that a small change never rewrites a large block.
    """
    living = library.living_chunks()
    change.drop_blocks([block_id for block_id, count in living.items() if not count])
    for least, most in pairwise(_TIERS):
        alike = [block_id for block_id, count in living.items() if least <= count < most]
        if len(alike) > _MOST_ALIKE:
            rows = np.array([each.row for each in library.documents()], np.int64)
            merged = merge([library.block(block_id) for block_id in alike], rows)
            change.put_block(merged, joined([each.living(rows) for each in library.snippets(alike)]))
            change.drop_blocks(alike)
