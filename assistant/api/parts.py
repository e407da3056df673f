"""What the routes work with."""

from dataclasses import dataclass

from assistant.api.answering import Answering
from assistant.api.metrics import Metrics
from assistant.gate import Gate
from assistant.screens.context import Context


@dataclass(frozen=True)
class Parts:
    """Put together once for an application."""

    context: Context
    answering: Answering
    metrics: Metrics

    @property
    def gate(self) -> Gate:
        return self.context.gate

    @property
    def desk(self) -> Gate:
        return self.context.desk
