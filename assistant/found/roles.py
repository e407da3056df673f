"""The roles in which a document names units: how each is called, asked for."""

import re

from ingest.document import Role

NAMES: dict[Role, str] = {
    Role.LEAD: "牵头",
    Role.RESPONSIBLE: "责任",
    Role.COOPERATING: "配合",
    Role.PARTICIPATING: "参与",
}
"""Role → the word before 单位, in the order in which they are said."""

_ASKED: dict[Role, str] = {Role.LEAD: "牵头", Role.COOPERATING: "配合|协办", Role.PARTICIPATING: "参加"}
"""参与 and 负责 mean any role, so they ask for none."""


def asked_behind(text: str) -> Role | None:
    """The role that follows a unit's name: (市商务局)牵头哪些任务."""
    return next((role for role, word in _ASKED.items() if re.match(rf"[^,。?]{{0,4}}(?:{word})", text)), None)


def asked_for(text: str) -> Role | None:
    """Which of a clause's units are wanted: 配合单位有谁."""
    return next((role for role, word in _ASKED.items() if re.search(rf"(?:{word})(?:的)?(?:单位|部门)", text)), None)
