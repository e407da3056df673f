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


@pytest.mark.parametrize("seed", range(2))
def test_a_killed_build_leaves_before_or_after(tmp_path: Path, seed: int) -> None:
    data, moments = tmp_path / "data", random.Random(seed)
    old, new = rows(tmp_path / "old.jsonl", 40, HARBOUR), rows(tmp_path / "new.jsonl", 60, ORCHARD)
    run(data, "build", "--jsonl", str(old))
    before = hashes(data)
    run(data, "build", "--jsonl", str(new), kill_after=moments.uniform(0.4, 1.6))
    now = hashes(data)
    assert now == before or (len(now) == 60 and not set(now.items()) & set(before.items()))
    assert all(finding.sound for finding in verify(data))
    with Index.open(data) as index:
        assert index.search("岸电" if now == before else "滴灌")
    run(data, "build", "--jsonl", str(new))
    assert len(hashes(data)) == 60
