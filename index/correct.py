"""Editors' corrections of misread clauses, kept by place and applied whenever the document is read again.

A place is known by the words that the clause opens with, so that a clause which has moved or been renumbered is found, and one whose
text has changed is reported rather than corrected by mistake.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from index.details import detailed, details_of
from index.library import Library
from ingest.document import Clause, Document, Responsibility, Role, Span, Unit
from ingest.errors import IndexingError
from ingest.fold import fold_text

OPENING = 40
_NUMBERING = re.compile(r"^(?:第?[\(]?[〇零一二三四五六七八九十百\d]{1,4}[\)条章节项、.,:]+)+")
_LABEL = re.compile(r"[\w()（）·.\-]{1,16}")
_TASK_LABEL = re.compile(r"任务(\d{1,3})")


@dataclass(frozen=True)
class Correction:
    """What is right for one clause, named by label or id; None leaves a part as it was read. ``opening`` is filled in when kept."""

    label: str
    title: str | None = None
    new_label: str | None = None
    units: tuple[Unit, ...] | None = None
    opening: str = ""


@dataclass(frozen=True)
class Corrected:
    """A document with its corrections; ``as_read`` is None where it has none, ``lost`` are those whose place is gone."""

    document: Document
    as_read: Document | None = None
    lost: tuple[Correction, ...] = ()


def corrected(library: Library, document: Document) -> Corrected:
    """The document, as it was read, with everything that editors have corrected in it."""
    kept, details = corrections(library, document.id), details_of(library, document.id)
    if not kept and not details:
        return Corrected(document)
    now, lost = detailed(document, details) if details else document, []
    for each in kept:
        clause = place_of(now, each)
        if clause is None:
            lost.append(each)
        else:
            now = _applied(now, clause, each)
    return Corrected(now, document, tuple(lost))


def corrections(library: Library, document_id: str) -> list[Correction]:
    """The corrections kept for a document, in the order in which they were made."""
    rows = library.rows(
        "select label, title, new_label, units, opening from corrections where document = ? order by id", (document_id,)
    )
    return [
        Correction(str(label), _text(title), _text(new), _units(_text(units)), str(opening))
        for label, title, new, units, opening in rows
    ]


def opening_of(document: Document, clause: Clause) -> str:
    """The words that a place is known by, after its number."""
    return _NUMBERING.sub("", _squeezed(document.quote(clause)))[:OPENING]


def place_of(document: Document, correction: Correction) -> Clause | None:
    """The clause that opens as the corrected one did; of several alike, the one of the same label."""
    alike = [each for each in document.clauses if opening_of(document, each) == correction.opening]
    same = [each for each in alike if correction.label in (each.id, each.label)]
    return next(iter(same or alike), None)


def checked(document: Document, correction: Correction) -> Correction:
    """The correction with its place; IndexingError when the document does not bear it."""
    clause = document.clause(correction.label)
    if clause is None:
        raise IndexingError(f"《{document.title}》里没有“{correction.label}”这一条，请重新选择条款；没有更正。")
    if correction.title is None and correction.new_label is None and correction.units is None:
        raise IndexingError("标题、编号和责任单位都没有填，或与现在的相同，没有可更正的；请至少改动一项。")
    if correction.new_label is not None:
        taken = document.clause(correction.new_label)
        if not _LABEL.fullmatch(correction.new_label) or (taken is not None and taken.id != clause.id):
            raise IndexingError(
                f"编号“{correction.new_label}”不像编号（如 任务7、三(二)、四5），或已有别的条款使用，请换一个编号；没有更正。"
            )
    for unit in correction.units or ():
        if not _stands_in(unit.name, document, clause):
            raise IndexingError(
                f"“{unit.name}”没有写在{clause.label}的原文里，不能列为责任单位；请核对原文用字；没有更正。"
            )
    return replace(correction, label=clause.label, opening=opening_of(document, clause))


def units_json(units: Sequence[Unit] | None) -> str | None:
    if units is None:
        return None
    return json.dumps([{"name": each.name, "role": each.role.value} for each in units], ensure_ascii=False)


def _applied(document: Document, clause: Clause, correction: Correction) -> Document:
    now = clause
    if correction.title is not None:
        now = replace(now, title=correction.title)
    if correction.new_label is not None:
        number = _TASK_LABEL.fullmatch(correction.new_label)
        now = replace(now, label=correction.new_label, task=int(number[1]) if number else now.task)
    document = replace(document, clauses=tuple(now if each.id == clause.id else each for each in document.clauses))
    if correction.units is None:
        return document
    document = replace(document, responsibilities=tuple(_assigned(document, now, correction.units)))
    served = {each.clause_id for each in document.responsibilities if each.units}
    counted = sum(each.id in served for each in document.tasks())
    return replace(document, audit=replace(document.audit, tasks_with_units=counted))


def _assigned(document: Document, clause: Clause, units: tuple[Unit, ...]) -> Iterable[Responsibility]:
    """The document's responsibilities with these units for the clause, at the place where it named units before, or names them now."""
    own = [each for each in document.responsibilities if each.clause_id == clause.id]
    placed = [replace(each, span=_written(each, own)) for each in units]
    span = own[0].span if own else _naming(document, clause, units)
    told = Responsibility(clause.id, span, span.of(document.text), tuple(placed))
    mine = [replace(own[0], units=tuple(placed))] if own else [told]
    found = [each for each in document.responsibilities if each.clause_id != clause.id]
    found += mine if units else []
    return sorted(found, key=lambda each: each.span)


def _written(unit: Unit, own: Sequence[Responsibility]) -> Span | None:
    """Where the name stands, if the reader had found it there."""
    return next((each.span for one in own for each in one.units if each.name == unit.name), None)


def _naming(document: Document, clause: Clause, units: Sequence[Unit]) -> Span:
    """From the first to the last of the names in the clause; the whole clause where they do not stand as they are."""
    starts = [document.text.find(each.name, clause.span.start, clause.span.end) for each in units]
    if not starts or min(starts) < 0:
        return clause.span
    return Span(min(starts), max(at + len(each.name) for at, each in zip(starts, units, strict=True)))


def _stands_in(name: str, document: Document, clause: Clause) -> bool:
    """Whether the clause names the unit: whole, without a prefix that a list leaves out (省…、财政厅), or damaged in one place."""
    text, wanted = _squeezed(document.quote(clause)), _squeezed(name)
    if not wanted:
        return False
    mended = [each.repaired for each in document.repairs if clause.span.overlaps(each.span)]
    if wanted in text or any(wanted in _squeezed(each) for each in mended):
        return True
    least = max(2, (len(wanted) + 1) // 2)
    return any(wanted[at : at + least] in text for at in range(len(wanted) - least + 1))


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", fold_text(text))


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _units(stored: str | None) -> tuple[Unit, ...] | None:
    if stored is None:
        return None
    return tuple(Unit(each["name"], Role(each["role"])) for each in json.loads(stored))
