"""Characters that look alike: a slip of the eye is mended where it makes no sense, and never where it does."""

import pytest

from index.search import Index
from index.segment import SEEDS


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("服务处包", "服务外包"), ("集戊电路", "集成电路"), ("税牧优惠", "税收优惠"), ("上云乎台", "上云平台")],
)
def test_a_character_that_only_looks_right_is_read_as_the_right_one(index: Index, typed: str, meant: str) -> None:
    assert index.understood(f"{typed}由谁负责") == f"{meant}由谁负责"


@pytest.mark.parametrize("question", ["人才培训", "入驻园区的企业", "未来三年", "土地和士兵"])
def test_what_makes_sense_stays_as_it_is(index: Index, question: str) -> None:
    assert index.understood(question) == question


def test_every_group_is_of_different_characters() -> None:
    groups = [line for line in (SEEDS / "look_alikes.txt").read_text("utf-8").splitlines() if not line.startswith("#")]
    assert all(len(set(group)) == len(group) > 1 for group in groups)
