"""Where a text has the words of a query: the places that are highlighted."""

from collections.abc import Iterable

from index.segment import words
from ingest.document import Span
from ingest.fold import fold, fold_text


def shared_places(text: str, query: str, start: int = 0) -> list[Span]:
    """Where ``text`` (which begins at offset ``start``) has the query's words, of two characters and more; runs are joined."""
    folded, spans = fold(text), list[Span]()
    for word in sorted({word for word in words(fold_text(query)) if len(word) > 1}):
        at = folded.text.find(word)
        while at >= 0:
            place = folded.original(at, at + len(word))
            spans.append(Span(place.start + start, place.end + start))
            at = folded.text.find(word, at + 1)
    return _joined(spans)


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined
