"""What editors keep in the library, in the form in which answers use it: vetted answers, and where units can be reached."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.found.standing import chinese_date
from assistant.vetted import Vetted, VettedAnswers
from index.ledger import Row
from index.search import Index

_CONTACTS = {"phone": "电话", "site": "网址"}
_MOST = 8
"""Units whose contacts are told; a longer list is no list of whom to call."""


@dataclass(frozen=True)
class Kept:
    """One state of it."""

    vetted: VettedAnswers
    contacts: tuple[Row, ...] = ()

    @classmethod
    def of(cls, index: Index) -> "Kept":
        contacts = tuple(row for row in index.kept("unit_entries") if row["field"] in _CONTACTS)
        return cls(VettedAnswers([Vetted.of(row) for row in index.kept("vetted")]), contacts)

    def reached_at(self, units: Sequence[str]) -> tuple[str, ...]:
        """A note for every contact of these units, with its source and date."""
        return tuple(_note(row) for name in units[:_MOST] for row in _of(self.contacts, name))


def _of(contacts: Iterable[Row], unit: str) -> list[Row]:
    return [row for row in contacts if row["unit"] == unit]


def _note(row: Row) -> str:
    day = chinese_date(row["since"] or row["made_on"])
    return f"{row['unit']}{_CONTACTS[row['field']]}：{row['value']}（来源：{row['source']}，{day}）"
