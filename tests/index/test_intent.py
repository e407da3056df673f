"""What similar questions teach of a document, and what a clause without any is owed."""

from dataclasses import replace
from pathlib import Path

import pytest

from index.intent import UNANSWERABLE, Examples, train
from index.library import Library
from index.search import _clause_examples

DOCUMENT = "wuhan-2021-service-outsourcing"
HELD_OUT = "任务9"


@pytest.fixture(scope="module")
def questions(seeds: Path) -> Examples:
    library = Library.open(seeds)
    rows = [(row.question, row.labels) for row in library.similar()]
    library.close()
    return rows


@pytest.fixture(scope="module")
def texts(seeds: Path) -> Examples:
    library = Library.open(seeds)
    found = _clause_examples(library, DOCUMENT)
    library.close()
    return found


def test_a_clause_that_nobody_has_asked_for_is_not_drowned_by_those_that_many_have(
    questions: Examples, texts: Examples
) -> None:
    held = [text for text, labels in questions if labels == (HELD_OUT,)]
    model = train([each for each in questions[::2] if HELD_OUT not in each[1]], texts)
    answered = [[label for label in model.probabilities(text) if label != UNANSWERABLE] for text in held]
    assert sum(HELD_OUT in labels[:3] for labels in answered) > 0.2 * len(held)


def test_the_same_questions_make_the_same_model(questions: Examples, texts: Examples) -> None:
    few = questions[::40]
    one, two = (train(few, texts).probabilities("云服务器找谁") for _ in range(2))
    assert one == two


def test_what_has_questions_keeps_them(questions: Examples, texts: Examples) -> None:
    asked, unseen = questions[::2], [each for each in questions[1::20] if each[1]]
    model = train(asked, texts)
    right = sum(next(iter(model.probabilities(text))) in labels for text, labels in unseen)
    assert right > 0.75 * len(unseen)


def test_a_clause_without_questions_comes_first_about_as_often_as_its_own_words_allow(
    questions: Examples, texts: Examples
) -> None:
    held = [text for text, labels in questions if labels == (HELD_OUT,)]
    model = train([each for each in questions[::2] if HELD_OUT not in each[1]], texts)
    assert model.unasked == {HELD_OUT}
    first = [next(label for label in model.probabilities(text) if label != UNANSWERABLE) for text in held]
    assert first.count(HELD_OUT) > 0.3 * len(held)


def test_evening_up_takes_nothing_from_what_nothing_answers(questions: Examples, texts: Examples) -> None:
    model = train([each for each in questions[::4] if HELD_OUT not in each[1]], texts)
    plain = replace(model, unasked=frozenset())
    for text in ("云服务器找谁", "社保怎么转移"):
        evened, before = model.probabilities(text), plain.probabilities(text)
        assert evened[UNANSWERABLE] == pytest.approx(before[UNANSWERABLE], abs=1e-6)
        assert sum(evened.values()) == pytest.approx(1, abs=1e-5)
        assert evened[HELD_OUT] > before[HELD_OUT]


def test_a_heading_is_not_waiting_for_questions(questions: Examples, texts: Examples) -> None:
    assert not train(questions[::8], texts).unasked
