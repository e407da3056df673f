"""What every part of editing works with: one change at a time, and looks that change nothing."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from assistant.journal import Journal
from index.curate import Curator
from index.home import Home
from index.ledger import Ledger
from index.library import Change, Library
from index.search import Index, learn_intents
from ingest.catalog import Catalog
from ingest.document import Clause, Document
from ingest.errors import AssistantError

Proposer = Callable[[Document, Clause], Sequence[str]]


@dataclass
class Desk:
    """One knowledge base open for editing."""

    home: Home
    index: Index
    journal: Journal
    model: str | None = None
    propose: Proposer | None = None
    today: Callable[[], date] = date.today
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    @cached_property
    def curator(self) -> Curator:
        return Curator(self.home, model=self.model)

    @cached_property
    def catalog(self) -> Catalog:
        from index.collect import SEEDS

        return Catalog.load(SEEDS)

    @contextmanager
    def changing(self, editor: str) -> Iterator[Ledger]:
        """A change that answers depend on, with its entry in the history.

        What its similar questions teach is learnt before it is published, so that no question has to wait for it.
        """
        if not editor.strip():
            raise AssistantError("没有登录名，不能改动知识库；请先登录。")
        self._refuse_when_damaged()
        with self._lock, self.curator.recording() as ledger:
            yield ledger
            if ledger.teaches:
                learn_intents(ledger.library)

    @contextmanager
    def noting(self) -> Iterator[tuple[Library, Change]]:
        """A change that no answer depends on, and that needs no history."""
        self._refuse_when_damaged()
        with self._lock:
            library = Library.open(self.home)
            try:
                with library.changing(quietly=True) as change:
                    yield library, change
            finally:
                library.close()

    def _refuse_when_damaged(self) -> None:
        """A change of a damaged file would be gone with the next restore."""
        if self.index.damage:
            raise AssistantError(f"{self.index.damage}这一次没有改动。")

    @contextmanager
    def looking(self) -> Iterator[Library]:
        library = Library.open(self.home)
        try:
            with library.reading():
                yield library
        finally:
            library.close()

    def clause(self, document_id: str, label: str) -> tuple[Document, Clause]:
        """The clause that an editor means; AssistantError when it is not there."""
        document = self.index.document(document_id)
        clause = document.clause(label)
        if clause is None:
            raise AssistantError(f"《{document.title}》里没有“{label}”这一条，请重新选择条款。")
        return document, clause
