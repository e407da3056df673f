"""Lines on pages → paragraphs: hard-wrapped lines joined, running heads and page numbers dropped.

Formats that keep only positions (PDF, OFD, recognised images) give their lines here. ``top`` grows downwards. Reading is by
geometry first (a short line ends a paragraph, an indented line begins one), by wording only where geometry says nothing.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median, quantiles

from ingest.formats.extract import Extract, Writer

PAGE_NUMBER = re.compile(r"[-—–―－~·•\s]*(第\s*)?(\d{1,4})(\s*页)?(\s*[/／,，]?\s*共?\s*\d{1,4}\s*页?)?[-—–―－~·•\s]*")
OUTLINE_MARK = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十百零]{1,5}[章节条]|"
    r"\d{1,2}[.．、](?!\d)|[（(]\d{1,2}[)）]|附件|附："
)
SENTENCE_END = "。；！？：:;）)”』」"
DIGITS = re.compile(r"\d+")
LATIN = re.compile(r"[A-Za-z,.;:)]\Z")
# parts of the page height in which running heads and page numbers stand
MARGIN = 0.12
# in line heights: how far a line may end before the edge and still be full; from where on it is indented; a gap
SHORT, INDENTED, WIDE_GAP, LARGER = 2.6, 1.2, 1.45, 1.12
# columns of a table stand further apart than words
COLUMN_GAP = 1.5


@dataclass(frozen=True)
class Line:
    """One printed line; ``height`` is that of its characters, ``gaps`` counts the wide spaces of a table row."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    gaps: int = 0

    @property
    def height(self) -> float:
        return max(self.bottom - self.top, 0.1)


@dataclass(frozen=True)
class Sheet:
    """One page: its lines in reading order and its size; ``remark`` stands for a page whose text is not known."""

    lines: tuple[Line, ...]
    width: float
    height: float
    remark: str = ""


@dataclass(frozen=True)
class _Column:
    """Where the running text of a document stands."""

    left: float
    right: float
    em: float
    step: float


def paragraphs(sheets: Sequence[Sheet]) -> Extract:
    """The text of all pages, with the offset at which each begins."""
    writer, pending = Writer(), ""
    running = _running(sheets)
    kept = [replace(sheet, lines=tuple(_body_lines(sheet, running, len(sheets)))) for sheet in sheets]
    column = _column([line for sheet in kept for line in sheet.lines])
    before: Line | None = None
    for sheet in kept:
        starts_here = True
        if sheet.remark:
            writer.line(pending)
            pending, before = sheet.remark, None
        for line in sheet.lines:
            if before is None or _begins(line, before, column, same_page=not starts_here):
                writer.line(pending)
                pending = ""
            else:
                pending += _joint(pending, line.text)
            if starts_here:
                writer.pages.append(writer.length + len(pending))
                starts_here = False
            pending += line.text
            before = line
        if starts_here:
            writer.pages.append(writer.length + len(pending))
    writer.line(pending)
    return writer.extract()


def rows_of(lines: Sequence[Line]) -> list[Line]:
    """Pieces of text → whole lines, top to bottom and left to right."""
    rows: list[list[Line]] = []
    for piece in sorted(lines, key=lambda line: (line.top + line.bottom, line.left)):
        middle = (piece.top + piece.bottom) / 2
        if rows and middle < rows[-1][0].bottom and (rows[-1][0].top + rows[-1][0].bottom) / 2 > piece.top:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [_merged(sorted(row, key=lambda piece: piece.left)) for row in rows]


def _merged(row: Sequence[Line]) -> Line:
    text, gaps = row[0].text, sum(piece.gaps for piece in row)
    for before, piece in pairwise(row):
        is_wide = piece.left - before.right > COLUMN_GAP * before.height
        text += (" " if is_wide else "") + piece.text
        gaps += is_wide
    return Line(
        text,
        min(piece.left for piece in row),
        median(piece.top for piece in row),
        max(piece.right for piece in row),
        median(piece.bottom for piece in row),
        gaps,
    )


def _body_lines(sheet: Sheet, running: set[str], page_count: int) -> Iterator[Line]:
    for line in sheet.lines:
        is_running = _in_margin(line, sheet) and (_pattern(line) in running or _is_page_number(line, page_count))
        if line.text.strip() and not is_running:
            yield replace(line, text=line.text.strip())


def _running(sheets: Sequence[Sheet]) -> set[str]:
    """Texts that stand in the margin of most pages, numbers aside."""
    counts: Counter[str] = Counter()
    for sheet in sheets:
        counts.update({_pattern(line) for line in sheet.lines if _in_margin(line, sheet)})
    needed = max(2, len(sheets) // 2)
    return {pattern for pattern, count in counts.items() if count >= needed and pattern}


def _in_margin(line: Line, sheet: Sheet) -> bool:
    return line.bottom < MARGIN * sheet.height or line.top > (1 - MARGIN) * sheet.height


def _pattern(line: Line) -> str:
    return DIGITS.sub("#", "".join(line.text.split()))


def _is_page_number(line: Line, page_count: int) -> bool:
    found = PAGE_NUMBER.fullmatch(line.text)
    # a date that lost its signs (202128) is no page number; part of a longer print may start anywhere below a thousand
    return found is not None and int(found[2]) <= max(page_count * 2, 999)


def _column(lines: Sequence[Line]) -> _Column:
    if not lines:
        return _Column(0, 0, 1, 1)
    em = median(line.height for line in lines)
    body = [line for line in lines if abs(line.height - em) < 0.25 * em] or list(lines)
    steps = [after.top - line.top for line, after in pairwise(body) if 0.8 * em < after.top - line.top < 6 * em]
    longest = sorted(body, key=lambda line: line.right - line.left)[-max(3, len(body) // 3) :]
    left = median(line.left for line in longest)
    right = quantiles([line.right for line in body], n=20)[-1] if len(body) > 1 else body[0].right
    return _Column(left, right, em, quantiles(steps, n=10)[2] if len(steps) > 1 else 2 * em)


def _begins(line: Line, before: Line, column: _Column, *, same_page: bool) -> bool:
    """Does a paragraph begin with this line?"""
    if _is_row(line, column) or _is_row(before, column):
        return True
    if OUTLINE_MARK.match(line.text) and before.text[-1:] in SENTENCE_END:
        return True  # whatever the heights: a line with Latin letters may be taller than its neighbours
    if _is_title(line, column) and _is_title(before, column):
        return abs(line.height - before.height) > 0.1 * column.em
    if before.right < column.right - SHORT * column.em or line.left > column.left + INDENTED * column.em:
        return True
    if same_page and line.top - before.top > WIDE_GAP * column.step:
        return True
    return abs(line.height - before.height) > 0.5 * column.em and same_page


def _is_row(line: Line, column: _Column) -> bool:
    """A row of a table; one wide space in a full line is only a stretched one."""
    is_full = line.left < column.left + column.em and line.right > column.right - column.em
    return line.gaps > (1 if is_full else 0)


def _is_title(line: Line, column: _Column) -> bool:
    """Larger than the text and in the middle; the lines of one title belong together."""
    inset_left, inset_right = line.left - column.left, column.right - line.right
    return line.height > LARGER * column.em and abs(inset_left - inset_right) < 3 * column.em


def _joint(before: str, after: str) -> str:
    """Words of Latin letters lose their space at a line end; Chinese has none."""
    return " " if LATIN.search(before) and after[:1].isascii() and after[:1].isalpha() else ""
