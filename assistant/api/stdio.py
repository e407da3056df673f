"""MCP on standard input and output, for an assistant that starts this program itself."""

import logging
import sys

from assistant.accounts.access import Access
from assistant.api.answering import Answering
from assistant.api.metrics import Metrics
from assistant.api.parts import Parts
from assistant.api.settings import Limits
from assistant.api.tools import serve_stdio
from assistant.ask import Assistant
from assistant.editing import Editing
from assistant.journal import Journal
from assistant.screens.context import Context
from assistant.screens.conversation import Conversation
from index.home import Where


def serve(assistant: Assistant, where: Where) -> None:
    """Answer until the other side closes. Standard output belongs to the protocol: what is logged goes to stderr."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    journal, limits = Journal.open(where), Limits()
    editing = Editing.open(where, assistant.index, journal)
    context = Context(assistant, journal, Conversation(assistant, journal), editing, Access(), limits)
    try:
        serve_stdio(Parts(context, Answering(context), Metrics()))
    finally:
        context.close()
