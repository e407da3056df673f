"""A document that nobody has asked anything of yet: questions in other words than its own are answered, with a warning above."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.ask import Assistant
from index.search import Index
from tests.assistant.told import Ask, asking, built

ELDERLY = """关于推进老年人照护服务的实施意见

1.发放护理补贴。对经济困难的失能老年人按月给予护理补贴,标准由各区确定。(责任单位：市民政局、市财政局)

2.改造适老设施。推进公共场所无障碍建设,为老旧住宅楼加装电梯。(责任单位：市住房城乡建设局、市残联)

3.开展免费体检。基层医疗机构每年为65周岁以上老年人体检一次,建立健康档案。(责任单位：市卫生健康委)

4.打击养老诈骗。加强防范电信网络诈骗和非法集资宣传,查处虚假保健品广告。(责任单位：市公安局、市市场监管局)

5.开放文化场馆。博物馆、图书馆、文化馆向老年人免费开放,增设大字读物。(责任单位：市文化和旅游局)
"""
WARNING = "把握不大"


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    data: Path = built(tmp_path_factory.mktemp("elderly"), {"elderly": ELDERLY})
    with Index.open(data) as opened:
        yield asking(Assistant(opened, today=lambda: date(2026, 11, 28)))


@pytest.mark.parametrize(
    ("question", "task"),
    [
        ("老房子装电梯找哪个部门", 2),
        ("老人看病体检收不收费，谁负责", 3),
        ("卖假保健品骗老人的谁来抓", 4),
        ("图书馆老年人能免费进吗，归谁管", 5),
    ],
)
def test_what_is_asked_in_other_words_is_answered(ask: Ask, question: str, task: int) -> None:
    answer = ask(question)
    assert [each.task for each in answer.citations] == [task], (answer.answer, answer.confidence)


def test_an_answer_by_sense_alone_says_so_first(ask: Ask) -> None:
    answer = ask("老房子装电梯找哪个部门")
    assert not answer.refused
    assert WARNING in answer.answer.split("\n")[0] and WARNING in answer.hotline


def test_an_answer_in_the_document_s_own_words_says_nothing_of_the_kind(ask: Ask) -> None:
    answer = ask("为老旧住宅楼加装电梯由哪些单位负责")
    assert [each.task for each in answer.citations] == [2]
    assert WARNING not in answer.answer


@pytest.mark.parametrize(
    "question", ["办护照要带什么材料", "新能源汽车补贴多少", "小孩上幼儿园怎么报名", "外卖骑手闯红灯罚多少"]
)
def test_what_it_does_not_treat_is_refused(ask: Ask, question: str) -> None:
    assert ask(question).refused


def test_nearness_proves_no_amount(ask: Ask) -> None:
    assert ask("老房子装电梯能补多少钱").refused


@pytest.mark.parametrize(("question", "tasks"), [("博物馆装电梯找谁", (2, 5)), ("发放假的保健品找谁", (4, 1))])
def test_where_words_and_vectors_name_two_clauses_it_shows_both_and_answers_neither(
    ask: Ask, question: str, tasks: tuple[int, int]
) -> None:
    answer = ask(question)
    assert answer.refused and not answer.citations
    assert all(f"第{task}项" in answer.answer for task in tasks), answer.answer


def test_a_few_characters_in_a_row_that_nothing_else_bears_out_do_not_answer(ask: Ask) -> None:
    answer = ask("65岁以上体检是按月给予的吗，谁负责")
    assert 1 not in [each.task for each in answer.citations], answer.answer
