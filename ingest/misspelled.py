"""Names with one wrong character (市经心局), or spelt in pinyin (shangwuju), found only if exactly one body fits."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

from ingest.sounds import confusable, spelling

_SHORTEST = 3  # characters: in two, one wrong character is half the name
_SHORTEST_IN_PINYIN = 7  # letters, the length of jiaoyuj(u): shorter runs are English words and abbreviations
_LATIN_RUN = re.compile(r"[a-z]+(?:[ '][a-z]+)*")
# After a name whose last character is wrong: the end, a mark, or a word that cannot belong to it (科技举措 is not 科技局).
_AFTER_A_NAME = re.compile(r"$|[^\u4e00-\u9fff]|[的管负和与及跟同在是有哪要还也都吗呢啊怎]")

Match = tuple[int, int, tuple[str, ...]]


class Misspelled:
    """``written``: folded form → the names it may mean."""

    def __init__(self, written: Mapping[str, tuple[str, ...]]) -> None:
        self._written = {form: names for form, names in written.items() if len(form) >= _SHORTEST}

    def matches(self, text: str) -> Iterator[Match]:
        """Every stretch of the folded text that is one character off a form, or its pinyin."""
        for start in range(len(text) - _SHORTEST + 1):
            for length in self._lengths:
                window = text[start : start + length]
                if len(window) < length:
                    break
                names = self._names_near(window, text[start + length : start + length + 1])
                if len(names) == 1:
                    yield start, start + length, tuple(names)
        yield from self._in_pinyin(text)

    def _names_near(self, window: str, following: str) -> set[str]:
        half = len(window) // 2
        forms = self._halves.get((len(window), window[:half], ""), []) + self._halves.get(
            (len(window), "", window[half:]), []
        )
        near = (form for form in forms if _one_slip(form, window, following))
        return {name for form in near for name in self._written[form]}

    @cached_property
    def _lengths(self) -> list[int]:
        return sorted({len(form) for form in self._written})

    @cached_property
    def _halves(self) -> dict[tuple[int, str, str], list[str]]:
        """One wrong character leaves one half whole, so a form is found by its length and either half."""
        halves: dict[tuple[int, str, str], list[str]] = defaultdict(list)
        for form in self._written:
            half = len(form) // 2
            halves[len(form), form[:half], ""].append(form)
            halves[len(form), "", form[half:]].append(form)
        return dict(halves)

    def _in_pinyin(self, text: str) -> Iterator[Match]:
        for run in _LATIN_RUN.finditer(text):
            places = [place for place in range(*run.span()) if text[place].isalpha()]
            letters = "".join(text[place] for place in places)
            if len(letters) < _SHORTEST_IN_PINYIN:
                continue
            for start in range(len(letters)):
                for end in range(start + _SHORTEST_IN_PINYIN, len(letters) + 1):
                    names = self._spelt.get(letters[start:end], set())
                    if len(names) == 1:
                        yield places[start], places[end - 1] + 1, tuple(names)

    @cached_property
    def _spelt(self) -> dict[str, set[str]]:
        spelt: dict[str, set[str]] = defaultdict(set)
        for form, names in self._written.items():
            spelt["".join(spelling(character) for character in form)].update(names)
        return dict(spelt)


def _one_slip(form: str, window: str, following: str) -> bool:
    slips = [place for place, (right, typed) in enumerate(zip(form, window, strict=True)) if right != typed]
    if len(slips) != 1 or not confusable(form[slips[0]], window[slips[0]]):
        return False
    return slips[0] < len(form) - 1 or bool(_AFTER_A_NAME.match(following))
