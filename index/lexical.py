"""Words and character pairs: BM25 over the blocks, for passages and for whole documents, with what the titles say.

The counts come from numpy arrays rather than SQLite's FTS5: a question of thirty terms over 100,000 passages, most of them frequent
character pairs, takes milliseconds here, and the same pass yields the score of every whole document.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

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
        self._titles_of = self._numbered(_joined([block.title_rows for block in blocks], np.int64))
        self._bases = _starts([len(block.chunk_ids) for block in blocks])
        self._title_bases = _starts([len(block.title_rows) for block in blocks])
        self.count = int(self.alive.sum())
        self._lengths = {
            field: _joined([getattr(block, field).lengths for block in blocks], np.int32)
            for field in ("words", "pairs")
        }
        self._norms = {field: self._norm(lengths) for field, lengths in self._lengths.items()}
        self._document_norms = {field: self._document_norm(lengths) for field, lengths in self._lengths.items()}

    def score(self, field: str, terms: Mapping[int, float]) -> Scores:
        """BM25 of the weighted term keys in ``words`` or ``pairs``.

        All terms go through each step at once: a step for every term alone costs more than the step itself.
        """
        weights, keys = np.array(list(terms.values()), np.float64), list(terms)
        found = self._occurrences(field, keys)
        within = found.added_up(self.document_of)
        titled = _Occurrences.of([block.titles for block in self.blocks], self._title_bases, keys)
        rarity = weights * _rarities(self.count, found.sizes)
        document_rarity = weights * _rarities(len(self.document_rows), within.sizes)
        best = 1e-6 + float(rarity.sum())
        rarity, document_rarity = rarity / best, document_rarity / best
        passages, documents = len(self.chunk_ids), len(self.document_rows)
        return Scores(
            passages=found.summed(rarity, passages, found.saturated(self._norms[field])),
            passages_cover=found.summed(rarity, passages),
            documents=within.summed(document_rarity, documents, within.saturated(self._document_norms[field])),
            documents_cover=within.summed(rarity, documents),
            titles_cover=titled.moved(self._titles_of).summed(document_rarity, documents),
        )

    def rows_with(self, field: str, key: int) -> NDArray[np.int64]:
        """The passages with the term, ascending."""
        return self._find(field, key)

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
        return len(self._find(field, key))

    def _find(self, field: str, key: int) -> NDArray[np.int64]:
        return self._occurrences(field, [key]).rows

    def _occurrences(self, field: str, keys: Sequence[int]) -> "_Occurrences":
        """Where the terms stand among the living passages."""
        found = _Occurrences.of([getattr(block, field) for block in self.blocks], self._bases, keys)
        return found if self.count == len(self.alive) else found.only(self.alive[found.rows])

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


@dataclass(frozen=True)
class _Occurrences:
    """Where the terms of a question stand: the first ``sizes[0]`` rows hold the first term, each ``counts`` times, and so on.

    A term's rows ascend, and none comes twice.
    """

    rows: NDArray[np.int64]
    counts: Floats
    sizes: NDArray[np.int64]

    @classmethod
    def of(cls, parts: Sequence[Postings], bases: Sequence[int], keys: Sequence[int]) -> "_Occurrences":
        """Of these keys in all parts, whose rows are counted on from the bases."""
        spans = np.array([part.spans(keys) for part in parts], np.int64).reshape(len(parts), 2, len(keys))
        starts, ends = spans.transpose(1, 2, 0)
        terms, of = np.nonzero(ends > starts)
        places = list(zip(of.tolist(), map(slice, starts[terms, of].tolist(), ends[terms, of].tolist()), strict=True))
        rows = _joined([parts[part].rows[piece] for part, piece in places], np.int64)
        rows += np.repeat(np.array(bases, np.int64)[of], (ends - starts)[terms, of])
        counts = _joined([parts[part].counts[piece] for part, piece in places], np.float32)
        return cls(rows, counts, (ends - starts).sum(axis=1))

    def only(self, wanted: NDArray[np.bool_]) -> "_Occurrences":
        """Those at the places marked."""
        before = np.append(0, np.cumsum(wanted))
        return _Occurrences(self.rows[wanted], self.counts[wanted], np.diff(before[self._bounds]))

    def moved(self, to: NDArray[np.int64]) -> "_Occurrences":
        """With ``to[row]`` for each row, without those that are nowhere (-1)."""
        rows = to[self.rows]
        return _Occurrences(rows, self.counts, self.sizes).only(rows >= 0)

    def added_up(self, owners: NDArray[np.int64]) -> "_Occurrences":
        """By owner, whose rows stand side by side, so that one sweep adds up what its rows hold."""
        of = owners[self.rows]
        fresh = np.empty(len(of), bool)
        np.not_equal(of[1:], of[:-1], out=fresh[1:])
        fresh[self._bounds[:-1][self.sizes > 0]] = True
        first = np.flatnonzero(fresh)
        counts = np.add.reduceat(self.counts, first) if len(first) else self.counts
        return _Occurrences(of[first], counts, np.diff(np.searchsorted(first, self._bounds)))

    def saturated(self, norms: Floats) -> Floats:
        """BM25's share of each count: the first says most, and a long row's say less."""
        share: Floats = (_SATURATION + 1) * self.counts / (self.counts + norms[self.rows])
        return share

    def summed(self, weights: NDArray[np.float64], count: int, shares: Floats | None = None) -> Floats:
        """For each of so many rows the weight of its terms, or a share of it for each."""
        values = np.repeat(weights, self.sizes)
        return np.bincount(self.rows, values if shares is None else values * shares, minlength=count).astype(np.float32)

    @property
    def _bounds(self) -> NDArray[np.int64]:
        """Where each term begins, and the end."""
        return np.append(0, np.cumsum(self.sizes))


def _rarities(count: int, holding: NDArray[np.int64]) -> NDArray[np.float64]:
    rarities: NDArray[np.float64] = np.log(1 + (count - holding + 0.5) / (holding + 0.5))
    return rarities


def _starts(sizes: Sequence[int]) -> list[int]:
    """Where each of these parts, one after another, begins."""
    return [0, *accumulate(sizes)][:-1]


def _joined(parts: Sequence[NDArray[np.generic]], kind: type) -> NDArray:  # type: ignore[type-arg]
    return np.concatenate(parts).astype(kind, copy=False) if parts else np.empty(0, kind)
