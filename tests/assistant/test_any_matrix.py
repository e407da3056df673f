"""Whatever the document says, by chance: lists are complete, claims are judged right, nothing is named that is not cited."""

import itertools
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answer import Answer
from assistant.ask import Assistant
from index.search import Index
from tests.assistant.told import Ask, asking, built

UNITS = tuple(
    f"市{field}局"
    for field in [
        "农业农村",
        "商务",
        "财政",
        "教育",
        "科技",
        "交通运输",
        "水利",
        "林业",
        "民政",
        "统计",
        "体育",
        "审计",
        "司法",
        "气象",
        "医疗保障",
    ]
)
DEEDS = tuple(
    verb + thing
    for verb, thing in zip(
        ["扩建", "修订", "推广", "清理", "培育", "改造", "设立", "评选", "开放", "整修", "引进", "监测"],
        [
            "芦苇湿地观鸟栈道",
            "传统木船制作技艺",
            "滩涂耐盐水稻",
            "河道废弃渔网",
            "深海藻类养殖户",
            "码头旧仓库",
            "渔村图书角",
            "年度护渔能手",
            "退潮赶海区域",
            "避风锚地灯塔",
            "抗风海带苗种",
            "近岸赤潮情况",
        ],
        strict=True,
    )
)
SAID = ("每年不少于{}处", "到2031年达到{}个", "按每处{}万元给予补助", "参与者不少于{}人")
HANZI = "一二三四五六七八九十"


@dataclass(frozen=True)
class Task:
    """One task as it is written: what it says, who leads, who is responsible, who cooperates."""

    deed: str
    detail: str
    leads: tuple[str, ...]
    responsible: tuple[str, ...]
    cooperating: tuple[str, ...]

    @property
    def units(self) -> tuple[str, ...]:
        return self.leads + self.responsible + self.cooperating

    def text(self, number: str) -> str:
        named = (("牵头单位", self.leads), ("责任单位", self.responsible), ("配合单位", self.cooperating))
        said = "；".join(f"{word}：{'、'.join(units)}" for word, units in named if units)
        return f"{number}{self.deed}。{self.detail}。（{said}）"


@st.composite
def tasks(draw: st.DrawFn) -> tuple[Task, ...]:
    """Three to eight different tasks with one to six units each."""
    deeds = draw(st.lists(st.sampled_from(DEEDS), min_size=3, max_size=8, unique=True))
    made = []
    for deed in deeds:
        units = tuple(draw(st.lists(st.sampled_from(UNITS), min_size=1, max_size=6, unique=True)))
        first, last = (draw(st.integers(0, 1)), draw(st.integers(1, len(units)))) if len(units) > 1 else (0, 1)
        detail = draw(st.sampled_from(SAID)).format(draw(st.integers(11, 9999)))
        made.append(Task(deed, detail, units[:first], units[first:last], units[last:]))
    return tuple(made)


def document(plan: Sequence[Task], *, brackets: bool, number: int) -> str:
    marks = [f"（{HANZI[at]}）" if brackets else f"{at + 1}." for at in range(len(plan))]
    body = "\n\n".join(task.text(mark) for task, mark in zip(plan, marks, strict=True))
    return (
        f"临海市人民政府关于振兴渔村的实施方案\n\n临政发〔2027〕{number}号\n\n各县（区）人民政府：\n\n"
        f"现就振兴渔村制定本方案。\n\n一、重点任务\n\n{body}\n\n临海市人民政府\n\n2027年3月4日\n"
    )


CHANCE = settings(
    max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)


@given(plan=tasks(), brackets=st.booleans(), number=st.integers(1, 400))
@CHANCE
def test_every_question_about_a_chance_document(plan: tuple[Task, ...], brackets: bool, number: int) -> None:
    text = document(plan, brackets=brackets, number=number)
    with tempfile.TemporaryDirectory() as folder, Index.open(built(Path(folder), {"chance": text})) as index:
        ask = asking(Assistant(index, today=lambda: date(2027, 6, 1)))
        answers = [*units_by_number(ask, plan), *units_by_deed(ask, plan), *lists(ask, plan), *claims(ask, plan)]
        answers += [ask(f"{one}和{other}共同负责哪些任务") for one, other in itertools.pairwise(UNITS)]
        for answer in answers:
            nothing_uncited(answer, text)


def units_by_number(ask: Ask, plan: Sequence[Task]) -> list[Answer]:
    answers = [ask(f"第{at}项由谁负责") for at in range(1, len(plan) + 1)]
    assert [answer.units for answer in answers] == [task.units for task in plan]
    return answers


def units_by_deed(ask: Ask, plan: Sequence[Task]) -> list[Answer]:
    answers = [ask(f"{task.deed}归哪些部门管") for task in plan]
    assert [answer.units for answer in answers] == [task.units for task in plan]
    assert [[place(citation.label) for citation in answer.citations] for answer in answers] == [
        [at] for at in range(1, len(plan) + 1)
    ]
    return answers


def lists(ask: Ask, plan: Sequence[Task]) -> list[Answer]:
    """Every unit's tasks, complete; a unit that the document does not name has none."""
    answers = [ask(f"{unit}负责哪些任务") for unit in UNITS]
    for unit, answer in zip(UNITS, answers, strict=True):
        held = [at for at, task in enumerate(plan, 1) if unit in task.units]
        assert [place(citation.label) for citation in answer.citations] == held, (unit, answer.answer)
        for at in held:
            assert plan[at - 1].deed in answer.answer
    return answers


def claims(ask: Ask, plan: Sequence[Task]) -> list[Answer]:
    """Every unit for the first task: in or not in, and told as what it takes part."""
    answers = [ask(f"{unit}是不是第1项的责任单位") for unit in UNITS]
    for unit, answer in zip(UNITS, answers, strict=True):
        assert answer.answer.startswith("是的") is (unit in plan[0].units), (unit, answer.answer)
        if unit in plan[0].cooperating and plan[0].units != plan[0].cooperating:
            assert f"{unit}是这一项的配合单位" in answer.answer
    return answers


def place(label: str) -> int:
    """任务3 and 一(三) → 3."""
    figure = re.search(r"\d+$", label)
    return int(figure[0]) if figure else HANZI.index(label[-2]) + 1


def nothing_uncited(answer: Answer, text: str) -> None:
    """No unit, figure or 文号 outside the citations and the question; quotations are the document's own words."""
    asked = answer.rewritten_question
    shown = (*answer.citations, *answer.nearest)
    held = " ".join(citation.quote for citation in shown) + ("12345" if answer.refused else "")
    named = {unit.name for citation in shown for unit in citation.units}
    told = "\n".join(line for line in answer.answer.split("\n") if not line.startswith("> "))
    for unit in UNITS:
        assert unit not in told or unit in named or unit in asked or unit in held, (unit, asked, told)
    for figure in re.findall(r"\d{2,}", told):
        assert figure in held or figure in asked or int(figure) <= len(UNITS), (figure, asked, told)
    for number in re.findall(r"[^，。；：、《》（）]{1,6}〔\d{4}〕\d+号", told):
        assert number[-6:] in text or number[-6:] in asked, (number, asked)
    for citation in answer.citations:
        assert citation.quote in text
    if not answer.refused:
        assert set(answer.units) <= named | set(re.findall("市[^市]{2,5}局", asked))


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Ask, str]]:
    plan = tuple(
        Task(deed, "每年不少于37处", UNITS[at : at + 1], UNITS[at + 1 : at + 3], ())
        for at, deed in enumerate(DEEDS[:6])
    )
    text = document(plan, brackets=False, number=12)
    with Index.open(built(tmp_path_factory.mktemp("some"), {"chance": text})) as index:
        yield asking(Assistant(index, today=lambda: date(2027, 6, 1))), text


_WORDS = (
    *UNITS[:5],
    *DEEDS[:3],
    *[
        "第",
        "项",
        "3",
        "十二",
        "谁",
        "负责",
        "吗",
        "有没有",
        "不是",
        "只有",
        "哪些",
        "任务",
        "市公安局",
        "几家",
        "牵头",
        "2035年",
        "，",
        "？",
        "临政发〔2026〕9号",
    ],
)


@given(words=st.lists(st.sampled_from(_WORDS), min_size=1, max_size=7).map("".join))
@settings(CHANCE, max_examples=250)
def test_any_words_at_all(some: tuple[Ask, str], words: str) -> None:
    ask, text = some
    nothing_uncited(ask(words), text)
