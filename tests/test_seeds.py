"""The data that ships is whole, consistent with itself, and says where every fact comes from."""

import hashlib
import re
import tomllib
from pathlib import Path

import pytest

from ingest.catalog import Catalog, CatalogEntry, Fact, Mark, fact_sheet
from ingest.directory import UnitDirectory, UnitRecord
from ingest.fold import fold_text

SEEDS = Path(__file__).parents[1] / "seeds"
CATALOG = Catalog.load(SEEDS)
DIRECTORY = UnitDirectory.load(SEEDS)
SYNONYMS = tomllib.loads((SEEDS / "synonyms.toml").read_text(encoding="utf-8"))["group"]
POLICY_WORDS = [
    row for row in (SEEDS / "policy_words.txt").read_text(encoding="utf-8").splitlines() if not row.startswith("#")
]
KNOWN_SOURCE = re.compile(r"https?://\S+|seed|\S.*GitHub.*|GitHub \S.*")
STATED = (Mark.TWO_SOURCES, Mark.ONE_SOURCE, Mark.SEED)


def test_the_held_file_is_there_with_the_bytes_the_catalogue_names() -> None:
    for entry in CATALOG.entries:
        if entry.held:
            assert entry.file is not None
            assert hashlib.sha256((SEEDS / entry.file).read_bytes()).hexdigest() == entry.sha256


@pytest.mark.parametrize("entry", CATALOG.entries, ids=lambda entry: entry.id)
def test_every_entry_that_states_something_names_a_source(entry: CatalogEntry) -> None:
    assert entry.sources
    assert all(KNOWN_SOURCE.fullmatch(source) for source in entry.sources)
    assert entry.why or entry.facts
    assert entry.title_note or not entry.title_derived


@pytest.mark.parametrize(
    "fact", [fact for entry in CATALOG.entries for fact in entry.facts], ids=lambda fact: fact.topic + fact.text[:12]
)
def test_every_fact_is_short_and_marked_as_its_sources_allow(fact: Fact) -> None:
    assert len(fact.text) <= 90
    assert fact.text.endswith("。")
    assert bool(fact.sources) == (fact.mark in STATED)
    assert ("不详" in fact.text) or fact.mark is not Mark.UNKNOWN
    assert all(1 <= task <= 15 for task in fact.counterpart)
    if fact.mark is Mark.TWO_SOURCES:
        assert len(fact.sources) >= 2


@pytest.mark.parametrize("entry", [entry for entry in CATALOG.entries if not entry.held], ids=lambda entry: entry.id)
def test_every_document_not_held_makes_a_fact_sheet_with_exact_spans(entry: CatalogEntry) -> None:
    sheet = fact_sheet(entry)
    assert sheet.clauses
    for number, clause in enumerate(sheet.clauses, start=1):
        assert sheet.quote(clause).startswith(f"要点{number}：")
        assert "\n" not in sheet.quote(clause)


def test_every_task_of_the_seed_but_the_network_ones_has_a_counterpart_above() -> None:
    without = [task for task in range(1, 16) if not CATALOG.counterparts("wuhan-2021-service-outsourcing", task)]
    assert without == [8]


def test_the_units_named_as_responsible_are_those_in_the_text() -> None:
    text = (SEEDS / "wuhan-2021-service-outsourcing.txt").read_text(encoding="utf-8")
    brackets = re.findall(r"责任单位:([^)\n]+)", text)
    written = {name for bracket in brackets for name in re.split(r"、|(?<=市商务局)(?=市市场)", bracket)}
    responsible = {record.name for record in DIRECTORY.records if record.documents}
    assert responsible == written


@pytest.mark.parametrize("record", DIRECTORY.records, ids=lambda record: record.name)
def test_every_unit_and_successor_carries_mark_and_source(record: UnitRecord) -> None:
    assert record.source
    assert all(KNOWN_SOURCE.fullmatch(source) for source in record.source)
    for successor in record.successors:
        assert successor.source
        assert successor.note.endswith("。")
        assert successor.on is None or re.fullmatch(r"\d{4}(-\d\d){0,2}", successor.on)


def test_every_alias_of_a_unit_leads_to_it() -> None:
    astray = [
        (record.name, alias)
        for record in DIRECTORY.records
        for alias in (record.name, record.full_name, *record.aliases)
        if not any(record.name in mention.names and mention.written == alias for mention in DIRECTORY.mentions(alias))
    ]
    assert astray == []


def test_synonyms_are_at_least_three_hundred_groups_of_real_words() -> None:
    assert len(SYNONYMS) >= 300
    for group in SYNONYMS:
        assert set(group) <= {"words", "to"}
        assert len(group["words"]) >= (1 if "to" in group else 2)
        assert all(len(word.strip()) >= 2 for word in group["words"])
        assert len(set(group["words"])) == len(group["words"])


def test_every_document_term_has_one_group() -> None:
    terms = [group["to"] for group in SYNONYMS if "to" in group]
    assert sorted(terms) == sorted(set(terms))


def test_policy_words_are_single_words_each_once() -> None:
    assert len(POLICY_WORDS) >= 300
    assert len(set(POLICY_WORDS)) == len(POLICY_WORDS)
    assert [word for word in POLICY_WORDS if re.search(r"\s", word) or len(fold_text(word)) < 2] == []


@pytest.mark.parametrize(
    "word", ["服务外包", "上云率", "众包", "云外包", "单一窗口", "综合保税区", "技术先进型服务企业", "出口信用保险"]
)
def test_the_words_of_the_seed_are_policy_words(word: str) -> None:
    assert word in POLICY_WORDS
