"""Score an exam kind by kind, in one warm process.

python -m bench.questions bench/questions/*.jsonl [--data DIR] [--document ID]… [--report FILE.html] [--show N] [--floor 0.95]

A line of an exam is one question with its gold (see scoring.py). The report is one self-contained page with every miss:
what was asked, what was expected, what came, the evidence with its text, and where each way of searching ranked it.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.answer import to_json
from assistant.ask import Assistant
from bench import measured, report
from bench.measured import NO_ANSWER, Asked
from bench.scoring import faults
from ingest.errors import KnowledgeBaseError


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("exams", nargs="+", type=Path, help=".jsonl files of questions with gold")
    add_options(parser)
    options = parser.parse_args(argv)
    try:
        assistant = measured.warmed(measured.opened(options.data, options.document, os.environ))
        asked = [each for exam in options.exams for each in score(assistant, read(exam), name=exam.stem)]
    except (KnowledgeBaseError, OSError, ValueError, KeyError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return tell(assistant, asked, options, "、".join(exam.stem for exam in options.exams))


def add_options(parser: argparse.ArgumentParser) -> None:
    """What every command that scores has."""
    parser.add_argument(
        "--data", type=Path, default=Path(os.environ.get("POLICY_DATA") or "data"), help="knowledge base"
    )
    parser.add_argument(
        "--document", action="append", default=[], help="answer from this document only; may be repeated"
    )
    parser.add_argument("--report", type=Path, help="write the misses to this HTML file")
    parser.add_argument("--show", type=int, default=0, help="print this many misses")
    parser.add_argument("--floor", type=float, default=0.0, help="exit 1 below this share of right answers")


def read(exam: Path) -> list[Mapping[str, Any]]:
    return [json.loads(line) for line in exam.read_text(encoding="utf-8").splitlines() if line.strip()]


def score(assistant: Assistant, golds: Iterable[Mapping[str, Any]], *, name: str) -> list[Asked]:
    """Every question of an exam answered and judged."""
    home = assistant.scope().home

    def units_of(task: int) -> list[str]:
        clauses = [clause for clause in home.clauses if clause.task == task] if home else []
        return [unit.name for clause in clauses for unit in home.units_of(clause)] if home else []

    asked = []
    for gold in golds:
        timed = measured.timed(assistant, gold["turns"])
        wrong = ["no answer"] if timed.answer.kind == NO_ANSWER else faults(gold, to_json(timed.answer), units_of)
        asked.append(
            Asked(
                id=f"{name}:{gold['id']}",
                kind=gold["kind"],
                turns=tuple(gold["turns"]),
                expected=expectation(gold),
                answer=timed.answer,
                faults=tuple(wrong),
                milliseconds=timed.milliseconds,
                cpu_milliseconds=timed.cpu_milliseconds,
                should_refuse=gold["refuse"],
            )
        )
    return asked


_SHOWN = {
    "tasks": "任务",
    "sections": "章节",
    "units": "责任单位",
    "must": "必须写到",
    "must_any": "至少写到其一",
    "must_not": "不得出现",
    "also_ok_tasks": "也可引用任务",
    "also_ok_sections": "也可引用章节",
    "note": "备注",
}


def expectation(gold: Mapping[str, Any]) -> tuple[str, ...]:
    """The gold in words."""
    first = ("应当拒答",) if gold["refuse"] else ("应当纠正说法",) if gold["deny"] else ()
    return first + tuple(f"{name}：{_listed(gold[key])}" for key, name in _SHOWN.items() if gold.get(key))


def _listed(value: Any) -> str:
    return "、".join(map(_listed, value)) if isinstance(value, list) else str(value)


def tell(assistant: Assistant, asked: Sequence[Asked], options: argparse.Namespace, title: str) -> int:
    """Table, misses, report; 1 when the share of right answers is below the floor."""
    measured.print_misses(asked, options.show)
    print(measured.table(asked))
    if options.report:
        options.report.write_text(report.page(assistant, asked, title), encoding="utf-8")
        print(f"report: {options.report}", file=sys.stderr)
    share = sum(not each.faults for each in asked) / max(1, len(asked))
    return 0 if share >= options.floor else 1


if __name__ == "__main__":
    sys.exit(main())
