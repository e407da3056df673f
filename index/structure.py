"""The leg of exact things: task and section numbers, quoted phrases, 文号, titles and the units that a question names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from index.block import pair_key
from index.lexical import Floats, Shelf
from index.library import Library
from index.rows import DocumentRow
from index.segment import bigrams
from ingest.fold import chinese_number, fold_text

_COUNT = r"([0-9]{1,3}|[一二三四五六七八九十廿百]{1,4})"
_TASK = re.compile(
    rf"(?:(?:任务|措施)\s*{_COUNT}|第\s*{_COUNT}\s*(?:条|项|点|款|个任务|项任务|条任务|大任务))(?![年月日届批次])"
)
_SECTION = re.compile(
    r"(?<![\u4e00-\u9fff])([一二三四五六七八九十]{1,3})\s*[(、]?\s*\(?([一二三四五六七八九十]{1,3})\)"
)
_NUMBER = re.compile(r"((?:19|20)\d\d)\s*〕?\s*(?:年)?\s*第?\s*(\d{1,4})\s*号")
_QUOTED = re.compile(r"[“\"「『]([^”\"」』]{2,60})[”\"」』]")
_TITLED = re.compile(r"《([^》]{4,80})》")
_MOST_PHRASE_ROWS = 300


@dataclass(frozen=True)
class Asked:
    """The exact things in a question, by its wording alone, folded. ``numbers`` are (year, number) of a 文号."""

    tasks: tuple[int, ...] = ()
    sections: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    numbers: tuple[tuple[str, str], ...] = ()


def asked(question: str) -> Asked:
    """What the question names exactly."""
    folded = fold_text(question)
    tasks = (chinese_number(found[1] or found[2]) for found in _TASK.finditer(folded))
    return Asked(
        tasks=tuple(dict.fromkeys(task for task in tasks if task is not None)),
        sections=tuple(f"{found[1]}({found[2]})" for found in _SECTION.finditer(folded)),
        phrases=tuple(_QUOTED.findall(folded)),
        titles=tuple(_TITLED.findall(folded)),
        numbers=tuple(_NUMBER.findall(folded)),
    )


@lru_cache(maxsize=200_000)
def _folded_title(title: str) -> str:
    return fold_text(title)


class StructureLeg:
    """Looks exact things up in the library's tables; every feature is 1 where it fits and 0 elsewhere."""

    def __init__(self, library: Library, shelf: Shelf, documents: Sequence[DocumentRow]) -> None:
        self._library, self._shelf, self._documents = library, shelf, documents

    def score(self, question: str) -> dict[str, Floats]:
        """Feature → its value for every passage: label, phrase, number (文号 and titles), unit."""
        wanted = asked(question)
        scores = {
            name: np.zeros(len(self._shelf.chunk_ids), np.float32) for name in ("label", "phrase", "number", "unit")
        }
        for task in wanted.tasks:
            scores["label"][self._clauses("clauses.task = ?", task)] = 1
        for section in wanted.sections:
            scores["label"][self._clauses("clauses.section = ? and clauses.task is null", section)] = 1
        for year, number in wanted.numbers:
            told = re.compile(f"{year}.*{number}号\\Z", re.DOTALL)
            scores["number"][self._of([bool(told.search(each.number or "")) for each in self._documents])] = 1
        for title in wanted.titles:
            scores["number"][self._of([title in _folded_title(each.title) for each in self._documents])] = 1
        for phrase in wanted.phrases:
            scores["phrase"][self._holding(phrase)] = 1
        for name in self._units_in(fold_text(question)):
            scores["unit"][self.naming(name)] = 1
        return scores

    def labelled(self, document_id: str, label: str) -> NDArray[np.int64]:
        """The passages of the document's clause with this label or id."""
        return self._positions(
            "select chunks.id from documents join clauses on clauses.document = documents.row"
            " join chunks on chunks.document = clauses.document and chunks.clause = clauses.id"
            " where documents.id = ? and ? in (clauses.label, clauses.id)",
            document_id,
            label,
        )

    def _clauses(self, condition: str, value: object) -> NDArray[np.int64]:
        return self._positions(
            "select chunks.id from clauses join chunks on chunks.document = clauses.document and chunks.clause = clauses.id"
            f" where {condition}",  # nosec B608  # conditions are constants of this module
            value,
        )

    def _of(self, wanted: Sequence[bool]) -> NDArray[np.int64]:
        """The passages of these documents, told in the shelf's order."""
        if not any(wanted):
            return np.empty(0, np.int64)
        return np.flatnonzero(self._shelf.alive & np.array(wanted, bool)[self._shelf.document_of])

    def naming(self, unit: str) -> NDArray[np.int64]:
        """The passages of clauses that this unit is responsible for."""
        return self._positions(
            "select chunks.id from units join chunks on chunks.document = units.document and chunks.clause = units.clause"
            " where units.name = ?",
            unit,
        )

    def _holding(self, phrase: str) -> NDArray[np.int64]:
        """The passages that hold the phrase to the letter, found by its pairs and checked in the text."""
        rows: NDArray[np.int64] | None = None
        for pair in dict.fromkeys(bigrams(phrase)):
            holding = self._shelf.rows_with("pairs", pair_key(pair))
            rows = holding if rows is None else np.intersect1d(rows, holding, assume_unique=True)
        if rows is None:
            return np.empty(0, np.int64)
        wanted = self._shelf.chunk_ids[rows[:_MOST_PHRASE_ROWS]].tolist()
        texts = self._library.texts_of(wanted)
        return self._shelf.positions([each for each in wanted if phrase in fold_text(texts.get(each, ""))])

    def _units_in(self, question: str) -> list[str]:
        """Names that stand in the question, without those that are part of a longer one."""
        found = [name for folded, name in self._names if folded in question]
        return [name for name in found if not any(name != other and name in other for other in found)]

    @cached_property
    def _names(self) -> Sequence[tuple[str, str]]:
        names = (str(row[0]) for row in self._library.rows("select distinct name from units"))
        return [(fold_text(name), name) for name in names if len(name) > 2]

    def _positions(self, query: str, *values: object) -> NDArray[np.int64]:
        return self._shelf.positions([int(str(row[0])) for row in self._library.rows(query, values)])
