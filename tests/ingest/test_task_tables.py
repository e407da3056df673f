"""Tables of tasks: every numbered row is a task with its units. All invented."""

import pytest

from ingest.document import Document
from ingest.parse import parse
from ingest.read import read_bytes

HEAD = ("序号", "工作任务", "牵头单位", "责任单位", "完成时限")
ROWS = (
    ("1", "疏浚河道。清除淤泥。", "市水务局", "市财政局、各区", "2031年底"),
    ("2", "建设口袋公园", "市园林局", "各区", "持续推进"),
)


def table(rows: tuple[tuple[str, ...], ...]) -> str:
    return (
        "<table>" + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows) + "</table>"
    )


def read(page: str) -> Document:
    [raw] = read_bytes(f"<html><meta charset=utf-8><body>{page}</body></html>".encode(), "page.html")
    return parse(raw)


def tasks(document: Document) -> dict[str, tuple[str, str]]:
    """Label → title and units, for every clause that is a task."""
    units = {
        one.clause_id: " ".join(f"{unit.role}:{unit.name}" for unit in one.units) for one in document.responsibilities
    }
    return {one.label: (one.title, units.get(one.id, "")) for one in document.clauses if one.task is not None}


EXPECTED = {
    "任务1": ("疏浚河道", "lead:市水务局 responsible:市财政局 responsible:各区"),
    "任务2": ("建设口袋公园", "lead:市园林局 responsible:各区"),
}


def test_the_rows_of_a_task_table_are_tasks() -> None:
    document = read("<h1>云河市治水任务分工方案</h1>" + table((HEAD, *ROWS)))

    assert tasks(document) == EXPECTED
    assert [one.label for one in document.clauses] == ["抬头", "表头", "任务1", "任务2"]
    assert [one.deadline for one in document.responsibilities] == ["2031年底", "持续推进"]
    assert document.audit.warnings == ()


def test_the_rows_of_a_table_in_an_annex_are_tasks_of_the_annex() -> None:
    notice = "云河市政府关于治水的通知|各区政府：|现通知如下。|一、加强领导。|二、加强督查。|附件：分工表|云河市政府|2031年4月6日"
    page = "".join(f"<p>{line}</p>" for line in (*notice.split("|"), "附件", "分工表"))

    document = read(page + table((HEAD, *ROWS)))

    assert tasks(document) == {f"附件{label}": said for label, said in EXPECTED.items()}


@pytest.mark.parametrize(
    "rows",
    [
        (("序号", "名称", "数量"), ("1", "水泵", "3"), ("2", "闸门", "4")),
        (("指标", "单位", "数值"), ("河长", "公里", "12")),
    ],
)
def test_other_tables_hold_no_tasks(rows: tuple[tuple[str, ...], ...]) -> None:
    assert tasks(read("<h1>云河市水利设施清单</h1>" + table(rows))) == {}


LINES = "云河市治水任务分工表\n" + "\n".join(cell for row in (HEAD, *ROWS) for cell in row) + "\n"


@pytest.mark.parametrize("text", [LINES, LINES.replace("\n", "\n|\n"), LINES.replace("\n", "\n\n")])
def test_a_table_that_was_copied_cell_by_cell_is_read_like_one(text: str) -> None:
    [raw] = read_bytes(text.encode(), "page.txt")

    assert tasks(parse(raw)) == EXPECTED


def test_of_a_copied_table_only_rows_that_have_every_cell_are_read() -> None:
    broken = LINES + "3\n讲解节水\n4\n植树\n市园林局\n各区\n全年\n"
    [raw] = read_bytes(broken.encode(), "page.txt")

    assert list(tasks(parse(raw))) == ["任务1", "任务2", "任务4"]
