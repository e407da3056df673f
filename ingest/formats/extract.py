"""What every format reader takes and gives, and the writer that keeps cell and page offsets while text is put together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ingest.document import Span, Table
from ingest.errors import IngestError
from ingest.formats.limits import MAX_CELLS, MAX_TEXT_CHARACTERS


@dataclass(frozen=True)
class Blob:
    """The bytes of one file. ``name`` is shown and gives the suffix; ``charset`` is what a server said, if one did."""

    data: bytes
    name: str
    charset: str | None = None


@dataclass(frozen=True)
class Extract:
    """The text of one file with its tables and page starts; ``encoding`` where bytes had to be decoded."""

    text: str
    encoding: str | None = None
    tables: tuple[Table, ...] = ()
    pages: tuple[int, ...] = ()


class Reader(Protocol):
    """Reads one format. Raises IngestError for anything wrong with the bytes."""

    def __call__(self, blob: Blob, /) -> Extract: ...


@dataclass
class Writer:
    """Puts text together line by line: one paragraph a line, cells joined by a tab, rows by a newline."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    cells: int = 0
    tables: list[Table] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)

    def line(self, text: str) -> None:
        """Add one paragraph; newlines inside it stay. The text does not begin with empty lines."""
        if self.length or text.strip():
            self._add(text.rstrip() + "\n")

    def lines(self, texts: Iterable[str]) -> None:
        for text in texts:
            self.line(text)

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """Add a table; rows may have different lengths."""
        self.tables.append(Table(tuple(self._row(row) for row in rows)))

    def extract(self, *, encoding: str | None = None) -> Extract:
        text = "".join(self.parts).rstrip("\n")
        end = len(text)
        return Extract(text, encoding, tuple(_within(table, end) for table in self.tables), self._pages(end))

    def _pages(self, end: int) -> tuple[int, ...]:
        return tuple(min(start, end) for start in self.pages)

    def _row(self, row: Sequence[str]) -> tuple[Span, ...]:
        self.cells += len(row)
        if self.cells > MAX_CELLS:
            raise IngestError(f"表格超过 {MAX_CELLS} 个单元格，请只保留需要的部分后重新导入。")
        spans = []
        shown_cells = [" ".join(cell.split()) for cell in row]
        last = max((position for position, cell in enumerate(shown_cells) if cell), default=0)
        for position, shown in enumerate(shown_cells):
            # empty cells at the end leave no tabs behind: a row with one cell reads as a plain line
            if 0 < position <= last:
                self._add("\t")
            spans.append(Span(self.length, self.length + len(shown)))
            self._add(shown)
        self._add("\n")
        return tuple(spans)

    def _add(self, text: str) -> None:
        self.length += len(text)
        if self.length > MAX_TEXT_CHARACTERS:
            raise too_long()
        self.parts.append(text)


def too_long() -> IngestError:
    return IngestError(f"正文超过 {MAX_TEXT_CHARACTERS // 10_000} 万字，请拆成几个文件后分别导入。")


def _within(table: Table, end: int) -> Table:
    """Cells of an empty last row end where the text ends."""
    return Table(tuple(tuple(Span(min(s.start, end), min(s.end, end)) for s in row) for row in table.rows))
