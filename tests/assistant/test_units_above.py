"""Units that a heading names hold for everything below it."""

from collections.abc import Iterator

import pytest

from assistant.ask import Assistant
from index.search import Index
from tests.assistant.told import Ask, asking, built, cited, opening

MEASURES = """云河市人民政府关于优化营商环境的若干措施

一、便利企业开办（责任单位：市市场监管局、市公安局）
（一）推行电子营业执照。
（二）同步发放电子印章。
二、改善用电服务（牵头单位：市发改委；责任单位：云河供电公司）
（三）压减高压单电源办电时间。
（四）公开停电计划。责任单位：云河供电公司、市融媒体中心
三、强化监督
（五）开展满意度调查。
"""


@pytest.fixture(scope="module")
def measures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    with Index.open(built(tmp_path_factory.mktemp("measures"), {"measures": MEASURES})) as index:
        yield asking(Assistant(index))


@pytest.mark.parametrize(
    ("question", "units"),
    [
        ("推行电子营业执照由谁负责", ("市市场监管局", "市公安局")),
        ("压减高压单电源办电时间由谁负责", ("市发改委", "云河供电公司")),
        ("公开停电计划由谁负责", ("云河供电公司", "市融媒体中心")),  # names its own
    ],
)
def test_a_clause_without_units_takes_those_of_the_heading_above(
    measures: Ask, question: str, units: tuple[str, ...]
) -> None:
    assert measures(question).units == units


def test_the_heading_is_cited_and_the_clause_quoted(measures: Ask) -> None:
    answer = measures("推行电子营业执照由谁负责")

    assert "便利企业开办" in opening(answer) and "推行电子营业执照" in answer.answer
    assert len(cited(answer)) == 1


def test_where_no_heading_names_units_either_nobody_is_named(measures: Ask) -> None:
    answer = measures("开展满意度调查由谁负责")

    assert (answer.units, cited(answer)) == ((), ["任务3(五)"])
