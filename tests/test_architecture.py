"""The shape of the code: arrows point one way, a foreign library lives in one module, files and functions stay small."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAYERS = {"ingest": 0, "index": 1, "assistant": 2, "ui": 3}
STEPS = {"asked": 0, "found": 1, "said": 2, "model": 3}
"""From a question to its answer, inside ``assistant``."""
HOMES = {
    "gradio": {"ui.py", "assistant/screens/*.py"},
    "chromadb": {"index/store.py"},
    "sentence_transformers": {"index/embed.py", "index/rerank.py", "index/train*.py"},
    "psycopg": {"index/postgres.py"},
    "jieba": {"index/segment.py"},
    "openai": {"assistant/model/llm.py"},
    "llama_index": {"index/chunk.py", "index/retriever.py", "assistant/model/llm.py"},
    "opencc": {"ingest/fold.py"},
    "mcp": {"assistant/api/tools.py"},
    "prometheus_client": {"assistant/api/metrics.py"},
    "limits": {"assistant/api/limits.py"},
}
HEAVY = {
    "torch",
    "sentence_transformers",
    "chromadb",
    "psycopg",
    "gradio",
    "llama_index",
    "jieba",
    "pandas",
    "numpy",
    "openpyxl",
    "openai",
}


def sources() -> list[Path]:
    folders = [path for name in ("ingest", "index", "assistant") for path in sorted((ROOT / name).rglob("*.py"))]
    return [*folders, *(path for path in (ROOT / "ui.py",) if path.exists())]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_imports_point_down_only(path: Path) -> None:
    own = LAYERS[name_of(path).removesuffix(".py").split("/")[0]]
    above = [name for name in imports(path) if LAYERS.get(name.split(".")[0], -1) > own]
    assert not above


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_an_answer_is_made_in_one_direction(path: Path) -> None:
    folders = name_of(path).split("/")
    if len(folders) < 3 or folders[1] not in STEPS:
        return
    above = [name for name in imports(path) if STEPS.get(".".join(name.split(".")[1:2]), -1) > STEPS[folders[1]]]
    assert not above


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_a_foreign_library_lives_in_one_module(path: Path) -> None:
    strays = [
        name
        for name in imports(path)
        if (homes := HOMES.get(name.split(".")[0])) and not any(path.match(home) for home in homes)
    ]
    assert not strays


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_a_file_stays_readable(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_a_function_stays_readable(path: Path) -> None:
    long = [
        node.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or 0) - node.lineno >= 60
    ]
    assert not long


@pytest.mark.parametrize("module", ["ingest.__main__", "index.__main__", "assistant.__main__", "assistant.api", "ui"])
def test_importing_loads_nothing_heavy(module: str) -> None:
    code = f"import sys, {module}; print(*sorted({HEAVY!r} & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert loaded.stdout.split() == []
