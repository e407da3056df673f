"""The roles in which a document names units: how each is called, written beside its unit, asked for."""

import re
from collections.abc import Iterable

from ingest.document import Role, Unit

NAMES: dict[Role, str] = {
    Role.LEAD: "牵头",
    Role.RESPONSIBLE: "责任",
    Role.COOPERATING: "配合",
    Role.PARTICIPATING: "参与",
}
"""Role → the word before 单位, in the order in which they are said."""

BESIDE: dict[Role, str] = {role: name for role, name in NAMES.items() if role is not Role.RESPONSIBLE}
"""What is written beside a unit that is not plainly responsible."""

_ASKED: dict[Role, str] = {Role.LEAD: "牵头", Role.COOPERATING: "配合|协办", Role.PARTICIPATING: "参加"}
"""参与 and 负责 mean any role, so they ask for none."""


def written(units: Iterable[Unit]) -> str:
    """市商务局（牵头）、市科技局: as editors type it, too."""
    return "、".join(f"{each.name}（{BESIDE[each.role]}）" if each.role in BESIDE else each.name for each in units)


def asked_behind(text: str) -> Role | None:
    """The role that follows a unit's name: (市商务局)牵头哪些任务."""
    return next((role for role, word in _ASKED.items() if re.match(rf"[^,。?]{{0,4}}(?:{word})", text)), None)


def asked_for(text: str) -> Role | None:
    """Which of a clause's units are wanted: 配合单位有谁."""
    return next((role for role, word in _ASKED.items() if re.search(rf"(?:{word})(?:的)?(?:单位|部门)", text)), None)
