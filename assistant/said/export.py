"""The unit × task matrix as a table, and that table as xlsx, docx or csv, with where it comes from and as of when."""

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from assistant.found.matrix import Matrix
from assistant.found.roles import NAMES
from assistant.said.paper import content_of, sheet
from ingest.document import Document
from ingest.errors import AssistantError

_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")  # Chinese spreadsheets take the wide signs too


_SHARED = ("文件", "文号", "成文日期", "来源", "角色")
Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Heading:
    """What stands above a table on paper: its title, and lines on what it comes from. ``grid`` is a second table for xlsx."""

    title: str = "分工表"
    lines: tuple[str, ...] = ()
    grid: Rows = ()


def table(matrix: Matrix, unit: str | None = None) -> list[list[str]]:
    """Header row, then a row for each clause: document, 文号, date, clause, title, units, roles and source."""
    rows = [["文件", "文号", "成文日期", "条款", "标题", "责任单位", "角色", "来源"]]
    for row in matrix.tasks_of(unit) if unit else matrix.rows:
        document = row.document
        roles = "、".join(dict.fromkeys(NAMES[item.role] for item in row.units if unit in (None, item.name)))
        rows.append(
            [
                document.title,
                document.number or "",
                document.issued_on or "",
                row.clause.label,
                row.clause.title,
                "、".join(row.names),
                roles,
                source_of(document),
            ]
        )
    return rows


def grid(matrix: Matrix) -> list[list[str]]:
    """Units down, clauses across: the role where a unit is responsible; for one document."""
    heads = [f"{row.clause.label} {row.clause.title}".strip() for row in matrix.rows]
    lines = [
        [name, *(_role(row.units, name) for row in matrix.rows), str(count)]
        for name, count in matrix.count_by_unit().items()
    ]
    return [["责任单位", *heads, "合计"], *lines]


def _role(units: Sequence[Any], name: str) -> str:
    return next((NAMES[unit.role] for unit in units if unit.name == name), "")


def heading(matrix: Matrix, unit: str | None, on: date) -> Heading:
    """Title and provenance of the matrix, or of one unit's duties."""
    documents = list({row.document.id: row.document for row in matrix.rows}.values())
    rows = matrix.tasks_of(unit) if unit else matrix.rows
    counted = f"{len(rows)} 条" if unit else f"{len(rows)} 条写明责任单位的条款，{len(matrix.units)} 家责任单位"
    lines = (
        *(_provenance(document) for document in documents),
        f"共 {counted}。导出日期 {on.isoformat()}，以原文为准。",
    )
    return Heading(f"{unit or '责任单位'}分工表", lines, grid(matrix) if len(documents) == 1 and not unit else ())


def _provenance(document: Document) -> str:
    facts = (
        document.number or "文号原文没有写",
        f"成文日期 {document.issued_on or '原文没有写'}",
        f"来源 {source_of(document)}",
    )
    return f"《{document.title or '无标题'}》：{'，'.join(facts)}。"


def source_of(document: Document) -> str:
    """The address that the document was read from, or the name of the file."""
    return document.source.url or document.source.path.replace("\\", "/").rsplit("/", 1)[-1]


def export(rows: Rows, path: Path, above: Heading | None = None) -> None:
    """Write the table; the file's ending says the format. AssistantError when it cannot be written."""
    content = rendered(rows, path.suffix.lower().lstrip("."), above)
    try:
        path.write_bytes(content)
    except OSError as error:
        raise AssistantError(f"写不了 {path}：{error.strerror or error}，请换一个文件夹或检查权限。") from error


def rendered(rows: Rows, ending: str, above: Heading | None = None) -> bytes:
    """The table as a file's bytes. AssistantError for a format that is not in ``CONTENT_TYPES``."""
    writer = _WRITERS.get(ending)
    if writer is None:
        raise AssistantError(f"不认识的格式“{ending}”，请把文件名写成 .xlsx、.docx 或 .csv 结尾。")
    return writer(_safe(rows), above or Heading())


def _safe(rows: Rows) -> Rows:
    return [[_harmless(cell) for cell in row] for row in rows]


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula gets a leading apostrophe."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _csv(rows: Rows, _above: Heading) -> bytes:
    text = StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8-sig")  # with the mark that spreadsheets need to read Chinese


def _xlsx(rows: Rows, above: Heading) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    _fill(book.active, above.title, rows, "A2")
    book.active.auto_filter.ref = book.active.dimensions
    if above.grid:
        _fill(book.create_sheet(), "单位×条款", _safe(above.grid), "B2")
    if above.lines:
        _fill(book.create_sheet(), "说明", _safe([[above.title], *([line] for line in above.lines)]), "A2")
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _fill(sheet: Any, title: str, rows: Rows, frozen: str) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet.title = re.sub(r"[\[\]:*?/\\]", " ", title)[:31]
    for row in rows:
        sheet.append(list(row))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", start_color="DCE6F1")
    for at, column in enumerate(zip(*rows, strict=True), 1):
        widest = max(2 * len(text) for text in column)
        sheet.column_dimensions[get_column_letter(at)].width = min(
            max(widest + 2, 8), 14 if frozen == "B2" and at > 1 else 60
        )
    for line in sheet.iter_rows():
        for cell in line:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = frozen
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"


def _docx(rows: Rows, above: Heading) -> bytes:
    from docx.oxml import OxmlElement
    from docx.shared import Cm

    paper = sheet(landscape=True)
    paper.add_heading(above.title, level=1)
    for line in above.lines:
        paper.add_paragraph(line)
    columns = _differing(rows) if above.lines else list(zip(*rows, strict=True))
    weights = [min(max(4, *(len(text) for text in column)), 30) for column in columns]
    written = paper.add_table(rows=len(rows), cols=len(columns), style="Table Grid")
    written.autofit = False
    for at, (column, weight) in enumerate(zip(columns, weights, strict=True)):
        written.columns[at].width = Cm(25.7 * weight / sum(weights))
        for cell, text in zip(written.columns[at].cells, column, strict=True):
            cell.text, cell.width = text, Cm(25.7 * weight / sum(weights))
    for run in (run for cell in written.rows[0].cells for part in cell.paragraphs for run in part.runs):
        run.bold = True
    written.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # the header again on every page
    return content_of(paper)


def _differing(rows: Rows) -> list[tuple[str, ...]]:
    """The columns that say something of each row; what all rows share stands above the table."""
    columns = [tuple(column) for column in zip(*rows, strict=True)]
    return [column for column in columns if column[0] not in _SHARED or len(set(column[1:])) > 1]


_WRITERS: dict[str, Callable[[Rows, Heading], bytes]] = {"csv": _csv, "xlsx": _xlsx, "docx": _docx}
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
