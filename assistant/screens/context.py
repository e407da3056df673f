"""What every page is given: the parts of the running product, put together once in ``ui.py``."""

from dataclasses import dataclass
from functools import cached_property

from assistant.accounts.access import Access
from assistant.api.settings import Limits
from assistant.ask import Assistant
from assistant.editing import Editing
from assistant.gate import Gate
from assistant.journal import Journal
from assistant.screens.conversation import Conversation
from index.search import Index


@dataclass(frozen=True)
class Context:
    """The parts that pages and routes use."""

    assistant: Assistant
    journal: Journal
    conversation: Conversation
    editing: Editing
    access: Access
    limits: Limits

    def __post_init__(self) -> None:
        """Both gates are made before there are threads that could each make one."""
        _ = self.gate, self.desk

    @cached_property
    def gate(self) -> Gate:
        """Lets questions in, from the pages and from programs alike."""
        return Gate(self.limits.at_once, self.limits.waiting, name="answers")

    @cached_property
    def desk(self) -> Gate:
        """Lets editors' work in, which may take minutes."""
        return Gate(4, 16, name="editors")

    def close(self) -> None:
        """Nothing more is begun; what is under way ends."""
        self.gate.close()
        self.desk.close()

    @property
    def index(self) -> Index:
        return self.assistant.index
