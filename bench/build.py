"""How long a build takes beside what jieba alone takes to cut the same text, in one run.

``python bench/build.py DOCUMENTS.jsonl … [--rounds N]``. Both start as processes of their own with nothing made before, jieba's
dictionary included, and take turns. The build is the command that a user runs, from reading to a filled Chroma. Printed are the
processor's and the wall's seconds, the least of all rounds, and the ratio: the middle one of the rounds', for whatever slows the
machine for a while falls on both of a round.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

PROJECT = Path(__file__).resolve().parent.parent

CUTTING = """
import json, sys, tempfile, time
import jieba
jieba.setLogLevel(60)
jieba.dt.tmp_dir = tempfile.mkdtemp()
jieba.initialize()
texts = [json.loads(line)["text"] for path in sys.argv[1:] for line in open(path, encoding="utf-8") if line.strip()]
wall, busy = time.perf_counter(), time.process_time()
for text in texts:
    jieba.lcut(text)
print(time.perf_counter() - wall, time.process_time() - busy, sum(map(len, texts)))
"""

Seconds = tuple[float, float]
"""By the wall, and of the processor."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    sources = [str(path.resolve()) for path in options.documents]
    took: dict[str, list[Seconds]] = {}
    characters = 0
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory() as data:
            command = ["-m", "index", "build", "--data", data, "--jsonl", *sources]
            took.setdefault("build, whole command", []).append(_run(command)[0])
        whole, printed = _run(["-c", CUTTING, *sources])
        wall, busy, characters = (float(each) for each in printed.split())
        took.setdefault("jieba alone, whole process", []).append(whole)
        took.setdefault("jieba alone, cutting only", []).append((wall, busy))
    print(f"{characters:,.0f} characters, least of {options.rounds} rounds, load {os.getloadavg()[0]:.1f}")
    build = took["build, whole command"]
    for name, times in took.items():
        wall, busy = (min(each) for each in zip(*times, strict=True))
        ratios = [median(b[at] / each[at] for b, each in zip(build, times, strict=True)) for at in (0, 1)]
        told = "" if times is build else f"; the build takes {ratios[1]:.2f} times that (wall {ratios[0]:.2f})"
        print(f"{name:27s} processor {busy:5.2f} s, wall {wall:5.2f} s{told}")
    return 0


def _run(arguments: Sequence[str]) -> tuple[Seconds, str]:
    """What a Python process with its children took, and what it printed."""
    wall, before = time.perf_counter(), os.times()
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, cwd=PROJECT, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    after = os.times()
    busy = after.children_user + after.children_system - before.children_user - before.children_system
    return (time.perf_counter() - wall, busy), done.stdout


if __name__ == "__main__":
    sys.exit(main())
