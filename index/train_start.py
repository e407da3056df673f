"""Where training starts: words that stand in the same passages (LSA) and in the same company (PPMI) already lie close."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.utils.extmath import randomized_svd

from index.train_vocabulary import Vocabulary

_WINDOW = 5
_CONTEXT_SMOOTHING = 0.75  # rare contexts would otherwise look too telling
_COMMON = 1e-3  # a word's length falls once its share of the text is above this


def starting_vectors(texts: Sequence[str], vocabulary: Vocabulary, *, dimension: int, seed: int) -> NDArray[np.float32]:
    """A third of the columns from passages, the rest from neighbouring words; a row's length is what the word tells."""
    from_passages = dimension // 3
    columns = [
        _by_passages(texts, vocabulary, from_passages, seed),
        _by_neighbours(texts, vocabulary, dimension - from_passages, seed),
    ]
    start: NDArray[np.float32] = np.hstack(columns).astype(np.float32)
    return start


def _by_passages(texts: Sequence[str], vocabulary: Vocabulary, dimension: int, seed: int) -> NDArray[np.float64]:
    """Latent semantic analysis over words and their parts."""
    found = (vocabulary.counts(texts) @ vocabulary.parts).tocsr()
    documents = np.bincount(found.indices, minlength=found.shape[1])
    idf = np.log((1 + found.shape[0]) / (1 + documents))
    found.data = 1 + np.log1p(found.data)
    weighted = found @ sparse.diags(idf)
    weighted = sparse.diags(1 / np.maximum(sparse.linalg.norm(weighted, axis=1), 1e-6)) @ weighted
    _, strength, words = _svd(weighted.tocsr(), dimension, seed)
    vectors = _unit(words.T * np.sqrt(strength / max(strength[0], 1e-12))) * (idf / idf.mean())[:, None]
    vectors[documents == 0] = 0
    return np.asarray(vectors, dtype=np.float64)


def _by_neighbours(texts: Sequence[str], vocabulary: Vocabulary, dimension: int, seed: int) -> NDArray[np.float64]:
    """Positive pointwise mutual information of words within five words of each other."""
    together = _neighbours(vocabulary.sequence(texts, gap=_WINDOW), len(vocabulary.words))
    frequency = np.asarray(together.sum(axis=1)).ravel()
    context = frequency**_CONTEXT_SMOOTHING
    met = together.tocoo()
    information = np.log(met.data * context.sum() / (frequency[met.row] * context[met.col]))
    kept = information > 0
    positive = sparse.csr_matrix((information[kept], (met.row[kept], met.col[kept])), shape=together.shape)
    words, strength, _ = _svd(positive, dimension, seed)
    share = frequency / max(frequency.sum(), 1e-12)
    vectors = _unit(words * np.sqrt(strength / max(strength[0], 1e-12))) * (_COMMON / (_COMMON + share))[:, None]
    vectors[frequency == 0] = 0
    return np.asarray(vectors, dtype=np.float64)


def _neighbours(sequence: NDArray[np.int64], size: int) -> sparse.csr_matrix:
    """How often two words meet, counted less the farther apart; ``sequence`` has -1 between texts and unknown words as 0."""
    total = sparse.csr_matrix((size, size), dtype=np.float64)
    for distance in range(1, _WINDOW + 1):
        left, right = sequence[:-distance], sequence[distance:]
        both = (left > 0) & (right > 0)
        weights = np.full(int(both.sum()), 1 / np.sqrt(distance))
        total = total + sparse.coo_matrix((weights, (left[both], right[both])), shape=(size, size)).tocsr()
    return (total + total.T).tocsr()


def _svd(
    matrix: sparse.csr_matrix, dimension: int, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Truncated to the rank that the matrix can have and padded with empty columns, so that small data works too."""
    rank = min(dimension, min(matrix.shape) - 1)
    left, strength, right = randomized_svd(matrix.astype(np.float64), n_components=rank, n_iter=3, random_state=seed)
    missing = dimension - rank
    return np.pad(left, ((0, 0), (0, missing))), np.pad(strength, (0, missing)), np.pad(right, ((0, missing), (0, 0)))


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    scaled: NDArray[np.float64] = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return scaled
