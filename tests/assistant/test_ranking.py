"""The matrix as a whole: places in the ranking, averages, counts, exceptions; figures from the list copied by hand."""

import pytest

from tests.assistant.told import RESPONSIBLE, Ask, opening, tasks, tasks_of, units_of

COUNTS = {name: len(tasks_of(name)) for name in units_of(*RESPONSIBLE)}


@pytest.mark.parametrize("question", ["责任单位任务排第二多的是哪家", "任务数量第二多的单位是谁", "任务排名第2的单位"])
def test_the_second_in_the_ranking(ask: Ask, question: str) -> None:
    answer = ask(question)
    second = sorted(set(COUNTS.values()), reverse=True)[1]
    assert set(answer.units) == {name for name, count in COUNTS.items() if count == second}


@pytest.mark.parametrize("question", ["任务最少的单位有哪些", "哪些单位只负责一项任务"])
def test_the_units_with_the_fewest_tasks(ask: Ask, question: str) -> None:
    assert set(ask(question).units) == {name for name, count in COUNTS.items() if count == min(COUNTS.values())}


@pytest.mark.parametrize("question", ["任务最多的前三个单位", "任务数排前三的单位是哪些"])
def test_equals_of_the_third_belong_to_the_first_three(ask: Ask, question: str) -> None:
    answer = ask(question)
    third = sorted(COUNTS.values(), reverse=True)[2]
    assert set(answer.units) == {name for name, count in COUNTS.items() if count >= third}
    assert opening(answer).startswith(f"按任务数从多到少：市商务局{COUNTS['市商务局']}项")


def test_the_whole_ranking_holds_every_unit(ask: Ask) -> None:
    assert set(ask("各单位任务数量排名").units) == set(COUNTS)


def test_units_with_at_least_so_many_tasks(ask: Ask) -> None:
    assert set(ask("负责三项以上任务的单位有哪些").units) == {name for name, count in COUNTS.items() if count >= 3}


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("哪一项任务的责任单位最多", [12]),
        ("责任单位最少的任务有哪些", [1, 3, 6, 13, 15]),
        ("责任单位恰好四家的有哪些", [2, 11]),
        ("哪一条任务里看不到市商务局的影子", [9]),
        ("没商务局的任务", [9]),
        ("哪些任务跟市税务局不搭界", [1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15]),
        ("有没有任务是单独一家单位负责的", []),
        ("由一家单位单独负责的任务有吗", []),
        ("责任单位不少于五家的任务有哪几项", [4, 5, 7, 12]),
    ],
)
def test_tasks_by_how_many_units_they_have(ask: Ask, question: str, wanted: list[int]) -> None:
    assert tasks(ask(question)) == wanted


def test_an_average_says_what_it_was_counted_from(ask: Ask) -> None:
    pairs = sum(COUNTS.values())
    said = opening(ask("平均每个单位负责几项任务"))
    assert f"合计{pairs}次" in said
    assert f"{pairs / len(COUNTS):.1f}项" in said


@pytest.mark.parametrize(
    ("claim", "begins"),
    [
        ("一共有23个责任单位对吧", "是的"),
        ("一共有24个责任单位对吧", "不是"),
        ("只负责一项任务的单位有五家对吗", "不是"),
        ("武汉海关整份文件就出现在医药研发那一条里，别的没有了吧", "不是"),
    ],
)
def test_counts_that_are_claimed(ask: Ask, claim: str, begins: str) -> None:
    assert opening(ask(claim)).startswith(begins)


@pytest.mark.parametrize(
    ("question", "unit", "excepted"),
    [
        ("除第7项外，市教育局还负责哪几项", "市教育局", {7}),
        ("除了第12项，市税务局还有什么任务", "市税务局", {12}),
        ("市商务局除了第1项和第2项还负责哪些", "市商务局", {1, 2}),
    ],
)
def test_what_is_excepted_is_not_listed(ask: Ask, question: str, unit: str, excepted: set[int]) -> None:
    assert tasks(ask(question)) == [task for task in tasks_of(unit) if task not in excepted]


def test_a_unit_without_other_tasks_is_said_to_have_none(ask: Ask) -> None:
    assert opening(ask("市司法局除了第6项还有别的吗")).startswith("不是。除第6项外，市司法局没有别的任务")


def test_tasks_without_a_lead(orchard: Ask) -> None:
    answer = orchard("没有写牵头单位的任务有哪些")
    assert [citation.label for citation in answer.citations] == ["二(四)"]
