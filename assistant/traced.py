"""Which request is being worked on: an id for its lines in the log, and how long its stages took."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


@dataclass
class Trace:
    """``stages`` fills up while the request is worked on: stage → seconds, all its runs together."""

    id: str
    stages: dict[str, float] = field(default_factory=dict)

    @property
    def milliseconds(self) -> dict[str, float]:
        """The stages as they are written down."""
        return {name: round(took * 1000, 1) for name, took in dict(self.stages).items()}


_NOW: ContextVar[Trace | None] = ContextVar("trace", default=None)


def current() -> Trace | None:
    """None outside of any request."""
    return _NOW.get()


@contextmanager
def tracing(given: str = "") -> Iterator[Trace]:
    """Everything inside belongs to one request, under the id that came with it where that is fit to be one."""
    trace = Trace(given if _ID.fullmatch(given) else secrets.token_hex(8))
    token = _NOW.set(trace)
    try:
        yield trace
    finally:
        _NOW.reset(token)


def note(stage: str, seconds: float) -> None:
    """Add to what the request has taken so far."""
    if trace := current():
        trace.stages[stage] = trace.stages.get(stage, 0.0) + seconds
