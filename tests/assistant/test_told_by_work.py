"""Bodies told by what they do: everyday words for their work stand for the body of the document that does it."""

import pytest

from ingest.matters import seeing_to
from tests.assistant.told import RESPONSIBLE, Ask, tasks, tasks_of, units_of


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("管医院的那个委要做哪几项", "市卫健委"),
        ("收税的部门在这份文件里要干什么活", "市税务局"),
        ("管人事社保的局在这文件里干嘛", "市人社局"),
        ("文旅系统摊到什么任务", "市文化和旅游局"),
        ("卫生系统有几项任务", "市卫健委"),
        ("发改那头要做的事有哪些", "市发改委"),
        ("管上市公司的那个监管机构有没有任务", "湖北证监局"),
        ("搞宣传的那个部门干什么活", "市委宣传部"),
        ("区一级政府要担责的是哪几项", "各区政府"),
        ("管外贸的局总共挂了多少项", "市商务局"),
        ("国税地税合并后的那个局，分到了哪几项任务", "市税务局"),
    ],
)
def test_a_body_is_known_by_its_work(ask: Ask, question: str, unit: str) -> None:
    assert tasks(ask(question)) == tasks_of(unit)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("既有经信、又有科技、还有教育的任务是哪些", [2, 5]),
        ("科技线和财政线都有的任务", [12]),
        ("仅有商务和经信参与的是哪几条", [1, 3]),
        ("有教育、宣传两个部门参与的任务", [5]),
    ],
)
def test_bodies_in_a_row_are_known_by_their_work(ask: Ask, question: str, wanted: list[int]) -> None:
    assert tasks(ask(question)) == wanted


@pytest.mark.parametrize("question", ["医院想把客服外包，管医院的部门有哪些", "管呼叫中心外包的部门有哪些"])
def test_asking_who_they_are_names_nobody(ask: Ask, question: str) -> None:
    assert set(ask(question).units) == set(units_of(7))


def test_which_of_the_units_just_named_sees_to_a_matter(ask: Ask) -> None:
    answer = ask("金融后台外包归谁", "那这里面银行归谁管")
    assert "对应的是湖北银保监局" in answer.answer
    assert tasks(answer) == [7]


def test_a_matter_of_two_bodies_tells_neither() -> None:
    assert seeing_to("金融", ["市地方金融管理局", "市金融工作局", "市商务局"]) == ["市地方金融管理局", "市金融工作局"]
    assert seeing_to("钓鱼", units_of(*RESPONSIBLE)) == []
