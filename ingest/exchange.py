"""A Document as plain JSON values and back again, with nothing lost."""

import dataclasses
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any

from ingest.document import (
    Audit,
    Certainty,
    Clause,
    Document,
    Form,
    Part,
    Reference,
    Repair,
    Responsibility,
    Role,
    Source,
    Span,
    Status,
    Unit,
)
from ingest.errors import IngestError

Row = dict[str, Any]
_SIMPLE = frozenset({str, int, float, bool, type(None)})


def to_json(document: Document) -> Row:
    """JSON-ready values in the order of the fields; spans as ``[start, end]``, ``spans`` and ``noted`` as mappings."""
    row: Row = _plain(document)
    row["spans"] = {name: list(span) for name, span in document.spans}
    if document.noted:
        row["noted"] = dict(document.noted)
    else:
        del row["noted"]  # as those documents were written that nobody has put right
    return row


def from_json(row: Mapping[str, Any]) -> Document:
    """The document that ``to_json`` wrote; unknown keys are ignored, so that newer files can be read."""
    try:
        values = _known(Document, row) | {
            "source": Source(**_known(Source, row["source"])),
            "status": Status(row.get("status", Status.UNSTATED)),
            "form": Form(row.get("form", Form.ORIGINAL)),
            "addressees": tuple(row.get("addressees", ())),
            "clauses": tuple(map(_clause, row.get("clauses", ()))),
            "responsibilities": tuple(map(_responsibility, row.get("responsibilities", ()))),
            "references": tuple(Reference(**_spanned(Reference, item)) for item in row.get("references", ())),
            "repairs": tuple(map(_repair, row.get("repairs", ()))),
            "audit": _audit(row.get("audit", {})),
            "spans": tuple((name, Span(*span)) for name, span in row.get("spans", {}).items()),
            "noted": tuple(row.get("noted", {}).items()),
        }
        return Document(**values)
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise IngestError(f"这一行不是本系统导出的文件数据（{fault}），请重新导出后再导入。") from fault


def _plain(value: Any) -> Any:
    """Values of the frozen types as JSON would hold them. A Span is a tuple and becomes a list."""
    if type(value) in _SIMPLE:  # most are; thousands of clauses are written while others wait for answers
        return value
    if isinstance(value, StrEnum):
        return value.value
    if dataclasses.is_dataclass(value):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _known(kind: type, row: Mapping[str, Any]) -> Row:
    names = _names(kind)
    return {name: value for name, value in row.items() if name in names}


@cache
def _names(kind: type) -> frozenset[str]:
    return frozenset(field.name for field in dataclasses.fields(kind))


def _spanned(kind: type, row: Mapping[str, Any]) -> Row:
    return _known(kind, row) | {"span": Span(*row["span"])}


def _clause(row: Mapping[str, Any]) -> Clause:
    return Clause(**_spanned(Clause, row) | {"part": Part(row["part"]), "path": tuple(row.get("path", ()))})


def _unit(row: Mapping[str, Any]) -> Unit:
    span = row.get("span")
    return Unit(
        name=row["name"],
        role=Role(row.get("role", Role.RESPONSIBLE)),
        span=None if span is None else Span(*span),
        collective=bool(row.get("collective", False)),
    )


def _responsibility(row: Mapping[str, Any]) -> Responsibility:
    return Responsibility(**_spanned(Responsibility, row) | {"units": tuple(map(_unit, row.get("units", ())))})


def _repair(row: Mapping[str, Any]) -> Repair:
    return Repair(**_spanned(Repair, row) | {"certainty": Certainty(row.get("certainty", Certainty.SURE))})


def _audit(row: Mapping[str, Any]) -> Audit:
    values = _known(Audit, row)
    for name in ("numbering_gaps", "warnings"):
        values[name] = tuple(values.get(name, ()))
    return Audit(**values)
