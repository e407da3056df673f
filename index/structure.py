"""The leg of exact things: task and section numbers, quoted phrases, 文号, titles and the units that a question names."""

import re
from dataclasses import dataclass

import numpy as np

from index.lexical import Floats, Shelf
from index.library import Library
from ingest.fold import chinese_number, fold_text

_TASK = re.compile(
    r"(?:第|任务|措施)\s*([0-9]{1,3}|[一二三四五六七八九十廿百]{1,4})\s*(?:条|项|点|款|个任务|项任务|条任务)?(?![年月日届批次])"
)
_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,12}〔?((?:19|20)\d\d)〕?\s*第?\s*(\d{1,4})\s*号")
_QUOTED = re.compile(r"[“\"「『《]([^”\"」』》]{2,60})[”\"」』》]")


@dataclass(frozen=True)
class Asked:
    """The exact things in a question: task numbers, quoted phrases, (year, number) of 文号."""

    tasks: tuple[int, ...]
    phrases: tuple[str, ...]
    numbers: tuple[tuple[str, str], ...]


def asked(question: str) -> Asked:
    """What the question names exactly, by its wording alone."""
    folded = fold_text(question)
    tasks = (chinese_number(found[1]) for found in _TASK.finditer(folded))
    return Asked(
        tuple(dict.fromkeys(task for task in tasks if task is not None)),
        tuple(_QUOTED.findall(folded)),
        tuple(_NUMBER.findall(folded)),
    )


class StructureLeg:
    """Looks exact things up in the library's tables."""

    def __init__(self, library: Library, shelf: Shelf) -> None:
        self._library = library
        self._shelf = shelf
        self._position = {int(chunk_id): at for at, chunk_id in enumerate(shelf.chunk_ids.tolist())}

    def score(self, question: str) -> Floats:
        """1 for a passage of the clause or document that is named, 0 elsewhere."""
        scores = np.zeros(len(self._shelf.chunk_ids), np.float32)
        wanted = asked(question)
        for task in wanted.tasks:
            self._mark(
                scores,
                "select chunks.id from chunks join clauses on clauses.document = chunks.document and clauses.id = chunks.clause"
                " where clauses.task = ?",
                (task,),
            )
        for year, number in wanted.numbers:
            self._mark(
                scores,
                "select chunks.id from chunks join documents on documents.row = chunks.document where documents.number like ?",
                (f"%{year}%{number}号",),
            )
        return scores

    def _mark(self, scores: Floats, query: str, values: tuple[object, ...]) -> None:
        positions = [self._position.get(int(str(row[0]))) for row in self._library.rows(query, values)]
        scores[[at for at in positions if at is not None]] = 1.0
