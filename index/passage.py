"""A chunk found → the passage to show: the whole clause when it is short, else whole sentences around what was found."""

from ingest.document import Clause, Document, Span

from index.segment import sentences

LONGEST = 580


def passage(document: Document, clause: Clause | None, found: Span) -> Span:
    """The span to show for a chunk; it always covers the chunk and is never longer than LONGEST unless the chunk is."""
    whole = Span(0, len(document.text))
    if clause is None:
        return _grown(document.text, found, whole)
    if clause.span.end - clause.span.start > LONGEST:
        return _grown(document.text, found, clause.span)
    return _grown(document.text, clause.span, whole)


def _grown(text: str, found: Span, bounds: Span) -> Span:
    """Sentence by sentence, after and before in turn, as long as there is room."""
    reach = Span(max(bounds.start, found.start - LONGEST), min(bounds.end, found.end + LONGEST))
    after = [found.end + end for _, end in sentences(text[found.end : reach.end])]
    before = [reach.start + start for start, _ in sentences(text[reach.start : found.start])]
    start, end = found
    growing = True
    while growing:
        growing = False
        if after and after[0] - start <= LONGEST:
            end, growing = after.pop(0), True
        if before and end - before[-1] <= LONGEST:
            start, growing = before.pop(), True
    return _trimmed(text, Span(start, end))


def _trimmed(text: str, span: Span) -> Span:
    inside = span.of(text)
    return Span(span.start + len(inside) - len(inside.lstrip()), span.end - (len(inside) - len(inside.rstrip())))
