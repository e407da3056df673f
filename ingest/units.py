"""Who is responsible: every clause of a policy text that names responsible units (责任单位), wherever and however it stands."""

from bisect import bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.document import Span, Table, Unit
from ingest.names import split_names
from ingest.passage import Passage, plain_name
from ingest.passages import Candidate, Place, passages_in
from ingest.roles import Draft, read_clause
from ingest.rules import Marked, Rule, apply_rules, rules_in
from ingest.task_tables import clauses_in_table
from ingest.unit_grammar import LEVELLED, PLACE, is_official, is_unit
from ingest.unit_words import plain

__all__ = ["Found", "find_responsibilities", "split_names"]


def find_responsibilities(text: str, tables: Sequence[Table] = ()) -> "tuple[Found, ...]":
    """Every responsibility clause of the text, in its order, with the document-wide rules applied to what follows them."""
    drafts: list[tuple[Span, Draft]] = []
    for table in tables:
        for span, draft in clauses_in_table(text, table):
            _place(drafts, span, draft)
    rules = rules_in(text, 0, len(text))
    alone: list[tuple[Span, Draft]] = []
    for candidate in passages_in(plain(text), lists=any(rule.assigns for rule in rules)):
        room = _room(drafts, candidate.inner.start, len(text))
        if room > candidate.inner.start and (candidate.ends or room >= candidate.inner.end):
            found = _read(text, candidate, room)
            if found:
                _place(alone if _is_alone(candidate, found[1]) else drafts, *found)
    bracketed = sum(text[span.start] in _BRACKETS for span, _ in drafts)
    for span, draft in alone if bracketed >= max(_HABIT, len(drafts) / 2) else ():
        _place(drafts, span, draft)
    return _under_rules(drafts, rules)


_HABIT = 3
_BRACKETS = "（([［【〔"


def _is_alone(candidate: Candidate, draft: Draft) -> bool:
    """A bracket with nothing but one name, or with groups: a clause only in a text that names units in brackets throughout."""
    return candidate.place is Place.BARE_BRACKET and (len(draft.units) == 1 or not any(map(_is_body, draft.units)))


def _is_body(unit: Unit) -> bool:
    return bool(LEVELLED.match(unit.name)) and not PLACE.match(unit.name)


@dataclass(frozen=True)
class Found:
    """A clause that names responsible units; ``span`` includes its brackets."""

    span: Span
    units: tuple[Unit, ...]
    deadline: str | None = None
    note: str | None = None


def _room(drafts: Sequence[tuple[Span, Draft]], start: int, length: int) -> int:
    """How far a clause that begins at ``start`` may reach before it meets one already found; ``start`` if it lies in one."""
    at = bisect_right(drafts, start, key=lambda found: found[0].start)
    if at and drafts[at - 1][0].end > start:
        return start
    return drafts[at][0].start if at < len(drafts) else length


def _place(drafts: list[tuple[Span, Draft]], span: Span, draft: Draft) -> None:
    insort(drafts, (span, draft), key=lambda found: found[0].start)


def _read(text: str, candidate: Candidate, room: int) -> tuple[Span, Draft] | None:
    """The candidate as far as it reads like a clause; of an open list, the longest reading that is sure."""
    start, end = candidate.inner
    rules = rules_in(text, start, end)
    passage = Passage.of(text, start, end).without(rule.span for rule in rules)
    if not candidate.ends:
        draft = _reading(passage, start, end, rules)
        return (candidate.span, draft) if draft and _believable(draft, candidate.place) else None
    for stop in candidate.ends:
        draft = _reading(passage, start, stop, rules) if stop <= room else None
        if draft and draft.labelled and draft.sure and (not candidate.official or _has_official(draft)):
            return Span(candidate.span.start, start + len(text[start:stop].rstrip())), draft
    return None


def _reading(passage: Passage, start: int, end: int, rules: Sequence[Rule]) -> Draft | None:
    draft = read_clause(passage, start, end)
    wordings = tuple(rule.wording for rule in rules if rule.span.end <= end)
    return replace(draft, notes=draft.notes + wordings) if draft else None


def _believable(draft: Draft, place: Place) -> bool:
    """A label says it all; without one, every word must be explained."""
    if place is Place.BRACKET:
        said = bool(draft.verbs or draft.notes or (draft.deadline and len(draft.units) > 1))
        return draft.labelled or (draft.sure and said) or (draft.whole and bool(draft.verbs) and _mostly_bodies(draft))
    if place in (Place.BARE_BRACKET, Place.LIST):
        enough = _has_official(draft) if place is Place.BARE_BRACKET else len(draft.units) > 1
        return draft.sure and enough and any(unit.collective or _is_body(unit) for unit in draft.units)
    if place is Place.STATED:
        return draft.sure and bool(draft.verbs)
    if place is Place.LED and len(draft.units) == 1:
        return draft.sure and bool(draft.verbs) and _is_body(draft.units[0])
    several = len(draft.units) > 1
    return draft.sure and several and (place is not Place.SENTENCE or len({unit.role for unit in draft.units}) > 1)


def _has_official(draft: Draft) -> bool:
    return any(is_official(plain_name(unit.name)) for unit in draft.units)


def _mostly_bodies(draft: Draft) -> bool:
    """Whether a list with a name that has no known ending (…、三大运营商参与) can still be nothing but a list of bodies."""
    known = sum(1 for unit in draft.units if LEVELLED.match(unit.name) and is_unit(plain_name(unit.name)))
    return known > 1 and len(draft.units) - known == 1


def _under_rules(drafts: Sequence[tuple[Span, Draft]], rules: Sequence[Rule]) -> tuple[Found, ...]:
    found = []
    inside = {rule.span for rule in rules if any(span.covers(rule.span) for span, _ in drafts)}
    lasting = [rule for rule in rules if rule.lasting or rule.span not in inside]
    for span, draft in drafts:
        own = [rule for rule in rules if span.covers(rule.span)]
        others = [rule for rule in lasting if rule not in own and (rule.remark or rule.span.end <= span.start)]
        marked = Marked(frozenset(draft.shared), frozenset(draft.starred))
        units, _ = apply_rules(draft.units, marked, own, here=True)
        units, used = apply_rules(units, marked, others, here=False)
        notes = [*draft.notes, *(f"依{'文中' if rule.remark else '前文'}“{rule.wording}”" for rule in used)]
        found.append(Found(span, units, draft.deadline, "；".join(notes) or None))
    return tuple(found)
