"""What the collection holds, for programs: passages, tasks, units and documents as JSON-ready values."""

import dataclasses
import time
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Any

from assistant.api.errors import RequestError
from assistant.ask import Assistant
from assistant.found.matrix import Matrix, Row, matrix_of
from assistant.screens.narrowing import unit_named
from index.search import Filters, Index
from ingest.document import Document, Unit
from ingest.errors import AssistantError
from ingest.exchange import to_json

Json = dict[str, Any]
_CARD = (
    *("id", "title", "title_derived", "number", "issuer", "issued_on", "level", "region", "status", "form"),
    *("effective_on", "expires_on", "addressees"),
)


def found(index: Index, query: str, *, filters: Filters, limit: int) -> Json:
    """The passages for a query, as it was understood."""
    began = time.perf_counter()
    explained = index.explain(query, filters=filters, limit=limit)
    hits = [dataclasses.asdict(hit) | {"span": list(hit.span), "score": round(hit.score, 4)} for hit in explained.hits]
    elapsed_ms = round((time.perf_counter() - began) * 1000, 2)
    return {"query": query, "understood": explained.understood, "hits": hits, "elapsed_ms": elapsed_ms}


def narrowed(assistant: Assistant, documents: Sequence[str], unit: str | None, **others: Any) -> Filters:
    """RequestError where a document or unit is not in the collection."""
    for each in documents:
        document(assistant.index, each)
    name = unit_of(unit, assistant.index, matrix_for(assistant)) if unit else None
    return Filters(documents=tuple(documents) or None, unit=name, **others)


def matrix_for(assistant: Assistant, document_id: str | None = None) -> Matrix:
    """The matrix of one document, or of all whose text is held."""
    if document_id is None:
        return assistant.scope().originals.matrix
    return matrix_of([document(assistant.index, document_id)])


def tasks(assistant: Assistant, unit: str | None, document_id: str | None) -> Json:
    """Every clause that names responsible units, or those of one unit; complete, from the unit × task matrix."""
    matrix = matrix_for(assistant, document_id)
    name = unit_of(unit, assistant.index, matrix) if unit else None
    rows = matrix.tasks_of(name) if name else matrix.rows
    return {"unit": name, "count": len(rows), "tasks": [task_row(row) for row in rows]}


def task(assistant: Assistant, written: str, document_id: str | None) -> list[Json]:
    """The clauses with this number or label (7, 任务7, 三(二)) that name responsible units."""
    matrix = matrix_for(assistant, document_id)
    wanted = written.strip().removeprefix("第").removesuffix("项")
    rows = [row for row in matrix.rows if wanted in (row.clause.label, row.clause.id, str(row.clause.task))]
    if not rows:
        raise RequestError(
            404, f"没有名为“{written}”、又写明责任单位的条款；条款名称见 tasks_of_unit 或 GET /api/tasks。"
        )
    return [task_row(row) for row in rows]


def units(assistant: Assistant) -> Json:
    """Every responsible unit, with its other names."""
    matrix = matrix_for(assistant)
    return {"units": [_unit_row(assistant.index, matrix, name) for name in matrix.units]}


def documents(index: Index) -> Json:
    return {"documents": [_card(to_json(card), _CARD) for card in index.documents()]}


def whole_document(index: Index, document_id: str) -> Json:
    """The document with text, outline and responsibilities; the path of its file on this machine is nobody's business."""
    row = to_json(document(index, document_id))
    row["source"] = row["source"] | {"path": PurePath(row["source"]["path"]).name}
    return row


def document(index: Index, document_id: str) -> Document:
    held = index.whole_documents([document_id])
    if not held:
        raise _no_document(document_id)
    return held[0]


def unit_of(written: str, index: Index, matrix: Matrix) -> str:
    try:
        return unit_named(written, index, matrix.units)
    except AssistantError as error:
        raise RequestError(404, f"这里没有责任单位“{written.strip()[:60]}”，单位名称见 GET /api/units。") from error


def task_row(row: Row) -> Json:
    clause = row.clause
    return {
        "document_id": row.document.id,
        "document_title": row.document.title,
        "clause_id": clause.id,
        "label": clause.label,
        "task": clause.task,
        "section": clause.section,
        "title": clause.title,
        "units": unit_rows(row.units),
    }


def unit_rows(named: Iterable[Unit]) -> list[Json]:
    return [{"name": unit.name, "role": str(unit.role)} for unit in named]


def _unit_row(index: Index, matrix: Matrix, name: str) -> Json:
    rows, record = matrix.tasks_of(name), index.directory.record(name)
    return {
        "name": name,
        "tasks": len(rows),
        "documents": list(dict.fromkeys(row.document.id for row in rows)),
        "aliases": [*record.aliases, *record.former] if record else [],
        "successors": [each.name for each in record.successors] if record else [],
    }


def _card(row: Json, names: Sequence[str]) -> Json:
    return {name: row[name] for name in names}


def _no_document(document_id: str) -> RequestError:
    return RequestError(404, f"库里没有文件“{document_id[:80]}”，文件编号见 GET /api/documents。")
