"""Does the right passage come first? Per leg and fused, on documents and questions given on the command line.

``python bench/retrieval.py DOCUMENTS.jsonl QUESTIONS.jsonl [--distractors MORE.jsonl] [--data DIR]``. DOCUMENTS: {"id", "text"} a line;
QUESTIONS: {"id", "question", "document", "answer"} a line. A passage is right when it holds the first 40 characters of the answer within
its own first 600. Both halves of the questions are shown, so that tuning on one can be checked on the other.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from index.curate import Curator
from index.hit import LEGS, Hit
from index.search import Index

Rank = Callable[[Mapping[str, Any]], Sequence[Hit]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--distractors", type=Path)
    parser.add_argument("--data", type=Path, help="keep what is built here")
    options = parser.parse_args()
    questions = [json.loads(line) for line in options.questions.open(encoding="utf-8") if line.strip()]
    with tempfile.TemporaryDirectory() as temporary:
        data = options.data or Path(temporary)
        began = time.perf_counter()
        Curator(data).build(rows=[path for path in (options.documents, options.distractors) if path])
        print(f"built in {time.perf_counter() - began:.1f} s")
        with Index.open(data) as index:
            for leg in ("words", "vectors"):
                _report(leg, questions, lambda question, leg=leg: _by_leg(index, question["question"], leg))
            _report("fused", questions, lambda question: index.search(question["question"]))
    return 0


def _by_leg(index: Index, question: str, leg: str) -> list[Hit]:
    """The ten best candidates of one leg alone, as the passages that they would be shown as."""
    found = index.candidates(question)
    values = np.sum([found.features[name] for name in LEGS[leg]], axis=0)
    return index.shown(found.only(np.argsort(-values, kind="stable")[:10]))


def _report(name: str, questions: Sequence[Mapping[str, Any]], rank: Rank) -> None:
    passages, documents, took = [], [], []
    for question in questions:
        began = time.perf_counter()
        hits = rank(question)
        took.append((time.perf_counter() - began) * 1000)
        answer = _squeezed(question["answer"])[:40]
        passages.append(next((at for at, hit in enumerate(hits, 1) if answer in _squeezed(hit.text)[:600]), 0))
        order = list(dict.fromkeys(hit.document_id for hit in hits))
        documents.append(order.index(question["document"]) + 1 if question["document"] in order else 0)
    halves = " ".join(f"{_recall(passages[half::2], 1):.3f}" for half in (0, 1))
    took.sort()
    print(
        f"{name:8s} passage R@1 {_recall(passages, 1):.3f} (halves {halves}) R@10 {_recall(passages, 10):.3f} | "
        f"document R@1 {_recall(documents, 1):.3f} R@10 {_recall(documents, 10):.3f} | "
        f"p50 {took[len(took) // 2]:.1f} ms p95 {took[int(len(took) * 0.95)]:.1f} ms"
    )


def _recall(ranks: Sequence[int], within: int) -> float:
    return sum(0 < rank <= within for rank in ranks) / len(ranks)


def _squeezed(text: str) -> str:
    return "".join(text.split())


if __name__ == "__main__":
    sys.exit(main())
