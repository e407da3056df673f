"""Questions of programs: answered like those of the screens, kept in the same journal, and open to a verdict."""

import hashlib
import hmac
import logging
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from assistant.answer import Answer
from assistant.api.errors import RequestError
from assistant.ask import Assistant
from assistant.journal import Verdict
from assistant.screens.context import Context
from ingest.errors import KnowledgeBaseError

_LOG = logging.getLogger(__name__)
_NARROWED = 16


@dataclass(frozen=True)
class Answering:
    """Safe to use from several threads. A verdict needs the ticket that came with the answer: numbers alone could be guessed."""

    context: Context
    _narrowed: OrderedDict[tuple[str, ...], Assistant] = field(default_factory=OrderedDict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def ask(
        self, question: str, history: Sequence[str] = (), *, documents: Sequence[str] = (), way: str
    ) -> tuple[Answer, str | None]:
        """The answer and its ticket, None where it could not be recorded."""
        answer = self._assistant(documents).ask(question, history)
        return answer, self.recorded(question, answer, way)

    def stream(self, question: str, history: Sequence[str] = ()) -> Iterator[Answer]:
        return self.context.assistant.stream(question, history)

    def recorded(self, question: str, answer: Answer, way: str) -> str | None:
        """A journal that cannot be written costs no answer."""
        try:
            return self._ticket(self.context.journal.record(question, answer, session=way))
        except KnowledgeBaseError as error:
            _LOG.warning("not recorded: %s", error)
            return None

    def rate(self, ticket: str, verdict: Verdict) -> None:
        number, _, _ = ticket.partition("-")
        if not (number.isascii() and number.isdigit() and len(number) < 19) or not hmac.compare_digest(
            self._ticket(int(number)).encode(), ticket.encode()
        ):
            raise RequestError(404, "没有找到要评价的答案：entry 要用 POST /api/ask 返回的那一个。")
        self.context.journal.rate(int(number), verdict)

    def _ticket(self, number: int) -> str:
        return f"{number}-{hmac.new(self._key, str(number).encode(), hashlib.sha256).hexdigest()[:16]}"

    @cached_property
    def _key(self) -> bytes:
        """The journal's, so that an answer of one process can be rated at another."""
        return self.context.journal.key("ticket")

    def _assistant(self, documents: Sequence[str]) -> Assistant:
        """One assistant for each choice of documents, the latest choices kept."""
        if not documents:
            return self.context.assistant
        known = {card.id for card in self.context.index.documents()}
        if unknown := sorted(set(documents) - known):
            raise RequestError(404, f"库里没有文件“{unknown[0]}”，文件编号见 GET /api/documents。")
        chosen, whole = tuple(sorted(set(documents))), self.context.assistant
        with self._lock:
            if chosen not in self._narrowed:
                self._narrowed[chosen] = replace(whole, documents=chosen, _scopes={}, _kept={})
            self._narrowed.move_to_end(chosen)
            while len(self._narrowed) > _NARROWED:
                self._narrowed.popitem(last=False)
            return self._narrowed[chosen]
