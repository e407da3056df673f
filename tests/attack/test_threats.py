"""The threat model names tests that there are."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "threats.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))
ROWS = [line for line in PAGE.splitlines() if line.count("|") == 5 and not line.startswith(("| 威胁", "|---"))]


@pytest.mark.parametrize(("file", "test"), NAMED, ids=lambda each: each.rpartition("/")[2])
def test_a_named_test_exists(file: str, test: str) -> None:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert test in {each.name for each in tree.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_threat_has_a_test() -> None:
    assert len(ROWS) >= 30
    assert [row for row in ROWS if "::" not in row] == []


def test_the_readme_leads_here() -> None:
    assert "docs/threats.md" in (ROOT / "README.md").read_text(encoding="utf-8")
