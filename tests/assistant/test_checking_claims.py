"""Somebody states a thing: it is confirmed or denied in the first line, and the clause is shown."""

import pytest

from tests.assistant.told import Ask, cited, opening, tasks


@pytest.mark.parametrize(
    ("claim", "label"),
    [
        ("市卫健委是不是第7项的责任单位", "任务7"),
        ("第7项有没有市商务局", "任务7"),
        ("武汉海关是第4项的责任单位吗", "任务4"),
        ("各区政府参与第14项没错吧", "任务14"),
        ("市发改委和市市场监管局都在第8项吧", "任务8"),
        ("律师事务所走出去由市司法局负责对吗", "任务6"),
        ("第2项是四家单位负责对吗", "任务2"),
        ("2025年企业数达到1500家对吗", "二"),
        ("企业数是一千五百家吧", "二"),
        ("市司法局只负责第6项吧", "任务6"),
        ("企业数量的目标是1500家吗", "二"),
        ("增速要超过10%吧", "二"),
        ("传统市场包括东南亚对吗", "任务8"),
        ("一带一路算新兴市场吧", "任务8"),
        ("第14项责任单位有财政局没有", "任务14"),
        ("单一窗口是第15项的内容吧", "任务15"),
    ],
)
def test_what_is_true_is_confirmed(ask: Ask, claim: str, label: str) -> None:
    answer = ask(claim)
    assert opening(answer).startswith("是的") and cited(answer) == [label]


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("第9项包括市商务局吗", "没有“市商务局”"),
        ("股权激励归市财政局管吧", "没有“市财政局”"),
        ("第15项是市商务局一家负责的吧", "责任单位共2家"),
        ("第3项是市商务局牵头的吧", "没有写明牵头单位"),
        ("第5项有八家责任单位对吧", "责任单位共7家"),
        ("2025年企业要到两千家是吧", "写的是“1500家”"),
        ("合同执行额增速目标是百分之十五对不对", "写的是“10%”"),
        ("出口信贷优惠是个外包企业就能享受，对吧", "原文有限定：“符合条件”"),
        ("企业数量目标是2000家吧", "没有“2000家”"),
        ("年均增速目标是15%以上是吗", "没有“15%”"),
        ("实行两级审核制度是吗", "三级"),
        ("每项任务都有市商务局吧", "没有市商务局的任务有1项"),
        ("综合保税区进口货物什么都免许可证对吧", "除国家法律、法规明确规定需办理进口许可的品种外"),
        ("所有高级人才都能拿到支持吗", "符合要求"),
        ("武汉海关只负责一项任务吧", "共有2项任务"),
        ("市税务局不负责第12项吧", "有“市税务局”"),
        ("服务外包企业数要达到2000家吗", "写的是“1500家”"),
        ("到2025年企业数量目标不是2000家吗", "写的是“1500家”"),
        ("增速不超过10%对吧", "写的是“10%以上”"),
        ("第2项和第3项的责任单位一样吗", "任务2还有市科技局、市教育局"),
        ("市教育局负责人才培训和股权激励吗", "任务10：责任单位里没有“市教育局”"),
        ("市公安局负责第7项吧", "没有“市公安局”"),
        ("医药研发外包财政局管不管", "没有“市财政局”"),
        ("第9项是市商务局牵头的，具体找谁", "没有写明牵头单位"),
        ("既然第6项没有市司法局，那找谁", "有“市司法局”"),
        ("积极开拓的新兴市场是美国和中国香港，对吧", "等新兴市场"),
        ("美国、东南亚是新开拓的市场，对吧", "等传统市场"),
        ("东南亚算新兴市场吧", "等传统市场"),
        ("股权激励是第11项里说的吧", "不在第11项"),
        ("先行先试写在保障措施第三条，对吗", "不在保障措施第三条"),
        ("“跨界融合”是结语里说的吧", "不在结语"),
        ("给老外做账的活是第7项管的吧", "对应的是第6项任务"),
    ],
)
def test_what_is_false_is_denied_with_the_reason(ask: Ask, claim: str, reason: str) -> None:
    answer = ask(claim)
    said = next(line for line in answer.answer.split("\n") if line.startswith("不是"))
    assert reason in said
    assert answer.citations and not answer.refused


@pytest.mark.parametrize("claim", ["这个文件是2020年发的吧", "文件是市商务局发的吧", "一共有16项任务对吧"])
def test_what_is_false_about_the_document_is_denied(ask: Ask, claim: str) -> None:
    assert opening(ask(claim)).startswith("不是")


def test_an_exception_disproves_every(ask: Ask) -> None:
    answer = ask("是不是所有任务都由市商务局负责")
    assert opening(answer).startswith("不是") and tasks(answer) == [9]


def test_a_claim_over_two_clauses_fails_where_one_of_them_fails_it(ask: Ask) -> None:
    said = opening(ask("第7项和第8项都有市教育局吗"))
    assert said.startswith("不是")
    assert "任务8" in said


def test_a_bound_is_not_the_figure_itself(ask: Ask) -> None:
    assert opening(ask("增速目标是10%吧")).startswith("不能直接这样说：原文写的是“10%以上”")


def test_the_same_units_are_confirmed(ask: Ask) -> None:
    answer = ask("第1项和第3项责任单位完全相同吗")
    assert "是的，单位相同" in answer.answer


def test_one_unit_in_two_tasks(ask: Ask) -> None:
    answer = ask("市人社局是不是既管股权激励又管人才培训")
    assert opening(answer).startswith("是的") and tasks(answer) == [10, 11]


def test_who_only_cooperates_is_not_in_charge(orchard: Ask) -> None:
    said = opening(orchard("采摘节由市商务局负责吧"))
    assert "市商务局是配合单位，牵头单位是市文化和旅游局" in said and not said.startswith("是的")


@pytest.mark.parametrize("question", ["市商务局周末上班吗", "市司法局能发钱吗", "市税务局态度好吗"])
def test_what_is_no_duty_is_never_confirmed(ask: Ask, question: str) -> None:
    assert ask(question).refused
