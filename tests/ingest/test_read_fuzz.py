"""The short form of bench/fuzz_read.py: every input ends in a text or one clear sentence."""

import pytest

pytest.importorskip("resource", reason="the limits of child processes need Unix")

from bench.fuzz_read import SPECIALS, fuzz, mutations

SLOW_TO_MAKE = {"200 MB text", "49 MB text", "zip bomb docx", "far cell", "tall csv"}


def test_damaged_files_end_in_a_text_or_a_sentence() -> None:
    tally = fuzz(mutations(300, seed=7))
    assert tally.failures == []
    assert min(tally.outcomes["read"], tally.outcomes["refused"]) > 50


def test_attacks_end_in_a_text_or_a_sentence() -> None:
    tally = fuzz((label, name, build()) for label, name, build in SPECIALS if label not in SLOW_TO_MAKE)
    assert tally.failures == []
    assert tally.outcomes["refused"] > 10
