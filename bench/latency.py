"""How long whole answers take in a warm process, and a thousand questions through the command line.

python -m bench.latency bench/questions/*.jsonl [--data DIR] [--count 1000] [--p50 20] [--p95 60] [--batch-seconds 30]

The questions are those of the exams, again and again with small variations, so that nothing is answered from memory. Processor
time counts besides the clock: a busy machine makes the clock run, not the processor. Exit 1 when a bound is not met.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import count, islice
from pathlib import Path

from bench import measured
from bench.questions import read
from ingest.errors import KnowledgeBaseError

_FORMS = (
    "{}",
    "请问{}",
    "{}谢谢",
    "麻烦问下，{}",
    "你好，{}",
    "{}急",
    "想问一下{}",
    "{}？？",
    "那个，{}",
    "{}，请说明",
)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("exams", nargs="+", type=Path, help=".jsonl files with questions")
    parser.add_argument(
        "--data", type=Path, default=Path(os.environ.get("POLICY_DATA") or "data"), help="knowledge base"
    )
    parser.add_argument("--count", type=int, default=1000, help="questions asked")
    parser.add_argument("--p50", type=float, default=20.0, help="bound in milliseconds")
    parser.add_argument("--p95", type=float, default=60.0, help="bound in milliseconds")
    parser.add_argument("--batch-seconds", type=float, default=30.0, help="bound for the whole batch, start included")
    options = parser.parse_args(argv)
    try:
        asked = list(islice(varied([row["turns"] for exam in options.exams for row in read(exam)]), options.count))
        assistant = measured.warmed(measured.opened(options.data, (), os.environ))
    except (KnowledgeBaseError, OSError, ValueError, KeyError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    timed = [measured.timed(assistant, turns) for turns in asked]
    print(measured.times(timed), f"of {len(timed)} questions, load {os.getloadavg()[0]:.1f}")
    clock, processor = batch(asked, options.data)
    print(f"batch of {len(asked)}: {clock:.1f} s, processor {processor:.1f} s")
    spent = [each.cpu_milliseconds for each in timed]
    within = (
        measured.percentile(spent, 0.5) <= options.p50,
        measured.percentile(spent, 0.95) <= options.p95,
        processor <= options.batch_seconds,
    )
    return 0 if all(within) else 1


def varied(questions: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    """Every question in turn, worded a little differently each time round."""
    for round_ in count():
        for turns in questions:
            yield [*turns[:-1], _FORMS[round_ % len(_FORMS)].format(turns[-1]) + "。" * (round_ // len(_FORMS))]


def batch(asked: Sequence[Sequence[str]], data: Path) -> tuple[float, float]:
    """Seconds by the clock and by the processor for ``python -m assistant batch`` in a process of its own."""
    rows = "".join(
        json.dumps({"id": str(at), "turns": turns}, ensure_ascii=False) + "\n" for at, turns in enumerate(asked)
    )
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-m", "assistant", "batch", "--data", str(data)]
    told = subprocess.run(command, input=rows, capture_output=True, text=True, encoding="utf-8", check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if told.stdout.count("\n") < len(asked):
        print(f"only {told.stdout.count(chr(10))} answers: {told.stderr[-300:]}", file=sys.stderr)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - began, spent


if __name__ == "__main__":
    sys.exit(main())
