"""``python -m assistant``: what people and scripts see, exit codes, one sentence for every fault."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import docx
import openpyxl
import pytest

from assistant.__main__ import main
from tests.assistant.told import RESPONSIBLE, tasks_of, units_of


def run(data: Path, *arguments: str) -> int:
    return main([arguments[0], "--data", str(data), *arguments[1:]])


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """What stands on the standard input."""
    return lambda text: monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def test_asking_prints_the_answer_for_people(seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(seeds, "ask", "出口信用保险找谁") == 0
    printed = capsys.readouterr()
    assert "、".join(units_of(9)) in printed.out and "2021年2月8日成文" in printed.out
    assert printed.err == ""


def test_asking_prints_json_for_programs(seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(seeds, "ask", "第6项由谁负责", "--json") == 0
    row = json.loads(capsys.readouterr().out)
    assert row["units"] == list(units_of(6)) and row["citations"][0]["label"] == "任务6"


def test_without_a_question_it_talks_until_an_empty_line(seeds: Path, capsys, typed) -> None:  # type: ignore[no-untyped-def]
    typed("第7项讲什么\n找谁\n\n第8项\n")
    assert run(seeds, "ask") == 0
    printed = capsys.readouterr().out
    assert printed.count("、".join(units_of(7))) >= 2 and "第8项" not in printed


def test_a_refusal_is_an_answer_and_no_fault(seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(seeds, "ask", "今天天气怎么样", "--json") == 0
    assert json.loads(capsys.readouterr().out)["refused"] is True


def test_an_empty_question_is_asked_back(seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(seeds, "ask", "") == 0
    assert capsys.readouterr().out.startswith("请输入")


def test_too_long_a_question_is_a_fault(seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(seeds, "ask", "长" * 2001) == 1
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err == "问题太长（2001字），请缩短到2000字以内再问。\n"


def test_a_batch_answers_the_last_turn_of_every_line(seeds: Path, capsys, typed) -> None:  # type: ignore[no-untyped-def]
    rows = [{"id": "a", "turns": ["第7项讲什么", "找谁"]}, {"id": 2, "turns": ["市司法局有哪些任务"]}]
    typed("\n".join(json.dumps(row) for row in rows) + "\n\n")
    assert run(seeds, "batch") == 0
    first, second = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (first["id"], first["units"]) == ("a", list(units_of(7)))
    assert (second["id"], second["units"]) == (2, ["市司法局"])


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("{broken", "第2行不是 JSON"),
        ('{"id": 1}', "第2行缺少 id 或 turns"),
        ('{"turns": ["第1项"]}', "第2行缺少 id 或 turns"),
        ('{"id": 1, "turns": []}', "第2行缺少 id 或 turns"),
        ('{"id": 1, "turns": "第1项"}', "第2行缺少 id 或 turns"),
        ('{"id": 1, "turns": [7]}', "第2行缺少 id 或 turns"),
        ("[1, 2]", "第2行缺少 id 或 turns"),
        (json.dumps({"id": 1, "turns": ["长" * 2001]}), "问题太长"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_answered(seeds: Path, capsys, typed, bad: str, said: str) -> None:  # type: ignore[no-untyped-def]
    good = json.dumps({"id": "good", "turns": ["第6项"]})
    typed(f"{good}\n{bad}\n{good}\n")
    assert run(seeds, "batch") == 1
    printed = capsys.readouterr()
    assert [json.loads(line)["id"] for line in printed.out.splitlines()] == ["good", "good"]
    assert printed.err.startswith(said) and printed.err.count("\n") == 1


@pytest.mark.parametrize("command", [("ask", "第7项"), ("batch",), ("matrix",)])
def test_without_a_knowledge_base_it_says_how_to_make_one(tmp_path: Path, capsys, command: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    assert run(tmp_path / "none", *command) == 1
    printed = capsys.readouterr()
    assert "python -m index build" in printed.err and printed.err.count("\n") == 1 and printed.out == ""
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("arguments", [[], ["fly"], ["ask", "一", "二"], ["matrix", "--wings"]])
def test_wrong_usage_is_exit_code_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert capsys.readouterr().out == ""


def test_help_loads_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "assistant", "--help"], capture_output=True, text=True, check=True
    )
    assert "向政策知识库提问" in done.stdout
    assert "numpy" not in done.stderr and "jieba" not in done.stderr


def test_the_matrix_is_printed_complete(seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(seeds, "matrix") == 0
    head, *rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert head == ["文件", "文号", "成文日期", "条款", "标题", "责任单位", "角色", "来源"]
    assert {row[3]: row[5] for row in rows if row[2] == "2021-02-08"} == {
        f"任务{number}": "、".join(units_of(number)) for number in RESPONSIBLE
    }


@pytest.mark.parametrize("called", ["市教育局", "教育局", "武汉市教育局"])
def test_one_units_duties_by_any_of_its_names(seeds: Path, capsys, called: str) -> None:  # type: ignore[no-untyped-def]
    assert run(seeds, "matrix", "--unit", called) == 0
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()[1:]]
    assert [row[3] for row in rows] == [f"任务{number}" for number in tasks_of("市教育局")]


def test_an_unknown_unit_is_one_sentence(seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(seeds, "matrix", "--unit", "市公安局") == 1
    assert capsys.readouterr().err == "分工表里没有“市公安局”，请用 python -m assistant matrix 查看全部单位名称。\n"


def _xlsx(path: Path) -> list[list[str]]:
    return [[str(cell or "") for cell in row] for row in openpyxl.load_workbook(path).active.values]


def _docx(path: Path) -> list[list[str]]:
    (grid,) = docx.Document(str(path)).tables
    return [[cell.text for cell in row.cells] for row in grid.rows]


def _csv(path: Path) -> list[list[str]]:
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")  # spreadsheets need the mark to read Chinese
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


@pytest.mark.parametrize(("ending", "opened"), [("xlsx", _xlsx), ("docx", _docx), ("csv", _csv)])
def test_the_matrix_is_written_as_a_file_that_opens(seeds: Path, tmp_path: Path, ending: str, opened) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / f"分工表.{ending}"
    assert run(seeds, "matrix", "--unit", "市财政局", "--out", str(path)) == 0
    head, *rows = opened(path)
    clause, title, units = (head.index(name) for name in ("条款", "标题", "责任单位"))
    assert clause < title < units
    assert [(row[clause], row[units]) for row in rows] == [
        (f"任务{number}", "、".join(units_of(number))) for number in tasks_of("市财政局")
    ]


@pytest.mark.parametrize(("name", "said"), [("x.pdf", "不认识的格式“pdf”"), ("none/x.csv", "写不了")])
def test_a_file_that_cannot_be_written_is_one_sentence(
    seeds: Path, tmp_path: Path, capsys, name: str, said: str
) -> None:  # type: ignore[no-untyped-def]
    assert run(seeds, "matrix", "--out", str(tmp_path / name)) == 1
    printed = capsys.readouterr()
    assert said in printed.err and printed.err.count("\n") == 1
