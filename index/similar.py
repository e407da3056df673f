"""Similar questions (相似问): wordings that users have used for a clause, a leg of their own that grows with use.

A line of a file: ``{"document", "labels": ["任务7"], "question", "voice": "企业|工作人员|热线"}``;
with no labels and a ``"reason"``, a question that nothing in the document answers.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.block import Postings, pair_keys, postings, word_keys
from index.embed import Embedder
from index.lexical import Floats
from index.library import Change, Library
from index.rows import SimilarRow
from ingest.errors import IndexingError
from ingest.fold import fold_text

_VECTORS = 0.25  # share of the vectors in likeness


@dataclass(frozen=True)
class SimilarQuestion:
    """One wording and the clauses (labels or ids) of the document that answer it.

    Without labels, nothing in the document answers it, for ``reason``. ``likeness``, 0–1, is filled in by a match.
    """

    document_id: str
    labels: tuple[str, ...]
    question: str
    voice: str = ""
    reason: str = ""
    likeness: float = 0.0


def read(path: Path) -> tuple[SimilarQuestion, ...]:
    """Similar questions from a .jsonl or .xlsx file; a faulty line is named."""
    rows = _spreadsheet(path) if path.suffix == ".xlsx" else lines(path)
    return tuple(question(path, position, row) for position, row in rows)


def write(path: Path, questions: Iterable[SimilarQuestion]) -> None:
    """The form that ``read`` reads, .jsonl or .xlsx."""
    if path.suffix == ".xlsx":
        _write_spreadsheet(path, questions)
        return
    lines = (json.dumps(row(each), ensure_ascii=False) for each in questions)
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def store(change: Change, questions: Sequence[SimilarQuestion], *, embedder: Embedder, origin: str) -> None:
    """Put questions into the library within ``change``; one known for its document already is replaced."""
    vectors = embedder.embed([each.question for each in questions]).astype(np.float32)
    for each, vector in zip(questions, vectors, strict=True):
        told = (each.document_id, each.labels, each.question, each.voice, each.reason)
        change.put_similar(SimilarRow(0, *told, origin, _keys(each.question).tobytes(), vector.tobytes()))


def check(library: Library, questions: Sequence[SimilarQuestion]) -> None:
    """Every question must name clauses that exist; the first that does not is said."""
    for each in questions:
        for label in each.labels:
            if not library.rows(
                "select 1 from documents join clauses on document = row where documents.id = ? and ? in (clauses.id, label)",
                (each.document_id, label),
            ):
                raise IndexingError(
                    f"相似问“{each.question}”指向的 {each.document_id} {label} 不存在，请改正后再试；没有导入。"
                )


def stored(library: Library) -> list[SimilarQuestion]:
    return [as_question(row) for row in library.similar()]


def as_question(row: SimilarRow, likeness: float = 0.0) -> SimilarQuestion:
    return SimilarQuestion(row.document_id, row.labels, row.question, row.voice, row.reason, likeness)


class SimilarLeg:
    """Matches a question with the stored ones by words, character pairs and vectors."""

    def __init__(self, rows: Sequence[SimilarRow]) -> None:
        self.rows = tuple(rows)
        self._postings: Postings = postings([np.frombuffer(row.keys, np.uint64) for row in rows])
        self._own = self._own_weights()
        self._vectors = np.array([np.frombuffer(row.vector, np.float32) for row in rows], np.float32)

    def match(self, question: str, vector: Floats) -> Floats:
        """How alike each stored question is, 0–1: mostly the weight of shared words and pairs, for the rest the cosine."""
        if not self.rows:
            return np.empty(0, np.float32)
        shared = np.zeros(len(self.rows), np.float32)
        total = 0.0
        for key in set(_keys(question).tolist()):
            rows, _ = self._postings.find(key)
            weight = self._rarity(len(rows))
            shared[rows] += weight
            total += weight
        overlap = 2 * shared / np.maximum(self._own + total, 1e-6)
        cosine = np.maximum(np.vecdot(self._vectors, vector), 0)
        likeness: Floats = ((1 - _VECTORS) * overlap + _VECTORS * cosine).astype(np.float32)
        return likeness

    def _own_weights(self) -> Floats:
        """Of each stored question, the weight of all its terms."""
        sizes = np.diff(self._postings.starts)
        weights = np.repeat(self._rarities(sizes), sizes)
        return np.bincount(self._postings.rows, weights, minlength=len(self.rows)).astype(np.float32)

    def _rarity(self, holding: int) -> float:
        return float(self._rarities(np.array([holding]))[0])

    def _rarities(self, holding: NDArray[np.int64]) -> Floats:
        rarities: Floats = np.log(1 + (len(self.rows) + 0.5) / (holding + 0.5)).astype(np.float32)
        return rarities


def _keys(question: str) -> NDArray[np.uint64]:
    folded = fold_text(question)
    return np.concatenate((word_keys(folded), pair_keys(folded)))


def lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a .jsonl file with their line numbers; a line that is none is named."""
    try:
        with path.open(encoding="utf-8-sig") as rows:
            for position, line in enumerate(rows, start=1):
                if line.strip():
                    yield position, _object(path, position, line)
    except (OSError, UnicodeDecodeError) as problem:
        raise IndexingError(f"读不到 {path}，请检查路径、权限和编码（应为 UTF-8）。") from problem


def _object(path: Path, position: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as problem:
        raise IndexingError(f"{path.name} 第 {position} 行不是 JSON，请改正后再导入。") from problem
    if not isinstance(row, dict):
        raise IndexingError(f"{path.name} 第 {position} 行不是 JSON 对象，请改正后再导入。")
    return row


_LABEL_MARKS = re.compile("[,，、;；\\s]+")
_COLUMNS = {"文件": "document", "条款": "labels", "问法": "question", "口吻": "voice", "不能回答的原因": "reason"}


def _spreadsheet(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    from zipfile import BadZipFile

    from openpyxl import load_workbook

    try:
        with path.open("rb") as file:
            sheet = load_workbook(file, data_only=True).active
    except (OSError, BadZipFile, KeyError) as problem:
        raise IndexingError(f"读不到 {path}，请检查路径、权限，并确认它是 .xlsx 表格。") from problem
    rows = iter(sheet.iter_rows(values_only=True) if sheet else ())
    names = [_COLUMNS.get(str(name), str(name)) for name in next(rows, ())]
    for position, values in enumerate(rows, start=2):
        row = {name: str(value) for name, value in zip(names, values, strict=False) if value is not None}
        if row:
            yield position, row | {"labels": _LABEL_MARKS.split(row.get("labels", ""))}


def _write_spreadsheet(path: Path, questions: Iterable[SimilarQuestion]) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(list(_COLUMNS))
    for each in questions:
        book.active.append([each.document_id, "、".join(each.labels), each.question, each.voice, each.reason])
    for cell in (cell for line in book.active.iter_rows() for cell in line if cell.data_type == "f"):
        cell.data_type, cell.quotePrefix = "s", True  # people's words are no formula, whatever they start with
    book.save(path)


def question(path: Path, position: int, row: dict[str, Any]) -> SimilarQuestion:
    """One row checked: it names a document, a question, and clauses or else a reason why nothing answers it."""
    labels, asked = row.get("labels"), str(row.get("question") or "").strip()
    named = [str(label).strip() for label in labels if str(label).strip()] if isinstance(labels, list) else []
    reason = str(row.get("reason") or "")
    if not row.get("document") or not asked or not (named or reason):
        raise IndexingError(
            f"{path.name} 第 {position} 行缺少文件、问法，或既无条款也无不能回答的原因，请补齐后再导入。"
        )
    return SimilarQuestion(str(row["document"]), tuple(named), asked, str(row.get("voice") or ""), reason)


def row(question: SimilarQuestion) -> dict[str, Any]:
    return {
        "document": question.document_id,
        "labels": list(question.labels),
        "question": question.question,
        "voice": question.voice,
        **({"reason": question.reason} if question.reason else {}),
    }
