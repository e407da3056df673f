"""BM25 over blocks, checked against the formula written out."""

import math

import numpy as np
import pytest

from index.block import Block, postings, word_key
from index.lexical import Shelf

PASSAGES = [
    ("甲", ["港口", "岸电", "岸电"]),
    ("甲", ["岸电", "补助"]),
    ("乙", ["果园", "补助", "滴灌", "滴灌"]),
    ("丙", ["岸电"]),
]
ROWS = {"甲": 1, "乙": 2, "丙": 3}


def shelf(split: int, living: tuple[str, ...] = ("甲", "乙", "丙")) -> Shelf:
    """The passages in two blocks, split at any place, with only some documents still there."""
    parts = [PASSAGES[:split], PASSAGES[split:]]
    blocks = [_block(part, first) for part, first in zip(parts, (1, split + 1), strict=True) if part]
    return Shelf(blocks, [ROWS[name] for name in living])


def _block(part: list[tuple[str, list[str]]], first: int) -> Block:
    keys = [np.array([word_key(word) for word in words], np.uint64) for _, words in part]
    names = list(dict.fromkeys(name for name, _ in part))
    return Block(
        chunk_ids=np.arange(first, first + len(part), dtype=np.int64),
        document_rows=np.array([ROWS[name] for name, _ in part], np.int64),
        title_rows=np.array([ROWS[name] for name in names], np.int64),
        words=postings(keys),
        pairs=postings(keys),
        titles=postings([np.array([word_key(name)], np.uint64) for name in names]),
        vectors=np.zeros((len(part), 2), np.float32),
    )


def written_out(passages: list[list[str]], asked: list[str], k: float = 1.2, b: float = 0.6) -> list[float]:
    average = sum(map(len, passages)) / len(passages)
    scores, best = [0.0] * len(passages), 0.0
    for word in asked:
        holding = sum(word in passage for passage in passages)
        rarity = math.log(1 + (len(passages) - holding + 0.5) / (holding + 0.5))
        best += rarity
        for at, passage in enumerate(passages):
            count = passage.count(word)
            scores[at] += rarity * (k + 1) * count / (count + k * (1 - b + b * len(passage) / average)) if count else 0
    return [score / best for score in scores]


@pytest.mark.parametrize("split", [1, 2, 4])
def test_scores_are_those_of_the_formula_however_the_blocks_are_cut(split: int) -> None:
    scores = shelf(split).score("words", {word_key(word): 1.0 for word in ("岸电", "补助", "无人机")})
    expected = written_out([words for _, words in PASSAGES], ["岸电", "补助", "无人机"])
    assert scores.passages.tolist() == pytest.approx(expected, rel=1e-5)


def test_what_is_gone_neither_scores_nor_counts() -> None:
    left = shelf(2, living=("甲", "乙"))
    scores = left.score("words", {word_key("岸电"): 1.0})
    expected = written_out([words for name, words in PASSAGES if name != "丙"], ["岸电"])
    assert scores.passages[left.alive].tolist() == pytest.approx(expected, rel=1e-5)
    assert scores.passages[~left.alive].tolist() == [0.0]
    assert left.frequency("words", word_key("岸电")) == 2


def test_cover_is_the_share_of_the_question_that_stands_there() -> None:
    scores = shelf(2).score("words", {word_key("滴灌"): 1.0, word_key("果园"): 1.0})
    assert scores.passages_cover.tolist() == pytest.approx([0, 0, 1, 0])
    assert scores.documents_cover.tolist() == pytest.approx([0, 1, 0])


def test_a_title_names_its_document() -> None:
    assert np.flatnonzero(shelf(2).score("words", {word_key("乙"): 1.0}).titles_cover).tolist() == [1]


def test_an_empty_collection_scores_nothing() -> None:
    assert Shelf([], []).score("words", {word_key("岸电"): 1.0}).passages.tolist() == []
