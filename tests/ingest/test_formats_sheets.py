"""Task tables in Excel and CSV: a line a row, a span a cell."""

import datetime
import io
from pathlib import Path

import openpyxl
import pytest

from ingest.document import RawText
from ingest.errors import IngestError
from ingest.read import read, read_bytes

ROWS = [
    ["序号", "任务", "责任单位", "完成时限"],
    ["1", "培育平台 （含园区）", "市商务局、市经信局", "2025-12-31"],
    ["2", "引进人才", "市招才局", "长期"],
    ["3", "培训", "市招才局", "0.15"],
]


def workbook() -> bytes:
    """A title, a merged cell, a date, a remark, a hidden and an empty sheet."""
    book, target = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    sheet.append(["任务分工表"])
    sheet.append(ROWS[0])
    sheet.append([1, "培育平台\n（含园区）", "市商务局、市经信局", datetime.date(2025, 12, 31)])
    sheet.append([2, "引进人才", "市招才局", "长期"])
    sheet.append([3.0, "培训", None, 0.15])
    sheet.merge_cells("C4:C5")
    sheet.append(["备注：排名不分先后"])
    book.create_sheet("空")
    hidden = book.create_sheet("隐藏")
    hidden["A1"] = "看不见"
    hidden.sheet_state = "hidden"
    book.save(target)
    return target.getvalue()


def cells_of(raw: RawText) -> list[list[str]]:
    return [[cell.of(raw.text) for cell in row] for table in raw.tables for row in table.rows]


def test_a_workbook_gives_title_table_and_remark() -> None:
    raw = read_bytes(workbook(), "a.xlsx")[0]
    assert raw.text.split("\n") == ["任务分工表", *("\t".join(row) for row in ROWS), "备注：排名不分先后"]
    assert cells_of(raw) == ROWS


def test_the_older_format_written_by_libreoffice_gives_the_same_cells() -> None:
    assert cells_of(read(Path(__file__).parent / "files" / "table.xls")[0]) == ROWS


def test_several_sheets_are_named() -> None:
    book, target = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "甲"
    book.active.append(["任务", "单位"])
    book.create_sheet("乙").append(["任务", "时限"])
    book.save(target)
    assert read_bytes(target.getvalue(), "a.xlsx")[0].text == "甲\n任务\t单位\n乙\n任务\t时限"


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8-sig", ","), ("gb18030", ","), ("utf-16", "\t"), ("utf-8", ";")]
)
def test_csv_is_read_in_any_encoding_and_with_any_delimiter(encoding: str, delimiter: str) -> None:
    table = [["任务", "责任单位"], ["培育", '"市商务局\n市经信局"'], ["引进", ""]]
    data = "\r\n".join(delimiter.join(row) for row in table).encode(encoding)
    raw = read_bytes(data, "a.csv")[0]
    assert cells_of(raw) == [["任务", "责任单位"], ["培育", "市商务局 市经信局"]]
    assert raw.text == "任务\t责任单位\n培育\t市商务局 市经信局\n引进"


def test_a_cell_in_the_far_corner_does_not_fill_the_memory() -> None:
    book, target = openpyxl.Workbook(), io.BytesIO()
    book.active["XFD1048576"] = "x"
    book.save(target)
    with pytest.raises(IngestError, match="有效区域过大"):
        read_bytes(target.getvalue(), "a.xlsx")


def test_a_panic_of_the_parser_becomes_a_sentence() -> None:
    data = bytearray((Path(__file__).parent / "files" / "table.xls").read_bytes()[:867])
    with pytest.raises(IngestError, match="损坏"):
        read_bytes(bytes(data), "a.xls")
