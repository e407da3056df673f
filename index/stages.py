"""How long each stage of the work takes, told to whoever listens: a monitor, the log."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Stages:
    """One for each open index, shared by all that work with it. Listeners are called in the thread that did the work."""

    def __init__(self) -> None:
        self.listeners: list[Callable[[str, float], None]] = []

    def tell(self, stage: str, seconds: float) -> None:
        for listener in self.listeners:
            listener(stage, seconds)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Also where it fails: what takes long before it fails is what one looks for."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.tell(stage, time.perf_counter() - began)


class Clock:
    """Milliseconds of the stages of one search."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name] = round((now - self._last) * 1000, 3)
        self._last = now
