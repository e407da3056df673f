"""Similar questions: files in and out, likeness, what nothing answers."""

from pathlib import Path

import pytest

from index.search import Index
from index.similar import SimilarQuestion, read, write
from ingest.errors import IndexingError

QUESTIONS = [
    SimilarQuestion("harbour", ("任务1", "二"), "船靠岸怎么用电", "企业"),
    SimilarQuestion("harbour", (), "每度电多少钱", "热线", "金额标准"),
]


@pytest.mark.parametrize("name", ["q.jsonl", "q.xlsx"])
def test_what_is_written_is_read_again(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, QUESTIONS)
    assert list(read(tmp_path / name)) == QUESTIONS


@pytest.mark.parametrize(
    "line",
    [
        '{"document": "d", "labels": ["任务1"]}',
        '{"document": "d", "labels": [], "question": "q"}',
        "{",
        '{"question": "q"}',
    ],
)
def test_a_faulty_line_is_named(tmp_path: Path, line: str) -> None:
    good = '{"document": "d", "labels": ["任务1"], "question": "q"}\n'
    (tmp_path / "q.jsonl").write_text(good + line, encoding="utf-8")
    with pytest.raises(IndexingError, match="第 2 行"):
        read(tmp_path / "q.jsonl")


def test_a_stored_wording_leads_to_its_clause(index: Index) -> None:
    stored = next(
        row
        for row in index.similar_questions("服务器老坏，不想再自己买了，租云主机这事归哪个局", limit=3)
        if row.labels
    )
    hit = index.search(stored.question)[0]
    assert hit.label in stored.labels
    assert hit.found_by["similar"] == 1


def test_a_question_that_nothing_answers_is_known_as_such(index: Index) -> None:
    stored = next(
        row for row in index.similar_questions("我们去年离岸执行额三百万美元,能拿回来多少补贴") if not row.labels
    )
    assert stored.reason and stored.likeness > 0.8
