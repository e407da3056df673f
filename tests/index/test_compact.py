"""The compact form of the vectors: what it takes for near is near, and what it finds is what comparing all finds."""

from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest

from index.block import Block, postings
from index.compact import Vectors
from index.home import Home
from index.vectors import Nearest

RANDOM = np.random.default_rng(7)


def block(vectors: np.ndarray, first: int) -> Block:
    rows, nothing = len(vectors), postings([np.empty(0, np.uint64)] * len(vectors))
    return Block(
        chunk_ids=np.arange(first, first + rows, dtype=np.int64),
        document_rows=np.ones(rows, np.int64),
        title_rows=np.empty(0, np.int64),
        words=nothing,
        pairs=nothing,
        titles=postings([]),
        vectors=vectors,
    )


def topics(count: int, dimension: int) -> np.ndarray:
    """Vectors of length 1 around a few hundred subjects, as texts are."""
    subjects = RANDOM.normal(size=(300, dimension))
    vectors = subjects[RANDOM.integers(0, 300, count)] + RANDOM.normal(size=(count, dimension))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@dataclass(frozen=True)
class Held:
    vectors: Vectors


@pytest.mark.parametrize("dimension", [128, 100])
def test_the_compact_likeness_is_near_the_true_one(dimension: int) -> None:
    every = topics(3_000, dimension)
    vectors = Vectors({1: block(every[:1_000], 1), 2: block(every[1_000:], 1_001)})
    difference = vectors.likeness_about(every[5]) - vectors.likeness(every[5])
    assert abs(difference.mean()) < 0.01
    assert difference.std() < 0.1


class Compacted(Vectors):
    """May not be compared one by one."""

    def likeness(self, vector: object) -> NoReturn:
        raise AssertionError("all were compared")


def test_among_very_many_the_nearest_are_found_as_by_comparing_all(tmp_path: Path) -> None:
    every = topics(24_000, 384)
    held = Held(Compacted({1: block(every[:15_000], 1), 2: block(every[15_000:], 15_001)}))
    nearest, allowed = Nearest(Home(tmp_path), None), np.ones(24_000, bool)
    allowed[::7] = False
    for passage in every[::1_200]:
        asked = passage + RANDOM.normal(scale=0.03, size=384).astype(np.float32)
        found = nearest.rows(held, asked, 50, allowed)  # type: ignore[arg-type]
        best = np.flatnonzero(allowed)[np.argsort(-(every[allowed] @ asked))[:50]]
        assert len(np.intersect1d(found, best)) >= 49


def test_vectors_are_those_of_their_rows_whatever_block_they_lie_in() -> None:
    every = topics(30, 64)
    vectors = Vectors({1: block(every[:10], 1), 2: block(every[10:], 11)})
    rows = np.array([25, 3, 9, 10, 3])
    assert np.array_equal(vectors.of(rows), every[rows])
    assert (len(vectors), len(Vectors({}))) == (30, 0)


def test_a_block_without_passages_is_no_hindrance() -> None:
    every = topics(20, 64)
    vectors = Vectors({1: block(every[:0], 1), 2: block(every, 1)})
    assert np.array_equal(vectors.of(np.arange(20)), every)
    assert len(vectors.likeness_about(every[0])) == 20


def test_a_vector_without_a_known_word_is_like_nothing() -> None:
    vectors = Vectors({1: block(np.zeros((3, 64), np.float32), 1)})
    assert vectors.likeness_about(topics(1, 64)[0]).tolist() == pytest.approx([0, 0, 0])
