"""A clause asked for by its number, in every way people write one."""

import pytest

from assistant.asked.numbering import references
from tests.assistant.told import Ask, cited, opening, tasks, units_of


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("第7条讲什么", [7]),
        ("第七项由谁负责", [7]),
        ("第07条", [7]),
        ("第 7 项", [7]),
        ("第 1 0 条 谁负责", [10]),
        ("十 这项 单位", [10]),
        ("九 那条 归谁", [9]),
        ("8这个任务谁管", [8]),
        ("编号为6的任务归谁", [6]),
        ("序号是9的那项由谁负责", [9]),
        ("排第七的任务", [7]),
        ("第5项的责任丹位", [5]),
        ("第三部分(五)2", [13]),
        ("第７条", [7]),
        ("第7條由誰負責", [7]),
        ("第7点的责任单位", [7]),
        ("7号任务", [7]),
        ("no.7", [7]),
        ("task 7", [7]),
        ("⑦", [7]),
        ("7", [7]),
        ("7 谁", [7]),
        ("!!!第7项???", [7]),
        ("任务十二的责任单位", [12]),
        ("任务 12", [12]),
        ("十四条", [14]),
        ("14条谁管", [14]),
        ("第十五项", [15]),
        ("工作任务第15点", [15]),
        ("倒数第一条是谁负责", [15]),
        ("倒数第二项", [14]),
        ("倒数第15条", [1]),
        ("最后一项任务是什么", [15]),
        ("最后一条归哪几家", [15]),
        ("三(二)5", [5]),
        ("三（二）5是什么", [5]),
        ("前三项任务分别是什么", [1, 2, 3]),
        ("后三项任务", [13, 14, 15]),
        ("第3到5项", [3, 4, 5]),
        ("第3至第5项各由谁负责", [3, 4, 5]),
        ("第一条到第三条", [1, 2, 3]),
        ("3-5项", [3, 4, 5]),
        ("第2、4、6项的责任单位", [2, 4, 6]),
        ("第十项和第十一项", [10, 11]),
        ("第八、第九两条归哪些部门", [8, 9]),
        ("第二三项分别归谁", [2, 3]),
        ("第一五项的单位", [15]),
        ("任务Ⅳ 单位", [4]),
        ("任务XIV谁负责", [14]),
        ("最末一项任务是什么", [15]),
        ("1和3的责任单位一样不一样", [1, 3]),
        ("第13项到最后一项分别叫什么", [13, 14, 15]),
        ("从第13项往后都是什么", [13, 14, 15]),
        ("第三部分最后一项的单位", [15]),
    ],
)
def test_a_task_number_is_read_however_it_is_written(ask: Ask, written: str, meant: list[int]) -> None:
    answer = ask(written)
    assert tasks(answer) == meant
    assert answer.units == units_of(*meant)


@pytest.mark.parametrize("written", ["第2号观测站", "第3号公告", "第5号高炉"])
def test_the_number_of_a_thing_is_no_task(written: str) -> None:
    assert references(f"{written}的责任单位是谁") == ()
    assert references("第2号的责任单位是哪个园区") != ()


@pytest.mark.parametrize("behind", ["主管部门是谁", "对口部门有哪些", "相关部门", "条文", "原文是什么", "涉及港口吗"])
def test_words_behind_a_number_do_not_make_it_a_thing(behind: str) -> None:
    assert [each.numbers for each in references(f"第7号{behind}")] == [(7,)]


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("四(二)", "四(二)"),
        ("四（二）讲什么", "四(二)"),
        ("第四部分(一)", "四(一)"),
        ("第四部分第三条", "四(三)"),
        ("保障措施第2条", "四(二)"),
        ("保障措施第三条讲什么", "四(三)"),
        ("保障措施二", "四(二)"),
        ("保章措施第2条", "四(二)"),
        ("第四块的第二条说什么", "四(二)"),
        ("要落实几次全会精神", "一"),
        ("第三大点第二小点", "三(二)"),
        ("三(六)", "三(六)"),
        ("第一部分讲什么", "一"),
        ("第二部分是什么", "二"),
        ("序言提到哪些文件", "序言"),
        ("前言说了什么", "序言"),
        ("结语说了什么", "结语"),
        ("最后一段讲什么", "结语"),
        ("抬头写的谁", "抬头"),
        ("落款是谁", "落款"),
        ("指导思想是什么", "一"),
        ("发展目标讲了什么", "二"),
    ],
)
def test_sections_and_named_parts_are_found(ask: Ask, written: str, label: str) -> None:
    assert cited(ask(written)) == [label]


@pytest.mark.parametrize("written", ["第十六条是什么", "第20项谁负责", "第100项", "三（七）", "任务十九"])
def test_a_number_that_the_document_does_not_have_is_refused(ask: Ask, written: str) -> None:
    answer = ask(written)
    assert answer.refused and not answer.citations and not answer.units
    assert "共有15项任务" in answer.answer


def test_a_heading_asked_for_its_tasks_brings_all_of_them(ask: Ask) -> None:
    answer = ask("第三部分第(四)条有哪些任务")
    assert cited(answer) == ["三(四)", "任务10", "任务11"]


def test_a_heading_is_cited_with_everything_below_it(ask: Ask) -> None:
    (citation,) = ask("保障措施是什么").citations
    assert citation.quote.startswith("四、保障措施")
    assert "(一)强化工作联动" in citation.quote and "(三)加强政策支持" in citation.quote


def test_a_heading_asked_for_its_items_brings_each_of_them(ask: Ask) -> None:
    assert cited(ask("有哪些保障措施")) == ["四", "四(一)", "四(二)", "四(三)"]


def test_the_items_below_a_heading_are_counted_where_that_is_asked(ask: Ask) -> None:
    said = opening(ask("保障措施有几条，分别是什么"))
    assert said == "“保障措施”下共3条：强化工作联动、加强统计管理、加强政策支持。〔四〕"


def test_all_tasks_are_told_by_number_and_name(ask: Ask) -> None:
    answer = ask("工作任务有哪些")
    assert tasks(answer) == list(range(1, 16))
    assert "共15项" in opening(answer) and "15.提高便利化服务水平" in opening(answer)


def test_several_clauses_are_set_side_by_side(ask: Ask) -> None:
    assert opening(ask("第1项和第3项有哪些相同的单位")) == "〔任务1〕、〔任务3〕共同的责任单位：市商务局、市经信局。"
    assert opening(ask("第1项和第3项里都出现的单位有谁")) == "〔任务1〕、〔任务3〕共同的责任单位：市商务局、市经信局。"
    assert opening(ask("第9项和第15项有共同的单位吗")) == "〔任务9〕、〔任务15〕没有共同的责任单位。"


def test_years_amounts_and_counts_are_no_clause_numbers(ask: Ask) -> None:
    assert cited(ask("2025年的目标是什么")) == ["二"]
    assert "没有第" not in ask("支持5家企业上市归谁管").answer
