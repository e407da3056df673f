"""Nothing is tied to the seeds: a document of our own, and documents made at random."""

import logging
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answer import Answer
from assistant.ask import Assistant
from index.search import Index
from tests.assistant.told import ORCHARD, Ask, asking, built, cited, opening


@pytest.mark.parametrize(
    ("question", "label", "units"),
    [
        ("二(三)由谁负责", "二(三)", ("市商务局", "市供销社", "市财政局")),
        ("采摘节由谁牵头", "二(二)", ("市文化和旅游局", "市农业农村局", "市商务局")),
        ("“移动预冷库”出自哪条", "二(三)", ("市商务局", "市供销社", "市财政局")),
        ("果园步道由谁负责", "二(一)", ("市农业农村局", "市交通运输局", "市自然资源局")),
        ("培训果农技能", "二(四)", ("市人社局", "市农业农村局")),
        ("保障措施第二条", "三(二)", ()),
    ],
)
def test_clauses_numbered_in_brackets_are_found(
    orchard: Ask, question: str, label: str, units: tuple[str, ...]
) -> None:
    answer = orchard(question)
    assert (cited(answer), answer.units) == ([label], units)


def test_the_lead_is_named_only_where_the_document_names_one(orchard: Ask) -> None:
    led = orchard("二(二)由谁负责").answer
    assert "牵头单位：市文化和旅游局；配合单位：市农业农村局、市商务局" in led
    assert "牵头" not in orchard("二(四)由谁负责").answer.replace("牵头单位：", "牵头")


def test_roles_are_sent_with_the_units(orchard: Ask) -> None:
    (citation,) = orchard("二(三)讲什么").citations
    assert [(unit.name, str(unit.role)) for unit in citation.units] == [
        ("市商务局", "lead"),
        ("市供销社", "cooperating"),
        ("市财政局", "cooperating"),
    ]


def test_its_matrix_is_complete(orchard: Ask) -> None:
    assert cited(orchard("市农业农村局负责哪些任务")) == ["二(一)", "二(二)", "二(四)"]
    assert cited(orchard("市商务局和市农业农村局共同负责哪几项")) == ["二(二)"]
    assert cited(orchard("市供销社有哪些任务")) == ["二(三)"]
    assert cited(orchard("哪个单位任务最多")) == ["二(一)", "二(二)", "二(四)"]


def test_its_own_data(orchard: Ask) -> None:
    assert "江政办发〔2023〕17号" in opening(orchard("文号是多少"))
    assert "2023年8月15日" in opening(orchard("什么时候发的"))
    assert "2028年8月31日" in opening(orchard("有效期到什么时候"))
    assert "农产发〔2022〕5号" in opening(orchard("依据是什么"))
    assert cited(orchard("总体目标是什么")) == ["一"]


@pytest.mark.parametrize(
    "question",
    ["出口信用保险找谁", "律师事务所走出去归谁管", "股权激励找谁", "今天天气怎么样", "深圳有什么补贴", "第9项是什么"],
)
def test_what_only_the_seeds_answer_is_refused_here(orchard: Ask, question: str) -> None:
    answer = orchard(question)
    assert answer.refused and not answer.citations


@pytest.mark.parametrize("unit", ["市科技局", "武汉海关", "湖北银保监局"])
def test_units_of_the_seeds_have_no_task_here(orchard: Ask, unit: str) -> None:
    answer = orchard(f"{unit}负责哪些任务")
    assert not answer.citations and not answer.units


def test_a_follow_up_stays_in_its_document(orchard: Ask) -> None:
    answer = orchard("果园步道由谁负责", "市交通运输局在里面吗")
    assert (answer.kind, cited(answer)) == ("membership", ["二(一)"])
    assert opening(answer).startswith("是的")


NAMES = ["市水务局", "市园林局", "市体育局", "市档案局", "市民政局", "市统计局", "市审计局", "市气象局"]
THINGS = ["修缮古桥", "清理沟渠", "种植乔木", "开放球场", "整理旧档", "慰问老人", "核对账目", "观测雨量", "铺设管网"]
ENDS = ["工期%d个月。", "覆盖%d个村。", "完成率达到%d%%。", "服务%d人次。"]

assignments = st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True), min_size=2, max_size=9)
figures = st.lists(st.tuples(st.sampled_from(ENDS), st.integers(21, 987)), min_size=9, max_size=9)


def _written(matrix: list[list[str]], ends: list[tuple[str, int]]) -> str:
    clauses = [
        f"{number}.{thing}。{end % figure}(责任单位:{'、'.join(units)})"
        for number, (units, thing, (end, figure)) in enumerate(zip(matrix, THINGS, ends, strict=False), 1)
    ]
    return "\n\n".join(["关于村镇整治的通知", "一、主要任务", *clauses, "二、工作要求", "各单位应当按时报送进展。"])


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(matrix=assignments, ends=figures)
def test_nothing_is_ever_said_beyond_the_citations(matrix: list[list[str]], ends: list[tuple[str, int]]) -> None:
    """Any unit × task matrix: lists are complete, and no unit, number or quotation stands outside what is cited."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Index.open(built(Path(folder), {"x": _written(matrix, ends)})) as index,
    ):
        ask = asking(Assistant(index))
        for number, units in enumerate(matrix, 1):
            answer = ask(f"第{number}项由谁负责")
            assert answer.units == tuple(units)
            _is_grounded(answer)
        for name in NAMES:
            wanted = [number for number, units in enumerate(matrix, 1) if name in units]
            answer = ask(f"{name}负责哪些任务")
            assert [citation.task for citation in answer.citations] == wanted
            _is_grounded(answer, also=name)
        first, second = _two_named(matrix)
        both = [number for number, units in enumerate(matrix, 1) if {first, second} <= set(units)]
        answer = ask(f"{first}和{second}共同负责哪些任务")
        assert [citation.task for citation in answer.citations] == both
        _is_grounded(answer, also=first + second)
        for question in (
            "修缮古桥由谁负责",
            "哪个单位任务最多",
            "一共有几项任务",
            "慰问老人找谁",
            "第1项由市水务局负责吧",
        ):
            _is_grounded(ask(question), also=question)


def _two_named(matrix: list[list[str]]) -> tuple[str, str]:
    """Two units that the document names, the same one twice where it names only one."""
    named = list(dict.fromkeys(name for units in matrix for name in units))
    return named[0], named[-1]


def _is_grounded(answer: Answer, *, also: str = "") -> None:
    """Checked with plain string search, not with the check that the assistant itself uses."""
    shown = answer.nearest if answer.refused else answer.citations
    proof = "\n".join(citation.quote for citation in shown)
    named = [name for name in NAMES if name in answer.answer + answer.hotline]
    assert all(name in proof or name in also for name in named)
    assert all(end % figure in proof for end, figure in _figures_of(answer.answer))
    quoted = [line.split("：", 1)[-1] for line in answer.answer.split("\n") if line.startswith("> ")]
    assert all(quote.removeprefix("> ").strip() in proof for quote in quoted)
    assert not re.search(r"〔\d{4}〕", answer.answer)


def _figures_of(text: str) -> list[tuple[str, int]]:
    patterns = [(end, re.escape(end).replace("%d", r"(\d+)").replace("%%", "%")) for end in ENDS]
    return [(end, int(figure)) for end, pattern in patterns for figure in re.findall(pattern, text)]


def test_no_line_of_ours_is_ever_withheld(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    """What the templates compose passes the check: a withheld line would be a fault of ours."""
    questions = [
        "第12项由谁负责",
        "市商务局负责哪些任务",
        "发展目标是什么",
        "有哪些保障措施",
        "序言讲了什么",
        "深圳的外包补贴政策",
    ]
    questions += [
        "第三部分第(二)条有哪些任务",
        "第15项是市商务局一家负责的吧",
        "一共有多少个责任单位",
        "依据是什么文件",
    ]
    with caplog.at_level(logging.WARNING, logger="assistant"):
        for question in questions:
            ask(question)
    assert caplog.records == []


def test_answers_can_be_narrowed_to_chosen_documents(pytestconfig: pytest.Config, tmp_path: Path) -> None:
    seed = (pytestconfig.rootpath / "seeds" / "wuhan-2021-service-outsourcing.txt").read_text(encoding="utf-8")
    with Index.open(built(tmp_path, {"seed": seed, "orchard": ORCHARD})) as index:
        ask = asking(Assistant(index, documents=("orchard",)))
        assert cited(ask("市商务局负责哪些任务")) == ["二(二)", "二(三)"]
        assert ask("第7项由谁负责").refused and ask("出口信用保险找谁").refused
        ask = asking(Assistant(index, documents=("seed",)))
        assert cited(ask("第7项由谁负责")) == ["任务7"]
        assert not ask("市农业农村局负责哪些任务").citations
