"""What editors know better of a whole document: its title, 文号, dates, and whether it is still in force."""

from assistant.editing.desk import Desk
from assistant.editing.records import KeptDetail
from index.details import Details, checked
from index.ledger import Row, kept
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
            keys = {row["field"]: str(row["id"]) for row in _kept(ledger.library, document_id)}
            made = {"document": document_id, "source": right.source}
            made |= {"editor": editor, "made_on": self.today().isoformat()}
            for name, value in right.given.items():
                ledger.put("details", made | {"field": name, "value": value}, keys.get(name))
            ledger.close(editor, f"更正《{document.title or document.id}》的文件信息：{right.told}")
        return self.index.document(document_id)

    def details(self) -> tuple[KeptDetail, ...]:
        """What editors have put right about documents, in the order in which they did."""
        with self.looking() as library:
            return tuple(KeptDetail(**row) for row in kept(library, "details"))

    def forget_details(self, document_id: str, *, editor: str) -> None:
        """What is said of the document is again as it was read."""
        with self.changing(editor) as ledger:
            found = _kept(ledger.library, document_id)
            if not found:
                raise AssistantError("这份文件的信息没有更正过，不用恢复。")
            for row in found:
                ledger.drop("details", str(row["id"]))
            ledger.close(editor, f"取消对 {document_id} 文件信息的更正")


def _kept(library: Library, document_id: str) -> list[Row]:
    return [row for row in kept(library, "details") if row["document"] == document_id]
