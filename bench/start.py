"""Seconds until the command line says something: ``--help``, and a first answer in a new process.

python -m bench.start --data data [--runs 5]
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from statistics import median

QUESTION = "出口信用保险找谁"


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="data", help="a built knowledge base")
    parser.add_argument("--runs", type=int, default=5, help="times that each command is started")
    options = parser.parse_args(argv)
    for name, command in (("--help", ["--help"]), ("first ask", ["ask", "--data", options.data, QUESTION])):
        seconds = [_seconds(command) for _ in range(options.runs)]
        print(f"{name:<10} median {median(seconds):6.2f} s   worst {max(seconds):6.2f} s   of {options.runs} runs")
    return 0


def _seconds(arguments: Sequence[str]) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "assistant", *arguments], capture_output=True, check=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
