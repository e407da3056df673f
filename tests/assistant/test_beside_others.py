"""A document that knows its questions, beside others that have none: each answers what it covers."""

from collections.abc import Iterator

import pytest

from assistant.ask import Assistant
from index.curate import Curator
from index.search import Index
from ingest.load import from_row

DOGS = """关于印发社区文明养犬管理实施方案的通知

为规范社区养犬行为，制定本方案。

1.推行犬只电子标识。为每只登记犬只植入电子芯片，犬主凭免疫证明到指定医院办理，给狗装芯片不收费用。(责任单位：市公安局、市农业农村局)

2.设置遛犬区域。各社区划定遛狗时段和场地，配备拾便袋箱。(责任单位：市城管执法委、各街道办事处)
"""
BICYCLES = """关于加强电动自行车停放充电管理的工作方案

1.建设充电设施。老旧小区按每五十户不少于一处的标准安装智能充电桩。(责任单位：市住房保障房管局、国网武汉供电公司)

2.整治飞线充电。严禁从楼上拉电线给电瓶车充电，物业每日巡查。(责任单位：市消防救援支队、各区人民政府)
"""

TRACTORS = """关于加快农业机械化发展的实施意见

1.落实农机购置补贴政策。对购买先进农业机械的农户给予农机购置补贴。(责任单位：市农业农村局、市财政局)

2.加强农机手培训。依托农机合作社开展农机手技能培训。(责任单位：市农业农村局、市教育局)

3.强化农机安全监理。严查骗取农机购置补贴行为。(责任单位：市农业农村局、市公安局)
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    data = tmp_path_factory.mktemp("beside")
    curator = Curator(data)
    curator.build()
    curator.add_documents([from_row({"id": "dogs", "text": DOGS}), from_row({"id": "bicycles", "text": BICYCLES})])
    curator.add_documents([from_row({"id": "tractors", "text": TRACTORS})])
    with Index.open(data) as index:
        yield Assistant(index)


@pytest.mark.parametrize(
    ("question", "document", "task"),
    [
        ("给狗装芯片找谁", "dogs", 1),
        ("小区要装充电桩找谁", "bicycles", 1),
        ("楼上拉电线充电谁管", "bicycles", 2),
        ("云服务器找谁", "wuhan-2021-service-outsourcing", 1),
        ("做芯片设计的有没有扶持", "wuhan-2021-service-outsourcing", 2),
        ("农机手的培训谁负责", "tractors", 2),
        ("大学生的培训谁负责", "wuhan-2021-service-outsourcing", 11),
    ],
)
def test_the_document_answers_that_covers_the_question(
    assistant: Assistant, question: str, document: str, task: int
) -> None:
    answer = assistant.ask(question)
    assert [(each.document_id, each.task) for each in answer.citations] == [(document, task)]


def test_a_bare_topic_brings_every_clause_that_names_it(assistant: Assistant) -> None:
    answer = assistant.ask("农机购置补贴")
    assert [(each.document_id, each.task) for each in answer.citations] == [("tractors", 1), ("tractors", 3)]


def test_a_list_of_tasks_names_their_document_once(assistant: Assistant) -> None:
    rows = [line for line in assistant.ask("市商务局负责哪些任务").answer.split("\n") if line.startswith("- ")]
    assert len(rows) == 14
    assert [row.startswith("- 《") for row in rows] == [True, *[False] * 13]
