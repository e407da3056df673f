"""Which documents a question is about: those chosen, those named, the one in focus, or the whole collection."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.matrix import Matrix, matrix_of
from index.segment import words
from ingest.document import Document, Form
from ingest.fold import fold_text

_SHORT_TITLE = re.compile(r"([\u4e00-\u9fff]{3,24}?)(方案|意见|办法|通知|规划|条例|规定|计划|细则|决定|公告|措施)")


@dataclass(frozen=True)
class Scope:
    """Documents to answer from. ``home_id`` is the one that a bare 第7条 or 这个文件 means; None when that is a guess.

    ``everything`` says that nothing was left out of the collection, so that a search needs no filter.
    """

    documents: tuple[Document, ...]
    home_id: str | None = None
    everything: bool = False

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
        return Scope(held, self.home_id)

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
        return Scope(tuple(document for document in self.documents if document.level == level))

    def at_home_in(self, document: Document) -> "Scope":
        """The same documents with another one in focus."""
        return self if document.id == self.home_id else Scope(self.documents, document.id, self.everything)

    def named_in(self, text: str) -> tuple[Document, ...]:
        """The documents whose 文号 or title the question gives; of a title, the words before 方案, 意见 … are enough."""
        folded = re.sub(r"\s", "", text)
        named = tuple(
            document
            for document in self.documents
            if (document.number and document.number in folded)
            or (len(document.title) >= 6 and document.title in folded)
        )
        return named or self._named_shortly(folded)

    def _named_shortly(self, text: str) -> tuple[Document, ...]:
        """社区养宠方案第3项: exactly one document held has all the words in its title."""
        match = _SHORT_TITLE.search(text)
        spoken = [word for word in words(match.group(1)) if len(word) > 1] if match else []
        if not match or not spoken:
            return ()
        kind = match.group(2)
        fitting = [
            document
            for document in self.originals.documents
            if kind in document.title and all(word in fold_text(document.title) for word in spoken)
        ]
        return tuple(fitting) if len(fitting) == 1 else ()


def whole(documents: Sequence[Document]) -> Scope:
    """The scope of a whole collection, at home in the first document held: collections lead with their own."""
    held = [document for document in documents if document.form is Form.ORIGINAL]
    return Scope(tuple(documents), held[0].id if held else None, everything=True)
