"""What tells texts apart, small enough to be kept for all of them and looked up without reading any: short runs of their letters.

Kept are every second of a text's snippets, as 32-bit keys. Two texts of which the shorter has 60 % in the other share one of
those that are kept, whichever of the two is held, unless no two neighbouring snippets are shared at all.
"""

import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.segment import sentences
from ingest.fold import letters

Keys = NDArray[np.uint32]

_LETTERS = 12


def snippets(text: str) -> list[str]:
    """Different runs of letters in text order, each beginning where the last one ended within its sentence: layout does not matter."""
    runs = (letters(text[start:end]) for start, end in sentences(text))
    found = (
        run[at : at + _LETTERS] for run in runs for at in range(0, max(1, len(run) - _LETTERS + 1), _LETTERS) if run
    )
    return list(dict.fromkeys(found))


def keys_of(found: Collection[str]) -> Keys:
    """Their keys, each once, ascending."""
    return np.unique(np.array([zlib.crc32(each.encode("utf-8", "surrogatepass")) for each in found], np.uint32))


def kept_keys(text: str) -> Keys:
    """The keys that are kept of a text."""
    return keys_of(snippets(text)[::2])


@dataclass(frozen=True)
class Snippets:
    """What is kept of some documents: ``keys``, ascending, and of each the document's row."""

    keys: Keys
    rows: NDArray[np.int32]

    def sharing(self, asked: Keys) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]:
        """The rows of documents with any of these keys, how many each has of them, and how many in all."""
        starts, ends = (np.searchsorted(self.keys, asked, side) for side in ("left", "right"))
        shared = [self.rows[start:end] for start, end in zip(starts, ends, strict=True) if end > start]
        rows, counts = np.unique(np.concatenate(shared or [self.rows[:0]]), return_counts=True)
        return rows, counts, np.bincount(self.rows)[rows] if len(rows) else counts

    def living(self, rows: NDArray[np.int64]) -> "Snippets":
        """Without the documents that are not among these."""
        alive = np.isin(self.rows, rows)
        return Snippets(self.keys[alive], self.rows[alive])

    def to_bytes(self) -> bytes:
        return self.keys.astype("<u4").tobytes() + self.rows.astype("<i4").tobytes()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Snippets":
        half = len(content) // 2
        return cls(np.frombuffer(content[:half], "<u4"), np.frombuffer(content[half:], "<i4"))


def gathered(documents: Sequence[tuple[int, Keys]]) -> Snippets:
    """Of documents with these rows and keys."""
    keys = np.concatenate([np.empty(0, np.uint32), *(keys for _, keys in documents)])
    rows = np.repeat(np.array([row for row, _ in documents], np.int32), [len(keys) for _, keys in documents])
    return _ordered(keys, rows)


def joined(parts: Sequence[Snippets]) -> Snippets:
    return _ordered(np.concatenate([each.keys for each in parts]), np.concatenate([each.rows for each in parts]))


def _ordered(keys: Keys, rows: NDArray[np.int32]) -> Snippets:
    order = np.argsort(keys, kind="stable")
    return Snippets(keys[order], rows[order])
