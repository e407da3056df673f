"""A task table that copying left as one cell a line: 序号⏎工作任务⏎牵头单位⏎1⏎疏浚河道⏎市水务局⏎2⏎…"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from ingest.document import Span, Table
from ingest.task_tables import is_unit_heading

_FIRST_HEADING = re.compile(r"^[ \t　]*序[ 　]?号[ \t　]*$", re.MULTILINE)
_CELL = re.compile(r"[^\s|｜](?:[^\n]*[^\s|｜])?")
_WIDEST = 8
_LONGEST_HEADING = 12
_MOST_TABLES, _MOST_CELLS = 40, 5000  # what a document may cost


def flat_tables(text: str) -> tuple[Table, ...]:
    """The tables whose numbered rows have as many lines as the heading; a row with more or fewer is left out."""
    return tuple(
        table for match in islice(_FIRST_HEADING.finditer(text), _MOST_TABLES) for table in _table(text, match.start())
    )


def _table(text: str, start: int) -> Iterator[Table]:
    cells = [Span(*match.span()) for match in islice(_CELL.finditer(text, start), _MOST_CELLS)]
    words = [cell.of(text) for cell in cells]
    width = next((at for at, word in enumerate(words[: _WIDEST + 1]) if word.rstrip(".、．") == "1"), 0)
    heading = ["".join(word.split()) for word in words[:width]]
    if width < 3 or max(map(len, heading)) > _LONGEST_HEADING or not any(map(is_unit_heading, heading)):
        return
    rows = [tuple(cells[at : at + width]) for at in _row_starts(words, width)]
    if len(rows) > 1:
        yield Table((tuple(cells[:width]), *rows))


def _row_starts(words: Sequence[str], width: int) -> Iterator[int]:
    """Where the rows start that have exactly one line a column: the next number, or the last line, ends each."""
    at, number = width, 1
    while True:
        reach = range(at + 2, min(at + 3 * width, len(words)))
        following = next((after for after in reach if words[after].rstrip(".、．") == str(number + 1)), None)
        if following is None:
            if at + width <= len(words):
                yield at
            return
        if following - at == width:
            yield at
        at, number = following, number + 1
