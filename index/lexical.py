"""Words and character pairs: BM25 over the blocks, for passages and for whole documents, with what the titles say.

The counts come from numpy arrays rather than SQLite's FTS5: a question of thirty terms over 100,000 passages, most of them frequent
character pairs, takes milliseconds here, and the same pass yields the score of every whole document.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.block import Block, Postings

Floats = NDArray[np.float32]

_SATURATION = 1.2
_LENGTH_WEIGHT = 0.6
_DOCUMENT_LENGTH_WEIGHT = 0.6


@dataclass(frozen=True)
class Scores:
    """Shares of what the question's terms could give, for every passage and every document of the shelf.

    ``passages`` and ``documents`` are BM25, which rewards repeats; the others are the weight of the terms that stand in the
    passage, anywhere in the document, or in its title and opening.
    """

    passages: Floats
    passages_cover: Floats
    documents: Floats
    documents_cover: Floats
    titles_cover: Floats


class Shelf:
    """All blocks side by side. Passages and documents are numbered from 0; ``document_of`` leads from one to the other."""

    def __init__(self, blocks: Sequence[Block], document_rows: Sequence[int]) -> None:
        self.blocks = tuple(blocks)
        self.document_rows = np.array(document_rows, dtype=np.int64)
        self.chunk_ids = _joined([block.chunk_ids for block in blocks], np.int64)
        self.document_of = self._numbered(_joined([block.document_rows for block in blocks], np.int64))
        self.alive: NDArray[np.bool_] = self.document_of >= 0
        self._by_id = np.argsort(self.chunk_ids, kind="stable")
        self._titles_of = [self._numbered(block.title_rows) for block in blocks]
        self._bases = np.cumsum([0, *(len(block.chunk_ids) for block in blocks)])
        self.count = int(self.alive.sum())
        self._lengths = {
            field: _joined([getattr(block, field).lengths for block in blocks], np.int32)
            for field in ("words", "pairs")
        }
        self._norms = {field: self._norm(lengths) for field, lengths in self._lengths.items()}
        self._document_norms = {field: self._document_norm(lengths) for field, lengths in self._lengths.items()}

    def score(self, field: str, terms: Mapping[int, float]) -> Scores:
        """BM25 of the weighted term keys in ``words`` or ``pairs``."""
        passages, cover = (np.zeros(len(self.chunk_ids), np.float32) for _ in range(2))
        documents, documents_cover, titles = (np.zeros(len(self.document_rows), np.float32) for _ in range(3))
        norms, document_norms, best = self._norms[field], self._document_norms[field], 1e-6
        for key, weight in terms.items():
            rows, counts = self._find(field, key)
            rarity = weight * _rarity(self.count, len(rows))
            best += rarity
            within = np.bincount(self.document_of[rows], weights=counts, minlength=len(documents)).astype(np.float32)
            holding = within > 0
            document_rarity = weight * _rarity(len(documents), int(np.count_nonzero(holding)))
            titles[self._titled(key)] += document_rarity
            if not len(rows):
                continue
            cover[rows] += rarity
            passages[rows] += rarity * (_SATURATION + 1) * counts / (counts + norms[rows])
            documents += document_rarity * (_SATURATION + 1) * within / (within + document_norms)
            documents_cover[holding] += rarity
        return Scores(passages / best, cover / best, documents / best, documents_cover / best, titles / best)

    def rows_with(self, field: str, key: int) -> NDArray[np.int64]:
        """The passages with the term, ascending."""
        return self._find(field, key)[0]

    def positions(self, chunk_ids: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
        """Where these chunks stand among the passages; chunks that are not here are left out."""
        if not len(self.chunk_ids):
            return np.empty(0, np.int64)
        wanted = np.asarray(chunk_ids, np.int64)
        at = np.minimum(np.searchsorted(self.chunk_ids, wanted, sorter=self._by_id), len(self._by_id) - 1)
        found: NDArray[np.int64] = self._by_id[at]
        here: NDArray[np.int64] = found[self.chunk_ids[found] == wanted]
        return here

    def frequency(self, field: str, key: int) -> int:
        """In how many passages the term stands."""
        return len(self._find(field, key)[0])

    def _find(self, field: str, key: int) -> tuple[NDArray[np.int64], Floats]:
        found = [getattr(block, field).find(key) for block in self.blocks]
        rows = _joined([part[0] + base for part, base in zip(found, self._bases[:-1], strict=True)], np.int64)
        counts = _joined([part[1] for part in found], np.float32)
        if self.count == len(self.alive):
            return rows, counts
        living = self.alive[rows]
        return rows[living], counts[living]

    def _titled(self, key: int) -> NDArray[np.int64]:
        """The documents whose title or opening holds the term."""
        found = [numbers[_rows(block.titles, key)] for block, numbers in zip(self.blocks, self._titles_of, strict=True)]
        numbers = _joined(found, np.int64)
        return numbers[numbers >= 0]

    def _numbered(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Document rows → their numbers here, -1 for documents that are gone."""
        if not len(self.document_rows):
            return np.full(len(rows), -1, np.int64)
        at = np.minimum(np.searchsorted(self.document_rows, rows), len(self.document_rows) - 1)
        return np.where(self.document_rows[at] == rows, at, -1)

    def _norm(self, lengths: NDArray[np.int32]) -> Floats:
        average = float(lengths[self.alive].mean()) if self.count else 1.0
        return (_SATURATION * (1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * lengths / max(average, 1.0))).astype(np.float32)

    def _document_norm(self, lengths: NDArray[np.int32]) -> Floats:
        alive = self.alive
        total = np.bincount(self.document_of[alive], weights=lengths[alive], minlength=len(self.document_rows))
        average = max(float(total.mean()), 1.0) if len(total) else 1.0
        weight = _DOCUMENT_LENGTH_WEIGHT
        return (_SATURATION * (1 - weight + weight * total / average)).astype(np.float32)


def _rows(part: Postings, key: int) -> NDArray[np.int32]:
    return part.find(key)[0]


def _rarity(count: int, holding: int) -> float:
    return math.log(1 + (count - holding + 0.5) / (holding + 0.5))


def _joined(parts: Sequence[NDArray[np.generic]], kind: type) -> NDArray:  # type: ignore[type-arg]
    return np.concatenate(parts).astype(kind, copy=False) if parts else np.empty(0, kind)
