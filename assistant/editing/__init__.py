"""The one doorway for changes to the knowledge base, used by the page 知识库 and by the API's editors' routes."""

from assistant.editing.desk import Proposer
from assistant.editing.details import DetailsDesk
from assistant.editing.documents import DocumentDesk
from assistant.editing.queue import QueueDesk
from assistant.editing.records import (
    Draft,
    Field,
    HistoryEntry,
    How,
    KeptCorrection,
    KeptDetail,
    Proposal,
    QueueItem,
    Settlement,
    Stage,
    UnitEntry,
    Usage,
    shown_json,
)
from assistant.journal import Journal
from assistant.vetted import Vetted
from index import ledger
from index.correct import Correction
from index.details import Details
from index.home import Where, home_of
from index.search import Index
from index.similar import SimilarQuestion

__all__ = [
    "Correction",
    "Details",
    "Draft",
    "Editing",
    "Field",
    "HistoryEntry",
    "How",
    "KeptCorrection",
    "KeptDetail",
    "Proposal",
    "QueueItem",
    "Settlement",
    "SimilarQuestion",
    "Stage",
    "UnitEntry",
    "Usage",
    "Vetted",
]


class Editing(DocumentDesk, DetailsDesk, QueueDesk):
    """Safe to use from several threads, beside other processes. Every method raises KnowledgeBaseError with one sentence."""

    @classmethod
    def open(
        cls, where: Where, index: Index, journal: Journal, *, model: str | None = None, propose: Proposer | None = None
    ) -> "Editing":
        """Edit the knowledge base that lives there beside ``index``; ``model`` as it was opened, ``propose`` makes similar questions."""
        return cls(home_of(where), index, journal, model, propose)

    def history(self, limit: int = 100) -> list[HistoryEntry]:
        """Every editor's changes, the newest first."""
        with self.looking() as library:
            return [_shown(entry) for entry in ledger.history(library, limit)]

    def undo(self, entry_id: int, *, editor: str) -> None:
        """Take a change back; said in a sentence where a later one depends on it."""
        with self.changing(editor) as change:
            change.undo(entry_id, editor=editor)


def _shown(entry: ledger.Entry) -> HistoryEntry:
    return HistoryEntry(
        id=entry.id,
        at=entry.at,
        editor=entry.editor,
        what=entry.what,
        before=shown_json([(each.table, each.key, each.before) for each in entry.edits]),
        after=shown_json([(each.table, each.key, each.after) for each in entry.edits]),
        undone_by=entry.undone_by,
        undoes=entry.undoes,
        about=entry.about,
    )
