"""One generation of the collection in memory, and the passages that filters leave of it."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.hit import Filters
from index.lexical import Floats, Shelf
from index.library import Library
from index.similar import SimilarLeg
from index.structure import StructureLeg
from index.terms import Reader
from ingest.document import Document
from ingest.errors import IndexingError


class State:
    """Everything that answering needs; made anew when the library's generation has moved on."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self.generation = library.meta("generation")
        self.documents = library.documents()
        blocks = [library.block(each) for each in library.block_ids()]
        self.shelf = Shelf(blocks, [each.row for each in self.documents])
        self.reader = Reader(self.shelf)
        self.structure = StructureLeg(library, self.shelf)
        self.similar = SimilarLeg(library.similar())
        self.vectors: Floats = (
            np.concatenate([block.vectors for block in blocks]) if blocks else np.empty((0, 0), np.float32)
        )
        self._read: dict[str, Document] = {}

    def document(self, document_id: str) -> Document:
        """The whole document; asked for twice, it is the same object."""
        if document_id not in self._read:
            document = self._library.document(document_id)
            if document is None:
                raise IndexingError(f"知识库里没有文件“{document_id}”，请用 python -m index list 查看已有文件。")
            self._read[document_id] = document
        return self._read[document_id]

    def allowed(self, filters: Filters) -> NDArray[np.bool_]:
        """The passages that the filters leave."""
        allowed = self.shelf.alive
        if filters.documents is not None:
            allowed = self._where(allowed, np.isin(self._columns["id"], filters.documents))
        for name in ("level", "region", "status"):
            if (value := getattr(filters, name)) is not None:
                allowed = self._where(allowed, self._columns[name] == str(value))
        if filters.unit is not None:
            named = np.zeros(len(allowed), bool)
            named[self.structure.naming(filters.unit)] = True
            allowed = allowed & named
        return allowed

    def similar_passages(self, alike: Floats, *, most: int = 20) -> Floats:
        """For each passage, how alike the best stored question of its clause is."""
        scores = np.zeros(len(self.shelf.chunk_ids), np.float32)
        for at in np.argsort(-alike, kind="stable")[:most]:
            row = self.similar.rows[int(at)]
            for label in row.labels:
                positions = self.structure.labelled(row.document_id, label)
                scores[positions] = np.maximum(scores[positions], alike[at])
        return scores

    def _where(self, allowed: NDArray[np.bool_], fitting: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return allowed if fitting.all() else allowed & fitting[self.shelf.document_of]

    @cached_property
    def _columns(self) -> dict[str, NDArray[np.str_]]:
        names = ("id", "level", "region", "status")
        return {name: np.array([str(getattr(each, name) or "") for each in self.documents]) for name in names}
