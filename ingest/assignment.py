"""Which clause a responsibility belongs to."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence

from ingest.document import Clause, Responsibility, Span
from ingest.units import Found


def assign(text: str, clauses: Sequence[Clause], found: Sequence[Found]) -> tuple[Responsibility, ...]:
    """Each responsibility with the clause whose text holds it, or with the group that it closes."""
    starts = [clause.span.start for clause in clauses]
    holders = [bisect_right(starts, one.span.start) - 1 for one in found]
    groups = _closed_groups(text, clauses, found, holders) | _closed_fields(text, clauses, found, holders)
    return tuple(
        Responsibility(clauses[groups.get(at, at)].id, one.span, one.span.of(text), one.units, one.deadline, one.note)
        for one, at in zip(found, holders, strict=True)
        if at >= 0 and clauses[at].span.overlaps(one.span)
    )


def _closed_groups(
    text: str, clauses: Sequence[Clause], found: Sequence[Found], holders: Sequence[int]
) -> dict[int, int]:
    """Last items of a group → the group, where the text names units once a group, in a paragraph of its own.

    One such place could be an accident of layout; a text that does so does it in every group.
    """
    named: defaultdict[int, list[Span]] = defaultdict(list)
    for one, at in zip(found, holders, strict=True):
        named[at].append(one.span)
    groups = {}
    families = _families(clauses)
    for at, spans in named.items():
        if at < 0 or len(spans) != 1 or not _own_paragraph(text, clauses[at].span, spans[0]):
            continue
        siblings, parent = families[at]
        if parent is None or len(siblings) < 2 or siblings[-1] != at:
            continue
        if not any(other in named for other in (*siblings[:-1], parent)):
            groups[at] = parent
    return groups if len(groups) > 1 else {}


_FIELD = re.compile(r"[一-鿿]{2,8}[：:]\s*$")


def _closed_fields(
    text: str, clauses: Sequence[Clause], found: Sequence[Found], holders: Sequence[int]
) -> dict[int, int]:
    """Last items of a list → the clause that opens the list with a label of its own.

    整改措施：⏎1.… ⏎2.…⏎责任单位：… The next label ends the list and belongs to what the first belongs to.
    """
    groups = {}
    families = _families(clauses)
    for one, at in zip(found, holders, strict=True):
        siblings, parent = families[at] if at >= 0 and _opens_a_line(text, one.span.start) else ([], None)
        if parent is None or siblings[-1] != at:
            continue
        if _FIELD.search(
            text, max(clauses[parent].span.start, clauses[parent].span.end - 12), clauses[parent].span.end
        ):
            groups[at] = parent
    return groups


def _opens_a_line(text: str, position: int) -> bool:
    return not text[text.rfind("\n", 0, position) + 1 : position].strip()


def _families(clauses: Sequence[Clause]) -> list[tuple[list[int], int | None]]:
    """For each clause the clauses under the same heading, itself included, and the heading."""
    families: list[tuple[list[int], int | None]] = []
    above: list[tuple[list[int], int | None]] = []  # the open ones, the outermost first
    for at, clause in enumerate(clauses):
        depth = len(clause.path)
        while above and len(clauses[above[-1][0][0]].path) > depth:
            above.pop()
        if not above or len(clauses[above[-1][0][0]].path) < depth:
            above.append(([], above[-1][0][-1] if above else None))
        above[-1][0].append(at)
        families.append(above[-1])
    return families


def _own_paragraph(text: str, clause: Span, span: Span) -> bool:
    """The responsibility fills the last paragraph of the clause, and something stands before it."""
    before, after = text[clause.start : span.start], text[span.end : clause.end]
    opens = before[-1:].isspace() and ("\n" in before[-8:] or "　　" in before[-8:])
    return opens and not after.strip(" 　\n。") and bool(before.strip())
