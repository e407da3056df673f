"""What each leg says of a passage → one calibrated score in 0–1.

The weights are data (``fusion.json``): a logistic model over the named features below, learnt by ``index.train_fusion``.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.hit import LEGS

WEIGHTS = Path(__file__).resolve().parent / "fusion.json"
Features = Mapping[str, NDArray[np.float32]]
Weights = Mapping[str, float]


def fuse(features: Features, weights: Weights | None = None) -> NDArray[np.float32]:
    """The probability that each passage answers; all features are arrays of one length."""
    weights = weights or _weights()
    return _probability(weights["bias"] + evidence(features, weights))


def evidence(features: Features, weights: Weights | None = None) -> NDArray[np.float32]:
    """What the features together say for each passage: it grows as ``fuse`` does, and what two sets of features say adds up."""
    weights = weights or _weights()
    total = np.zeros(len(next(iter(features.values()))), dtype=np.float32)
    for name, values in features.items():
        if (weight := weights.get(name, 0.0)) and values.any():
            total += weight * values
    return total


def _probability(log_odds: NDArray[np.float32]) -> NDArray[np.float32]:
    return (1 / (1 + np.exp(-log_odds))).astype(np.float32)


def exact_part(features: Features, weights: Weights | None = None) -> NDArray[np.float32]:
    """What exact things (numbers, quoted phrases, 文号, units) add to the log-odds of each passage."""
    weights = weights or _weights()
    total = np.zeros(len(next(iter(features.values()))), np.float32)
    for name in LEGS["structure"]:
        total += weights.get(name, 0.0) * features[name]
    return total


@cache
def _weights() -> dict[str, float]:
    return {name: float(value) for name, value in json.loads(WEIGHTS.read_text(encoding="utf-8"))["weights"].items()}
