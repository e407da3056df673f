"""What a question finds, by which leg, and what filters leave."""

import json

import pytest

from index.hit import LEGS, Filters
from index.search import Index
from ingest.document import Status

WUHAN = "wuhan-2021-service-outsourcing"


@pytest.mark.parametrize(
    ("question", "label"),
    [
        ("第14点讲什么", "任务14"),
        ("任务十二", "任务12"),
        ("四(二)写了什么", "四(二)"),
        ("“剥离非核心业务”出自哪条", "任务7"),
        ("上云率 哪条", "任务1"),
        ("上雲率", "任务1"),  # traditional
        ("企业数木标", "二"),  # a homophone
        ("人才陪训谁负责", "任务11"),
        ("shangyunlv", "任务1"),  # pinyin
        ("進出口通關便利化", "任务15"),
    ],
)
def test_the_clause_comes_first(index: Index, question: str, label: str) -> None:
    hits = index.search(question, filters=Filters(documents=(WUHAN,)))
    assert hits[0].label == label


def test_a_hit_quotes_its_document(index: Index) -> None:
    for hit in index.search("服务外包人才培训"):
        document = index.document(hit.document_id)
        assert document.text[hit.span.start : hit.span.end] == hit.text
        assert document.clause(hit.clause_id) is not None
        assert 0 <= hit.score <= 1
        assert hit.found_by and set(hit.found_by) <= set(LEGS) and min(hit.found_by.values()) >= 1


def test_hits_do_not_overlap_and_fall_in_score(index: Index) -> None:
    hits = index.search("服务外包示范城市建设", limit=30)
    assert all(
        not one.span.overlaps(other.span)
        for at, one in enumerate(hits)
        for other in hits[:at]
        if one.document_id == other.document_id
    )
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.mark.parametrize(
    "filters",
    [
        Filters(documents=(WUHAN,)),
        Filters(level="市"),
        Filters(region="武汉市"),
        Filters(unit="市卫健委"),
        Filters(status=Status.UNSTATED),
    ],
)
def test_filters_narrow_before_ranking(index: Index, filters: Filters) -> None:
    hits = index.search("服务外包", filters=filters, limit=50)
    assert hits
    for hit in hits:
        document = index.document(hit.document_id)
        assert filters.documents is None or hit.document_id in filters.documents
        assert filters.level in (None, document.level)
        assert filters.region in (None, document.region)
        assert filters.status in (None, document.status)
        clause = document.clause(hit.clause_id)
        assert filters.unit is None or (clause and filters.unit in [unit.name for unit in document.units_of(clause)])


def test_a_filter_that_nothing_fits_finds_nothing(index: Index) -> None:
    assert index.search("服务外包", filters=Filters(documents=("nowhere",))) == []


@pytest.mark.parametrize("question", ["", "   ", "？！", '" OR 1=1 --', "%_'", "a" * 5000, "\x00", "🙂"])
def test_any_text_may_be_asked(index: Index, question: str) -> None:
    assert isinstance(index.search(question), list)


def test_the_same_question_has_the_same_answer(index: Index) -> None:
    assert index.search("供应链金融", limit=20) == index.search("供应链金融", limit=20)


def test_explaining_names_features_and_times(index: Index) -> None:
    explained = index.explain("第7条 供应链", filters=Filters(documents=(WUHAN,)))
    assert explained.hits[0].label == "任务7"
    assert explained.features[0]["label"] == 1.0
    assert explained.filtered > 0
    assert {"terms", "words", "structure", "similar", "vectors", "fuse", "hits"} <= set(explained.timings)


def test_metadata_is_listed_without_texts(index: Index) -> None:
    listed = {document.id: document for document in index.documents()}
    assert listed[WUHAN].issued_on == "2021-02-08"
    assert listed[WUHAN].text == ""


def test_the_directory_knows_the_units_of_the_documents(index: Index) -> None:
    assert index.directory.record("市卫健委") is not None


def test_llama_index_may_retrieve(index: Index) -> None:
    nodes = index.as_retriever(limit=3).retrieve("供应链金融")
    assert [node.node.text for node in nodes] == [hit.text for hit in index.search("供应链金融", limit=3)]
    json.dumps(nodes[0].node.metadata)
