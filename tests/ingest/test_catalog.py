"""The catalogue knows documents that are not held, and says only what its marks allow."""

from pathlib import Path

import pytest

from ingest.catalog import Catalog, CatalogEntry, Fact, Mark, fact_sheet
from ingest.document import Form, Part, Status
from ingest.errors import IngestError

SEEDS = Path(__file__).parents[2] / "seeds"
CATALOG = Catalog.load(SEEDS)
WUHAN = "wuhan-2021-service-outsourcing"


def test_the_held_document_shows_a_derived_title_and_no_number() -> None:
    entry = CATALOG.entry(WUHAN)
    assert entry is not None
    assert (entry.title, entry.title_derived, entry.number) == (
        "武汉市关于推动服务外包加快转型升级的实施意见",
        True,
        None,
    )
    assert (entry.issuer, entry.issued_on, entry.level) == ("武汉市服务贸易发展工作领导小组", "2021-02-08", "市")
    assert (entry.status, entry.target_year, entry.form) == (Status.UNSTATED, 2025, Form.ORIGINAL)
    assert entry.mark_of("title") is Mark.LIKELY
    assert entry.mark_of("issued_on") is Mark.SEED


@pytest.mark.parametrize("file", [f"{WUHAN}.txt", f"/somewhere/{WUHAN}.txt"])
def test_the_held_document_is_found_by_its_file(file: str) -> None:
    assert CATALOG.entry_for_file(file) is CATALOG.entry(WUHAN)


def test_the_held_document_is_found_by_its_bytes() -> None:
    digest = "978c34eab362ac78ff5992a9a6a4fb3f8034f6d9d03b8935ecf2f5a8fda906ef"
    assert CATALOG.entry_for_file(digest) is CATALOG.entry(WUHAN)


@pytest.mark.parametrize(
    "number", ["商服贸发〔2020〕12号", "商服贸发[2020]12号", "商服贸发（2020）12號", "商服贸发 〔2020〕 12 号"]
)
def test_a_document_is_found_by_its_number_in_any_spelling(number: str) -> None:
    entry = CATALOG.entry_for_number(number)
    assert entry is not None
    assert entry.id == "mofcom-2020-12"


def test_what_is_not_known_is_none() -> None:
    assert CATALOG.entry("没有的") is None
    assert CATALOG.entry_for_file("没有的.txt") is None
    assert CATALOG.entry_for_number("国发〔1999〕1号") is None


def test_the_documents_it_implements_answer_for_its_tasks() -> None:
    assert ("mofcom-2020-12", "信息技术外包") in [
        (entry.id, fact.topic) for entry, fact in CATALOG.counterparts(WUHAN, 2)
    ]
    assert [entry.id for entry, _ in CATALOG.counterparts(WUHAN, 9)] == ["state-council-office-2020-28"]
    assert CATALOG.counterparts("没有的", 2) == ()


ENTRY = CatalogEntry(
    id="example",
    title="关于某事的意见",
    mark=Mark.ONE_SOURCE,
    number="某发〔2020〕1号",
    facts=(
        Fact("某事由两家负责。", Mark.ONE_SOURCE, ("https://example.org/a/b",), topic="分工", counterpart=(3,)),
        Fact("某事可能延期。", Mark.LIKELY),
        Fact("经费：不详。", Mark.UNKNOWN),
        Fact("某事写在武汉市文件里。", Mark.SEED, ("seed",)),
    ),
)


def test_a_fact_sheet_is_a_document_whose_clauses_are_its_facts() -> None:
    sheet = fact_sheet(ENTRY)
    assert (sheet.form, sheet.title, sheet.number) == (Form.FACT_SHEET, "关于某事的意见", "某发〔2020〕1号")
    assert [(clause.label, clause.part) for clause in sheet.clauses] == [(f"要点{n}", Part.FACT) for n in (1, 2, 3, 4)]
    assert [sheet.quote(clause) for clause in sheet.clauses] == [
        "要点1：某事由两家负责。（对应任务3）〔来源：example.org〕",
        "要点2：某事可能延期。（可能，未经证实）",
        "要点3：经费：不详。（未查到）",
        "要点4：某事写在武汉市文件里。〔来源：武汉市文件原文〕",
    ]
    assert "形式：要点，非原文" in sheet.text
    assert sheet.text.endswith("来源1：https://example.org/a/b\n")


def test_an_entry_without_facts_says_why_it_is_listed() -> None:
    sheet = fact_sheet(CatalogEntry("x", "某规划", Mark.ONE_SOURCE, ("https://example.org/x",), why="上一个规划。"))
    assert [sheet.quote(clause) for clause in sheet.clauses] == ["要点1：上一个规划。〔来源：example.org〕"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('[[document]]\nid = "甲"\nmark = "S"', "条目“甲”有误：字段 title 缺失"),
        ('[[document]]\nid = "甲"\ntitle = "乙"\nmark = "M"', "条目“甲”有误：字段 mark 应为 C2、C1、S、L、U 之一"),
        ('[[document]]\nid = "甲"\ntitle = "乙"\nmark = "S"\nyear = 1', "字段 year 不认识"),
        ('[[document]]\nid = "甲"\ntitle = "乙"\nmark = "S"\nheld = true', "字段 file 不能缺失"),
        ('[[document]]\nid = "甲"\ntitle = "乙"\nmark = "S"\nrelated = ["丙"]', "字段 related 指向不存在的“丙”"),
        ('[[document]]\nid = "甲"\ntitle = "乙"\nmark = "S"\nlevel = "县"', "字段 level 应为 国家、省、市、区 之一"),
        (
            '[[document]]\nid = "甲"\ntitle = "乙"\nmark = "S"\nfacts = [{ text = "丙", mark = "C1" }]',
            "字段 facts 第1条要点标记为 C1 但没有写来源",
        ),
        (
            '[[document]]\nid = "甲"\ntitle = "乙"\nmark = "S"\nfacts = [{ text = "丙" }]',
            "字段 facts 第1条要点的字段 mark 缺失",
        ),
        ('[[document]]\nid = "甲"\ntitle = "乙"\nmark = "S"\n' * 2, "不止一次"),
        ("document = 3", "应写成"),
        ("[[document", "写法有误"),
    ],
)
def test_a_fault_is_one_sentence_that_names_entry_and_field(tmp_path: Path, written: str, said: str) -> None:
    (tmp_path / "catalog.toml").write_text(written, encoding="utf-8")
    with pytest.raises(IngestError, match=said) as caught:
        Catalog.load(tmp_path)
    assert str(caught.value).count("。") == 1


def test_a_missing_catalogue_says_what_to_check(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match="找不到文件目录"):
        Catalog.load(tmp_path)
