"""The unit × task matrix as a table, and that table as xlsx, docx or csv."""

import csv
from collections.abc import Callable, Sequence
from io import BytesIO, StringIO
from pathlib import Path

from assistant.matrix import Matrix
from ingest.document import Role
from ingest.errors import AssistantError

_ROLES = {Role.LEAD: "牵头", Role.RESPONSIBLE: "责任", Role.COOPERATING: "配合", Role.PARTICIPATING: "参与"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table(matrix: Matrix, unit: str | None = None) -> list[list[str]]:
    """Header row, then a row for each clause: document, 文号, date, clause, title, units and roles."""
    rows = [["文件", "文号", "成文日期", "条款", "标题", "责任单位", "角色"]]
    for row in matrix.tasks_of(unit) if unit else matrix.rows:
        document = row.document
        roles = "、".join(dict.fromkeys(_ROLES[item.role] for item in row.units if unit in (None, item.name)))
        rows.append(
            [
                document.title,
                document.number or "",
                document.issued_on or "",
                row.clause.label,
                row.clause.title,
                "、".join(row.names),
                roles,
            ]
        )
    return rows


def export(rows: Sequence[Sequence[str]], path: Path) -> None:
    """Write the table; the file's ending says the format. AssistantError when it cannot be written."""
    content = rendered(rows, path.suffix.lower().lstrip("."))
    try:
        path.write_bytes(content)
    except OSError as error:
        raise AssistantError(f"写不了 {path}：{error.strerror or error}，请换一个文件夹或检查权限。") from error


def rendered(rows: Sequence[Sequence[str]], ending: str) -> bytes:
    """The table as a file's bytes. AssistantError for a format that is not in ``CONTENT_TYPES``."""
    writer = _WRITERS.get(ending)
    if writer is None:
        raise AssistantError(f"不认识的格式“{ending}”，请把文件名写成 .xlsx、.docx 或 .csv 结尾。")
    return writer([[_harmless(cell) for cell in row] for row in rows])


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula gets a leading apostrophe."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8-sig")  # with the mark that spreadsheets need to read Chinese


def _xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    sheet = book.active
    sheet.title = "分工表"
    for row in rows:
        sheet.append(list(row))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column, width in zip("ABCDEFG", (36, 22, 12, 10, 30, 60, 12), strict=True):
        sheet.column_dimensions[column].width = width
    for line in sheet.iter_rows():
        for cell in line:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _docx(rows: Sequence[Sequence[str]]) -> bytes:
    import docx

    document = docx.Document()
    document.add_heading("责任单位分工表", level=1)
    grid = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for row in rows:
        for cell, text in zip(grid.add_row().cells, row, strict=True):
            cell.text = text
    content = BytesIO()
    document.save(content)
    return content.getvalue()


_WRITERS: dict[str, Callable[[Sequence[Sequence[str]]], bytes]] = {"csv": _csv, "xlsx": _xlsx, "docx": _docx}
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
