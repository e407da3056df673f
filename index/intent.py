"""Which clause a question asks for, learnt from the similar questions: a linear model for each document that has enough.

The words of users are not the words of the document, so this does not compare a question with a clause but with everything
that people are known to ask for it; questions known to be unanswerable are a class of their own (the empty label). A model is
derived from editable data: it is trained when that data has changed and kept beside the library.
"""

import hashlib
import json
import logging
import math
import random
import re
import secrets
import tomllib
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.segment import SEEDS, fingerprint, sentences, words
from ingest.fold import fold_text

UNANSWERABLE = ""
"""The label of questions that the document is known not to answer."""

FEWEST = 60
"""Questions below which a document gets no model: too few say nothing about words unseen."""

_STRENGTH = 10.0
_VERSION = b"7"
_CHANCE = b"5"
_COMMON = 0.3
"""A term in the questions of so many of the labels belongs to the manner of asking."""

_REHEARSALS, _REHEARSALS_ALONE, _SHORTEST_PIECE = 40, 60, 4
_EVENED = 1.5
"""What a clause without questions is given on its logit; chosen with the above on clauses whose questions were held out."""

_DRAWN = 2.5
"""What it is given besides among the clauses, chosen likewise: theirs draw its questions away, nobody's do not."""

_HEADING = 25
"""Characters; a clause that has no more of its own is a heading, and nobody asks for it."""

_PAUSE = re.compile(r"[，,、；;。：:（）()“”\s]+")
Examples = Sequence[tuple[str, tuple[str, ...]]]
Counted = tuple[Counter[str], tuple[str, ...]]


@dataclass(frozen=True)
class IntentModel:
    """A softmax over labels: ``weights`` is features × labels, ``idf`` one value a feature."""

    features: Mapping[str, int]
    idf: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    labels: tuple[str, ...]
    vocabulary: frozenset[str] = frozenset()
    """Every word of the answerable examples, however rare."""
    unasked: frozenset[str] = frozenset()
    """The labels of clauses without questions, known by their own sentences alone; headings aside."""

    def probabilities(self, question: str) -> dict[str, float]:
        """Label → probability, most probable first; they sum to 1."""
        columns, values = _vector(Counter(terms(question)), self.features, self.idf)
        logits = self.bias + values @ self.weights[columns] if len(columns) else self.bias
        odds = np.exp(logits - logits.max())
        shares = self._evened_up(odds / odds.sum())
        return {self.labels[at]: float(shares[at]) for at in np.argsort(-shares, kind="stable")}

    def _evened_up(self, shares: NDArray[np.float32]) -> NDArray[np.float32]:
        """With more for the clauses that nobody has asked for yet; what nothing answers keeps its share."""
        if not self.unasked:
            return shares
        answering, drawn = self._drawing
        evened = shares * drawn
        return np.where(answering, evened * (shares[answering].sum() / evened.sum()), shares).astype(np.float32)

    @cached_property
    def _drawing(self) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        """Which labels answer, and how much each of these is given."""
        answering = np.array([label != UNANSWERABLE for label in self.labels])
        drawn = np.array([math.exp(_DRAWN) if label in self.unasked else 1.0 for label in self.labels])
        return answering, drawn * answering

    def known_share(self, text: str) -> float:
        """How many of the words of two characters and more (0–1) anything answerable has ever used; 1 when there are none."""
        used = [word for word in dict.fromkeys(words(text)) if len(word) > 1]
        return sum(word in self.vocabulary for word in used) / len(used) if used else 1.0


_ASKING = re.compile(
    r"(?:都|应该?|该|要|可以|能|得|需要)?(?:由|归|找|问|去|到|跟|是|靠|有|涉及|牵扯|对应)?(?:了)?(?:哪|什么|几|啥)(?:些|几|个|家|一|两)*(?:个|家)?(?:责任|主管|负责)?(?:单位|部门|局|机构|政府|委办局)"
    r"(?:来)?(?:负责|管理?|主管|牵头|承担|办理?|扶持|支持)?|(?:由|归|找|问|靠|是|联系|咨询)?谁(?:来|在|去)?(?:负责|管理?|主管|牵头|办理?)?"
    r"|责任单位(?:是|有|请)?|主管部门|(?:归|找)哪(?:里|儿|家|个)?(?:管|办)?|对口(?:单位|部门)|请问|麻烦问一下|想问(?:一下)?"
)
"""Asking who is responsible says nothing of what is asked about: it must not be learnt as a sign of anything."""


def terms(question: str) -> list[str]:
    """What the model sees of a text: words, character pairs, characters, and groups of synonyms; asking words left out."""
    folded = _ASKING.sub(" ", fold_text(question))
    run = "".join(character for character in folded if character.isalnum())
    pattern, groups = _synonyms()
    return [
        *(f"w:{word}" for word in words(folded)),
        *(f"c:{run[at : at + 2]}" for at in range(len(run) - 1)),
        *(f"u:{character}" for character in run),
        *(f"s:{group}" for match in pattern.finditer(folded) for group in groups[match.group(0)]),
    ]


def train(questions: Examples, texts: Examples = ()) -> IntentModel:
    """Fit the model to questions and to the clauses' own sentences, both with their labels; several labels share one example.

    Questions differ from texts in manner, and a clause with many differs from one with none in number. A model that is left to
    learn this draws everything to the clauses with questions, so every clause is rehearsed and those without are evened up.
    """
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    given = [(Counter(terms(text)), labels) for text, labels in (*questions, *texts)]
    given += _rehearsed(given[: len(questions)], texts)
    holding = Counter(term for count, _ in given for term in count)
    features = {term: at for at, term in enumerate(sorted(term for term in holding if holding[term] > 1))}
    idf = np.array([math.log((1 + len(given)) / (1 + holding[term])) + 1 for term in features], np.float32)
    pairs = [(row, label) for row, (_, labels) in enumerate(given) for label in labels or (UNANSWERABLE,)]
    shares = [1 / max(1, len(given[row][1])) for row, _ in pairs]
    vectors = [_vector(given[row][0], features, idf) for row, _ in pairs]
    starts = np.cumsum([0, *(len(columns) for columns, _ in vectors)])
    matrix = csr_matrix(
        (
            np.concatenate([values for _, values in vectors]),
            np.concatenate([columns for columns, _ in vectors]),
            starts,
        ),
        shape=(len(pairs), len(features)),
    )
    model = LogisticRegression(C=_STRENGTH, solver="newton-cg", tol=1e-4)
    model.fit(matrix, [label for _, label in pairs], sample_weight=shares)
    weights, bias = model.coef_.T, model.intercept_
    if weights.shape[1] == 1:  # two classes come as one column
        weights, bias = np.hstack([-weights / 2, weights / 2]), np.array([-bias[0] / 2, bias[0] / 2])
    asked = _asked(questions)
    evened = np.array([0.0 if label in asked else _EVENED for label in model.classes_])
    answerable = frozenset(word for text, labels in (*questions, *texts) if any(labels) for word in words(text))
    return IntentModel(
        features,
        idf,
        np.ascontiguousarray(weights, np.float32),
        (bias + evened).astype(np.float32),
        tuple(model.classes_),
        answerable,
        _with_text(texts) - asked,
    )


def _asked(questions: Examples) -> frozenset[str]:
    """The labels that have questions of their own."""
    return frozenset(label for _, labels in questions for label in labels or (UNANSWERABLE,))


def _with_text(texts: Examples) -> frozenset[str]:
    """The labels of clauses that say more than a heading does."""
    lengths: Counter[str] = Counter()
    for text, labels in texts:
        for label in labels:
            lengths[label] += len(text)
    return frozenset(label for label, length in lengths.items() if length > _HEADING)


def _rehearsed(questions: Sequence[Counted], texts: Examples) -> list[Counted]:
    """What each clause says, piece by piece, in the manner of questions: beside a piece stand the terms common to all questions."""
    using: dict[str, set[str]] = {}
    for count, labels in questions:
        for term in count:
            using.setdefault(term, set()).update(labels or (UNANSWERABLE,))
    asked = {label for _, labels in questions for label in labels or (UNANSWERABLE,)}
    common = {term for term, labels in using.items() if len(labels) >= _COMMON * len(asked)}
    manners = [Counter({term: count[term] for term in count if term in common}) for count, _ in questions]
    pieces: dict[str, list[str]] = {}
    for text, labels in texts:
        for label in labels:
            pieces.setdefault(label, []).extend(piece for piece in _PAUSE.split(text) if len(piece) >= _SHORTEST_PIECE)
    chance = random.Random(_CHANCE)  # nosec B311: the same rehearsal every time, nothing secret
    return [
        (Counter(terms(chance.choice(said))) + chance.choice(manners), (label,))
        for label, said in sorted(pieces.items())
        for _ in range((_REHEARSALS if label in asked else _REHEARSALS_ALONE) if said else 0)
    ]


class Intents:
    """The models of a collection, by document id."""

    def __init__(self, models: Mapping[str, IntentModel]) -> None:
        self.models = dict(models)

    @classmethod
    def of(
        cls, questions: Iterable[tuple[str, str, tuple[str, ...]]], texts: Mapping[str, Examples], keep_in: Path
    ) -> "Intents":
        """Models for (document id, question, labels); ``texts`` are the clauses' own sentences with their label."""
        by_document: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for document_id, question, labels in questions:
            by_document.setdefault(document_id, []).append((question, labels))
        models, in_use = {}, set[Path]()
        for document_id, examples in sorted(by_document.items()):
            if len(examples) >= FEWEST and len({label for _, labels in examples for label in labels}) > 1:
                models[document_id], path = _kept(examples, texts.get(document_id, ()), keep_in)
                in_use.add(path)
        for outdated in set(keep_in.glob("intent-*.npz")) - in_use:
            with suppress(OSError):  # a folder that cannot be written keeps them
                outdated.unlink()
        return cls(models)


def clause_examples(label: str, text: str) -> Examples:
    """A clause's sentences as examples for its label."""
    found = [text[start:end].strip() for start, end in sentences(text)]
    return [
        (sentence, (label,)) for sentence in found if len(sentence) > 5 and not re.match(r"[(（]?责任单位", sentence)
    ]


def _vector(
    count: Mapping[str, int], features: Mapping[str, int], idf: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """TF–IDF of the known terms (sublinear term frequency, unit length) as columns and values."""
    known = sorted((features[term], number) for term, number in count.items() if term in features)
    columns = np.array([column for column, _ in known], np.int64)
    values = np.array([1 + math.log(number) for _, number in known], np.float32) * idf[columns]
    length = float(np.linalg.norm(values))
    return columns, values / length if length else values


@cache
def _synonyms() -> tuple[re.Pattern[str], dict[str, list[int]]]:
    """Every wording of the synonym table, longest first, and the groups that it belongs to."""
    table = tomllib.loads((SEEDS / "synonyms.toml").read_text(encoding="utf-8"))
    groups: dict[str, list[int]] = {}
    for at, group in enumerate(table["group"]):
        for word in dict.fromkeys(
            fold_text(word) for word in [*group["words"], *([group["to"]] if "to" in group else [])]
        ):
            groups.setdefault(word, []).append(at)
    return re.compile("|".join(re.escape(word) for word in sorted(groups, key=len, reverse=True))), groups


def _kept(questions: Examples, texts: Examples, folder: Path) -> tuple[IntentModel, Path]:
    """The model for exactly these examples: read back when it was trained before, else trained and kept."""
    digest = hashlib.sha256(_VERSION + fingerprint().encode() + (SEEDS / "synonyms.toml").read_bytes())
    for examples in (questions, texts):
        digest.update(json.dumps([[text, list(labels)] for text, labels in examples], ensure_ascii=False).encode())
    path = folder / f"intent-{digest.hexdigest()[:16]}.npz"
    if path.is_file():
        try:
            return _read(path), path
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
            logging.getLogger(__name__).info("%s is damaged and is made again", path.name)
    model = train(questions, texts)
    _write(model, path)
    return model, path


def _read(path: Path) -> IntentModel:
    with path.open("rb") as file, np.load(file) as stored:
        features: dict[str, int] = {term: at for at, term in enumerate(json.loads(str(stored["features"])))}
        labels = tuple(json.loads(str(stored["labels"])))
        vocabulary = frozenset(json.loads(str(stored["vocabulary"])))
        unasked = frozenset(json.loads(str(stored["unasked"])))
        return IntentModel(features, stored["idf"], stored["weights"], stored["bias"], labels, vocabulary, unasked)


def _write(model: IntentModel, path: Path) -> None:
    """Whole or not at all; a folder that cannot be written costs only the training again."""
    arrays: dict[str, Any] = {"idf": model.idf, "weights": model.weights, "bias": model.bias}
    beside = path.with_suffix(f".{secrets.token_hex(4)}.npz")
    try:
        np.savez(
            beside,
            features=json.dumps(list(model.features)),
            labels=json.dumps(model.labels),
            vocabulary=json.dumps(sorted(model.vocabulary)),
            unasked=json.dumps(sorted(model.unasked)),
            **arrays,
        )
        beside.replace(path)
    except OSError as problem:
        logging.getLogger(__name__).info("intent model not kept: %s", problem)
