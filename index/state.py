"""One generation of the collection in memory, and the passages that filters leave of it."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.block import Block
from index.compact import Vectors
from index.hit import Filters
from index.lexical import Floats, Shelf
from index.library import Library
from index.places import PlaceLeg
from index.similar import SimilarLeg
from index.structure import StructureLeg
from index.terms import Reader
from ingest.document import Document
from ingest.errors import IndexingError

_VOTERS = 60  # stored questions
_MOST_READ = 1000  # documents kept in memory


class State:
    """Everything that answering needs; made anew when the library's generation has moved on."""

    def __init__(self, library: Library, before: "State | None" = None) -> None:
        self._library = library
        self.generation, self.token = library.meta("generation"), library.meta("token")
        self.documents = library.documents()
        self.owners = {each.row: each for each in self.documents}
        # blocks never change, so those of the state before need not be read again, unless all was restored from elsewhere
        known: dict[int, Block] = before._blocks if before and before.token == self.token else {}
        self._blocks: dict[int, Block] = {each: known.get(each) or library.block(each) for each in library.block_ids()}
        blocks = list(self._blocks.values())
        self.shelf = Shelf(blocks, [each.row for each in self.documents])
        self.reader = Reader(self.shelf)
        self.structure = StructureLeg(library, self.shelf, self.documents)
        self.places = PlaceLeg(self.shelf, self.documents)
        self.similar = SimilarLeg(library.similar())
        self.vectors: Vectors = Vectors(self._blocks, before.vectors if before and before.token == self.token else None)
        self._read: dict[str, Document] = {}

    def document(self, document_id: str) -> Document:
        """The whole document; asked for twice, it is the same object, as long as it is among those used last."""
        if document_id not in self._read:
            if len(self._read) >= _MOST_READ:
                self._read.pop(next(iter(self._read)))
            document = self._library.document(document_id)
            if document is None:
                raise IndexingError(f"知识库里没有文件“{document_id}”，请用 python -m index list 查看已有文件。")
            self._read[document_id] = document
        return self._read[document_id]

    def allowed(self, filters: Filters) -> NDArray[np.bool_]:
        """The passages that the filters leave."""
        allowed = self.shelf.alive
        if filters.documents is not None:
            wanted = set(filters.documents)
            allowed = self._where(allowed, np.array([each.id in wanted for each in self.documents], bool))
        for name in ("level", "region", "status"):
            if (value := getattr(filters, name)) is not None:
                allowed = self._where(allowed, self._columns[name] == str(value))
        if filters.unit is not None:
            named = np.zeros(len(allowed), bool)
            named[self.structure.naming(filters.unit)] = True
            allowed = allowed & named
        return allowed

    def similar_passages(self, alike: Floats) -> Floats:
        """For each passage, what the stored questions most like this one say for its clause, 0–1.

        They vote with their likeness squared: several that are fairly alike say more than a single one by chance. On questions
        held out from the seeds this names the clause first for 76 %, the single most alike question for 55 %.
        """
        scores = np.zeros(len(self.shelf.chunk_ids), np.float32)
        voters = [int(at) for at in np.argsort(-alike, kind="stable")[:_VOTERS] if alike[at] > 0]
        votes: dict[tuple[str, str], float] = {}
        best: dict[tuple[str, str], float] = {}
        for at in voters:
            row = self.similar.rows[at]
            for label in row.labels or ("",):
                clause = (row.document_id, label)
                votes[clause] = votes.get(clause, 0.0) + float(alike[at]) ** 2
                best[clause] = max(best.get(clause, 0.0), float(alike[at]))
        total = sum(votes.values())
        for clause, vote in votes.items():
            positions = self.structure.labelled(*clause)
            scores[positions] = np.maximum(scores[positions], (vote / total * best[clause]) ** 0.5)
        return scores

    def _where(self, allowed: NDArray[np.bool_], fitting: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return allowed if fitting.all() else allowed & fitting[self.shelf.document_of]

    @cached_property
    def _columns(self) -> dict[str, NDArray[np.str_]]:
        names = ("level", "region", "status")
        return {name: np.array([str(getattr(each, name) or "") for each in self.documents]) for name in names}
