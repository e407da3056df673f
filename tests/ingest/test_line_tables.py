"""Task tables that pasting left as text, one row a line. All invented."""

import hashlib

import pytest

from ingest.document import Document, RawText, Source
from ingest.parse import parse

HEAD = ("序号", "工作任务", "牵头单位", "责任单位", "完成时限")
ROWS = (
    ("1", "疏浚河道", "市水务局", "市财政局、各区政府", "2031年底"),
    ("2", "建设口袋公园", "市园林局", "各区政府", "持续推进"),
)
EXPECTED = {
    "任务1": "疏浚河道 lead:市水务局 responsible:市财政局 responsible:各区政府 2031年底",
    "任务2": "建设口袋公园 lead:市园林局 responsible:各区政府 持续推进",
}


def read(text: str) -> Document:
    return parse(RawText(text, Source("x.txt", "txt", "utf-8", hashlib.sha256(text.encode()).hexdigest())))


def said(document: Document) -> dict[str, str]:
    """Label → title, units and deadline of every clause that names units."""
    clauses = {clause.id: clause for clause in document.clauses}
    return {
        clauses[one.clause_id].label: " ".join(
            [clauses[one.clause_id].title, *(f"{unit.role}:{unit.name}" for unit in one.units), one.deadline or ""]
        ).strip()
        for one in document.responsibilities
    }


def bars(row: tuple[str, ...]) -> str:
    return "| " + " | ".join(row) + " |"


@pytest.mark.parametrize("join", [bars, "\t".join, "|".join, "   ".join, "　　".join, " ".join])
def test_a_row_is_a_task_however_its_cells_are_kept_apart(join) -> None:  # type: ignore[no-untyped-def]
    document = read("云河市治水任务分工表\n" + "\n".join(map(join, (HEAD, *ROWS))) + "\n")

    assert document.title == "云河市治水任务分工表"
    assert said(document) == EXPECTED


def test_the_line_under_a_markdown_heading_and_headings_of_groups_are_no_rows() -> None:
    lines = [bars(HEAD), "| --- | :---: | --- | --- | --- |", bars(("一", "河道", "", "", "")), *map(bars, ROWS)]

    assert said(read("云河市治水任务分工表\n" + "\n".join(lines))) == EXPECTED


def test_a_cell_may_go_on_in_the_next_line() -> None:
    text = "云河市治水任务分工表\n" + "\n".join("\t".join(row) for row in (HEAD, *ROWS))
    text = text.replace("疏浚河道", "疏浚\n河道")

    assert [unit.name for one in read(text).responsibilities for unit in one.units] == [
        "市水务局",
        "市财政局",
        "各区政府",
        "市园林局",
        "各区政府",
    ]


def test_a_list_of_units_may_go_on_below() -> None:
    document = read(
        "云河市招商分工表\n序号\t任务\t责任单位\t备注\n1\t签约\t市商务局\n市财政局、\n各区政府\t季度调度\n2\t推介\t市文旅局\t\n"
    )

    assert [[unit.name for unit in one.units] for one in document.responsibilities] == [
        ["市商务局", "市财政局", "各区政府"],
        ["市文旅局"],
    ]


def test_without_numbers_blanks_keep_cells_apart_and_a_merged_first_cell_may_be_missing() -> None:
    document = read("""云河市爱国卫生任务表
任务类别    任务内容    责任单位
市容环境    清扫主次道路    市城管局、南湖街道办事处
    密闭运输垃圾    市城管局
健康教育    禁止烟草广告    市卫健委
""")

    assert [[unit.name for unit in one.units] for one in document.responsibilities] == [
        ["市城管局", "南湖街道办事处"],
        ["市城管局"],
        ["市卫健委"],
    ]


PLAN = """云河市治水实施方案

一、总体要求
到2031年消除黑臭水体。
二、重点任务
{table}
注：各区政府可以细化。
三、保障措施
（一）加强领导。各区要落实责任。
（二）加强督查。市督查室要督查。
"""


def test_a_table_inside_the_outline_gives_the_tasks_and_the_outline_stays() -> None:
    document = read(PLAN.format(table="\n".join("\t".join(row) for row in (HEAD, *ROWS))))

    assert said(document) == EXPECTED
    assert [clause.label for clause in document.clauses] == [
        "抬头",
        "一",
        "二",
        "表头",
        "任务1",
        "任务2",
        "表后",
        "三",
        "三(一)",
        "三(二)",
    ]
    assert document.audit.orphan_paragraphs == 0


def test_a_column_of_places_is_headed_like_any_other() -> None:
    document = read(
        "云河市绿化任务表\n县区\t造林（亩）\t责任单位\n东河区\t120\t东河区政府\n西河县\t350\t西河县政府、县林场\n"
    )

    assert [[unit.name for unit in one.units] for one in document.responsibilities] == [
        ["东河区政府"],
        ["西河县政府", "县林场"],
    ]


@pytest.mark.parametrize(
    "text",
    [
        "责任单位  市水务局\n完成时限  2031年\n",  # a label with its value heads no column
        "名称\t计量单位\t数量\n水泵\t台\t3\n",
        "各责任单位 要加强 协作\n市水务局 要带头 落实\n",
        "工作任务  责任单位\n有关要求见下文\n各区要抓好落实\n市水务局负责解释\n",
    ],
)
def test_other_lines_with_blanks_are_no_task_table(text: str) -> None:
    assert not any(clause.task for clause in read("云河市治水通知\n" + text).clauses)


def test_numbers_and_dates_in_a_row_neither_open_clauses_nor_sign_the_text() -> None:
    rows = ("序号\t任务\t责任单位\t时间", "1.\t疏浚河道。\t市水务局\t2031年10月", "2.\t植树。\t市园林局\t2031年11月")
    document = read(PLAN.format(table="\n".join(rows)))

    assert said(document) == {
        "任务1": "疏浚河道 responsible:市水务局 2031年10月",
        "任务2": "植树 responsible:市园林局 2031年11月",
    }
    assert document.issued_on is None
