"""Learn the fusion weights from questions with known answers, and say how they do on questions that they have not seen.

``python -m index.train_fusion --on DIR QUESTIONS.jsonl [--on …]``: DIR holds the documents, a line of QUESTIONS is
``{"question", "document", "answer"}`` or, as in files of similar questions that DIR must not hold, ``{"question", "document",
"labels"}``. Nothing of the questions is stored, only one weight a feature. Features that such
questions hardly show (numbers, quoted phrases, units) keep the weights that ``fusion.json`` gives them.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.fuse import WEIGHTS
from index.search import Hit, Index

BY_HAND = ("label", "phrase", "number", "unit")
_ANSWER = 40  # characters of the answer that a passage must hold
_PASSAGE = 600  # characters of a passage that count
_STEPS, _RATE, _SHRINKAGE = 600, 0.05, 0.01
_CALIBRATED_ON = 10  # best passages of each question

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Lesson:
    """One question: its candidates' features (rows × features), which hold the answer, and which are of the right document."""

    features: Matrix
    holds: NDArray[np.bool_]
    right: NDArray[np.bool_]


def main(arguments: Sequence[str] | None = None) -> int:
    """Train on each half and test on the other, then train on all and write the weights."""
    parser = argparse.ArgumentParser(prog="python -m index.train_fusion", description=__doc__)
    parser.add_argument("--on", nargs=2, action="append", type=Path, required=True, metavar=("DIR", "QUESTIONS"))
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    options = parser.parse_args(arguments)
    lessons = [lesson for data, questions in options.on for lesson in _lessons(data, questions)]
    for half in (0, 1):
        learnt, unseen = lessons[half::2], lessons[1 - half :: 2]
        print(f"half {half}: seen {_rates(learnt, rank(learnt))} | unseen {_rates(unseen, rank(learnt))}")
    weights = rank(lessons)
    slope, bias = calibrate(lessons, weights)
    kept = {name: value for name, value in _written().items() if name in BY_HAND}
    learnt_weights = dict(zip(_learnt_names(), (slope * weights).tolist(), strict=True))
    _write(options.out, {"bias": bias, **learnt_weights, **kept})
    return 0


def rank(lessons: Sequence[Lesson]) -> Matrix:
    """Weights that put passages of the right document that hold the answer first (softmax over a question's candidates)."""
    usable = [(each.features, each.holds & each.right) for each in lessons if (each.holds & each.right).any()]
    scale = np.concatenate([features for features, _ in usable]).std(axis=0) + 1e-6
    weights = np.zeros(len(scale))
    momentum, energy = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, _STEPS + 1):
        gradient = 2 * _SHRINKAGE * weights
        for features, wanted in usable:
            scaled = features / scale
            chance = _softmax(scaled @ weights)
            gradient += (chance - np.where(wanted, chance / chance[wanted].sum(), 0)) @ scaled / len(usable)
        momentum = 0.9 * momentum + 0.1 * gradient
        energy = 0.99 * energy + 0.01 * gradient**2
        weights -= _RATE * (momentum / (1 - 0.9**step)) / (np.sqrt(energy / (1 - 0.99**step)) + 1e-8)
    return np.asarray(weights / scale)


def calibrate(lessons: Sequence[Lesson], weights: Matrix) -> tuple[float, float]:
    """Slope and bias that turn ``features @ weights`` into the chance that the passage holds the answer (Newton's method)."""
    scores, holds = [], []
    for each in lessons:
        score = each.features @ weights
        best = np.argsort(-score)[:_CALIBRATED_ON]
        scores.append(score[best])
        holds.append(each.holds[best])
    inputs = np.stack((np.concatenate(scores), np.ones(sum(map(len, scores)))), axis=1)
    center = inputs[:, 0].mean()
    inputs[:, 0] -= center
    target, values = np.concatenate(holds).astype(float), np.zeros(2)
    for _ in range(50):
        chance = 1 / (1 + np.exp(-inputs @ values))
        curve = (inputs * (chance * (1 - chance))[:, None]).T @ inputs + 1e-6 * np.eye(2)
        values -= np.linalg.solve(curve, inputs.T @ (chance - target))
    return float(values[0]), float(values[1] - values[0] * center)


def _lessons(data: Path, questions: Path) -> Iterator[Lesson]:
    with Index.open(data) as index, questions.open(encoding="utf-8") as lines:
        for line in lines:
            lesson = _lesson(index, json.loads(line), _learnt_names())
            if lesson is not None:
                yield lesson


def _learnt_names() -> list[str]:
    return [name for name in _written() if name not in (*BY_HAND, "bias")]


def _lesson(index: Index, question: Mapping[str, Any], names: Sequence[str]) -> Lesson | None:
    """None where no candidate holds the answer: nothing can be learnt from it."""
    found = index.candidates(question["question"])
    hits = index.shown(found)
    holds = np.array([_holds(hit, question) for hit in hits])
    right = np.array([hit.document_id == question["document"] for hit in hits])
    features = np.stack([found.features[name] for name in names], axis=1).astype(float)
    return Lesson(features, holds, right) if (holds & right).any() else None


def _holds(hit: Hit, question: Mapping[str, Any]) -> bool:
    if "labels" in question:
        return hit.document_id == question["document"] and hit.label in question["labels"]
    return _squeezed(question["answer"])[:_ANSWER] in _squeezed(hit.text)[:_PASSAGE]


def _rates(lessons: Sequence[Lesson], weights: Matrix) -> str:
    best = [(each, int(np.argmax(each.features @ weights))) for each in lessons]
    passage = sum(bool(each.holds[at]) for each, at in best) / len(best)
    document = sum(bool(each.right[at]) for each, at in best) / len(best)
    return f"passage R@1 {passage:.3f} document R@1 {document:.3f} of {len(best)}"


def _softmax(scores: Matrix) -> Matrix:
    raised = np.exp(scores - scores.max())
    return np.asarray(raised / raised.sum())


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _written() -> dict[str, float]:
    return dict(json.loads(WEIGHTS.read_text(encoding="utf-8"))["weights"])


def _write(path: Path, weights: Mapping[str, float]) -> None:
    rounded = {name: round(value, 3) for name, value in weights.items()}
    path.write_text(json.dumps({"weights": rounded}, indent=1) + "\n", encoding="utf-8")
    print(f"{path}: {rounded}")


if __name__ == "__main__":
    sys.exit(main())
