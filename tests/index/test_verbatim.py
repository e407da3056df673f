"""Pieces of a question that stand in a passage to the letter."""

import pytest

from index.search import Index
from index.terms import Reader
from index.verbatim import longest_runs


@pytest.mark.parametrize(
    ("question", "text", "characters"),
    [
        ("岸电箱由谁建？", "沿江码头应当配备岸电箱。", 3),
        ("沿江码头，配备了吗", "沿江码头应当配备岸电箱。", 4),
        ("滴灌管材补助", "沿江码头应当配备岸电箱。", 0),
        ("補助３００元", "每亩补助300元。", 6),
        ("甲" * 30, "甲" * 40, 20),
    ],
)
def test_the_longest_piece_counts_up_to_twenty_characters(question: str, text: str, characters: int) -> None:
    assert longest_runs(question, [text]).tolist() == pytest.approx([characters / 20])


def test_the_best_passages_are_compared_letter_by_letter(index: Index) -> None:
    found = index.candidates("支持各类所有制企业、社会组织剥离非核心业务")
    assert found.features["run"].max() > 0.3


def test_words_that_only_ask_are_not_searched_for(index: Index) -> None:
    reader = Reader(index._state.shelf)
    asking, bare = reader.read("服务外包有哪些扶持政策"), reader.read("服务外包 扶持政策")
    assert asking.pairs == bare.pairs
    assert asking.text == "服务外包有哪些扶持政策"
    assert reader.read("怎么样").pairs
