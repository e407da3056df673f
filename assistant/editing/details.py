"""What editors know better of a whole document: its title, 文号, dates, and whether it is still in force."""

from assistant.editing.desk import Desk
from assistant.editing.records import KeptDetails
from index.details import SHOWN, Details, checked, from_row
from index.ledger import kept
from index.library import Library
from ingest.document import Document
from ingest.errors import AssistantError


class DetailsDesk(Desk):
    """What editors put right about documents as wholes."""

    def describe(self, document_id: str, details: Details, *, editor: str) -> Document:
        """Put right what is said of the document, now and whenever it is read again; with what was put right before."""
        with self.changing(editor) as ledger:
            document = ledger.library.document(document_id)
            if document is None:
                raise AssistantError(f"知识库里没有文件“{document_id}”，可能已被删除，请刷新后再选；没有改动。")
            right = checked(document, details)
            key, before = _before(ledger.library, document_id)
            known = dict.fromkeys(SHOWN) | (before.given if before else {}) | right.given
            made = {"source": right.source, "editor": editor, "made_on": self.today().isoformat()}
            ledger.put("details", {"document": document_id} | known | made, key)
            ledger.close(editor, f"更正《{document.title or document.id}》的文件信息：{right.told}")
        return self.index.document(document_id)

    def details(self) -> tuple[KeptDetails, ...]:
        """What editors have put right about documents, in the order in which they did."""
        with self.looking() as library:
            return tuple(
                KeptDetails(row["document"], from_row(row), row["editor"], row["made_on"])
                for row in kept(library, "details")
            )

    def forget_details(self, document_id: str, *, editor: str) -> Document:
        """What is said of the document is again as it was read."""
        with self.changing(editor) as ledger:
            key, _ = _before(ledger.library, document_id)
            if key is None:
                raise AssistantError("这份文件的信息没有更正过，不用恢复。")
            ledger.drop("details", key)
            ledger.close(editor, f"取消对 {document_id} 文件信息的更正")
        return self.index.document(document_id)


def _before(library: Library, document_id: str) -> tuple[str | None, Details | None]:
    """The key and the content of what is kept for the document."""
    rows = (row for row in kept(library, "details") if row["document"] == document_id)
    return next(((str(row["id"]), from_row(row)) for row in rows), (None, None))
