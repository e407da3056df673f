"""A block: what one change to the collection adds to search, as arrays that load in one read and are never altered.

A block holds the postings of its chunks (words, character pairs), those of its documents' titles and openings, and the chunks'
vectors. What is removed later is masked, not cut out, until blocks are merged.
"""

import io
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from index.cutter import runs
from index.segment import words_in

_WORD_BIT = 1 << 63
_HIGHEST_COUNT = 255


def word_key(word: str) -> int:
    """The 64-bit key of a word; the top bit tells it from a pair of characters."""
    return _word_key(word)


@cache
def _word_key(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big") | _WORD_BIT


def pair_key(pair: str) -> int:
    """The key of two neighbouring characters (or of one lone character): their code points side by side."""
    return ord(pair[0]) << 21 | (ord(pair[1]) if len(pair) > 1 else 0)


@dataclass(frozen=True)
class Postings:
    """An inverted index: the rows that hold ``keys[i]`` stand at ``starts[i]:starts[i+1]`` of ``rows``, with their counts.

    ``lengths`` holds the number of terms of every row, repeats counted.
    """

    keys: NDArray[np.uint64]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    counts: NDArray[np.uint8]
    lengths: NDArray[np.int32]

    def find(self, key: int) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
        """The rows with this key, ascending, and how often each holds it."""
        (start,), (end,) = self.spans([key])
        return self.rows[start:end], self.counts[start:end]

    def spans(self, keys: Sequence[int]) -> NDArray[np.int64]:
        """Where the rows of each key start, and where they end: at once for a key that is not here."""
        wanted = np.array(keys, np.uint64)
        at = np.searchsorted(self.keys, wanted)
        here = at < len(self.keys)
        here[here] = self.keys[at[here]] == wanted[here]
        at = np.where(here, at, 0)
        return np.array([self.starts[at], self.starts[at + here]])


def postings(rows_of_keys: Sequence[NDArray[np.uint64]]) -> Postings:
    """Invert rows of keys; repeats within a row become counts."""
    lengths = np.array([len(keys) for keys in rows_of_keys], dtype=np.int32)
    keys = np.concatenate(rows_of_keys) if len(rows_of_keys) else np.empty(0, np.uint64)
    rows = np.repeat(np.arange(len(rows_of_keys), dtype=np.int32), lengths)
    order = np.argsort(keys, kind="stable")
    return _grouped(keys[order], rows[order], np.ones(len(order), np.int64), lengths)


def _grouped(
    keys: NDArray[np.uint64], rows: NDArray[np.int32], counts: NDArray[np.int64], lengths: NDArray[np.int32]
) -> Postings:
    """From keys and rows in ascending order: equal neighbours are added up, then rows are grouped by key."""
    if not len(keys):
        return Postings(keys, np.zeros(1, np.int64), rows, counts.astype(np.uint8), lengths)
    fresh = np.append(True, (keys[1:] != keys[:-1]) | (rows[1:] != rows[:-1]))
    at = np.flatnonzero(fresh)
    counts = np.add.reduceat(counts, at)
    keys, rows = keys[at], rows[at]
    first = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
    starts = np.append(first, len(keys)).astype(np.int64)
    return Postings(keys[first], starts, rows, np.minimum(counts, _HIGHEST_COUNT).astype(np.uint8), lengths)


@dataclass(frozen=True)
class Block:
    """``chunk_ids`` and ``document_rows`` name each chunk row; ``title_rows`` the document of each title row."""

    chunk_ids: NDArray[np.int64]
    document_rows: NDArray[np.int64]
    title_rows: NDArray[np.int64]
    words: Postings
    pairs: Postings
    titles: Postings
    vectors: NDArray[np.float32]

    def __post_init__(self) -> None:
        rows = len(self.chunk_ids)
        sizes = {len(self.document_rows), len(self.words.lengths), len(self.pairs.lengths), len(self.vectors)}
        if sizes != {rows} or len(self.title_rows) != len(self.titles.lengths):
            raise ValueError(f"a block's arrays disagree: {rows} chunks, {sizes}")


_POSTINGS = ("words", "pairs", "titles")
_ARRAYS = ("chunk_ids", "document_rows", "title_rows", "vectors")
_PARTS = ("keys", "starts", "rows", "counts", "lengths")
_ALIGNED = 64  # bytes


def to_bytes(block: Block) -> bytes:
    """The arrays one after another, each in numpy's own format and at a place where it can be used without a copy."""
    out = io.BytesIO()
    for each in _arrays(block):
        np.lib.format.write_array(out, np.ascontiguousarray(each), allow_pickle=False)
        out.write(bytes(-out.tell() % _ALIGNED))
    return out.getvalue()


def from_bytes(content: bytes) -> Block:
    """The block written by ``to_bytes``; the arrays share the bytes' memory."""
    view, at = memoryview(content), 0

    def read() -> NDArray[np.generic]:
        nonlocal at
        header = io.BytesIO(view[at : at + 1024])
        np.lib.format.read_magic(header)
        shape, _, dtype = np.lib.format.read_array_header_1_0(header)
        start = at + header.tell()
        size = int(np.prod(shape)) * dtype.itemsize
        at = start + size + -(start + size) % _ALIGNED
        return np.frombuffer(view[start : start + size], dtype=dtype).reshape(shape)

    plain = {name: read() for name in _ARRAYS}
    inverted = {name: Postings(**{part: read() for part in _PARTS}) for name in _POSTINGS}  # type: ignore[arg-type]
    return Block(**plain, **inverted)  # type: ignore[arg-type]


def _arrays(block: Block) -> Iterable[NDArray[np.generic]]:
    yield from (getattr(block, name) for name in _ARRAYS)
    yield from (getattr(getattr(block, name), part) for name in _POSTINGS for part in _PARTS)


def word_keys(folded: str) -> NDArray[np.uint64]:
    """The keys of ``segment.words`` for text that is folded already, in text order."""
    return np.frombuffer(b"".join(map(_keys_in, runs(folded))), np.uint64)


@lru_cache(maxsize=50_000)
def _keys_in(run: str) -> bytes:
    """Remembered, for texts repeat themselves: a passage opens as the one before ended, a heading stands with each passage below."""
    return array("Q", map(_word_key, words_in(run))).tobytes()


def pair_keys(folded: str) -> NDArray[np.uint64]:
    """The keys of ``segment.bigrams`` for text that is folded already, in one sweep; in no particular order."""
    codes = np.frombuffer(folded.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    han = (codes >= 0x3400) & (codes <= 0x9FFF) | (codes >= 0xF900) & (codes <= 0xFAFF)
    beside = han[1:] & han[:-1]
    pairs = (codes[:-1] << np.uint64(21) | codes[1:])[beside]
    alone = han & ~np.append(beside, False) & ~np.append(False, beside)
    return np.concatenate((pairs, codes[alone] << np.uint64(21)))


def merge(blocks: Sequence[Block], living: NDArray[np.int64]) -> Block:
    """One block from several, without the chunks and titles of documents that are gone; ``living`` holds document rows."""
    kept = [np.isin(block.document_rows, living) for block in blocks]
    titles = [np.isin(block.title_rows, living) for block in blocks]
    return Block(
        chunk_ids=np.concatenate([block.chunk_ids[keep] for block, keep in zip(blocks, kept, strict=True)]),
        document_rows=np.concatenate([block.document_rows[keep] for block, keep in zip(blocks, kept, strict=True)]),
        title_rows=np.concatenate([block.title_rows[keep] for block, keep in zip(blocks, titles, strict=True)]),
        words=_merged([block.words for block in blocks], kept),
        pairs=_merged([block.pairs for block in blocks], kept),
        titles=_merged([block.titles for block in blocks], titles),
        vectors=np.concatenate([block.vectors[keep] for block, keep in zip(blocks, kept, strict=True)]),
    )


def _merged(parts: Sequence[Postings], kept: Sequence[NDArray[np.bool_]]) -> Postings:
    keys, rows, counts, lengths, base = [], [], [], [], 0
    for part, keep in zip(parts, kept, strict=True):
        moved = np.cumsum(keep) - 1 + base
        alive = keep[part.rows]
        keys.append(np.repeat(part.keys, np.diff(part.starts))[alive])
        rows.append(moved[part.rows[alive]].astype(np.int32))
        counts.append(part.counts[alive].astype(np.int64))
        lengths.append(part.lengths[keep])
        base += int(keep.sum())
    every = np.concatenate(keys)
    order = np.argsort(every, kind="stable")
    return _grouped(every[order], np.concatenate(rows)[order], np.concatenate(counts)[order], np.concatenate(lengths))
