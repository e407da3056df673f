"""The command line: what people and scripts see, exit codes, one sentence for every fault."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from index.__main__ import main
from tests.index.conftest import HARBOUR, ORCHARD


def run(data: Path, *arguments: str) -> int:
    return main([arguments[0], "--data", str(data), *arguments[1:]], env={})


@pytest.fixture
def base(tmp_path: Path) -> Path:
    rows = tmp_path / "rows.jsonl"
    lines = [{"id": "harbour", "text": HARBOUR}, {"id": "orchard", "text": ORCHARD, "level": "市"}]
    rows.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    assert run(tmp_path / "data", "build", "--jsonl", str(rows)) == 0
    return tmp_path / "data"


def test_searching_prints_json_hits(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(base, "search", "岸电箱", "--json", "--limit", "1") == 0
    (hit,) = json.loads(capsys.readouterr().out)
    assert hit["document_id"] == "harbour"
    assert set(hit) == {
        *("document_id", "document_title", "clause_id", "label", "task", "section", "text", "span", "score", "found_by")
    }


def test_many_questions_are_answered_line_by_line(
    base: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    asked = [{"id": "a", "question": "岸电箱"}, {"id": 2, "question": "滴灌管材补助"}]
    (tmp_path / "q.jsonl").write_text("\n".join(json.dumps(each) for each in asked), encoding="utf-8")
    assert run(base, "search", "--jsonl", str(tmp_path / "q.jsonl"), "--limit", "1") == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(each["id"], each["hits"][0]["document_id"]) for each in answers] == [("a", "harbour"), (2, "orchard")]
    assert all(each["elapsed_ms"] > 0 for each in answers)


def test_filters_are_options(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(base, "search", "设施", "--document", "orchard", "--json") == 0
    assert {hit["document_id"] for hit in json.loads(capsys.readouterr().out)} == {"orchard"}


def test_a_collection_moves_house(base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(base, "export", str(tmp_path / "all.jsonl")) == 0
    assert run(tmp_path / "new", "import", str(tmp_path / "all.jsonl")) == 0
    assert run(tmp_path / "new", "verify") == 0
    capsys.readouterr()
    assert run(tmp_path / "new", "list") == 0
    assert [line.split("\t")[0] for line in capsys.readouterr().out.splitlines()] == ["harbour", "orchard"]


def test_adding_and_removing(base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "market.txt").write_text("关于夜市的通知\n\n夜市应当按时收摊。", encoding="utf-8")
    assert run(base, "add", str(tmp_path / "market.txt")) == 0
    assert run(base, "remove", "harbour") == 0
    capsys.readouterr()
    assert run(base, "list", "--json") == 0
    listed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["title"] for each in listed][-1] == "关于夜市的通知"
    assert "harbour" not in [each["id"] for each in listed]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "nowhere.txt"), "nowhere.txt"),
        (("remove", "nothing"), "nothing"),
        (("build", "--jsonl", "nowhere.jsonl"), "nowhere.jsonl"),
        (("import", "nowhere.jsonl"), "nowhere.jsonl"),
        (("export", "/proc/nowhere/x.jsonl"), "权限"),
        (("export", "all.zip"), ".jsonl"),
        (("search", "--jsonl", "nowhere.jsonl"), "nowhere.jsonl"),
    ],
)
def test_a_fault_is_one_sentence_and_exit_code_one(
    base: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    assert run(base, *arguments) == 1
    faults = [line for line in capsys.readouterr().err.splitlines() if "份文件；用时" not in line]
    assert len(faults) == 1 and said in faults[0] and faults[0].endswith("。")


def test_without_a_knowledge_base_every_command_says_how_to_make_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in (("search", "x"), ("list",), ("verify",), ("remove", "x"), ("export", str(tmp_path / "x"))):
        assert run(tmp_path / "none", *arguments) == 1
        assert "python -m index build" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    "arguments",
    [["fly"], ["search"], ["search", " "], ["search", "x", "--limit", "0"], ["search", "x", "--level", "村"], []],
)
def test_wrong_usage_is_exit_code_two_and_one_chinese_sentence(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments, env={})
    said = capsys.readouterr().err
    assert said.startswith("用法不对") and said.endswith("。\n") and said.count("\n") == 1


@pytest.mark.parametrize("place", ["foo", "ftp://host", "http://", "http://host:port"])
def test_a_chroma_address_that_is_none_is_refused(base: Path, capsys: pytest.CaptureFixture[str], place: str) -> None:
    assert main(["list", "--data", str(base)], env={"CHROMA_URL": place}) == 1
    said = capsys.readouterr().err
    assert "CHROMA_URL" in said and place in said and said.count("\n") == 1


def test_help_comes_without_loading_the_index() -> None:
    code = "import sys, index.__main__ as m\ntry: m.main(['--help'], env={})\nexcept SystemExit: pass\nprint('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"


def test_a_reader_that_stops_listening_is_no_fault(base: Path) -> None:
    command = f"{sys.executable} -m index search --data {base} --jsonl - | head -n 1"
    asked = json.dumps({"id": 1, "question": "岸电"}) + "\n"
    done = subprocess.run(command, shell=True, input=asked * 300, capture_output=True, text=True, env=dict(os.environ))
    assert "Traceback" not in done.stderr
