"""Task tables written as text, one row a line: cells between bars, tabs or blanks, as pasting and extraction leave them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.document import Span, Table
from ingest.frame import trim
from ingest.names import split_names
from ingest.task_tables import is_unit_heading
from ingest.unit_grammar import is_unit
from ingest.unit_words import plain


def line_tables(text: str) -> tuple[Table, ...]:
    """The tables under a line that heads a column of units, in order."""
    tables: list[Table] = []
    at = 0
    for line in _lines_with_labels(text):
        found = _table(text, line) if line.start >= at else None
        if found:
            tables.append(found)
            at = found.rows[-1][-1].end
    return tuple(tables)


_LABELS = ("单位", "部门", "责任", "牵头", "处室", "科室")  # one of them stands in every heading of units
_LONGEST_LINE = 160
_LONGEST_LABEL = 14


def _lines_with_labels(text: str) -> Iterator[Span]:
    """Lines short enough for a heading that hold such a word, in order. A pattern over every line would cost far more."""
    starts = set[int]()
    for label in _LABELS:
        at = text.find(label)
        while at >= 0:
            starts.add(text.rfind("\n", 0, at) + 1)
            at = text.find(label, _line_end(text, at))
    lines = (Span(start, _line_end(text, start)) for start in sorted(starts))
    yield from (line for line in lines if line.end - line.start <= _LONGEST_LINE)


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


@dataclass(frozen=True)
class _Layout:
    """How a table keeps its cells apart. ``exact``: the sign stands for nothing else, so that an empty cell shows too."""

    separator: re.Pattern[str]
    fewest: int
    exact: bool


_TABS = _Layout(re.compile(r"\t"), 2, True)
_BLANKS = r"[ \u3000\xa0]"
_LAYOUTS = (
    _Layout(re.compile("[|｜]"), 2, True),
    _TABS,
    _Layout(re.compile(rf"{_BLANKS}{{2,}}"), 2, False),
    _Layout(re.compile(rf"{_BLANKS}+"), 3, False),
)


@dataclass(frozen=True)
class _Columns:
    layout: _Layout
    width: int
    units: Sequence[int]


def _table(text: str, line: Span) -> Table | None:
    written = line.of(text).strip()
    layout = next((layout for layout in _LAYOUTS if layout.separator.search(written)), None)
    if layout is None:
        return None
    heading = _cells(text, line, layout)
    words = ["".join(plain(cell.of(text)).split()) for cell in heading]
    units = [at for at, word in enumerate(words) if is_unit_heading(word)]
    if len(heading) < layout.fewest or not units or not all(map(_is_label, words)):
        return None
    rows = tuple(_rows(text, line.end, _Columns(layout, len(heading), units)))
    return Table((tuple(heading), *rows)) if rows else None


def _is_label(word: str) -> bool:
    """What heads a column: short, no sentence and nobody's name."""
    named = is_unit(word) and not _LEVELS.fullmatch(word)
    return is_unit_heading(word) or (len(word) <= _LONGEST_LABEL and not re.search("[:。;]", word) and not named)


_LEVELS = re.compile("[各省市区县州盟旗乡镇街道村社园地方(、)]+")  # 县区 heads the column of places


def _cells(text: str, line: Span, layout: _Layout) -> list[Span]:
    """The cells of a line without the blanks around them; an empty one has an empty span."""
    start, end = trim(text, *line) if layout is not _TABS else Span(line.start, trim(text, *line).end)
    signs = [match.span() for match in layout.separator.finditer(text, start, end)]
    bounds = [(start, start), *signs, (end, end)]
    if signs and layout is _LAYOUTS[0]:  # bars may also stand around a row
        bounds = bounds[signs[0][0] == start : len(bounds) - (signs[-1][1] == end)]
    return [trim(text, before[1], after[0]) for before, after in pairwise(bounds)]


_MOST_ROWS = 2000
_MOST_BETWEEN = 2  # lines that are no row: the heading of a group
_MOST_LINES_A_ROW = 6
_RULE = re.compile(r"[\s|｜:—=+-]*$")


def _rows(text: str, at: int, columns: _Columns) -> Iterator[tuple[Span, ...]]:
    """The rows below the heading that ends at ``at``, until lines follow that are none."""
    between = 0
    for _ in range(_MOST_ROWS):
        if at >= len(text) or between > _MOST_BETWEEN:
            return
        line = Span(at + 1, _line_end(text, at + 1))
        at = line.end
        if _RULE.match(line.of(text)):
            continue
        row, at = _row(text, line, columns)
        between = 0 if row else between + 1
        if row:
            yield row


def _row(text: str, line: Span, columns: _Columns) -> tuple[tuple[Span, ...] | None, int]:
    """The row that starts with this line, and where it ends. Blanks show no empty cell: what is missing is then the first,
    which a group of rows has in common, and what stands in the column of units must be units."""
    cells, end = _cells(text, line, columns.layout), line.end
    if columns.layout is _TABS:
        cells, end = _with_lines_below(text, cells, end, columns)
    if columns.layout.exact:
        return (tuple(cells) if len(cells) > max(1, min(columns.units)) else None), end
    cells = [Span(line.start, line.start)] * (columns.width - len(cells)) + cells
    fits = len(cells) == columns.width and _hold_units(text, [cells[at] for at in columns.units])
    return (tuple(cells) if fits else None), end


def _hold_units(text: str, cells: Sequence[Span]) -> bool:
    filled = [cell for cell in cells if re.search(r"\w", cell.of(text))]
    return bool(filled) and all(split_names(text, *cell) for cell in filled)


def _with_lines_below(text: str, cells: list[Span], end: int, columns: _Columns) -> tuple[list[Span], int]:
    """The row with the lines on which its cells go on: before its units stand there, or with more of them."""
    for _ in range(_MOST_LINES_A_ROW):
        below = Span(min(end + 1, len(text)), _line_end(text, end + 1))
        more = _cells(text, below, columns.layout)
        first = more[0].of(text)
        before_units = len(cells) <= min(columns.units)
        among_units = len(cells) - 1 in columns.units and bool(split_names(text, *more[0]))
        room = len(cells) + len(more) - 1 <= columns.width
        if not first or first.isdecimal() or not room or not (before_units or among_units):
            break
        cells, end = [*cells[:-1], Span(cells[-1].start, more[0].end), *more[1:]], below.end
    return cells, end
