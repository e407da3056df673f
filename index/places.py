"""Whether a document is about the places that a question names: 惠州的企业 asks nothing of a document that never says 惠州."""

import re
from collections.abc import Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from index.block import pair_key
from index.lexical import Floats, Shelf
from index.rows import DocumentRow
from index.segment import bigrams
from ingest.aliases import PLACES

_PLACE = re.compile("|".join(sorted(PLACES, key=len, reverse=True)))


def places_in(question: str) -> tuple[str, ...]:
    """The provinces and cities that a folded question names."""
    return tuple(dict.fromkeys(_PLACE.findall(question)))


class PlaceLeg:
    """``elsewhere`` is 1 for every document that names none of the question's places and is of none of them.

    What the whole country's bodies issue holds everywhere and so is never elsewhere.
    """

    def __init__(self, shelf: Shelf, documents: Sequence[DocumentRow]) -> None:
        self._shelf = shelf
        self._local = np.array([each.level != "国家" for each in documents], bool)
        self._regions = np.array([each.region or "" for each in documents], np.str_)

    def score(self, question: str) -> dict[str, Floats]:
        """Feature → its value for every document: all zero where the question names no place."""
        asked = places_in(question)
        elsewhere = self._local & bool(asked)
        for place in asked:
            elsewhere[self._naming(place)] = False
            elsewhere[np.char.find(self._regions, place) >= 0] = False
        return {"elsewhere": elsewhere.astype(np.float32)}

    def _naming(self, place: str) -> NDArray[np.int64]:
        """The documents that hold the place; a longer name by its pairs in one passage, near enough for names so rare."""
        holding = (self._shelf.rows_with("pairs", pair_key(pair)) for pair in bigrams(place))
        return self._shelf.document_of[reduce(np.intersect1d, holding)]
