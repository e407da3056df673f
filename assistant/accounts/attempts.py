"""Failed logins: after a few, whoever goes on has to wait, twice as long each time."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

FREE = 5
"""Failures that cost no waiting."""
_LONGEST_WAIT_S = {"client": 900.0, "user": 60.0}  # a stranger must not be able to shut an editor out for long
FORGOTTEN_AFTER_S = 3600.0
_KEPT = 10_000


@dataclass(frozen=True)
class Failures:
    """How many in a row, and when the last was."""

    count: int
    last: float


class Attempts:
    """Counted per client and per user name; a client that has logged in before does not wait for what others do to the name."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures: OrderedDict[tuple[str, str], Failures] = OrderedDict()
        self._known: OrderedDict[tuple[str, str], None] = OrderedDict()

    def begin(self, client: str, user: str) -> float:
        """Seconds still to wait; 0 allows one attempt, which counts as failed until ``succeeded`` says otherwise."""
        now = self._clock()
        keys = [("client", client)]
        with self._lock:
            if (client, user) not in self._known:
                keys.append(("user", user))
            wait = max(left(key[0], self._failures.get(key), now) for key in keys)
            if wait <= 0:
                for key in keys:
                    self._count(key, now)
        return max(wait, 0.0)

    def succeeded(self, client: str, user: str) -> None:
        with self._lock:
            for key in (("client", client), ("user", user)):
                self._failures.pop(key, None)
            self._known[client, user] = None
            _trim(self._known)

    def _count(self, key: tuple[str, str], now: float) -> None:
        before = self._failures.pop(key, None)
        count = before.count if before and now - before.last < FORGOTTEN_AFTER_S else 0
        self._failures[key] = Failures(count + 1, now)
        _trim(self._failures)


def left(kind: str, failures: Failures | None, now: float) -> float:
    """Seconds that a client or a user name (``kind``) still has to wait after these failures."""
    if failures is None or failures.count < FREE or now - failures.last >= FORGOTTEN_AFTER_S:
        return 0.0
    wait = min(2.0 ** min(failures.count - FREE + 1, 20), _LONGEST_WAIT_S[kind])
    return failures.last + wait - now


def _trim(kept: "OrderedDict[tuple[str, str], Failures] | OrderedDict[tuple[str, str], None]") -> None:
    while len(kept) > _KEPT:
        kept.popitem(last=False)
