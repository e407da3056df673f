"""Which places of a text lie in any of many spans, at the cost of one look-up a place."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate

from ingest.document import Span


class Covered:
    """Spans, in any order and even overlapping, that can be asked about other spans."""

    def __init__(self, spans: Iterable[Span]) -> None:
        ordered = sorted(spans)
        self._starts = [span.start for span in ordered]
        self._reach = [-1, *accumulate((span.end for span in ordered), max)]

    def meets(self, span: Span) -> bool:
        """Whether one of them overlaps this span."""
        return self._reach[bisect_left(self._starts, span.end)] > span.start

    def holds(self, span: Span) -> bool:
        """Whether one of them has all of this span in it."""
        return self._reach[bisect_right(self._starts, span.start)] >= span.end
