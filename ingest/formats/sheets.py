"""Excel (.xlsx, .xls) and CSV task tables: one line a row, every cell with its span."""

import csv
import datetime
import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ingest.errors import IngestError
from ingest.formats.extract import Blob, Extract, Writer
from ingest.formats.limits import MAX_CELLS
from ingest.formats.package import DAMAGED, check_prolog, open_package, repacked
from ingest.formats.text import decode

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

CELL_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
DELIMITERS = ",\t;，|"
Rows = list[list[str]]


def read_csv(blob: Blob) -> Extract:
    """Comma, tab, semicolon: whichever the first lines use most."""
    text, encoding = decode(blob.data, declared=blob.charset)
    head = text[:4096]
    delimiter = max(DELIMITERS, key=head.count)
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))  # the limit is the whole process's: never lower it
    writer = Writer()
    try:
        _write(list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)), writer)
    except csv.Error as error:
        raise IngestError("表格文件格式有误，请用 Excel 打开后另存为 xlsx 再导入。") from error
    return writer.extract(encoding=encoding)


def read_xlsx(blob: Blob) -> Extract:
    """Every visible sheet, after the container has been checked."""
    package = open_package(blob.data)
    for name in package.names():
        if name.endswith((".xml", ".rels")):
            check_prolog(package.read(name))
        if name.startswith("xl/worksheets/"):
            _check_area(package.read(name))
    return _read_workbook(repacked(package, (".xml", ".rels")))


def read_xls(blob: Blob) -> Extract:
    """The older binary format; at most 65,536 × 256 cells by design."""
    return _read_workbook(blob.data)


def _check_area(sheet: bytes) -> None:
    """A single cell in the far corner makes the reader allocate every cell before it."""
    last_column = last_row = 1
    for column, row in CELL_PLACE.findall(sheet):
        last_row, last_column = max(last_row, int(row)), max(last_column, _column_number(column))
    if last_row * last_column > MAX_CELLS * 10:
        raise IngestError("表格的有效区域过大（可能有散落在远处的单元格），请删除空白行列后重新导入。")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _read_workbook(data: bytes) -> Extract:
    filled = [(name, rows) for name, rows in _sheets(data) if rows]
    writer = Writer()
    for name, rows in filled:
        if len(filled) > 1:
            writer.line(name)
        _write(rows, writer)
    return writer.extract()


def _sheets(data: bytes) -> list[tuple[str, Rows]]:
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [(sheet.name, _filled(sheet)) for sheet in _visible_sheets(book)]
    except python_calamine.PasswordError as error:
        raise IngestError("表格设有密码，请在 Excel 中取消密码后再导入。") from error
    except (python_calamine.CalamineError, OSError, ValueError, IndexError) as error:
        raise IngestError(DAMAGED) from error
    except BaseException as error:
        # the library is written in Rust; its panics derive from BaseException and their class cannot be imported
        if type(error).__name__ == "PanicException":
            raise IngestError(DAMAGED) from error
        raise


def _visible_sheets(book: "CalamineWorkbook") -> list["CalamineSheet"]:
    import python_calamine

    return [
        book.get_sheet_by_name(entry.name)
        for entry in book.sheets_metadata
        if entry.visible == python_calamine.SheetVisibleEnum.Visible
        and entry.typ == python_calamine.SheetTypeEnum.WorkSheet
    ]


def _filled(sheet: "CalamineSheet") -> Rows:
    """The cells as text, a vertically merged cell repeated in each row, so that every row stands for itself."""
    if sheet.total_height * sheet.total_width > MAX_CELLS * 10:
        raise IngestError("表格的有效区域过大（可能有散落在远处的单元格），请删除空白行列后重新导入。")
    rows = [[_shown(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        for row in rows[top + 1 : bottom + 1]:
            if left < len(row):
                row[left] = rows[top][left]
    return [row for row in rows if any(row)]


def _shown(value: object) -> str:
    """A cell as people read it: 3.0 → 3, midnight → the date alone."""
    match value:
        case float() if value.is_integer():
            return str(int(value))
        case datetime.datetime() if value.time() == datetime.time():
            return value.date().isoformat()
        case _:
            return str(value).strip()


def _write(rows: Sequence[Sequence[str]], writer: Writer) -> None:
    """Lines of one cell above the table are its title, below it its remarks."""
    full = [position for position, row in enumerate(rows) if sum(bool(cell.strip()) for cell in row) > 1]
    first, last = (full[0], full[-1] + 1) if full else (len(rows), len(rows))
    writer.lines(_joined(row) for row in rows[:first])
    if full:
        writer.table(rows[first:last])
    writer.lines(_joined(row) for row in rows[last:])


def _joined(row: Sequence[str]) -> str:
    return " ".join(" ".join(row).split())
