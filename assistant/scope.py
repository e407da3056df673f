"""Which documents a question is about: those chosen, those named, the one in focus, or the whole collection."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from assistant.matrix import Matrix, matrix_of
from ingest.document import Document, Form


@dataclass(frozen=True)
class Scope:
    """``home`` is the document that a bare 第7条 or 这个文件 means; None when that would be a guess."""

    documents: tuple[Document, ...]
    home_id: str | None = None

    @cached_property
    def matrix(self) -> Matrix:
        return matrix_of(self.documents)

    @property
    def home(self) -> Document | None:
        if self.home_id:
            return self.document(self.home_id)
        originals = [document for document in self.documents if document.form is Form.ORIGINAL]
        return originals[0] if len(originals) == 1 else None

    def document(self, document_id: str) -> Document | None:
        return next((document for document in self.documents if document.id == document_id), None)

    def originals(self) -> "Scope":
        """Without the fact sheets, which are cited only when their document is asked for."""
        return replace(self, documents=tuple(document for document in self.documents if document.form is Form.ORIGINAL))

    def of_level(self, level: str) -> "Scope":
        """The documents of one level, fact sheets included."""
        return Scope(tuple(document for document in self.documents if document.level == level))


def named_documents(text: str, documents: Sequence[Document]) -> list[Document]:
    """The documents that the question names by 文号 or by most of the title in quotation marks or 《》."""
    folded = re.sub(r"\s", "", text)
    return [
        document
        for document in documents
        if (document.number and document.number in folded) or (len(document.title) >= 6 and document.title in folded)
    ]
