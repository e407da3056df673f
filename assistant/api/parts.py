"""What the routes work with."""

from dataclasses import dataclass

from assistant.api.answering import Answering
from assistant.api.gate import Gate
from assistant.api.metrics import Metrics
from assistant.screens.context import Context


@dataclass(frozen=True)
class Parts:
    """``gate`` lets questions in, ``desk`` editors' work, which may take minutes."""

    context: Context
    answering: Answering
    gate: Gate
    desk: Gate
    metrics: Metrics
