"""A process killed at any moment leaves the collection as it was before its change, or as it is after."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.library import Library
from index.search import Index
from index.verify import verify
from tests.index.conftest import HARBOUR, ORCHARD


def rows(path: Path, count: int, text: str) -> Path:
    lines = (json.dumps({"id": f"d{at}", "text": f"{text}\n第{at}号。"}) for at in range(count))
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def hashes(data: Path) -> dict[str, str]:
    library = Library.open(data)
    found = {each.id: each.hash for each in library.documents()}
    library.close()
    return found


def run(data: Path, *arguments: str, kill_after: float | None = None) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "index", arguments[0], "--data", str(data), *arguments[1:]], stderr=subprocess.DEVNULL
    )
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child.pid, signal.SIGKILL)
    child.wait(60)


@pytest.mark.parametrize(("command", "seed"), [("build", 1), ("add", 2), ("remove", 3)])
def test_a_killed_command_leaves_the_state_before_or_after(tmp_path: Path, command: str, seed: int) -> None:
    data, market = tmp_path / "data", tmp_path / "market.txt"
    old, new = rows(tmp_path / "old.jsonl", 40, HARBOUR), rows(tmp_path / "new.jsonl", 60, ORCHARD)
    market.write_text("关于夜市的通知\n\n夜市应当按时收摊。", encoding="utf-8")
    arguments = {"build": ("--jsonl", str(new)), "add": (str(market),), "remove": tuple(f"d{at}" for at in range(20))}
    count = {"build": 60, "add": 41, "remove": 20}[command]
    run(data, "build", "--jsonl", str(old))
    before = hashes(data)
    run(data, command, *arguments[command], kill_after=random.Random(seed).uniform(0.3, 1.5))
    now = hashes(data)
    assert now == before or len(now) == count
    assert all(finding.sound for finding in verify(data))
    with Index.open(data) as index:
        assert index.search("岸电滴灌夜市")
    if now == before:
        run(data, command, *arguments[command])
    assert len(hashes(data)) == count
