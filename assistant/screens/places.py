"""Where a text has the words of a query: the places that are highlighted."""

from collections.abc import Iterable

from index.segment import words
from ingest.document import Span
from ingest.fold import fold, fold_text


def shared_places(text: str, query: str, start: int = 0) -> list[Span]:
    """Where ``text`` (which begins at offset ``start``) has the query, or else its words of two characters and more; runs are joined."""
    folded, spans, whole = fold(text), list[Span](), fold_text(query).strip()
    wanted = {whole} if len(whole) > 1 and whole in folded.text else {word for word in words(whole) if len(word) > 1}
    for word in sorted(wanted):
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
