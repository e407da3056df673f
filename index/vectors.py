"""The vector leg: the passages nearest to a question, from Chroma where it is ready and exactly otherwise."""

import logging
import threading
import time

import numpy as np
from numpy.typing import NDArray

from index.home import Home
from index.lexical import Floats
from index.state import State
from ingest.errors import IndexingError

logger = logging.getLogger(__name__)
RETRY_S = 60.0
"""How long Chroma is left alone after it failed the first time; then twice as long each time."""
_LONGEST_RETRY_S = 3600.0
_COMPARED, _SHORTLIST = 20_000, 4_000
"""Of more passages than the first, only so many as the second, by the compact form of the vectors, are compared exactly."""


class Nearest:
    """Nearest passages. ``place`` is "embedded", a Chroma server's URL, or None for exact search alone.

    Chroma is checked, brought up to date and opened beside the first questions, which are answered exactly meanwhile.
    """

    def __init__(self, home: Home, place: str | None) -> None:
        self._chroma: _Chroma | None = _Chroma(home, place) if place else None

    @property
    def engine(self) -> str:
        return "chroma" if self._chroma and self._chroma.is_ready else "exact"

    def rows(self, state: State, vector: Floats, count: int, allowed: NDArray[np.bool_]) -> NDArray[np.int64]:
        """The rows nearest to the vector among those allowed.

        Chroma answers over the whole collection; what filters leave is quicker to search exactly.
        """
        if not len(state.vectors):
            return np.empty(0, np.int64)
        if self._chroma and allowed is state.shelf.alive:
            rows = self._chroma.rows(state, vector, count)
            if rows is not None:
                return rows
        living = np.flatnonzero(allowed)
        if len(living) > _COMPARED:
            about = state.vectors.likeness_about(vector)[living]
            living = np.sort(living[np.argpartition(-about, _SHORTLIST)[:_SHORTLIST]])
        if 2 * len(living) > len(state.vectors):  # to copy most of the vectors takes longer than to compare all of them
            likeness = state.vectors.likeness(vector)[living]
        else:
            likeness = np.vecdot(state.vectors.of(living), vector)
        if len(living) <= count:
            return living
        return living[np.argpartition(-likeness, count)[:count]]

    def close(self) -> None:
        if self._chroma:
            self._chroma.close()


class _Chroma:
    """Chroma kept by this process: opened in a thread of its own, following the library's generations."""

    def __init__(self, home: Home, place: str) -> None:
        from index.store import ChromaVectors

        self._home, self._place = home, place
        self._vectors: ChromaVectors | None = None
        self._generation: str | None = None
        self._following = threading.Lock()
        self._failed_at, self._pause = 0.0, RETRY_S
        self._thread = self._opening()

    @property
    def is_ready(self) -> bool:
        return self._vectors is not None

    def rows(self, state: State, vector: Floats, count: int) -> NDArray[np.int64] | None:
        """Rows checked against the state; None when Chroma is not ready for this generation."""
        vectors = self._vectors
        if vectors is None:
            self._try_again()
            return None
        if self._generation != state.generation:
            self._follow(state)
            return None
        try:
            nearest = vectors.nearest(vector, count)
        except IndexingError as problem:
            self._give_up(problem)
            return None
        positions = state.shelf.positions(nearest)
        return positions[state.shelf.alive[positions]]

    def close(self) -> None:
        """Wait for what is under way, then let go of the folder."""
        self._thread.join()
        with self._following:
            if self._vectors:
                self._vectors.close()
                self._vectors = None

    def _opening(self) -> threading.Thread:
        thread = threading.Thread(target=self._open, name="chroma", daemon=True)
        thread.start()
        return thread

    def _open(self) -> None:
        from index.store import open_safely

        try:
            self._vectors = open_safely(self._home, self._place)
        except IndexingError as problem:
            logger.warning("%s", problem)
        if self._vectors is None:
            self._failed_at = time.monotonic()

    def _give_up(self, problem: IndexingError) -> None:
        """Chroma failed under a running app: searched exactly from now on, and tried again after a while."""
        logger.warning("%s", problem)
        failed, self._vectors, self._generation = self._vectors, None, None
        self._failed_at = time.monotonic()
        if failed:
            failed.close()

    def _try_again(self) -> None:
        """A server may have come back; an embedded folder is made anew."""
        if not self._thread.is_alive() and time.monotonic() - self._failed_at > self._pause:
            self._pause = min(2 * self._pause, _LONGEST_RETRY_S)
            self._thread = self._opening()

    def _follow(self, state: State) -> None:
        """Bring Chroma to this generation in the background, in small batches; one at a time."""
        if not self._following.acquire(blocking=False):
            return

        def work() -> None:
            try:
                if self._vectors is not None:
                    alive = state.shelf.alive
                    self._vectors.follow(state.shelf.chunk_ids[alive], state.vectors.of(np.flatnonzero(alive)))
                    self._generation = state.generation
            except IndexingError as problem:
                self._give_up(problem)
            finally:
                self._following.release()

        threading.Thread(target=work, name="chroma-follow", daemon=True).start()
