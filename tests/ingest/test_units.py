"""Responsibility clauses: what a reader of the text would name, with roles. All clauses here are invented."""

from pathlib import Path

import pytest

from ingest.document import Role, Span, Table
from ingest.units import Found, find_responsibilities

ROLES = {Role.LEAD: "牵头", Role.RESPONSIBLE: "责任", Role.COOPERATING: "配合", Role.PARTICIPATING: "参与"}


def said(found: tuple[Found, ...]) -> str:
    """The units of all clauses as 牵头:甲局 乙局 配合:丙局, in the order of the text."""
    words: list[str] = []
    role = None
    for unit in (unit for each in found for unit in each.units):
        words.append(f"{ROLES[unit.role]}:{unit.name}" if unit.role is not role else unit.name)
        role = unit.role
    return " ".join(words)


CLAUSES = [
    # one label and a list
    ("（责任单位：市水务局、市园林局）", "责任:市水务局 市园林局"),
    ("（责任部门：市水务局，市园林局；市城管委）", "责任:市水务局 市园林局 市城管委"),
    ("（牵头考核单位：市审计局）", "牵头:市审计局"),
    ("【责任单位】市水务局、市园林局", "责任:市水务局 市园林局"),
    ("（责任单位:市水务局 市园林局 各区政府）", "责任:市水务局 市园林局 各区政府"),
    # verbs
    ("（市水务局、市园林局负责）", "责任:市水务局 市园林局"),
    ("（市水务局、市园林局等部门按职责分工负责）", "责任:市水务局 市园林局"),
    ("（市水务局和市园林局共同落实）", "责任:市水务局 市园林局"),
    ("（省水利厅、省林草局按照各自职责分别负责）", "责任:省水利厅 省林草局"),
    ("（水利部、国家林草局负责指导）", "责任:水利部 国家林草局"),
    ("（责任单位：办公室、规划处、局属各单位按职责分工负责）", "责任:办公室 规划处 局属各单位"),
    # two labels, also run together
    (
        "（牵头单位：省体育局；责任单位：省教育厅、省卫生健康委）",
        "牵头:省体育局 责任:省教育厅 省卫生健康委",
    ),
    ("（牵头单位：省体育局，参加单位：省教育厅）", "牵头:省体育局 参与:省教育厅"),
    ("（牵头单位：省体育局。配合单位：省教育厅）", "牵头:省体育局 配合:省教育厅"),
    ("（牵头单位：省体育局责任单位：省教育厅）", "牵头:省体育局 责任:省教育厅"),
    ("（牵头单位省体育局，配合单位省教育厅）", "牵头:省体育局 配合:省教育厅"),
    ("（牵头：省体育局；配合：团省委）", "牵头:省体育局 配合:团省委"),
    ("（牵头及责任单位：省体育局、省教育厅）", "责任:省体育局 省教育厅"),
    # X牵头，Y配合
    ("（市体育局牵头，市教育局、团市委配合）", "牵头:市体育局 配合:市教育局 团市委"),
    ("（市体育局牵头，市教育局等部门参与，各区政府负责）", "牵头:市体育局 参与:市教育局 责任:各区政府"),
    ("（由市体育局牵头，市教育局协助）", "牵头:市体育局 配合:市教育局"),
    ("（市体育局牵头负责）", "牵头:市体育局"),
    ("（市体育局（牵头）、市教育局）", "牵头:市体育局 责任:市教育局"),
    ("（责任单位：市体育局牵头，市教育局配合）", "牵头:市体育局 配合:市教育局"),
    ("（市体育局会同市教育局、团市委负责）", "牵头:市体育局 配合:市教育局 团市委"),
    ("（市体育局会同有关部门，各区政府负责）", "牵头:市体育局 配合:有关部门 责任:各区政府"),
    # a list alone, at the end of the clause
    ("（省水利厅、省林草局）", "责任:省水利厅 省林草局"),
    ("（省水利厅、省林草局、黄海海关等）", "责任:省水利厅 省林草局 黄海海关"),
    # brackets: mixed, nested, unclosed
    ("(责任单位：市水务局、市园林局）", "责任:市水务局 市园林局"),
    ("[责任单位：市水务局，各县（市、区）政府]", "责任:市水务局 各县（市、区）政府"),
    ("（市水务局牵头，各县〔市、区〕人民政府配合）", "牵头:市水务局 配合:各县〔市、区〕人民政府"),
    ("（责任单位：市水务局、市园林局", "责任:市水务局 市园林局"),
    ("（市水务局、市园林局按职责分工负责", "责任:市水务局 市园林局"),
    (
        "（责任单位：市水务局，各市（含甲州、乙集市）政府（以下简称各市政府））",
        "责任:市水务局 各市（含甲州、乙集市）政府",
    ),
    # collectives stay whole
    ("（责任单位：省水利厅，各市、县水利局）", "责任:省水利厅 各市、县水利局"),
    ("（责任单位：各省、自治区、直辖市人民政府，国务院有关部门）", "责任:各省、自治区、直辖市人民政府 国务院有关部门"),
    ("（各有关部门、单位和地方各级人民政府按职责分工负责）", "责任:各有关部门、单位 地方各级人民政府"),
    ("（责任单位：省直各高等学校和科研院所主管部门）", "责任:省直各高等学校和科研院所主管部门"),
    ("（责任单位：市水务局，各街道、区财政局）", "责任:市水务局 各街道 区财政局"),
    # 和 in a name separates nothing
    (
        "（责任单位：市住房和城乡建设局、市文化和旅游局和市水利和湖泊局）",
        "责任:市住房和城乡建设局 市文化和旅游局 市水利和湖泊局",
    ),
    ("（责任单位：市水务局及市园林局以及各区政府）", "责任:市水务局 市园林局 各区政府"),
    # elided prefixes and endings
    ("（责任单位：省水利厅、林草局，市财政局）", "责任:省水利厅 省林草局 市财政局"),
    (
        "（责任单位：各市水利局、林业局，滨海新区水务局、财政局）",
        "责任:各市水利局 各市林业局 滨海新区水务局 滨海新区财政局",
    ),
    ("（责任单位：市委宣传部、组织部、教育局）", "责任:市委宣传部 市委组织部 市教育局"),
    (
        "（责任单位：省水利厅、省财政厅、地方金融监管局、省水务集团）",
        "责任:省水利厅 省财政厅 地方金融监管局 省水务集团",
    ),
    ("（责任单位：甲海、乙山、丙州市政府）", "责任:甲海市政府 乙山市政府 丙州市政府"),
    ("（责任单位：省就业中心、监察处）", "责任:省就业中心 监察处"),
    # branches, companies, internal offices
    (
        "（责任单位：人行云河中心支行、国家税务总局云河市税务局、云河海关、国网云河供电公司）",
        "责任:人行云河中心支行 国家税务总局云河市税务局 云河海关 国网云河供电公司",
    ),
    ("（责任单位：厅规划处、人事处以及信息中心等单位）", "责任:厅规划处 人事处 信息中心"),
    # lost separators
    ("（责任单位：市水务局市市场监管局、市卫健委）", "责任:市水务局 市市场监管局 市卫健委"),
    ("（责任单位：市委市政府督查室、市委改革办）", "责任:市委市政府督查室 市委改革办"),
]


@pytest.mark.parametrize(("clause", "expected"), CLAUSES)
def test_a_clause_names_these_units_in_these_roles(clause: str, expected: str) -> None:
    text = f"三、工作任务\n\n7.改善水环境。扩大绿地面积。{clause}\n\n8.美化街道。建设口袋公园。\n"

    found = find_responsibilities(text)

    assert said(found) == expected
    assert [each.span.of(text) for each in found] == [clause]


LINES = [
    ("责任单位：市水务局、市园林局\n", "责任:市水务局 市园林局"),
    ("疏浚河道。责任单位：市水务局、市园林局。\n", "责任:市水务局 市园林局"),
    ("疏浚河道。责任单位：市水务局、市园林局　　（七）植树造林。", "责任:市水务局 市园林局"),
    ("牵头单位：市水务局\n配合单位：市园林局、各区政府\n", "牵头:市水务局 配合:市园林局 各区政府"),
    ("疏浚河道。（责任单位：市水务局、市园\n林局）\n", "责任:市水务局 市园林局"),
    ("疏浚河道。（责任单位：市水务局、区园林局 2.植树造林。（责任单位：区园林局）", "责任:市水务局 区园林局 区园林局"),
    ("二、疏浚河道（市水务局、市园林局）\n", "责任:市水务局 市园林局"),
    ("疏浚河道。市水务局牵头，市园林局配合。\n", "牵头:市水务局 配合:市园林局"),
]


@pytest.mark.parametrize(("text", "expected"), LINES)
def test_a_clause_need_not_stand_in_brackets_that_close(text: str, expected: str) -> None:
    assert said(find_responsibilities(text)) == expected


NO_CLAUSES = [
    "由市水务局牵头组建河道治理联合实验室，市财政局负责落实资金。\n",
    "市水务局要会同市园林局做好疏浚工作，各区政府负责组织实施本区任务。\n",
    "主动公开　　公开程序：本单位审核后公开　　责任部门：市政府办公室秘书一处\n",
    "公开责任部门：市政府办公室秘书科\n",
    "各责任单位：要按照方案要求抓好落实。\n",
    "明确牵头单位、责任单位和完成时限，实行清单管理。\n",
    "第三条 责任单位：是指承担河道养护的企业。\n",
    "由业主（以下简称责任单位）负责日常养护。\n",
    "河道养护经费（含人工、设备）由业主负责。\n",
    "推进重点河道（甲河、乙河、丙河）治理。\n",
    "邀请有关部门（市水务局、市园林局）参加评审。\n",
    "坚持谁污染谁治理（谁主管、谁负责）。\n",
    "请填写《牵头单位信息表》（见附件）。\n",
    "",
]


@pytest.mark.parametrize("text", NO_CLAUSES)
def test_running_text_and_page_footers_name_nobody(text: str) -> None:
    assert find_responsibilities(text) == ()


def test_collectives_are_marked() -> None:
    [found] = find_responsibilities("（责任单位：市水务局、各区政府、市有关部门，成员单位）\n")

    assert [unit.name for unit in found.units if unit.collective] == ["各区政府", "市有关部门", "成员单位"]


def test_the_span_shows_what_is_written_and_the_name_what_is_meant() -> None:
    text = "（责任单位：省水利厅、林草局）\n"

    [found] = find_responsibilities(text)

    assert [(unit.name, unit.span.of(text)) for unit in found.units if unit.span] == [
        ("省水利厅", "省水利厅"),
        ("省林草局", "林草局"),
    ]


@pytest.mark.parametrize(
    ("clause", "deadline"),
    [
        ("（责任单位：市水务局；完成时限：2031年6月底前）", "2031年6月底前"),
        ("（完成时间：长期坚持；责任单位：市水务局）", "长期坚持"),
        ("（市水务局、市园林局牵头，持续推进）", "持续推进"),
        ("（市水务局负责，2031年底前完成）", "2031年底前完成"),
        ("（市水务局、市园林局牵头，2031年3月前根据新办法修订《河道养护管理暂行规定》）", "2031年3月前"),
        ("（责任单位：市水务局；责任人：王某）", None),
    ],
)
def test_a_deadline_is_no_unit(clause: str, deadline: str | None) -> None:
    [found] = find_responsibilities(clause + "\n")

    assert found.deadline == deadline
    assert {unit.name for unit in found.units} <= {"市水务局", "市园林局"}


def test_first_leads_only_where_the_document_says_so() -> None:
    silent = "（责任单位：市水务局、市园林局）\n"
    stated = "（责任单位：市水务局、市园林局，列第一位的为牵头单位）\n"

    assert said(find_responsibilities(silent)) == "责任:市水务局 市园林局"
    assert said(find_responsibilities(stated)) == "牵头:市水务局 责任:市园林局"
    assert said(find_responsibilities(stated + silent)) == "牵头:市水务局 责任:市园林局 市水务局 市园林局"


def test_a_rule_for_what_follows_changes_the_later_clauses_and_their_note_says_so() -> None:
    text = (
        "1.疏浚。（市水务局、市园林局负责。排在第一位的为牵头单位，其他为配合单位，下同）\n"
        "2.植树。（市园林局、市财政局负责）\n3.监测。（市环境局负责）\n4.巡查。（市城管委牵头，各区政府配合）\n"
    )

    first, second, third, fourth = find_responsibilities(text)

    assert said((first,)) == "牵头:市水务局 配合:市园林局"
    assert said((second,)) == "牵头:市园林局 配合:市财政局"
    assert second.note == "依前文“排在第一位的为牵头单位，其他为配合单位，下同”"
    assert said((third,)) == "责任:市环境局" and third.note is None
    assert said((fourth,)) == "牵头:市城管委 配合:各区政府" and fourth.note is None


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        (
            "下列任务排名第一的单位为牵头单位。\n1.疏浚。（责任单位：市水务局、市园林局）\n",
            "牵头:市水务局 责任:市园林局",
        ),
        ("1.疏浚。（责任单位：市水务局、市园林局）\n注：列首位的为牵头单位。\n", "牵头:市水务局 责任:市园林局"),
        ("1.疏浚。（责任单位：市水务局、市园林局）\n以下任务列首位的为牵头单位。\n", "责任:市水务局 市园林局"),
    ],
)
def test_a_rule_outside_the_clauses_holds_for_what_follows_and_in_a_remark_for_all(text: str, roles: str) -> None:
    assert said(find_responsibilities(text)) == roles


def test_a_paragraph_of_names_counts_where_the_text_says_what_its_lists_mean() -> None:
    measures = "1.落实产权保护制度。\n市法院、市检察院\n2.改革市场准入。\n市发改委、市商务局等\n"

    stated = find_responsibilities("市场体系分工（首位单位为牵头单位）\n" + measures)

    assert said(stated) == "牵头:市法院 责任:市检察院 牵头:市发改委 责任:市商务局"
    assert find_responsibilities("市场体系分工\n" + measures) == ()


HABIT = "1.疏浚河道。（市水务局、市财政局）\n2.植树。（市园林局、各区政府）\n3.修路。（市交通局、市城管局）\n"


def test_one_name_in_a_bracket_is_a_clause_only_where_brackets_name_units_throughout() -> None:
    assert said(find_responsibilities(HABIT + "4.讲解节水。（市水务局）\n5.巡查。（各级各部门）\n")).endswith(
        "市水务局 各级各部门"
    )
    assert find_responsibilities("1.疏浚河道。（市水务局）\n2.植树。（市园林局）\n") == ()


def test_units_responsible_for_everything_that_follows_are_added_to_it() -> None:
    text = (
        "1.疏浚。（市水务局，各区政府、滨海新区管委会负责。以下均需各区政府、滨海新区管委会负责，不再列出）\n"
        "2.植树。（市园林局负责）\n3.巡查。（各区人民政府负责）\n"
    )

    first, second, third = find_responsibilities(text)

    assert said((first,)) == "责任:市水务局 各区政府 滨海新区管委会"
    assert said((second,)) == "责任:市园林局 各区政府 滨海新区管委会"
    assert second.note == "依前文“以下均需各区政府、滨海新区管委会负责，不再列出”"
    assert [unit.span.of(text) for unit in second.units if unit.span] == ["市园林局", "各区政府", "滨海新区管委会"]
    assert said((third,)) == "责任:各区人民政府 滨海新区管委会"


def cells(text: str) -> Table:
    """The table that ``text`` shows, one row a line, cells between bars."""
    rows, at = [], 0
    for line in text.splitlines(keepends=True):
        row = []
        for cell in line.rstrip("\n").split("|"):
            row.append(Span(at, at + len(cell)))
            at += len(cell) + 1
        rows.append(tuple(row))
    return Table(tuple(rows))


def test_a_task_table_gives_one_clause_a_row() -> None:
    text = (
        "序号|任务|牵头单位|责任单位|完成时限\n"
        "1|疏浚河道|市水务局|市园林局、各区政府|2031年底\n"
        "2|植树造林|市园林局||长期\n"
        "3|水质监测|||\n"
    )

    found = find_responsibilities(text, [cells(text)])

    assert [said((each,)) for each in found] == ["牵头:市水务局 责任:市园林局 各区政府", "牵头:市园林局"]
    assert [each.deadline for each in found] == ["2031年底", "长期"]
    assert [each.span.of(text) for each in found] == ["市水务局|市园林局、各区政府", "市园林局"]


def test_a_table_without_unit_columns_gives_nothing() -> None:
    text = "单位|电话\n市水务局|12345\n"

    assert find_responsibilities(text, [cells(text)]) == ()


def test_the_seed_names_its_23_units_in_15_clauses_despite_its_damage() -> None:
    text = Path("seeds/wuhan-2021-service-outsourcing.txt").read_text(encoding="utf-8")

    found = find_responsibilities(text)

    names = [[unit.name for unit in each.units] for each in found]
    assert len(found) == 15
    assert len({name for units in names for name in units}) == 23
    assert names[3] == ["市商务局", "市市场监管局", "市卫健委", "武汉海关", "市税务局"]
    assert names[7] == ["市商务局", "市发改委", "市市场监管局"]
    assert names[9] == ["市招才局", "市人社局", "市商务局"]
    assert {unit.role for each in found for unit in each.units} == {Role.RESPONSIBLE}
