"""Before display: a unit, number, 文号 or quotation that stands in no citation is left out, whoever wrote it."""

import pytest

from assistant.ask import Assistant
from assistant.found.evidence import cite
from assistant.said.verify import Grounds, Line, grounds, verify


@pytest.fixture(scope="session")
def basis(assistant: Assistant) -> Grounds:
    """Task 9 is cited, and 3 was counted."""
    (document,) = assistant.scope().originals.documents
    clause = document.clause("任务9")
    assert clause is not None
    return grounds([cite(document, clause)], computed=["3"], question="第99项归市公安局吗，“共享单车”呢")


@pytest.mark.parametrize(
    "text",
    [
        "第9项任务“强化信贷和信用保险支持”，责任单位共3家：湖北银保监局、市金融工作局。〔任务9〕",
        "> 符合条件的服务外包企业承接国际服务外包项目可享受出口信贷优惠措施。",
        "“出口信用保险覆盖面”在这一条。",
        "没有数字也没有单位的一句话。",
    ],
)
def test_a_line_that_the_citation_proves_is_kept(assistant: Assistant, basis: Grounds, text: str) -> None:
    assert verify([Line(text)], basis, assistant.index.directory) == ([Line(text)], [])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("第9项由市司法局负责。", "市司法局"),
        ("责任单位：湖北银保监局、市财政局。", "市财政局"),
        ("由武汉市教育局配合。", "武汉市教育局"),
        ("到2030年完成。", "2030"),
        ("给予20%的补助。", "20%"),
        ("给予百分之二十的补助。", "百分之二十"),
        ("依据商服贸发〔2020〕12号。", "商服贸发〔2020〕12号"),
        ("原文写的是“全额补贴保费”。", "全额补贴保费"),
        ("第99项归市公安局。", "99"),
    ],
)
def test_a_line_that_says_more_is_withheld_whole(assistant: Assistant, basis: Grounds, text: str, fault: str) -> None:
    kept, withheld = verify([Line("好。"), Line(text)], basis, assistant.index.directory)
    assert kept == [Line("好。")]
    assert len(withheld) == 1 and fault in withheld[0]


def test_only_an_echo_may_repeat_the_users_words(assistant: Assistant, basis: Grounds) -> None:
    text = "文件没有第99项，也没有“共享单车”。"
    assert verify([Line(text, echo=True)], basis, assistant.index.directory)[0] == [Line(text, echo=True)]
    assert verify([Line(text)], basis, assistant.index.directory)[0] == []
    assert verify([Line("第98项。", echo=True)], basis, assistant.index.directory)[0] == []
