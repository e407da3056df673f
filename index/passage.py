"""A chunk found → the passage to show: its clause when that is short, with what stands around it while there is room.

A clause that names its responsible units stands for itself and is shown alone.
"""

from collections.abc import Sequence

from index.segment import sentences
from ingest.document import Clause, Document, Span

LONGEST = 580  # characters of a passage
ENOUGH = 250  # a clause of so many is shown by itself


def passage(document: Document, clause: Clause | None, found: Span, taken: Sequence[Span] = ()) -> Span | None:
    """The span to show for a chunk, or None where most of the chunk is shown already (``taken``).

    It covers the chunk, keeps out of what is taken and is never longer than LONGEST unless the chunk is.
    """
    if any(_shared(found, span) * 2 > found.end - found.start for span in taken):
        return None
    whole, core, walls = Span(0, len(document.text)), found, [*taken, *_standing_alone(document, clause)]
    if clause is not None and clause.span.end - clause.span.start > LONGEST:
        whole = clause.span
    elif clause is not None and not any(clause.span.overlaps(span) for span in taken):
        core = clause.span
        if clause.span.end - clause.span.start >= ENOUGH or _names_units(document, clause):
            whole = clause.span
    free = Span(
        max([whole.start, *(span.end for span in walls if span.end <= core.start)]),
        min([whole.end, *(span.start for span in walls if span.start >= core.end)]),
    )
    return _grown(document.text, core, free)


def _names_units(document: Document, clause: Clause) -> bool:
    return any(each.clause_id == clause.id for each in document.responsibilities)


def _standing_alone(document: Document, found: Clause | None) -> list[Span]:
    """The other clauses that name their responsible units."""
    naming = {each.clause_id for each in document.responsibilities}
    return [clause.span for clause in document.clauses if clause is not found and clause.id in naming]


def _shared(one: Span, other: Span) -> int:
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def _grown(text: str, core: Span, free: Span) -> Span:
    """Sentence by sentence, after and before in turn, as long as there is room."""
    reach = Span(max(free.start, core.start - LONGEST), min(free.end, core.end + LONGEST))
    after = [core.end + end for _, end in sentences(text[core.end : reach.end])]
    before = [reach.start + start for start, _ in sentences(text[reach.start : core.start])]
    start, end = core
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
