"""Hard negatives: passages that share the query's words (BM25) and are not its passage."""

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from index.train_data import Pair
from index.train_vocabulary import Vocabulary

_K1, _B = 1.2, 0.75
_COUNT = 10
_SKIPPED_SHARE = 0.1  # a word that stands in a tenth of the passages finds nothing


def look_alikes(pairs: Sequence[Pair], vocabulary: Vocabulary, *, kinds: Collection[str]) -> NDArray[np.int64]:
    """For each pair of these kinds ten rows of other groups with the best BM25 score; -1 where there are fewer."""
    found = np.full((len(pairs), _COUNT), -1, dtype=np.int64)
    groups = np.array([pair.group for pair in pairs])
    for kind in sorted(kinds):
        rows = np.array([at for at, pair in enumerate(pairs) if pair.kind == kind], dtype=np.int64)
        if not len(rows):
            continue
        first = {pairs[row].passage: row for row in rows[::-1]}
        pool = np.array(sorted(first.values()), dtype=np.int64)
        passages = bm25(vocabulary.counts([pairs[row].passage for row in pool]))
        queries = vocabulary.counts([pairs[row].query for row in rows])
        for start in range(0, len(rows), 500):
            scores = (queries[start : start + 500] @ passages.T).toarray()
            scores[groups[rows[start : start + 500]][:, None] == groups[pool][None, :]] = 0
            best = np.argsort(-scores, axis=1, kind="stable")[:, :_COUNT]
            positive = np.take_along_axis(scores, best, axis=1) > 0
            found[rows[start : start + 500], : best.shape[1]] = np.where(positive, pool[best], -1)
    return found


def bm25(counts: sparse.csr_matrix, *, skipped_share: float = _SKIPPED_SHARE) -> sparse.csr_matrix:
    """Counts → BM25 weights, so that a product with a query's counts gives its scores."""
    texts = counts.shape[0]
    lengths = np.asarray(counts.sum(axis=1)).ravel()
    documents = np.bincount(counts.indices, minlength=counts.shape[1])
    idf = np.log(1 + (texts - documents + 0.5) / (documents + 0.5))
    idf[documents > max(5, skipped_share * texts)] = 0
    weighted = counts.copy().astype(np.float32)
    rows = np.repeat(np.arange(texts), np.diff(counts.indptr))
    damping = _K1 * (1 - _B + _B * lengths[rows] / max(lengths.mean(), 1e-9))
    weighted.data = (idf[weighted.indices] * weighted.data * (_K1 + 1) / (weighted.data + damping)).astype(np.float32)
    weighted.eliminate_zeros()
    return weighted
