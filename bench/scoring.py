"""Is an answer right: everything that its gold asks for must hold, compared word for word without white space.

Gold is one JSON object a question: ``turns``, ``tasks``, ``sections``, ``units``, ``must``, ``must_any``, ``must_not``, ``refuse``,
``deny``, ``also_ok_tasks``, ``also_ok_sections``. An answer is a row in the form that every interface sends.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Row = Mapping[str, Any]
UnitsOf = Callable[[int], Iterable[str]]
"""Task number → its responsible units."""

_NO_OTHER_UNITS = frozenset({"measure_to_unit", "clause_by_number", "follow_up", "noisy", "false_premise"})
_BRACKETS = str.maketrans("[]【】［］﹝﹞", "〔〕" * 4)
_DENIALS = [
    "不是",
    "并非",
    "并不",
    "不负责",
    "不由",
    "不在",
    "不含",
    "不包括",
    "不属于",
    "没有",
    "未",
    "无",
    "否",
    "不对",
    "不准确",
    "有误",
    "不正确",
    "不成立",
    "不符",
    "不能",
    "不可",
]


def plain(text: str) -> str:
    """Width, bracket style and white space folded away."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).translate(_BRACKETS))


def faults(gold: Row, answer: Row, units_of: UnitsOf) -> list[str]:
    """What is wrong with the answer, one phrase a fault; empty when it is right."""
    if bool(answer["refused"]) != gold["refuse"]:
        return ["answered, should refuse" if gold["refuse"] else "refused, should answer"]
    if gold["refuse"]:
        return _forbidden(gold, plain(answer["answer"]))
    return [*_places(gold, answer), *_units(gold, answer, units_of), *_facts(gold, plain(answer["answer"]))]


def _forbidden(gold: Row, text: str) -> list[str]:
    return ["says what it must not" for said in gold["must_not"] if plain(said) in text]


def _places(gold: Row, answer: Row) -> list[str]:
    """Every task and section asked for is cited, and no other."""
    tasks = {each.get("task") for each in answer["citations"]} - {None}
    sections = {plain(each.get("section") or "") for each in answer["citations"] if each.get("task") is None} - {""}
    wanted, wanted_sections = set(gold["tasks"]), set(map(plain, gold["sections"]))
    allowed_sections = wanted_sections | set(map(plain, gold["also_ok_sections"]))
    checks = {
        "task not cited": wanted <= tasks,
        "wrong task cited": tasks <= wanted | set(gold["also_ok_tasks"]),
        "section not cited": wanted_sections <= sections,
        "wrong section cited": sections <= allowed_sections or bool(wanted),
    }
    return [fault for fault, holds in checks.items() if not holds]


def _units(gold: Row, answer: Row, units_of: UnitsOf) -> list[str]:
    """Every responsible unit is named, in the field and in the text; none besides where the question is about one clause."""
    if not gold["units"]:
        return []
    named, wanted, text = set(map(plain, answer["units"])), set(map(plain, gold["units"])), plain(answer["answer"])
    allowed = wanted | {plain(unit) for task in gold["also_ok_tasks"] for unit in units_of(task)}
    checks = {
        "unit missing": wanted <= named,
        "unit too many": named <= allowed or gold["kind"] not in _NO_OTHER_UNITS,
        "unit not in the answer's text": all(unit in text for unit in wanted),
    }
    return [fault for fault, holds in checks.items() if not holds]


def _facts(gold: Row, text: str) -> list[str]:
    found = []
    if any(plain(said) not in text for said in gold["must"]):
        found.append("fact missing")
    if any(all(plain(said) not in text for said in group) for group in gold["must_any"]):
        found.append("fact missing")
    if not gold["deny"] and _forbidden(gold, text):
        found.append("says what it must not")
    if gold["deny"] and not any(word in text for word in _DENIALS):
        found.append("premise not corrected")
    return found
