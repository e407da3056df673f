"""Make ``fusion.json``: the weight of every feature, learnt from questions with known answers; the same data, the same file.

``python -m index.train_fusion --documents DOCUMENTS.jsonl --questions QUESTIONS.jsonl [--out FILE]``. A line of DOCUMENTS is
``{"id", "text"}``, one of QUESTIONS ``{"question", "document", "answer"}``. Nothing of either is stored, only the weights.

1. What the words, the pairs of characters, the vectors and the places say is weighed on the QUESTIONS, in two rounds, because the
   candidates to choose among depend on the weights; the first round starts from round numbers. Five-fold cross-validation says how
   this does on questions not learnt from, which is the figure to choose features by.
2. The scores are calibrated to chances on the same questions.
3. The similar questions are weighed against that on the seeds: every fifth of their similar questions is taken out and asked.
4. Numbers, quoted phrases, 文号 and units are exact, and such questions hardly show them: their weights are set by hand.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.curate import Curator
from index.fuse import WEIGHTS, Weights
from index.library import Library
from index.search import Hit, Index

BY_HAND: Weights = {"label": 6.0, "phrase": 4.0, "number": 3.0, "unit": 1.5}
FROM_QUESTIONS = (
    "pairs",
    "pairs_cover",
    "words",
    "document_pairs",
    "document_pairs_cover",
    "document_words_cover",
    "title_words_cover",
    "vectors",
    "elsewhere",
    "run",
)
_START: Weights = {
    "bias": -5.0,
    "pairs": 3.0,
    "pairs_cover": 5.0,
    "document_pairs": 3.0,
    "vectors": 2.0,
    "similar": 5.0,
}
_ANSWER = 40  # characters of the answer that a passage must hold
_PASSAGE = 600  # characters of a passage that count
_SHRINKAGE, _DOCUMENTS_SHARE = 0.01, 0.5
_FOLDS, _ORDERS, _HELD_OUT = 5, 4, 5
_CALIBRATED_ON = 10  # best passages of each question

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Lesson:
    """One question: its candidates' features (rows × features), which hold the answer, and which are of the right document.

    ``similar`` is what the similar questions say of each of them.
    """

    features: Matrix
    holds: NDArray[np.bool_]
    right: NDArray[np.bool_]
    similar: Matrix


def main(arguments: Sequence[str] | None = None) -> int:
    """Learn, say how it does on questions not learnt from, and write the weights."""
    parser = argparse.ArgumentParser(
        prog="python -m index.train_fusion", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        asked = _rows(options.questions)
        Curator(Path(temporary) / "asked").build(rows=[options.documents])
        weights: Weights = {**_START, **BY_HAND}
        for turn in (1, 2):
            lessons = _lessons(Path(temporary) / "asked", asked, weights)
            print(f"round {turn}, not learnt from: {_said(cross_validated(lessons))}", flush=True)
            weights = {**weights, **_learnt(lessons)}
        own = _similar_lessons(Path(temporary) / "seeds", weights)
        similar = weigh_similar(own, np.array([weights[name] for name in FROM_QUESTIONS]), weights["bias"])
        print(f"seeds without every fifth similar question: weight {similar:.2f} on {len(own)}")
    _write(options.out, {"bias": weights["bias"], **_learnt(lessons), "similar": similar, **BY_HAND})
    return 0


def rank(lessons: Sequence[Lesson]) -> Matrix:
    """Weights that put passages that hold the answer, and passages of the right document, first (softmax over candidates)."""
    from scipy.optimize import minimize

    usable = [each for each in lessons if (each.holds & each.right).any()]
    scale = np.concatenate([each.features for each in usable]).std(axis=0) + 1e-6
    features = np.concatenate([each.features / scale for each in usable])
    counts = np.array([len(each.features) for each in usable])
    starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
    wanted = (
        (1 - _DOCUMENTS_SHARE, np.concatenate([each.holds & each.right for each in usable])),
        (_DOCUMENTS_SHARE, np.concatenate([each.right for each in usable])),
    )

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        scores = features @ weights
        raised = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), counts))
        everything = np.add.reduceat(raised, starts)
        total, slope = _SHRINKAGE * float(weights @ weights), 2 * _SHRINKAGE * weights
        for share, mask in wanted:
            part = np.add.reduceat(raised * mask, starts)
            total += share * float(np.log(everything / part).mean())
            change = raised / np.repeat(everything, counts) - raised * mask / np.repeat(part, counts)
            slope = slope + share * (features.T @ change) / len(usable)
        return total, slope

    found = minimize(loss, np.zeros(len(scale)), jac=True, method="L-BFGS-B", options={"maxiter": 500})
    return np.asarray(found.x / scale)


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


def weigh_similar(lessons: Sequence[Lesson], weights: Matrix, bias: float) -> float:
    """How much the similar questions weigh beside these weights, so that the scores are the chances that a passage is right."""
    from scipy.optimize import minimize_scalar

    def loss(weight: float) -> float:
        total = 0.0
        for each in lessons:
            scores = each.features @ weights + weight * each.similar + bias
            best = np.argsort(-scores, kind="stable")[:_CALIBRATED_ON]
            total += float(np.logaddexp(0, np.where(each.holds[best], -scores[best], scores[best])).sum())
        return total

    return float(minimize_scalar(loss, bounds=(0, 40), method="bounded").x)


def cross_validated(lessons: Sequence[Lesson]) -> tuple[float, float]:
    """Shares of questions whose passage, and whose document, comes first when learnt from the others; mean of several orders."""
    passages, documents = [], []
    for order in range(_ORDERS):
        turn = np.random.default_rng(order).permutation(len(lessons))
        for fold in range(_FOLDS):
            unseen = set(turn[fold::_FOLDS].tolist())
            weights = rank([each for at, each in enumerate(lessons) if at not in unseen])
            for at in unseen:
                best = int(np.argmax(lessons[at].features @ weights))
                passages.append(bool(lessons[at].holds[best]))
                documents.append(bool(lessons[at].right[best]))
    return float(np.mean(passages)), float(np.mean(documents))


def _learnt(lessons: Sequence[Lesson]) -> Weights:
    weights = rank(lessons)
    slope, bias = calibrate(lessons, weights)
    return {"bias": bias, **dict(zip(FROM_QUESTIONS, (slope * weights).tolist(), strict=True))}


def _similar_lessons(data: Path, weights: Weights) -> list[Lesson]:
    curator = Curator(data)
    curator.build()
    library = Library.open(data)
    held = [row for row in library.similar() if row.labels][::_HELD_OUT]
    library.close()
    curator.remove_similar([row.id for row in held])
    asked = [{"question": row.question, "document": row.document_id, "labels": row.labels} for row in held]
    return _lessons(data, asked, weights)


def _lessons(data: Path, questions: Sequence[Mapping[str, Any]], weights: Weights) -> list[Lesson]:
    """Without the questions of whose candidates none holds the answer: nothing can be learnt from them."""
    with Index.open(data, weights=weights) as index:
        lessons = [_lesson(index, question) for question in questions]
    return [each for each in lessons if (each.holds & each.right).any()]


def _lesson(index: Index, question: Mapping[str, Any]) -> Lesson:
    found = index.candidates(question["question"])
    hits = index.shown(found)
    return Lesson(
        np.stack([found.features[name] for name in FROM_QUESTIONS], axis=1).astype(float),
        np.array([_holds(hit, question) for hit in hits]),
        np.array([hit.document_id == question["document"] for hit in hits]),
        found.features["similar"].astype(float),
    )


def _holds(hit: Hit, question: Mapping[str, Any]) -> bool:
    if "labels" in question:
        return hit.document_id == question["document"] and hit.label in question["labels"]
    return _squeezed(question["answer"])[:_ANSWER] in _squeezed(hit.text)[:_PASSAGE]


def _said(rates: tuple[float, float]) -> str:
    return f"passage R@1 {rates[0]:.4f}, document R@1 {rates[1]:.4f}"


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _write(path: Path, weights: Weights) -> None:
    rounded = {name: round(value, 3) for name, value in weights.items()}
    path.write_text(json.dumps({"weights": rounded}, indent=1) + "\n", encoding="utf-8")
    print(f"{path}: {rounded}")


if __name__ == "__main__":
    sys.exit(main())
