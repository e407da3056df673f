"""Document-wide rules about responsibility: 列第一位者为牵头单位，下同; 以下均需各市县政府负责，不再列出."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from ingest.document import Role, Span, Unit
from ingest.names import read_list
from ingest.passage import Passage
from ingest.unit_words import STARS, plain


def rules_in(text: str, start: int, end: int) -> "tuple[Rule, ...]":
    """The rules stated in ``text[start:end]``, in order."""
    spelled = plain(text[start:end])
    rules = [
        Rule(
            Span(start + match.start(), start + match.end()),
            kind,
            text[start + match.start() : start + match.end()],
            remark=bool(_REMARK.search(spelled, max(0, match.start() - 20), match.start())),
        )
        for kind, hint, pattern in _RULES
        if hint.search(spelled)
        for match in pattern.finditer(spelled)
    ]
    return tuple(sorted((_with_units(text, rule) for rule in rules), key=lambda rule: rule.span))


@dataclass(frozen=True)
class Rule:
    """One rule: where it stands, what it changes, and its words for the note on every clause that it changes."""

    span: Span
    kind: str
    wording: str
    units: tuple[Unit, ...] = ()
    remark: bool = False  # stands in a 注：…, which holds for the whole document

    @property
    def lasting(self) -> bool:
        """Whether it holds beyond the clause in which it stands."""
        return self.kind in ("everywhere", "starred lead") or bool(
            re.search(r"下同|以下|下列|各项|所有|全部|本方案|本通知|均", self.wording)
        )

    @property
    def assigns(self) -> bool:
        """Whether it says what a list of units means, wherever one stands."""
        return self.kind != "everywhere"


class Marked(NamedTuple):
    """Which units of a clause share its verb (按职责分工负责), and which have a star."""

    shared: frozenset[int] = frozenset()
    starred: frozenset[int] = frozenset()


_REMARK = re.compile(r"(?:注|说明|备注)\d?[:.、][^\n。]*$")
_BEGIN = r"(?:^|(?<=[,;。 (:\n]))"
_FIRST = (
    rf"{_BEGIN}[^,;。:()\n、]{{0,14}}(?:[列排](?!出|查)|名列|第一|第1|首位|首个)[^,;。()\n、]{{0,16}}(?:[为是系][^,;。()\n、]{{0,4}}|的(?:单位|部门)?)"
    r"(?:牵头|主办|主责)[^,;。:()\n、]{0,6}"
)
_REST = r"(?:[,;。]\s*(?:其[他余][^,;。()\n]{0,14}(?:[为是][^,;。()\n]{2,12}|(?:配合|参与)(?=[,;。)\n]|$))|(?:以)?下(?:均)?同))*"
# kind, a cheap hint that it may be there at all, the sentence
_RULES: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...] = (
    ("first leads", re.compile(r"[第首列排](?=[^,;。\n]{0,20}(?:牵头|主办|主责))"), re.compile(_FIRST + _REST)),
    (
        "sharers lead",
        re.compile("分工负责"),
        re.compile(rf"{_BEGIN}分工负责[^,;。()\n]{{0,20}}牵头[^,;。()\n]{{0,4}}(?:,下同)?"),
    ),
    (
        "starred lead",
        re.compile(f"[{STARS}]"),
        re.compile(
            rf"{_BEGIN}[^,;。:()\n、]{{0,10}}[{STARS}][^,;。:()\n、{STARS}]{{0,8}}[为是系][^,;。()\n、]{{0,4}}(?:牵头|主办|主责)[^,;。()\n、]{{0,6}}"
            r"(?:,(?:以)?下(?:均)?同)?"
        ),
    ),
    (
        "everywhere",
        re.compile(r"不(?:再|一一|另|单独)"),
        re.compile(
            rf"{_BEGIN}(?:以[下上]|下列|上述|各项|所有|全部|本方案|本意见|任务|工作|涉及|各[^,;。\n]{{2,30}}?(?:均|为))[^;。\n]{{0,120}}?"
            r"[,;](?:以下|后文|下文|文中)?(?:均|都)?(?:不再|不一一|不另|不单独)[^,;。()\n]{0,4}[列写注述][^,;。()\n]{0,3}"
        ),
    ),
)
_EVERYWHERE_UNITS = re.compile(
    r"(?:均|都)(?:需要?|由|须|要|应当?|涉及|为)?(?:由)?(?P<after>.{2,100}?)(?:按[^,。]{0,12})?(?:共同|具体|组织|牵头)*"
    r"(?:(?:分工)?(?:负责|落实|配合|参与|承担|实施|推进|做好)){0,2}(?:到位|工作|任务|责任)?[,;][^,;]*$"
    r"|^(?P<before>.{2,60}?)(?:均|都)?(?:为|是|作为)[^,;。]{0,14}责任(?:单位|部门)"
)


def _with_units(text: str, rule: Rule) -> Rule:
    if rule.kind != "everywhere":
        return rule
    match = _EVERYWHERE_UNITS.search(plain(rule.wording))
    if not match:
        return rule
    start, end = match.span("after" if match["after"] else "before")
    start, end = rule.span.start + start, rule.span.start + end
    listed = read_list(Passage.of(text, start, end), start, end)
    return replace(
        rule, units=tuple(Unit(n.name, Role.RESPONSIBLE, n.span, n.collective) for n in listed.names if listed.sure)
    )


def apply_rules(
    units: Sequence[Unit], marked: Marked, rules: Sequence[Rule], *, here: bool
) -> tuple[tuple[Unit, ...], tuple[Rule, ...]]:
    """The units under the rules in force, and those rules that changed something. ``here``: the rules stand in the clause itself."""
    changed = tuple(units)
    used: list[Rule] = []
    for rule in rules:
        before, changed = changed, _EFFECTS[rule.kind](changed, marked, rule, here)
        if changed != before:
            used.append(rule)
    return changed, tuple(used)


def _first_leads(units: tuple[Unit, ...], marked: Marked, rule: Rule, here: bool) -> tuple[Unit, ...]:
    """Only where the clause leaves the roles open, and only in a list: a single unit leads nobody."""
    if len(units) < 2 or any(unit.role is not Role.RESPONSIBLE for unit in units):
        return units
    helpers = re.search(
        r"其[他余].{0,8}?[为是]?(?:协助|配合|协办)|其[他余].{0,8}?[为是]?(?P<part>参与|参加)", rule.wording
    )
    others = Role.RESPONSIBLE if not helpers else Role.PARTICIPATING if helpers["part"] else Role.COOPERATING
    return (replace(units[0], role=Role.LEAD), *(replace(unit, role=others) for unit in units[1:]))


def _sharers_lead(units: tuple[Unit, ...], marked: Marked, rule: Rule, here: bool) -> tuple[Unit, ...]:
    return _leading(units, marked.shared)


def _starred_lead(units: tuple[Unit, ...], marked: Marked, rule: Rule, here: bool) -> tuple[Unit, ...]:
    return _leading(units, marked.starred)


def _leading(units: tuple[Unit, ...], which: frozenset[int]) -> tuple[Unit, ...]:
    return tuple(replace(unit, role=Role.LEAD) if at in which else unit for at, unit in enumerate(units))


def _everywhere(units: tuple[Unit, ...], marked: Marked, rule: Rule, here: bool) -> tuple[Unit, ...]:
    """The clause that states the rule lists these units itself."""
    known = {_bare(unit.name) for unit in units}
    return units if here else (*units, *(unit for unit in rule.units if _bare(unit.name) not in known))


def _bare(name: str) -> str:
    return re.sub(r"[、()（）\s]|人民(?=政府)", "", name)


_EFFECTS = {
    "first leads": _first_leads,
    "sharers lead": _sharers_lead,
    "starred lead": _starred_lead,
    "everywhere": _everywhere,
}
