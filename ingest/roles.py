"""One responsibility clause → its units with their roles, its deadline and its remarks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from ingest.document import Role, Span, Unit
from ingest.names import read_list
from ingest.passage import Name, NameList, Passage
from ingest.unit_words import DEADLINE_LABEL, LABEL, LABEL_ROLES, TASK, VERB, VERB_ROLES, VERB_WITH_OBJECT


def read_clause(passage: Passage, start: int, end: int, role: Role | None = None) -> "Draft | None":
    """What the clause in ``[start, end)`` (without its outer brackets) says; None when it names no unit.

    ``role`` is what a table's heading says about units that have no label of their own.
    """
    draft = Draft()
    for field_ in _fields(passage, start, end, role):
        draft = _read_field(draft, passage, field_)
    return draft if draft.units else None


@dataclass(frozen=True)
class Draft:
    """A clause as read so far. ``sure``: nothing in it is left unexplained, so that no label is needed to believe it;
    ``whole``: nothing is left out, though a name may have an ending that nobody knows."""

    units: tuple[Unit, ...] = ()
    deadline: str | None = None
    notes: tuple[str, ...] = ()
    labelled: bool = False
    verbs: tuple[str, ...] = ()
    shared: tuple[int, ...] = ()  # units whose verb is 按职责分工负责
    starred: tuple[int, ...] = ()
    sure: bool = True
    whole: bool = True


class Field(NamedTuple):
    """A labelled part of a clause; ``role`` is None where no unit label stands before it."""

    label: str
    role: Role | None
    start: int
    end: int


class Group(NamedTuple):
    """Names that share one verb."""

    start: int
    end: int
    verb: str


def role_of(word: str, table: tuple[tuple[str, Role], ...]) -> Role:
    return next(role for pattern, role in table if re.search(pattern, word))


def label_role(label: str) -> Role:
    """牵头及责任单位 leaves open who leads, so it does not say LEAD."""
    joined = re.search(r"牵头[及和与、/(]+(?:责任|配合|负责|参与|参加|协办)|(?:责任|配合|负责)[及和与、/(]+牵头", label)
    return Role.RESPONSIBLE if joined else role_of(label, LABEL_ROLES)


def _fields(passage: Passage, start: int, end: int, role: Role | None) -> Iterator[Field]:
    label, at = "", start
    for match in LABEL.finditer(passage.masked(start, end)):
        if match["bare"] is not None and not _bare_label_is_sure(passage.masked(start, end), match):
            continue
        if start + match.start() > at or label:
            yield Field(label, role, at, start + match.start())
        word = match["unit"] or match["short"]
        label, role, at = match["other"] or word, label_role(word) if word else None, start + match.end()
    yield Field(label, role, at, end)


def _bare_label_is_sure(masked: str, match: re.Match[str]) -> bool:
    """A label without a colon counts at the start of a clause or of a part of it."""
    before = masked[: match.start()].rstrip(" ")
    if match["bare"] in (";", ","):  # 责任单位;市水务局: a colon as OCR reads it
        return not before
    return not before or before[-1] in ",;。、" or match.start() != len(before)


def _read_field(draft: Draft, passage: Passage, part: Field) -> Draft:
    value = passage.written(part.start, part.end).strip(" \u3000\n,，;；。.、)）")
    if part.label and part.role is None:
        if DEADLINE_LABEL.search(part.label) and value:
            return replace(draft, deadline=draft.deadline or value)
        return draft
    if part.label:
        draft = replace(draft, labelled=True)
        if _PERSONS_TOO.search(part.label):
            passage = passage.without(_persons(passage, part))
    for group in _groups(passage, part):
        draft = _read_group(draft, passage, group, part.role)
    return replace(draft, sure=True) if _OFFICES_INSIDE.search(part.label) and draft.units else draft


_OFFICES_INSIDE = re.compile(r"[处科股]室")  # of one body, so that 办公室 alone is a name
_PERSONS_TOO = re.compile(r"责任人|负责人")
_PERSON = re.compile(r"(?<=[局厅委部办府会院行社]) +(?!各)([一-鿿]{2,3})(?=[ ,;、。\n]|$)")


def _persons(passage: Passage, part: Field) -> list[Span]:
    """The people behind the units of 牵头部门及责任人：市商务局 王某."""
    found = _PERSON.finditer(passage.masked(part.start, part.end))
    return [Span(part.start + match.start(1), part.start + match.end(1)) for match in found]


def _groups(passage: Passage, part: Field) -> Iterator[Group]:
    at, start, end = part.start, part.start, part.end
    masked = passage.masked(start, end)
    verbs = [(*match.span(), match[0], False) for match in VERB.finditer(masked)]
    for pattern in (VERB_WITH_OBJECT, TASK) if part.label or verbs else (VERB_WITH_OBJECT,):
        verbs += [(*match.span(), match[0], True) for match in pattern.finditer(masked)]
    for first, last, verb, has_object in sorted(verbs, key=lambda found: (found[0], found[3])):
        if start + first < at or (has_object and not _is_list(passage, at, start + first)):
            continue
        yield Group(at, start + first, verb)
        at = start + last
    if passage.masked(at, end).strip(" ,;。、:\n"):
        yield Group(at, end, "")


def _is_list(passage: Passage, start: int, end: int) -> bool:
    listed = read_list(passage, start, end)
    return listed.sure and bool(listed.names)


_WITH = re.compile("[ ,]*会同(?!县)")
_TOGETHER_WITH = re.compile(r"(?<=[一-鿿\x01 ])会同|商(?=[国省市区县财发有])")


def _read_group(draft: Draft, passage: Passage, group: Group, label: Role | None) -> Draft:
    verb_role = role_of(group.verb, VERB_ROLES) if group.verb else None
    role = verb_role if verb_role not in (None, Role.RESPONSIBLE) else label or verb_role or Role.RESPONSIBLE
    if _WITH.match(passage.masked(group.start, group.end)):
        role = Role.COOPERATING
    helpers = max(passage.masked(group.start, group.end).rfind(mark) for mark in ",;")
    if label and role in (Role.COOPERATING, Role.PARTICIPATING) and helpers > 0:
        # 牵头单位：甲局，乙局配合
        draft = _with_names(draft, read_list(passage, group.start, group.start + helpers), label, "")
        group = group._replace(start=group.start + helpers)
    divider = _TOGETHER_WITH.search(passage.masked(group.start, group.end))
    if not divider:
        return _with_names(draft, read_list(passage, group.start, group.end), role, group.verb)
    before, after = group.start + divider.start(), group.start + divider.end()
    helpers_end = passage.masked(after, group.end).find(",")
    helpers_end = group.end if helpers_end < 0 else after + helpers_end
    draft = _with_names(draft, read_list(passage, group.start, before), Role.LEAD, "会同")
    draft = _with_names(draft, read_list(passage, after, helpers_end), Role.COOPERATING, "")
    return _with_names(draft, read_list(passage, helpers_end, group.end), role, group.verb or "会同")


_REMARK_ROLE = re.compile(r"为?(牵头|主办|主责|协办|配合|参与)")


def _with_names(draft: Draft, listed: NameList, role: Role, verb: str) -> Draft:
    known = {unit.name for unit in draft.units}
    names = [name for name in listed.names if name.name not in known]
    fresh = tuple(_unit(name, role) for name in names)
    first = len(draft.units)
    marks = tuple(name.remark for name in listed.names if _REMARK_ROLE.match(name.remark))
    return replace(
        draft,
        units=draft.units + fresh,
        deadline=draft.deadline or next(iter(listed.deadlines), None),
        notes=draft.notes + listed.notes,
        verbs=draft.verbs + ((verb,) if verb and listed.names else ()) + marks,
        shared=draft.shared + (tuple(range(first, first + len(fresh))) if _SHARED.search(verb) else ()),
        starred=draft.starred + tuple(at for at, name in enumerate(names, first) if name.remark == "*"),
        sure=draft.sure and listed.sure,
        whole=draft.whole and listed.whole,
    )


_SHARED = re.compile(r"分工|分别")


def _unit(name: Name, role: Role) -> Unit:
    remark = _REMARK_ROLE.match(name.remark)
    return Unit(name.name, role_of(remark[1], VERB_ROLES) if remark else role, name.span, name.collective)
