"""Does the right passage come first? We, we without each leg, and what others would build, in one table of one run.

``python bench/retrieval.py DOCUMENTS.jsonl QUESTIONS.jsonl [--distractors MORE.jsonl] [--data DIR] [--only NAME …]``.
DOCUMENTS: {"id", "text"} a line; QUESTIONS: {"id", "question", "document", "answer"} a line. A passage is right when it holds
the first 40 characters of the answer within its own first 600. Both halves of the questions are shown, so that tuning on one
can be checked on the other. Every system runs in a process of its own, one after the other, so that its memory is its own.

A leg is left out by taking its weights out of the fusion, for the choice of candidates too; the other weights are not learnt
again. The leg of similar questions finds nothing here, because such documents come without any (see ``bench/similar.py``).
The peers stand in ``bench/peers.py``.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.peers import PEERS, Ask, Passage

OURS = "ours"
VARIANTS: Mapping[str, frozenset[str]] = {
    "ours without words": frozenset({"words", "pairs", "run"}),
    "ours without vectors": frozenset({"vectors"}),
    "ours without structure": frozenset({"label", "phrase", "number", "unit"}),
}
"""Name → the features left out; document_words and title_pairs_cover are words and pairs too."""

COLUMNS = ("system", "passage R@1", "(halves)", "R@10", "MRR@10", "document R@1", "build s", "p50 ms", "p95 ms")
COSTS = ("disk MB", "peak MB")
_WIDTH = 28


@dataclass(frozen=True)
class Result:
    """What one system did: the rank of the right passage and of the right document for each question (0: not found), and costs.

    A variant of ours uses what ours built, so it has no build of its own.
    """

    passages: tuple[int, ...]
    documents: tuple[int, ...]
    milliseconds: tuple[float, ...]
    build_seconds: float | None
    disk_mb: float | None
    peak_mb: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--distractors", type=Path, help="documents that no question asks for")
    parser.add_argument("--data", type=Path, help="keep our knowledge base here; one that stands is brought up to date")
    parser.add_argument("--only", nargs="+", choices=[OURS, *VARIANTS, *PEERS], help="these systems alone")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(asdict(_measured(options.child, options))))
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        data = options.data or Path(temporary) / "ours"
        chosen = [name for name in (OURS, *VARIANTS, *PEERS) if name in (options.only or (OURS, *VARIANTS, *PEERS))]
        print("| " + " | ".join((COLUMNS[0].ljust(_WIDTH), *COLUMNS[1:], *COSTS)) + " |")
        print("|---" * (len(COLUMNS) + len(COSTS)) + "|", flush=True)
        for name in dict.fromkeys([OURS, *chosen] if set(chosen) & set(VARIANTS) else chosen):
            if name in PEERS and (missing := PEERS[name].missing):
                print(f"| {name:{_WIDTH}} | not measured, not installed: {', '.join(missing)} |", flush=True)
            else:
                print(_line(name, _in_child(name, data)), flush=True)
    return 0


def _in_child(name: str, data: Path) -> Result:
    command = [sys.executable, str(Path(__file__).resolve()), *sys.argv[1:], "--data", str(data), "--child", name]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    if run.returncode:
        raise SystemExit(f"{name}: {run.stderr}")
    return Result(**json.loads(run.stdout.splitlines()[-1]))


def _measured(name: str, options: argparse.Namespace) -> Result:
    sources = [path for path in (options.documents, options.distractors) if path]
    questions = _rows(options.questions)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.data if name not in PEERS else Path(temporary)
        began = time.perf_counter()
        if name == OURS:
            _build_ours(sources, folder)
            ask: Ask = _open_ours(folder)
        elif name in VARIANTS:
            with weights_without(VARIANTS[name]):
                ask = _open_ours(folder)
        else:
            ask = PEERS[name].build([row for path in sources for row in _rows(path)], folder)
        built = None if name in VARIANTS else time.perf_counter() - began
        answers, took = _asked(ask, questions)
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
    return Result(
        passages=tuple(_rank_of_passage(found, row["answer"]) for found, row in zip(answers, questions, strict=True)),
        documents=tuple(
            _rank_of_document(found, row["document"]) for found, row in zip(answers, questions, strict=True)
        ),
        milliseconds=tuple(took),
        build_seconds=built,
        disk_mb=None if built is None else size,
        peak_mb=peak,
    )


def _asked(ask: Ask, questions: Sequence[Mapping[str, Any]]) -> tuple[list[Sequence[Passage]], list[float]]:
    answers, took = [], []
    for row in questions:
        began = time.perf_counter()
        answers.append(ask(row["question"]))
        took.append((time.perf_counter() - began) * 1000)
    return answers, took


def _build_ours(sources: Sequence[Path], folder: Path) -> None:
    """The command that a user runs; what it says goes to stderr."""
    from index.__main__ import main as index

    if code := index(["build", "--data", str(folder), "--jsonl", *map(str, sources)], {}):
        raise SystemExit(code)


def _open_ours(folder: Path) -> Ask:
    from index.search import Index

    index = Index.open(folder)
    index.search("准备")  # what is read at the first question is part of opening
    return lambda question: [(hit.document_id, hit.text) for hit in index.search(question)]


@contextmanager
def weights_without(left_out: frozenset[str]) -> Iterator[None]:
    """The fusion without these features' weights, for as long as the index opens; it reads them once."""
    from index import fuse

    stored = json.loads(fuse.WEIGHTS.read_text(encoding="utf-8"))
    kept = {name: value for name, value in stored["weights"].items() if left_out.isdisjoint(name.split("_"))}
    whole = fuse.WEIGHTS
    with tempfile.TemporaryDirectory() as temporary:
        fuse.WEIGHTS = Path(temporary) / whole.name
        fuse.WEIGHTS.write_text(json.dumps({"weights": kept}), encoding="utf-8")
        yield
        fuse.WEIGHTS = whole


def _rank_of_passage(found: Sequence[Passage], answer: str) -> int:
    wanted = _squeezed(answer)[:40]
    return next((at for at, (_, text) in enumerate(found, 1) if wanted in _squeezed(text)[:600]), 0)


def _rank_of_document(found: Sequence[Passage], wanted: str) -> int:
    order = list(dict.fromkeys(name for name, _ in found))
    return order.index(wanted) + 1 if wanted in order else 0


def _line(name: str, result: Result) -> str:
    took, ranks = sorted(result.milliseconds), result.passages
    reciprocal = sum(1 / rank for rank in ranks if 0 < rank <= 10) / len(ranks)
    cells = [
        f"{name:{_WIDTH}}",
        f"{_recall(ranks, 1):.3f}",
        "/".join(f"{_recall(ranks[half::2], 1):.3f}" for half in (0, 1)),
        f"{_recall(ranks, 10):.3f}",
        f"{reciprocal:.3f}",
        f"{_recall(result.documents, 1):.3f}",
        "–" if result.build_seconds is None else f"{result.build_seconds:.1f}",
        f"{took[len(took) // 2]:.1f}",
        f"{took[int(len(took) * 0.95)]:.1f}",
        "–" if result.disk_mb is None else f"{result.disk_mb:.1f}",
        f"{result.peak_mb:.0f}",
    ]
    return "| " + " | ".join(cells) + " |"


def _recall(ranks: Sequence[int], within: int) -> float:
    return sum(0 < rank <= within for rank in ranks) / len(ranks)


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


if __name__ == "__main__":
    sys.exit(main())
