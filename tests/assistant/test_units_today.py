"""What the unit directory knows of a body, and words that stand nowhere in the text."""

import pytest

from tests.assistant.told import Ask, cited, opening


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("人行武汉分行现在叫什么", "现为中国人民银行湖北省分行"),
        ("市科技局现在叫什么名字", "现为武汉市科技创新局"),
        ("湖北银保监局改名了吗", "现为国家金融监督管理总局湖北监管局"),
        ("市商务局改名没有", "没有“市商务局”更名或合并的记录"),
        ("市人社局全称是什么", "武汉市人力资源和社会保障局"),
        ("市金融工作局以前叫什么", "市金融办"),
    ],
)
def test_a_body_is_told_from_the_directory(ask: Ask, question: str, said: str) -> None:
    answer = ask(question)
    assert answer.kind == "unit_record" and said in opening(answer)
    assert len(answer.citations) == len(answer.units) == 1


def test_its_tasks_are_asked_for_as_ever(ask: Ask) -> None:
    assert ask("市科技局现在负责哪些任务").kind == "unit_to_tasks"


@pytest.mark.parametrize("question", ["“区块链+元宇宙”出自哪条", "“元宇宙、区块链”在哪一条"])
def test_a_phrase_that_is_only_partly_there(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert cited(answer) == ["任务2"]
    assert opening(answer) == "原文没有出现“元宇宙”。"


def test_a_phrase_that_is_nowhere_is_refused(ask: Ask) -> None:
    answer = ask("“元宇宙”出自哪条")
    assert answer.refused and opening(answer) == "库内文件的原文没有出现“元宇宙”。"


def test_a_phrase_with_a_slip_is_said_to_have_one(ask: Ask) -> None:
    answer = ask("“免予提交许可证”出自哪一条")
    assert cited(answer) == ["任务4"]
    assert opening(answer).startswith("原文没有出现“免予提交许可证”")
