"""Names with one wrong character (市经心局), or spelt in pinyin (shangwuju), found only if exactly one body fits."""

import re
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping
from functools import cached_property

from ingest.sounds import confusable, spelling

_SHORTEST = 3  # characters: in two, one wrong character is half the name
_SHORTEST_IN_PINYIN = 7  # letters, the length of jiaoyuj(u): shorter runs are English words and abbreviations
_LATIN_RUN = re.compile(r"[a-z]+(?:[ '][a-z]+)*")
# After a name whose last character is wrong: the end, a mark, or a word that cannot belong to it (科技举措 is not 科技局).
_AFTER_A_NAME = re.compile(r"$|[^\u4e00-\u9fff]|[的管和跟吗呢啊]|负责|有哪|是不|是怎")

Match = tuple[int, int, tuple[str, ...]]


class Misspelled:
    """``written``: folded form → the names it may mean; ``never``: forms too like ordinary words to be guessed at."""

    def __init__(self, written: Mapping[str, tuple[str, ...]], never: Container[str]) -> None:
        self._known = frozenset(written)
        self._written = {form: names for form, names in written.items() if len(form) >= _SHORTEST and form not in never}

    def matches(self, text: str) -> Iterator[Match]:
        """Every stretch of the folded text that is one character off a form, or its pinyin."""
        near: dict[tuple[int, int], set[str]] = defaultdict(set)
        for start, form in self._half_seen(text):
            end = start + len(form)
            if start < 0 or end > len(text) or text[start:end] in self._known:
                continue  # a right form that was not taken was turned down for what stands around it
            if _one_slip(form, text[start:end], text[end : end + 2]):
                near[start, end].update(self._written[form])
        for (start, end), names in near.items():
            if len(names) == 1:
                yield start, end, tuple(names)
        yield from self._in_pinyin(text)

    def _half_seen(self, text: str) -> Iterator[tuple[int, str]]:
        """One wrong character leaves one half whole: every form with a half in the text, and where it would start."""
        heads, tails = self._heads, self._tails
        for place in range(len(text)):
            for end in range(place + 1, len(text) + 1):
                forms = heads.get(text[place:end])
                if forms is None:
                    break
                yield from ((place, form) for form in forms)
            for start in range(place, -1, -1):
                forms = tails.get(text[start : place + 1])
                if forms is None:
                    break
                yield from ((place + 1 - len(form), form) for form in forms)

    @cached_property
    def _heads(self) -> dict[str, list[str]]:
        """First half → its forms, and every beginning of a half → nothing, so that a search knows when to stop."""
        heads: dict[str, list[str]] = {}
        for form in self._written:
            half = form[: len(form) // 2]
            heads.setdefault(half, []).append(form)
            for length in range(1, len(half)):
                heads.setdefault(half[:length], [])
        return heads

    @cached_property
    def _tails(self) -> dict[str, list[str]]:
        tails: dict[str, list[str]] = {}
        for form in self._written:
            half = form[len(form) // 2 :]
            tails.setdefault(half, []).append(form)
            for length in range(1, len(half)):
                tails.setdefault(half[-length:], [])
        return tails

    def _in_pinyin(self, text: str) -> Iterator[Match]:
        for run in _LATIN_RUN.finditer(text):
            places = [place for place in range(*run.span()) if text[place].isalpha()]
            letters = "".join(text[place] for place in places)
            if len(letters) < _SHORTEST_IN_PINYIN:
                continue
            for start in range(len(letters)):
                if letters[start : start + _SHORTEST_IN_PINYIN] not in self._spelt_heads:
                    continue
                for end in range(start + _SHORTEST_IN_PINYIN, min(start + self._longest_spelt, len(letters)) + 1):
                    names = self._spelt.get(letters[start:end], set())
                    if len(names) == 1:
                        yield places[start], places[end - 1] + 1, tuple(names)

    @cached_property
    def _spelt_heads(self) -> frozenset[str]:
        return frozenset(spelt[:_SHORTEST_IN_PINYIN] for spelt in self._spelt)

    @cached_property
    def _longest_spelt(self) -> int:
        return max(map(len, self._spelt), default=0)

    @cached_property
    def _spelt(self) -> dict[str, set[str]]:
        spelt: dict[str, set[str]] = defaultdict(set)
        for form, names in self._written.items():
            spelt["".join(spelling(form))].update(names)
        return dict(spelt)


def _one_slip(form: str, window: str, following: str) -> bool:
    slips = [place for place, (right, typed) in enumerate(zip(form, window, strict=True)) if right != typed]
    if len(slips) != 1 or not confusable(form, window, slips[0]):
        return False
    return slips[0] < len(form) - 1 or bool(_AFTER_A_NAME.match(following))
