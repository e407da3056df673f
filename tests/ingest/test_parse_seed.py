"""The seed text, read whole: every fact that was established about it by hand."""

import hashlib
from pathlib import Path

import pytest

from ingest.document import Certainty, Document, Part, RawText, Role, Source
from ingest.parse import parse

SEED = Path(__file__).parents[2] / "seeds" / "wuhan-2021-service-outsourcing.txt"
GROUPS = {
    "三(一)": (1, 3),
    "三(二)": (4, 7),
    "三(三)": (8, 9),
    "三(四)": (10, 11),
    "三(五)": (12, 14),
    "三(六)": (15, 15),
}


@pytest.fixture(scope="module")
def document() -> Document:
    data = SEED.read_bytes()
    source = Source(SEED.name, "txt", "utf-8", hashlib.sha256(data).hexdigest())
    return parse(RawText(data.decode("utf-8"), source), document_id="seed")


def test_the_outline_is_complete_and_in_order(document: Document) -> None:
    expected = ["抬头", "序言", "一", "二", "三"]
    for group, (first, last) in GROUPS.items():
        expected += [group, *(f"任务{number}" for number in range(first, last + 1))]
    expected += ["四", "四(一)", "四(二)", "四(三)", "结语", "落款"]
    assert [clause.label for clause in document.clauses] == expected


@pytest.mark.parametrize(("section", "numbers"), GROUPS.items())
def test_each_task_stands_in_its_group(document: Document, section: str, numbers: tuple[int, int]) -> None:
    tasks = [clause.task for clause in document.tasks() if clause.section == section]
    assert tasks == list(range(numbers[0], numbers[1] + 1))


def test_a_task_knows_its_title_path_and_id(document: Document) -> None:
    clause = document.clause("任务7")
    assert clause is not None
    assert clause.id == "seed#任务7"
    assert (clause.part, clause.task, clause.section) == (Part.TASK, 7, "三(二)")
    assert clause.title == "支持业务运营服务外包"
    assert clause.path == ("三、工作任务", "(二)支持重点服务外包领域发展")
    assert document.quote(clause).startswith("7.支持业务运营服务外包。以国家推动")
    assert document.quote(clause).endswith("市商务局)")


def test_a_group_holds_its_heading_line_only(document: Document) -> None:
    groups = [document.clause(label) for label in ("三", "三(五)")]
    assert [document.quote(clause) for clause in groups if clause] == ["三、工作任务", "(五)培育壮大市场主体"]


def test_groups_are_sections_and_what_stands_in_them_are_tasks_or_items(document: Document) -> None:
    parts = {clause.label: clause.part for clause in document.clauses}
    assert (parts["三(五)"], parts["任务12"], parts["四(一)"]) == (Part.SECTION, Part.TASK, Part.ITEM)


def test_the_unnumbered_parts_hold_what_they_should(document: Document) -> None:
    opening = {
        label: document.quote(clause)[:12]
        for label in ("抬头", "序言", "结语", "落款")
        if (clause := document.clause(label))
    }
    assert opening == {
        "抬头": "市服务贸易发展工作领导小",
        "序言": "为深入贯彻习近平总书记关",
        "结语": "各部门要从全局和战略高度",
        "落款": "武汉市服务贸易发展工作领",
    }
    signature = document.clause("落款")
    assert signature is not None and document.quote(signature).endswith("202128")


def test_every_character_but_white_space_is_in_exactly_one_clause(document: Document) -> None:
    covered = [0] * len(document.text)
    for clause in document.clauses:
        for position in range(*clause.span):
            covered[position] += 1
    assert all(count < 2 if char.isspace() else count == 1 for count, char in zip(covered, document.text, strict=True))


def test_metadata_says_what_the_text_says_and_no_more(document: Document) -> None:
    assert (document.title, document.title_derived, document.number) == ("wuhan-2021-service-outsourcing", True, None)
    assert document.issuer == "武汉市服务贸易发展工作领导小组"
    assert document.issued_on == "2021-02-08"
    assert (document.level, document.region) == ("市", "武汉市")
    assert document.addressees == ("市服务贸易发展工作领导小组成员单位", "各区人民政府")
    assert {name: span.of(document.text) for name, span in document.spans}["issued_on"] == "202128"


def test_the_two_parents_are_cited_with_their_repaired_numbers(document: Document) -> None:
    assert [(one.title, one.number, one.relation) for one in document.references[:2]] == [
        ("商务部等8部门关于推动服务外包加快转型升级的指导意见", "商服贸发〔2020〕12号", "依据"),
        ("省商务厅等8部门关于推动服务外包加快转型升级的实施意见", "鄂商务发〔2020〕19号", "依据"),
    ]


def test_exactly_seven_places_are_surely_repaired(document: Document) -> None:
    sure = [(one.found, one.repaired) for one in document.repairs if one.certainty is Certainty.SURE]
    assert sure == [
        ("各区人民政府", "各区人民政府:"),
        ("〔202012号", "〔2020〕12号"),
        ("〔202019号", "〔2020〕19号"),
        ("市商务局市市场监管局", "市商务局、市市场监管局"),
        ("市市场监管局", "市市场监管局)"),
        ("市商务局", "市商务局)"),
        ("202128", "2021年2月8日"),
    ]
    assert [one.repaired for one in document.repairs if one.certainty is Certainty.PROBABLE] == ["到2025年"]


def test_the_audit_finds_nothing_missing(document: Document) -> None:
    audit = document.audit
    assert (audit.tasks, audit.tasks_with_units, audit.numbering_gaps, audit.orphan_paragraphs) == (15, 15, (), 0)


def test_units_stand_at_their_task_and_none_leads(document: Document) -> None:
    units = {clause.task: [unit.name for unit in document.units_of(clause)] for clause in document.tasks()}
    assert units[4] == ["市商务局", "市市场监管局", "市卫健委", "武汉海关", "市税务局"]
    assert units[8] == ["市商务局", "市发改委", "市市场监管局"]
    assert units[15] == ["武汉海关", "市商务局"]
    roles = {unit.role for one in document.responsibilities for unit in one.units}
    assert roles == {Role.RESPONSIBLE}
