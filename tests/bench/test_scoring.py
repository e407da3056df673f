"""The exam's own arithmetic: what counts as right, what is told of a miss, and that the report needs nothing from outside."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench import generated, questions
from bench.scoring import faults
from index.__main__ import main as index
from tests.assistant.told import ORCHARD, built

GOLD: dict[str, Any] = {
    "id": "1", "kind": "measure_to_unit", "turns": ["?"], "tasks": [3], "sections": [], "units": ["市商务局", "市财政局"],
    "must": ["冷库"], "must_any": [["80元", "八十元"]], "must_not": ["市教育局"], "refuse": False, "deny": False,
    "also_ok_tasks": [4], "also_ok_sections": [], "note": "",
}  # fmt: skip
RIGHT: dict[str, Any] = {
    "answer": "不是。第3项 冷库 每立方米80元：市商务局、市财政局", "refused": False,
    "units": ["市商务局", "市财政局"], "citations": [{"task": 3, "section": "二"}],
}  # fmt: skip


def judged(gold: dict[str, Any], answer: dict[str, Any]) -> list[str]:
    return faults(GOLD | gold, RIGHT | answer, lambda task: ["市人社局"] if task == 4 else [])


@pytest.mark.parametrize(
    ("gold", "answer", "found"),
    [
        ({}, {}, []),
        ({}, {"refused": True}, ["refused, should answer"]),
        ({"refuse": True}, {}, ["answered, should refuse"]),
        ({"refuse": True, "must_not": ["冷库"]}, {"refused": True}, ["says what it must not"]),
        ({"refuse": True, "must_not": []}, {"refused": True}, []),
        ({"tasks": [3, 5]}, {}, ["task not cited"]),
        ({}, {"citations": [{"task": 3}, {"task": 4}]}, []),
        ({}, {"citations": [{"task": 3}, {"task": 9}]}, ["wrong task cited"]),
        ({"tasks": [], "sections": ["二(三)"]}, {"citations": [{"task": None, "section": "二（三）"}]}, []),
        (
            {"tasks": [], "sections": ["二(三)"]},
            {"citations": [{"task": None, "section": "五"}]},
            ["section not cited", "wrong section cited"],
        ),
        ({}, {"units": ["市商务局"]}, ["unit missing"]),
        ({}, {"units": ["市商务局", "市财政局", "市人社局"]}, []),
        ({}, {"units": ["市商务局", "市财政局", "市水务局"]}, ["unit too many"]),
        ({"kind": "unit_to_tasks"}, {"units": ["市商务局", "市财政局", "市水务局"]}, []),
        ({"must": ["冰窖"]}, {}, ["fact missing"]),
        ({"must_any": [["90元"]]}, {}, ["fact missing"]),
        ({"must_not": ["每立方米 80元"]}, {}, ["says what it must not"]),
        ({"deny": True}, {}, []),
        ({"deny": True}, {"answer": "冷库80元：市商务局、市财政局"}, ["premise not corrected"]),
    ],
)
def test_every_fault_is_told(gold: dict[str, Any], answer: dict[str, Any], found: list[str]) -> None:
    assert judged(gold, answer) == found


@pytest.fixture(scope="module")
def orchard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield built(tmp_path_factory.mktemp("orchard"), {"orchard": ORCHARD})


def exam(folder: Path, *rows: dict[str, Any]) -> Path:
    path = folder / "exam.jsonl"
    path.write_text("\n".join(json.dumps(GOLD | row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def test_an_exam_is_scored_by_kind_and_its_misses_are_reported(
    orchard: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = {"tasks": [], "must": [], "must_any": [], "must_not": [], "also_ok_tasks": []}
    right = plain | {"turns": ["二(四)由谁负责"], "sections": ["二(四)"], "units": ["市人社局", "市农业农村局"]}
    wrong = plain | {"turns": ["二(四)由谁负责"], "sections": ["二(一)"], "units": ["<市水务局>"], "kind": "noisy"}
    report = tmp_path / "report.html"
    paper = exam(tmp_path, right, wrong)
    code = questions.main([str(paper), "--data", str(orchard), "--report", str(report), "--floor", "0.6"])
    told = capsys.readouterr().out
    assert code == 1
    assert re.search(r"measure_to_unit\s+1/1\s+1\.000", told)
    assert re.search(r"noisy\s+0/1\s+0\.000", told)
    assert re.search(r"p50 [\d.]+ ms .*p95 [\d.]+ ms", told)
    page = report.read_text(encoding="utf-8")
    assert page.count("<article>") == 1
    assert "&lt;市水务局&gt;" in page and "没有引用应引的章节" in page and "开设嫁接、修枝和直播培训班" in page
    assert "prefers-color-scheme:dark" in page
    assert not re.search(r"(?:src|href)=|url\(|@import|https?://|<script", page)


def test_an_unknown_document_is_one_sentence(orchard: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert questions.main([str(exam(tmp_path, GOLD)), "--data", str(orchard), "--document", "none"]) == 1
    assert "没有文件“none”" in capsys.readouterr().err


def test_questions_are_generated_from_any_document_and_all_answered(
    orchard: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        generated.main(["--data", str(orchard), "--count", "30", "--seed", "1", "--floor", "1", "--show", "9"]) == 0
    ), capsys.readouterr().out


def test_the_same_seed_asks_the_same(orchard: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    for _ in range(2):
        generated.main(["--data", str(orchard), "--count", "12", "--seed", "4"])
        told.append(re.sub(r"warm answer.*", "", capsys.readouterr().out))
    assert told[0] == told[1]


def test_generated_questions_on_the_seeds_are_all_answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert index(["build", "--data", str(tmp_path)], env={}) == 0
    code = generated.main(["--data", str(tmp_path), "--count", "40", "--seed", "2", "--floor", "1", "--show", "9"])
    assert code == 0, capsys.readouterr().out
