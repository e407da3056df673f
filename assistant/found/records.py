"""What the unit directory knows of a body: today's name, whether it was merged, its full name and its earlier ones."""

import re
from collections.abc import Callable

from assistant.asked.question import Question
from assistant.found.evidence import cite
from assistant.found.finding import Finding, Kind, Reason
from assistant.found.scope import Scope
from assistant.found.standing import chinese_date
from ingest.catalog import Mark
from ingest.directory import UnitDirectory, UnitRecord

_TODAY = re.compile(
    r"(?:现在|如今|目前|今天|后来|现|新)(?:的)?(?:改)?(?:叫|名|称|归|是)(?:什么|啥|哪|谁|了?什么)|改(?:了)?名|更名|改叫|改称|换(?:了)?(?:名|牌)|现名|新名|合并|并入|并到|撤(?:销|并|了)|划入|划归|机构改革|改组"
    r"|还(?:在|存在|有)(?:吗|不|么|没)|还叫这个|现在(?:归|属于)哪|由哪个?(?:单位|部门)(?:承接|接替|取代)|承接了?(?:它|其)|变成(?:了)?(?:什么|哪)"
)
_FULL = re.compile(r"全称|全名|正式名称|完整名称")
_BEFORE = re.compile(r"前身|原名|旧称|旧名|曾用名|以前叫|原来叫|过去叫|原先叫")


def asks(text: str) -> bool:
    """Whether it is about a body itself: its name today, its full name, its earlier one."""
    return any(pattern.search(text) for pattern, _ in _TELLING)


def find(question: Question, scope: Scope, directory: UnitDirectory) -> Finding | None:
    """A question about the body itself rather than about its tasks; None when it is none."""
    told = next((tell for asks, tell in _TELLING if asks.search(question.text)), None)
    if (
        told is None
        or len(question.units) != 1
        or question.numbers
        or _ON_DUTY.search(question.text)
        or question.wants_any("tasks")
    ):
        return None
    name = question.units[0]
    rows = scope.home_matrix.tasks_of(name) or scope.matrix.tasks_of(name)
    record = directory.record(name)
    if record is None or not rows:
        return Finding(Kind.UNANSWERABLE, question, reason=Reason.NOT_STATED, missing=f"{name}的名称沿革")
    evidence = (cite(rows[0].document, rows[0].clause),)
    return Finding(Kind.UNIT_RECORD, question, evidence, (name,), statement=told(record))


_ON_DUTY = re.compile(r"负责|任务|牵头|职责|管(?:什么|哪|几)|哪(?:些|几|一)?(?:项|条)|第几")


def _today(record: UnitRecord) -> str:
    if not record.successors:
        known = f"（{record.note.rstrip('。')}）" if record.note else ""
        return f"单位名录里没有“{record.name}”更名或合并的记录{known}。"
    said = []
    for successor in record.successors:
        sure = "可能" if successor.mark is Mark.LIKELY else "已核实"
        since = f"，{chinese_date(successor.on)}起" if successor.on else ""
        said.append(f"“{record.name}”现为{successor.name}（{sure}{since}）。{successor.note}")
    return "".join(said)


def _full(record: UnitRecord) -> str:
    likely = "（按简称推定）" if record.mark is Mark.LIKELY else ""
    return f"“{record.name}”的全称是{record.full_name}{likely}。"


def _before(record: UnitRecord) -> str:
    if not record.former:
        return f"单位名录里没有“{record.name}”更早的名称。"
    return f"“{record.name}”更早的名称：{'、'.join(record.former)}。"


_TELLING: tuple[tuple[re.Pattern[str], Callable[[UnitRecord], str]], ...] = (
    (_FULL, _full),
    (_BEFORE, _before),
    (_TODAY, _today),
)
