"""What a follow-up refers to: the turns before, last of all the one just answered."""

import pytest

from tests.assistant.told import Ask, cited, opening, tasks, tasks_of, units_of


@pytest.mark.parametrize(
    ("turns", "label"),
    [
        (("第7项讲什么", "找谁"), "任务7"),
        (("第7项由谁负责", "那第9项呢"), "任务9"),
        (("第7项", "那14呢"), "任务14"),
        (("第7项有国资委吗", "十四呢"), "任务14"),
        (("第7项讲什么", "下一项"), "任务8"),
        (("第7项讲什么", "下一项", "下一项"), "任务9"),
        (("第7项讲什么", "上一条是什么"), "任务6"),
        (("股权激励找谁", "原文呢"), "任务10"),
        (("企业上市融资找谁", "换成人才培训呢"), "任务11"),
        (("企业上市融资找谁", "那出口信用保险呢"), "任务9"),
        (("企业上市融资找谁", "如果是股权激励呢"), "任务10"),
        (("保障措施第一条讲什么", "第二条呢"), "四(二)"),
        (("四(一)讲什么", "（二）呢"), "四(二)"),
        (("第12项", "它有几家责任单位"), "任务12"),
        (("第20项是什么", "那第2项呢"), "任务2"),
        (("第7项由谁负责", "谢谢", "那第8项呢"), "任务8"),
        (("第7项由谁负责", "算了，第3项讲什么"), "任务3"),
        (("发展目标是什么", "增速呢"), "二"),
        (("统计工作有哪些要求", "对各区怎么说"), "四(二)"),
        (("第7项由谁负责", "第9项由谁负责", "有几个责任单位"), "任务9"),
        (("市卫健委有哪些任务", "跟武汉海关碰到一块的是哪个"), "任务4"),
        (("市人社局的任务有哪些", "和教育局搭伙的是哪条"), "任务11"),
        (("第7项由谁负责", "第9项由谁负责", "一共几个单位"), "任务9"),
    ],
)
def test_the_clause_that_is_meant(ask: Ask, turns: tuple[str, ...], label: str) -> None:
    assert cited(ask(*turns)) == [label]


@pytest.mark.parametrize(
    ("turns", "unit"),
    [
        (("市发改委负责哪些任务", "那市科技局呢"), "市科技局"),
        (("市发改委负责哪些任务", "市科技局呢？", "那财政局"), "市财政局"),
        (("通关便利找谁", "武汉海关还负责哪些任务"), "武汉海关"),
        (("设计外包谁管", "宣传部还有别的任务吗"), "市委宣传部"),
    ],
)
def test_the_same_question_about_another_unit(ask: Ask, turns: tuple[str, ...], unit: str) -> None:
    assert tasks(ask(*turns)) == tasks_of(unit)


@pytest.mark.parametrize(
    ("turns", "left"),
    [
        (("市经信局有几项任务", "除了第12项还有哪些"), [1, 2, 3, 5]),
        (("市教育局有哪些任务", "除了第2项和第5项呢"), [7, 11]),
        (("市财政局有哪些任务", "第13项以外的呢"), [11, 12, 14]),
    ],
)
def test_a_list_without_the_clauses_named(ask: Ask, turns: tuple[str, ...], left: list[int]) -> None:
    assert tasks(ask(*turns)) == left


@pytest.mark.parametrize(
    "turns",
    [
        ("第15项找谁", "那第9项呢", "把这两件事的单位再列一遍"),
        ("单一窗口找谁", "出口信用保险找谁", "两个一起说"),
    ],
)
def test_the_last_answers_together(ask: Ask, turns: tuple[str, ...]) -> None:
    assert tasks(ask(*turns)) == [15, 9]


def test_other_units_in_common(ask: Ask) -> None:
    first = "市教育局和市科技局共同负责哪几项"
    assert tasks(ask(first, "那市教育局和市人社局呢")) == [11]
    assert tasks(ask(first, "换成市卫健委和武汉海关")) == [4]


@pytest.mark.parametrize(
    ("turns", "begins"),
    [
        (("第7项由谁负责", "卫健委在不在里面"), "是的"),
        (("第7项由谁负责", "有没有市财政局"), "不是"),
        (("第12项的责任单位", "市税务局在吗"), "是的"),
        (("出口信用保险谁管", "市商务局也在里面吧"), "不是"),
    ],
)
def test_whether_a_unit_is_among_those_just_named(ask: Ask, turns: tuple[str, ...], begins: str) -> None:
    answer = ask(*turns)
    assert answer.kind == "membership" and opening(answer).startswith(begins)


def test_the_list_just_given_is_filtered(ask: Ask) -> None:
    assert tasks(ask("市商务局负责哪些任务", "其中哪项有市招才局")) == [10]
    assert tasks(ask("市商务局负责哪些任务", "这里面哪几项也有市教育局")) == [2, 5, 7, 11]
    assert tasks(ask("市教育局有哪些任务", "这些任务里哪项有市卫健委")) == [7]


def test_what_was_told_before_belongs_to_the_question(ask: Ask) -> None:
    assert ask("我们做生物医药的", "进口的试剂怎么核销找谁").units == units_of(4)
    assert ask("我们是一家律所", "想出去开拓业务", "谁管").units == units_of(6)


def test_a_refusal_gives_a_follow_up_nothing_to_stand_on(ask: Ask) -> None:
    assert ask("今天天气怎么样", "找谁").refused


def test_a_new_question_is_not_bent_by_the_old_one(ask: Ask) -> None:
    assert ask("第7项由谁负责", "算了，今天天气怎么样").refused
    assert ask("市教育局有哪些任务", "律师事务所走出去归谁管").units == units_of(6)


def test_the_clause_in_mind_is_compared_with_another(ask: Ask) -> None:
    answer = ask("第10项讲什么", "这条跟第11项有哪些相同的单位")
    assert opening(answer) == "〔任务10〕、〔任务11〕共同的责任单位：市人社局、市商务局。"


def test_a_very_long_history_is_no_burden(ask: Ask) -> None:
    assert tasks(ask(*["第3项讲什么"] * 60, "下一项")) == [4]


@pytest.mark.parametrize(
    ("turns", "unit"),
    [
        (("第11项由谁负责", "财政在不在里面？"), "市财政局"),
        (("第4项讲什么", "税务在里头不？"), "市税务局"),
        (("第4项讲什么", "海关在不在里面", "那税务呢"), "市税务局"),
    ],
)
def test_a_unit_by_a_part_of_its_name(ask: Ask, turns: tuple[str, ...], unit: str) -> None:
    answer = ask(*turns)
    assert answer.units == (unit,) and opening(answer).startswith("是的")


def test_the_unit_of_a_matter(ask: Ask) -> None:
    answer = ask("第12项谁负责", "这里头哪个是管证券的")
    assert opening(answer) == "按单位名称看，与“证券”对应的是湖北证监局。" and cited(answer) == ["任务12"]


@pytest.mark.parametrize("wish", ["用一句话说", "列成表", "再说一遍", "说简单点", "念给我听"])
def test_a_wish_about_the_form_repeats_what_was_found(ask: Ask, wish: str) -> None:
    assert cited(ask("第7项讲什么", wish)) == ["任务7"]


@pytest.mark.parametrize(
    "question",
    ["用一句话说第7项由谁负责", "第7项由谁负责，列成表", "第7项由谁负责，要发给领导看的", "第7项由谁负责，不超过50字"],
)
def test_a_wish_about_the_form_does_not_change_what_is_asked(ask: Ask, question: str) -> None:
    assert cited(ask(question)) == ["任务7"] and ask(question).units == units_of(7)


def test_what_several_clauses_have_in_common_is_only_that(ask: Ask) -> None:
    answer = ask("第15项的责任单位是哪些", "第4项呢", "这两项里都有的单位是谁")
    assert answer.units == ("武汉海关", "市商务局")
    answer = ask("单一窗口在哪条", "这条跟医药研发那条，两条都有的单位是哪些")
    assert tasks(answer) == [15, 4] and answer.units == ("武汉海关", "市商务局")


def test_the_unit_in_mind_today(ask: Ask) -> None:
    assert "武汉市科技创新局" in opening(ask("市科技局负责哪些任务", "它现在叫什么"))


def test_the_call_is_passed_to_the_units_of_the_clause_in_mind(ask: Ask) -> None:
    assert ask("出口信用保险的事", "帮我转过去").units == units_of(9)
    assert ask("转哪个单位").refused


def test_the_upper_document_on_the_clause_in_mind(ask: Ask) -> None:
    assert ask("第7项讲什么", "国家文件怎么说").kind == "cross_level"


@pytest.mark.parametrize("first", ["出口信用保险找谁", "市教育局有哪些任务", "第7项由谁负责"])
@pytest.mark.parametrize(
    "then", ["市水务局有哪些任务", "市统计局在这份文件里要干哪些活", "那市气象局一共几项", "市水务局负责什么"]
)
def test_a_body_that_nothing_names_is_not_given_what_was_found_before(ask: Ask, first: str, then: str) -> None:
    answer = ask(first, then)
    assert (tasks(answer), answer.units) == ([], ())
    assert "文件的责任单位名单里没有市" in answer.answer


@pytest.mark.parametrize("then", ["那市水务局呢", "市水务局在不在里面", "这条市水务局管吗"])
def test_a_body_that_nothing_names_is_not_among_the_units_just_named(ask: Ask, then: str) -> None:
    assert opening(ask("出口信用保险找谁", then)) == "不是。责任单位里没有“市水务局”。"


def test_a_body_that_nothing_names_has_no_number_of_tasks(ask: Ask) -> None:
    assert "没有市统计局" in ask("市统计局 几项任务").answer


def test_which_of_two_lists_is_longer(ask: Ask) -> None:
    answer = ask("经信局有几条任务", "科技局呢", "哪个多")
    assert "任务最多的是市经信局（5项）" in answer.answer
    assert tasks(answer) == sorted({*tasks_of("市经信局"), *tasks_of("市科技局")})
