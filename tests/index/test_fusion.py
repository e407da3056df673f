"""Fusion: scores are chances, weights are learnt, and what is learnt holds."""

import json

import numpy as np
import pytest

from index.fuse import WEIGHTS, fuse
from index.hit import LEGS
from index.train_fusion import BY_HAND, FROM_QUESTIONS, Lesson, calibrate, cross_validated, rank, weigh_similar


def lesson(chance: np.random.Generator) -> Lesson:
    """Feature 0 tells where the answer stands, feature 1 is noise."""
    features = chance.normal(size=(20, 2))
    right = np.zeros(20, bool)
    right[int(np.argmax(features[:, 0]))] = True
    return Lesson(features, right, right, similar=right.astype(float))


def test_training_finds_the_feature_that_tells_and_calibration_the_chance() -> None:
    chance = np.random.default_rng(3)
    lessons = [lesson(chance) for _ in range(60)]
    weights = rank(lessons)
    slope, bias = calibrate(lessons, weights)
    assert weights[0] > 5 * abs(weights[1])
    scores = np.concatenate([np.sort(each.features @ weights)[::-1][:10] for each in lessons])
    assert (1 / (1 + np.exp(-(slope * scores + bias)))).mean() == pytest.approx(0.1, abs=0.02)


def test_scores_lie_between_nought_and_one_and_grow_with_the_evidence() -> None:
    weak = {"pairs": np.array([0.1], np.float32), "label": np.array([0.0], np.float32)}
    strong = {"pairs": np.array([0.9], np.float32), "label": np.array([1.0], np.float32)}
    assert 0 <= fuse(weak)[0] < fuse(strong)[0] <= 1


def test_unseen_questions_are_answered_as_well_as_what_is_learnt_holds() -> None:
    chance = np.random.default_rng(5)
    assert cross_validated([lesson(chance) for _ in range(30)]) > (0.9, 0.9)


def test_similar_questions_that_are_always_right_weigh_the_more_the_less_else_is_known() -> None:
    chance = np.random.default_rng(7)
    lessons = [lesson(chance) for _ in range(30)]
    knowing, ignorant = (weigh_similar(lessons, np.array([weight, 0.0]), bias=-4.0) for weight in (3.0, 0.0))
    assert ignorant > knowing > 0


def test_the_weights_shipped_are_of_the_features_that_training_learns() -> None:
    weights = json.loads(WEIGHTS.read_text(encoding="utf-8"))["weights"]
    assert set(weights) == {"bias", "similar", *FROM_QUESTIONS, *BY_HAND}
    assert {name: weights[name] for name in BY_HAND} == BY_HAND


def test_every_leg_has_a_weight_and_exact_things_weigh_most() -> None:
    weights = json.loads(WEIGHTS.read_text(encoding="utf-8"))["weights"]
    assert {name for names in LEGS.values() for name in names} <= set(weights)
    assert weights["label"] > weights["phrase"] > weights["unit"] > 0
