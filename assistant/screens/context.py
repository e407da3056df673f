"""What every page is given: the parts of the running product, put together once in ``ui.py``."""

from dataclasses import dataclass

from assistant.access import Access
from assistant.api.settings import Limits
from assistant.ask import Assistant
from assistant.editing import Editing
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

    @property
    def index(self) -> Index:
        return self.assistant.index
