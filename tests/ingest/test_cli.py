"""``python -m ingest parse`` as others call it."""

import json
import subprocess
import sys
from pathlib import Path

from ingest.exchange import from_json

ROOT = Path(__file__).parents[2]
SEED = ROOT / "seeds" / "wuhan-2021-service-outsourcing.txt"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ingest", *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=ROOT, check=False)


def test_json_is_one_document_a_line_in_the_order_of_the_files(tmp_path: Path) -> None:
    other = tmp_path / "b.txt"
    other.write_text("关于种茶的通知\n", encoding="utf-8")
    done = run("parse", str(SEED), str(other), "--json")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (0, "")
    assert [Path(row["source"]["path"]).name for row in rows] == [SEED.name, "b.txt"]
    assert [len(from_json(row).tasks()) for row in rows] == [15, 0]
    assert {"id", "title", "title_derived", "number", "issuer", "issued_on", "level", "region", "status"} <= rows[
        0
    ].keys()
    assert all(SEED.read_text(encoding="utf-8") == row["text"] for row in rows[:1])


def test_for_people_it_prints_outline_units_repairs_and_audit() -> None:
    done = run("parse", str(SEED))
    assert done.returncode == 0
    for expected in (
        "    任务7  支持业务运营服务外包  〔人行武汉分行营管部、湖北银保监局、",
        "确定  补日期中的年月日：【202128 → 2021年2月8日】",
        "审计：15项任务，15项写明责任单位，0段未归入条款",
    ):
        assert expected in done.stdout


def test_one_bad_file_does_not_lose_the_others(tmp_path: Path) -> None:
    empty = tmp_path / "空.txt"
    empty.touch()
    done = run("parse", "--json", str(tmp_path / "没有.txt"), str(SEED), str(empty))
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 1
    first, second = done.stderr.splitlines()
    assert "没有.txt" in first and first.endswith("。")
    assert "空.txt" in second and second.endswith("。")


def test_wrong_usage_exits_with_2_and_one_chinese_sentence() -> None:
    for arguments in ((), ("parse",), ("lies",), ("parse", "--nein", str(SEED))):
        done = run(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.count("\n") == 1 and "--help" in done.stderr and done.stderr.endswith("。\n")


def test_help_is_chinese() -> None:
    done = run("parse", "--help")
    assert done.returncode == 0 and "用法：" in done.stdout and "--json" in done.stdout


def test_nothing_heavy_is_loaded() -> None:
    code = (
        "import sys; from ingest.__main__ import main; main(['parse', '--json', sys.argv[1]]);"
        "print([m for m in ('jieba', 'opencc', 'llama_index', 'torch', 'chromadb', 'httpx', 'docx', 'openpyxl') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(SEED)], capture_output=True, text=True, encoding="utf-8", cwd=ROOT, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
