"""Wordings of responsibility clauses beyond the common ones: labels, verbs, remarks, blanks. All clauses are invented."""

import pytest

from ingest.document import Role
from ingest.units import find_responsibilities

ROLES = {Role.LEAD: "牵头", Role.RESPONSIBLE: "责任", Role.COOPERATING: "配合", Role.PARTICIPATING: "参与"}


def said(text: str) -> str:
    """牵头:甲局 责任:乙局 丙局, for all clauses of the text."""
    words: list[str] = []
    role = None
    for unit in (unit for found in find_responsibilities(text) for unit in found.units):
        words.append(f"{ROLES[unit.role]}:{unit.name}" if unit.role is not role else unit.name)
        role = unit.role
    return " ".join(words)


BOTH = "责任:市水务局 市园林局"
LED = "牵头:市水务局 配合:市园林局"

CLAUSES = [
    # labels
    ("（责任单位（部门）：市水务局、市园林局）", BOTH),
    ("（责任处（室）：规划处、厅办公室）", "责任:规划处 厅办公室"),
    ("（第一责任单位：市水务局；其他责任单位：市园林局）", "牵头:市水务局 责任:市园林局"),
    ("（责任分工：市水务局牵头，市园林局配合）", LED),
    ("\n分工：市水务局牵头，市园林局配合。", LED),
    ("（市水务局为牵头单位，市园林局为配合单位）", LED),
    ("（牵头单位：市水务局，市园林局、市气象局配合）", "牵头:市水务局 配合:市园林局 市气象局"),
    ("（整改责任单位：市水务局；督导单位：市园林局）", BOTH),
    ("\n责任单位：1.市水务局；2.市园林局", BOTH),
    # labels that extraction took apart
    ("（责任 单位：市水务局、市园林局）", BOTH),
    ("\n责 任 单 位：市水务局、市园林局", BOTH),
    ("（责\n任单位：市水务局、市园林局）", BOTH),
    ("\n责任单位 市水务局、市园林局", BOTH),
    ("\n责任单位｜市水务局、市园林局", BOTH),
    ("\n**责任单位：** 市水务局、市园林局", BOTH),
    ("\n**责任单位**：市水务局、市园林局", BOTH),
    # verbs
    ("（市水务局、市园林局组织实施）", BOTH),
    ("（市水务局、市园林局分工协作）", BOTH),
    ("（市水务局、市园林局各负其责）", BOTH),
    ("（市水务局、市园林局结合实际落实）", BOTH),
    ("（市水务局牵头组织实施，市园林局协同推进）", "牵头:市水务局 责任:市园林局"),
    ("（市水务局牵头抓总，市园林局配合做好相关工作）", LED),
    ("（市水务局、市气象局双牵头，各区配合）", "牵头:市水务局 市气象局 配合:各区"),
    ("（市水务局总牵头，市园林局协同）", LED),
    ("（省级层面由省水利厅牵头，市级由各市政府负责）", "牵头:省水利厅 责任:各市政府"),
    ("\n市水务局、市园林局分别牵头落实", "牵头:市水务局 市园林局"),
    # what stands behind the units
    ("（责任单位：市水务局、市园林局 2031年12月底前）", BOTH),
    ("（责任单位：市水务局、市园林局，第三季度前完成）", BOTH),
    ("（责任单位：市水务局、市园林局，贯穿全年）", BOTH),
    ("（责任单位：市水务局、市园林局等市直有关部门）", BOTH),
    ("（市水务局、市园林局等国务院有关部门及各地区按职责分工负责）", BOTH + " 各地区"),
    ("\n责任单位：市水务局、市园林局（除注明外，列第一位为牵头单位，下同）", "牵头:市水务局 责任:市园林局"),
    ("\n责任单位：市水务局、市园林局（第一责任单位为牵头单位）", "牵头:市水务局 责任:市园林局"),
    ("（责任单位：市水务局*、市园林局）", BOTH),
    # names
    ("（责任单位：市水务局．市园林局）", BOTH),
    ("（责任单位：市发改委、外经贸局、经促局）", "责任:市发改委 市外经贸局 市经促局"),
    ("（责任单位：市农业农村和水利局、市水务局和市园林局）", "责任:市农业农村和水利局 市水务局 市园林局"),
    ("（责任单位：省外办、省水利局）", "责任:省外办 省水利局"),
    ("（责任单位：之江实验室、市属国企）", "责任:之江实验室 市属国企"),
    ("（全国总工会、共青团中央负责）", "责任:全国总工会 共青团中央"),
    ("（责任单位：市水务局，各区、县级市）", "责任:市水务局 各区、县级市"),
    ("（责任单位：市水务局，水、电、气等经营企业）", "责任:市水务局 水、电、气等经营企业"),
    ("（责任单位：各区委、政府，滨海新区党工委、管委会）", "责任:各区委、政府 滨海新区党工委、管委会"),
    ("（市水务局牵头，各市（州）党委和政府（行署）配合）", "牵头:市水务局 配合:各市（州）党委和政府（行署）"),
    ("（各级财政、审计部门负责）", "责任:各级财政、审计部门"),
    ("（市水务局、市园林局、各科技型企业）", BOTH + " 各科技型企业"),
    ("（市水务局、市园林局、各区、各市州县）", BOTH + " 各区 各市州县"),
    ("（各省、自治区、直辖市及新疆生产建设兵团负责）", "责任:各省、自治区、直辖市 新疆生产建设兵团"),
]


@pytest.mark.parametrize(("clause", "expected"), CLAUSES)
def test_a_clause_is_read_in_every_wording(clause: str, expected: str) -> None:
    text = f"三、工作任务\n\n7.改善水环境。扩大绿地面积。{clause}\n\n8.美化街道。建设口袋公园。\n"

    assert said(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "建设三个新城。（东湖区、西湖区、南湖区）\n",
        "责任单位 完成时限\n疏浚河道 年底\n",
        "各市政府要结合实际落实，市水务局、市园林局加强指导。\n",
        "市水务局要组织实施，市园林局要分工协作。\n",
        "形成市水务局牵头、各区配合的工作机制，\n",
    ],
)
def test_no_clause(text: str) -> None:
    assert said(text) == ""
