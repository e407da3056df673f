"""The texts of a file with their headings and openings: what outline, metadata and repairs all start from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.document import Span
from ingest.frame import Division, divide, paragraphs, trim
from ingest.markers import Heading, headings
from ingest.opening import Opening, is_title, last_title, read_opening


@dataclass(frozen=True)
class NumberedText:
    """One text: a notice, a plan, an annex. ``front`` is what stands before its first heading."""

    division: Division
    headings: tuple[Heading, ...]
    front: Span
    opening: Opening


def read_texts(text: str, rows: Sequence[Span] = ()) -> tuple[NumberedText, ...]:
    """The texts in order; a division in which the outermost numbering starts again under a new title is two texts.

    ``rows`` are those of task tables: a number in one is no heading, and a body beside a date signs nothing.
    """
    return tuple(one for division in divide(text, rows) for one in _split_at_restarts(text, division, rows))


def main_text(text: str, texts: Sequence[NumberedText]) -> int | None:
    """Which text has the numbers that people quote: the first numbered one, or the plan that it, a numbered notice, issues."""
    numbered = [at for at, one in enumerate(texts) if one.headings]
    if not numbered:
        return None
    first = texts[numbered[0]]
    if first.division.annex is None and first.division.signature:
        notice = "".join(first.division.span.of(text).split())
        for at in numbered[1:]:
            title = texts[at].opening.title
            if title and texts[at].division.annex is None and f"《{''.join(title.of(text).split())}》" in notice:
                return at
    return numbered[0]


def _split_at_restarts(text: str, division: Division, rows: Sequence[Span]) -> Iterator[NumberedText]:
    found = headings(text, division.span.start, division.body_end, rows)
    cuts = [cut for at in range(1, len(found)) if (cut := _cut(text, found, at)) is not None]
    if not cuts:
        yield _numbered(text, division, found)
        return
    starts = [division.span.start, *cuts]
    for start, end in zip(starts, [*cuts, division.span.end], strict=True):
        piece = replace(division, span=trim(text, start, end), annex=division.annex if start == starts[0] else None)
        if end != division.span.end:
            piece = replace(piece, annex_list=None, signature=None, footer=None)
        yield _numbered(text, piece, headings(text, piece.span.start, piece.body_end, rows))


def _numbered(text: str, division: Division, found: tuple[Heading, ...]) -> NumberedText:
    front = trim(text, division.span.start, found[0].marker.span.start if found else division.body_end)
    return NumberedText(division, found, front, read_opening(text, front))


def _cut(text: str, found: Sequence[Heading], at: int) -> int | None:
    """Where the title above this heading starts, if the heading starts the outermost numbering again."""
    heading, before = found[at].marker, found[at - 1].marker
    if found[at].parent is not None or heading.number != 1 or heading.style != found[0].marker.style:
        return None
    between = Span(before.span.end, heading.span.start)
    later = list(paragraphs(text, between))[1:]  # the first belongs to the heading before
    paragraph = next((span.start for span in later if is_title(span.of(text))), None)
    return paragraph if paragraph is not None else last_title(text, between)
