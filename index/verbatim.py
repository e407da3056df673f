"""How long a piece of a question stands in a text to the letter, which neither words nor pairs of characters can tell."""

import re
from collections.abc import Sequence

import numpy as np

from index.lexical import Floats
from ingest.fold import fold_text

_LONGEST = 20  # characters; a longer piece says no more
_MARKS = re.compile(r"\W")


def longest_runs(question: str, texts: Sequence[str]) -> Floats:
    """For each text the length of the longest piece of the question in it, 0–1; marks and spaces of the question left out."""
    asked = _MARKS.sub("", fold_text(question))
    return np.array([min(_longest(asked, fold_text(text)), _LONGEST) / _LONGEST for text in texts], np.float32)


def _longest(asked: str, text: str) -> int:
    """One sweep: what is looked for is always longer than what was found before."""
    length = 0
    for start in range(len(asked)):
        while start + length < len(asked) and asked[start : start + length + 1] in text:
            length += 1
    return length
