"""Which documents a question is about: those chosen, those named, the one in focus, or the whole collection."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import cast

from assistant.asked.named import Names
from assistant.asked.namesakes import Mentions, Namesakes
from assistant.found.matrix import Matrix, matrix_of
from assistant.found.standing import Standing, standings
from ingest.aliases import is_anybody
from ingest.directory import UnitDirectory
from ingest.document import Document, Form


@dataclass(frozen=True)
class Scope:
    """Documents to answer from. ``home_id`` is the one that a bare 第7条 or 这个文件 means; None when that is a guess.

    ``everything`` says that nothing was left out of the collection, so that a search needs no filter. ``sure`` says that the
    document in focus was chosen or named, or is the one that the collection has learnt questions for.
    """

    documents: tuple[Document, ...]
    home_id: str | None = None
    everything: bool = False
    sure: bool = False
    standings: Mapping[str, Standing] = field(default_factory=dict, repr=False, compare=False)
    """Document id → whether it still stands."""

    @cached_property
    def matrix(self) -> Matrix:
        return matrix_of(self.documents)

    @cached_property
    def home_matrix(self) -> Matrix:
        """The matrix of the document in focus alone."""
        return matrix_of([self.home]) if self.home else Matrix(())

    @cached_property
    def by_id(self) -> dict[str, Document]:
        return {document.id: document for document in self.documents}

    @cached_property
    def originals(self) -> "Scope":
        """Without the fact sheets, which are cited only when their document is asked for."""
        held = tuple(document for document in self.documents if document.form is Form.ORIGINAL)
        return Scope(held, self.home_id, sure=self.sure, standings=self.standings)

    @cached_property
    def current(self) -> "Scope":
        """Without the documents that a newer one held has repealed."""
        kept = tuple(each for each in self.documents if not self.replaced(each.id))
        if len(kept) == len(self.documents):
            return self
        home = self.home_id if self.home_id and not self.replaced(self.home_id) else None
        return replace(self, documents=kept, home_id=home or self._heir or kept[0].id, everything=False)

    @property
    def _heir(self) -> str | None:
        """What replaced the document in focus."""
        standing = self.standings.get(self.home_id or "")
        return standing.by.id if standing and standing.by and not self.replaced(standing.by.id) else None

    def replaced(self, document_id: str) -> bool:
        standing = self.standings.get(document_id)
        return bool(standing and standing.replaced)

    def ended(self, document_id: str) -> bool:
        standing = self.standings.get(document_id)
        return bool(standing and standing.ended)

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """The headings of the document in focus, which a question may name."""
        clauses = self.home.clauses if self.home else ()
        return tuple(dict.fromkeys(clause.title for clause in clauses if clause.title and clause.task is None))

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """The places whose documents are held or known."""
        return tuple(dict.fromkeys(each.region for each in self.documents if each.region))

    @property
    def home(self) -> Document | None:
        if self.home_id:
            return self.document(self.home_id)
        held = self.originals.documents
        return held[0] if len(held) == 1 else None

    def document(self, document_id: str) -> Document | None:
        return self.by_id.get(document_id)

    def of_level(self, level: str) -> "Scope":
        """The documents of one level, fact sheets included."""
        held = tuple(document for document in self.documents if document.level == level)
        return Scope(held, standings=self.standings)

    def at_home_in(self, document: Document) -> "Scope":
        """The same documents with another one in focus."""
        if document.id == self.home_id:
            return self
        return replace(self, home_id=document.id, sure=True)

    def only(self, documents: Sequence[Document]) -> "Scope":
        """These documents alone; asked for again, it is the same object."""
        ids = tuple(document.id for document in documents)
        if ids not in self._narrowed:
            self._narrowed[ids] = Scope(
                tuple(documents), ids[0] if len(ids) == 1 else None, sure=True, standings=self.standings
            )
        return self._narrowed[ids]

    @cached_property
    def names(self) -> Names:
        """The documents by the ways in which a question may name them."""
        return Names(self.documents)

    def mentioned(self, directory: UnitDirectory) -> Mentions:
        """Who finds the public bodies in a question: those of the document in focus first; where none is sure, groups of any."""
        names = (*(self.home_matrix.units if self.sure else ()), *filter(is_anybody, self.matrix.units))
        if not names:
            return directory
        if self._namesakes.get("directory") is not directory:
            self._namesakes.update(directory=directory, mentions=Namesakes.of(frozenset(names), directory))
        return cast(Mentions, self._namesakes["mentions"])

    @cached_property
    def _namesakes(self) -> dict[str, object]:
        return {}

    @cached_property
    def _narrowed(self) -> dict[tuple[str, ...], "Scope"]:
        return {}


def whole(
    documents: Sequence[Document], taught: Container[str] = (), *, everything: bool = True, today: date | None = None
) -> Scope:
    """The scope of a whole collection: at home in the first document that has similar questions, else in the first held."""
    held = [document for document in documents if document.form is Form.ORIGINAL]
    own = [document for document in held if document.id in taught]
    home = next(iter(own or held), None)
    sure = bool(own) or len(held) == 1
    known = standings(documents, today or date.today())
    return Scope(tuple(documents), home.id if home else None, everything=everything, sure=sure, standings=known)
