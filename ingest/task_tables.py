"""Task tables whose columns are 任务 / 牵头单位 / 责任单位 / 完成时限."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.document import Role, Span, Table
from ingest.passage import Passage
from ingest.roles import Draft, label_role, read_clause
from ingest.unit_words import DEADLINE_LABEL, OTHER_LABEL, SHORT_LABEL, UNIT_LABEL, plain
from ingest.wording import title_of


def clauses_in_table(text: str, table: Table) -> Iterator[tuple[Span, Draft]]:
    """One clause a row, from its first to its last unit cell; nothing where no column is headed by a unit label."""
    columns: Mapping[int, Role | None] = {}
    for row in table.rows:
        headings = _headings(text, row)
        if any(headings.values()):
            columns = headings
        elif columns:
            yield from _clause(text, row, columns)


@dataclass(frozen=True)
class TaskRow:
    """One line of a task table; ``number`` is None in its heading and where the first cell holds none."""

    span: Span
    number: int | None
    title: str


def task_rows(text: str, table: Table) -> Iterator[TaskRow]:
    """The rows from the one that heads a unit column on; nothing where no column is headed by a unit label."""
    named: list[int] | None = None
    for row in table.rows:
        cells = [cell for cell in row if cell.start < cell.end]
        if not cells:
            continue
        headings = _headings(text, row)
        if any(headings.values()):
            named = [at for at in range(len(row)) if at not in headings]
            yield TaskRow(Span(cells[0].start, cells[-1].end), None, "")
        elif named is not None:
            words = [cell for at, cell in enumerate(row) if at in named and cell.start < cell.end]
            counted = words[0].of(text).strip().rstrip(".、．") if words else ""
            number = int(counted) if counted.isdecimal() and len(counted) <= 3 else None
            title = next((cell for cell in words[number is not None :]), cells[0])
            yield TaskRow(Span(cells[0].start, cells[-1].end), number, title_of(text, title))


_UNIT_HEADING = re.compile(rf"(?:{UNIT_LABEL}|{SHORT_LABEL})\)?(?:\([^()]*\))?$")
_DEADLINE_HEADING = re.compile(rf"{OTHER_LABEL}$")


def is_unit_heading(word: str) -> bool:
    """Whether a word without blanks heads a column of units."""
    return len(word) <= 20 and bool(_UNIT_HEADING.match(plain(word)))


def _headings(text: str, row: Sequence[Span]) -> dict[int, Role | None]:
    """Column → role for unit columns, None for the deadline column."""
    headings: dict[int, Role | None] = {}
    for column, cell in enumerate(row):
        word = "".join(plain(cell.of(text)).split())
        if is_unit_heading(word):
            headings[column] = label_role(word)
        elif _DEADLINE_HEADING.match(word) and DEADLINE_LABEL.search(word):
            headings[column] = None
    return headings


def _clause(text: str, row: Sequence[Span], columns: Mapping[int, Role | None]) -> Iterator[tuple[Span, Draft]]:
    whole, cells = Draft(labelled=True), []
    for column, role in columns.items():
        cell = row[column] if column < len(row) else Span(0, 0)
        if role is None:
            whole = replace(whole, deadline=whole.deadline or "".join(cell.of(text).split()) or None)
            continue
        draft = read_clause(Passage.of(text, *cell), *cell, role)
        if draft:
            cells.append(cell)
            known = {unit.name for unit in whole.units}
            fresh = tuple(unit for unit in draft.units if unit.name not in known)
            whole = replace(whole, units=whole.units + fresh, notes=whole.notes + draft.notes)
    if cells:
        yield Span(min(cell.start for cell in cells), max(cell.end for cell in cells)), whole
