"""Two texts behind one cover: the outermost numbering starts again under a title of its own."""

from dataclasses import dataclass, replace

from ingest.document import Span
from ingest.frame import Division, paragraphs, trim
from ingest.markers import Heading, headings
from ingest.opening import is_title


@dataclass(frozen=True)
class NumberedText:
    """One text with its headings."""

    division: Division
    headings: tuple[Heading, ...]


def split_at_restarts(text: str, division: Division) -> tuple[NumberedText, ...]:
    """The division, cut before each title under which the outermost numbering starts again at 1."""
    found = headings(text, division.span.start, division.body_end)
    cuts = [cut for at in range(1, len(found)) if (cut := _cut(text, found, at)) is not None]
    if not cuts:
        return (NumberedText(division, found),)
    texts = []
    for start, end in zip([division.span.start, *cuts], [*cuts, division.span.end], strict=True):
        last = end == division.span.end
        piece = replace(
            division,
            span=trim(text, start, end),
            annex=division.annex if start == division.span.start else None,
            annex_list=division.annex_list if last else None,
            signature=division.signature if last else None,
        )
        texts.append(NumberedText(piece, headings(text, piece.span.start, piece.body_end)))
    return tuple(texts)


def _cut(text: str, found: tuple[Heading, ...], at: int) -> int | None:
    """Where the title above this heading starts, if the heading starts the outermost numbering again."""
    heading, before = found[at].marker, found[at - 1].marker
    if found[at].parent is not None or heading.number != 1 or heading.style != found[0].marker.style:
        return None
    between = list(paragraphs(text, Span(before.span.start, heading.span.start)))[
        1:
    ]  # the first belongs to the heading
    return next((span.start for span in between if is_title(span.of(text))), None)
