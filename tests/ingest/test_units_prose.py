"""Lists of bodies that answer for nothing: who attends, who is praised, whom a measure is for. All texts are invented."""

import pytest

from ingest.covered import Covered
from ingest.document import Span
from ingest.units import find_responsibilities

RULED = "分工方案（首位单位为牵头单位）\n"


def names(text: str) -> list[str]:
    return [unit.name for found in find_responsibilities(text) for unit in found.units]


@pytest.mark.parametrize(
    "text",
    [
        "予以表扬：\n——市水务局、市园林局\n",
        "不合格单位\n——市水务局、市园林局\n",
        "一、不合格单位\n——市水务局、市园林局\n",
        "以下单位考核为优秀等次。\n——市水务局、市园林局\n",
        RULED + "会议出席\n市水务局、市园林局\n",
        RULED + "一、会议出席\n市水务局、市园林局\n",
        RULED + "领导小组组成单位\n市水务局、市园林局\n",
        RULED + "抽调人员来自以下单位，\n市水务局、市园林局\n",
        "一、适用对象（企业、高校、科研院所）\n",
        "优惠对象。（中小企业）\n",
        "申报主体：企业\n实施主体：园区\n",
        "实施主体：农民专业合作社、家庭农场\n",
        "处罚情况\n责任单位\n某建筑公司\n存在的问题\n未按图施工。\n",
        "处罚情况\n责任单位\n云河市第一建筑公司\n存在的问题\n未按图施工。\n",
    ],
)
def test_names_that_answer_for_nothing(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "（四）保护湿地\n——市水务局、市园林局\n",
        "（四）保护湿地。制定名录。\n\n——市水务局、市园林局\n",
        RULED + "1.保护湿地。\n市水务局、市园林局\n",
        "实施主体：市水务局、市园林局\n",
        "保护湿地\n责任单位\n市水务局\n市园林局\n",
    ],
)
def test_the_same_forms_below_a_task_name_units(text: str) -> None:
    assert names(text) == ["市水务局", "市园林局"]


def test_brackets_of_units_throughout_make_no_unit_of_whom_a_measure_is_for() -> None:
    habit = "1.疏浚。（市水务局、市财政局）\n2.植树。（市园林局、市财政局）\n3.修路。（市交通局、市城管局）\n"

    assert names(habit + "4.扩大优惠对象。（中小企业）\n") == names(habit)


@pytest.mark.parametrize(
    ("span", "meets", "holds"),
    [
        (Span(0, 2), False, False),
        (Span(0, 3), True, False),
        (Span(4, 6), True, True),
        (Span(8, 9), True, True),
        (Span(10, 12), False, False),
    ],
)
def test_a_place_is_looked_up_among_spans_even_where_they_overlap(span: Span, meets: bool, holds: bool) -> None:
    covered = Covered([Span(20, 30), Span(2, 10), Span(3, 5)])

    assert (covered.meets(span), covered.holds(span)) == (meets, holds)
    assert not Covered([]).meets(span) and not Covered([]).holds(span)
