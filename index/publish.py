"""Documents → the library: cut, count, embed and publish in one transaction; only what changed is worked on."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from index.block import Block, merge, pair_keys, postings, word_key
from index.chunk import Chunk, chunk
from index.embed import Embedder
from index.library import Change, Library
from index.segment import fingerprint as words_fingerprint
from index.segment import words
from ingest.document import Document
from ingest.exchange import to_json
from ingest.fold import fold_text

BLOCK_CHUNKS = 20_000
OPENING = 120  # characters of the text that stand beside the title: most texts without a title line open with it
_MOST_BLOCKS = 12

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Published:
    """What a change did, for people: ids."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    chunk_count: int = 0


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

    def add(self, document: Document, row: int, chunks: Sequence[Chunk], ids: Sequence[int]) -> None:
        title = fold_text(f"{document.title} {document.text[:OPENING]}")
        self.title_rows.append(row)
        self.titles.append(np.concatenate((_word_keys(title), pair_keys(title))))
        for each, chunk_id in zip(chunks, ids, strict=True):
            text = each.span.of(document.text)
            folded = fold_text(f"{each.context} {text}")
            self.chunk_ids.append(chunk_id)
            self.document_rows.append(row)
            self.words.append(_word_keys(folded))
            self.pairs.append(pair_keys(folded))
            self.texts.append(f"{document.title} {each.context} {text}")

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
    library: Library,
    change: Change,
    documents: Iterable[Document],
    *,
    embedder: Embedder,
    origin: str,
) -> Published:
    """Put the documents into the library within ``change``; one that is there word for word is left alone."""
    stored = {each.id: each for each in library.documents()}
    done: dict[str, list[str]] = {"added": [], "changed": [], "unchanged": []}
    pending, chunk_count = _Pending(), 0
    for document in documents:
        content_hash = hash_of(document)
        known = stored.get(document.id)
        if known and known.hash == content_hash:
            done["unchanged"].append(document.id)
            continue
        chunks = chunk(document)
        row, ids = change.put(document, chunks, origin=origin, content_hash=content_hash)
        pending.add(document, row, chunks, ids)
        chunk_count += len(chunks)
        done["changed" if known else "added"].append(document.id)
        if len(pending.chunk_ids) >= BLOCK_CHUNKS:
            change.put_block(pending.block(embedder))
            pending = _Pending()
    if pending.title_rows:
        change.put_block(pending.block(embedder))
    change.set_meta("model", embedder.fingerprint)
    change.set_meta("words", words_fingerprint())
    tidy(library, change)
    return Published(*(tuple(done[name]) for name in ("added", "changed", "unchanged")), chunk_count=chunk_count)


def tidy(library: Library, change: Change) -> None:
    """Merge the small blocks that many small changes leave, so that opening and searching stay quick."""
    sizes = library.rows("select id, chunk_count from blocks order by id")
    small = [int(str(block_id)) for block_id, count in sizes if int(str(count)) < BLOCK_CHUNKS // 2]
    if len(small) <= _MOST_BLOCKS:
        return
    living = np.array([each.row for each in library.documents()], np.int64)
    change.put_block(merge([library.block(each) for each in small], living))
    change.drop_blocks(small)


def hash_of(document: Document) -> str:
    """The same for the same document read by the same reader, wherever the file lay."""
    row = to_json(document)
    row["source"] = row["source"] | {"path": ""}
    return hashlib.sha256(json.dumps(row, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _word_keys(folded: str) -> NDArray[np.uint64]:
    return np.array([word_key(word) for word in words(folded)], dtype=np.uint64)
