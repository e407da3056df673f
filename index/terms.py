"""A question → the weighted terms it is searched by: its own words, near-synonyms from ``seeds/synonyms.toml``, and what it must
mean where it holds characters that the collection does not know: one that sounds or looks like the right one, or pinyin.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from index.block import pair_key, word_key
from index.lexical import Shelf
from index.segment import SEEDS, bigrams, cut, dictionary, is_word, policy_words, words
from ingest.fold import fold_text
from ingest.sounds import confusable, spelling

SYNONYM, MENDED = 0.4, 0.7  # weights beside 1 for the question's own words
_LONGEST_MENDED = 4
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_LATIN_RUN = re.compile(r"[a-z]+(?:[ '][a-z]+)*")
_SHORTEST_PINYIN, _LONGEST_SPELLING = 4, 24  # letters
_ASKING = re.compile(
    r"[有是为]?(?:什么样?|哪些|哪几[个项条家类]?|哪[个家里一]|如何|怎么?样?|多少|何时|有何|是否|为什么|为何)"
    r"|了(?=什么|哪|怎)|[吗呢吧](?=\W|$)|请问"
)
"""Words that only ask: what stands beside them (了哪, 些税) is so rare in texts that it would weigh more than the matter."""
_FIRST, _LAST = 0xB0A1, 0xD7F9  # the 3,755 common characters of GB 2312


@dataclass(frozen=True)
class Terms:
    """Term key → weight for the two word indexes; ``text`` is the question as it was understood."""

    words: Mapping[int, float]
    pairs: Mapping[int, float]
    text: str


class Reader:
    """Reads questions with regard to one collection: only what it does not know is taken for a slip."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def read(self, question: str) -> Terms:
        """The terms of the question; wordings that it does not use itself weigh less than 1."""
        folded = fold_text(question)
        mended = self._mended(self._from_pinyin(folded))
        wordings = {**dict.fromkeys(_synonyms(mended), SYNONYM), mended: MENDED, folded: 1.0}
        matters = {text: _without_asking(text) for text in wordings}
        return Terms(
            _weighted({text: [word_key(word) for word in words(matter)] for text, matter in matters.items()}, wordings),
            _weighted(
                {text: [pair_key(pair) for pair in bigrams(matter)] for text, matter in matters.items()}, wordings
            ),
            mended,
        )

    def _mended(self, text: str) -> str:
        """With one wrong character put right wherever that turns something unknown into a word of the collection."""
        for start, end in _fallen_apart(text):
            window = text[start:end]
            if self._is_known(window):
                continue
            fitting = [word for word in _one_off(window, _sounding_like) if self._holds(word)]
            if fitting := fitting or [word for word in _one_off(window, _looking_like) if self._holds(word)]:
                best = max(fitting, key=lambda word: self._shelf.frequency("words", word_key(word)))
                text = text[:start] + best + text[end:]
        return text

    def _is_known(self, window: str) -> bool:
        """Whether every two neighbours stand together somewhere in the collection."""
        pairs = (window[at : at + 2] for at in range(len(window) - 1))
        return all(self._shelf.frequency("pairs", pair_key(pair)) > 0 for pair in pairs)

    def _from_pinyin(self, text: str) -> str:
        """With runs of letters that spell words of the collection written in characters."""
        return _LATIN_RUN.sub(lambda found: self._spelt(found[0]), text)

    def _spelt(self, letters: str) -> str:
        joined = re.sub(r"[ ']", "", letters)
        if len(joined) < _SHORTEST_PINYIN or self._holds(joined):
            return letters
        # best[n]: the fewest words that spell the first n letters
        best: dict[int, tuple[str, ...]] = {0: ()}
        for end in range(1, len(joined) + 1):
            for start in range(max(0, end - _LONGEST_SPELLING), end):
                word = self._most_frequent(joined[start:end]) if start in best else ""
                if word and (end not in best or len(best[start]) + 1 < len(best[end])):
                    best[end] = (*best[start], word)
        if len(joined) in best:
            return "".join(best[len(joined)])
        return " ".join(map(self._spelt, letters.split())) if " " in letters else letters

    def _most_frequent(self, letters: str) -> str:
        fitting = [word for word in _spellings().get(letters, ()) if self._holds(word)]
        return max(fitting, key=lambda word: self._shelf.frequency("words", word_key(word)), default="")

    def _holds(self, word: str) -> bool:
        return self._shelf.frequency("words", word_key(word)) > 0


def _without_asking(text: str) -> str:
    """What is asked about; the whole text where it only asks."""
    matter = _ASKING.sub(" ", text)
    return matter if _HAN.search(matter) else text


def _fallen_apart(text: str) -> Iterator[tuple[int, int]]:
    """Stretches of whole words, two to four characters long, with a character in them that the dictionary leaves single."""
    tokens = list(cut(text))
    ends = list(accumulate(map(len, tokens)))
    for first, token in enumerate(tokens):
        start = ends[first] - len(token)
        for last in range(min(len(tokens), first + _LONGEST_MENDED) - 1, first, -1):
            stretch = tokens[first : last + 1]
            if (
                ends[last] - start <= _LONGEST_MENDED
                and any(map(_is_stray, stretch))
                and all(map(_HAN.fullmatch, stretch))
            ):
                yield start, ends[last]


def _is_stray(token: str) -> bool:
    return len(token) == 1 and bool(words(token))


def _one_off(window: str, alike: Callable[[str, int], Iterator[str]]) -> Iterator[str]:
    """Words that differ from the window in one character that sounds, or looks, alike."""
    for place in range(len(window)):
        yield from alike(window, place)


def _sounding_like(window: str, place: int) -> Iterator[str]:
    for character in _by_sound().get(_coarse(spelling(window[place])[0]), ()):
        word = window[:place] + character + window[place + 1 :]
        if word != window and is_word(word) and confusable(word, window, place):
            yield word


def _looking_like(window: str, place: int) -> Iterator[str]:
    for character in _by_look().get(window[place], ()):
        word = window[:place] + character + window[place + 1 :]
        if is_word(word):
            yield word


@cache
def _by_look() -> dict[str, str]:
    """Each character of ``look_alikes.txt`` → those of its groups."""
    found: dict[str, str] = {}
    for group in (SEEDS / "look_alikes.txt").read_text(encoding="utf-8").splitlines():
        if not group.startswith("#"):
            for character in group:
                found[character] = found.get(character, "") + group.replace(character, "")
    return found


@cache
def _by_sound() -> dict[str, list[str]]:
    """Takes a third of a second, so it waits for the first slip."""
    found: dict[str, list[str]] = {}
    for character in _common():
        found.setdefault(_coarse(spelling(character)[0]), []).append(character)
    return found


def _coarse(sound: str) -> str:
    """Equal for all sounds that may be confused (zh z, ing in); ``confusable`` then decides."""
    return sound[:1] + sound.replace("h", "").replace("g", "")


@cache
def _spellings() -> dict[str, list[str]]:
    """Pinyin → dictionary words. Takes half a second, so it waits for the first question in letters."""
    sounds = {character: spelling(character)[0] for character in _common()}
    found: dict[str, list[str]] = {}
    for word in dictionary():
        if len(word) > 1 and all(character in sounds for character in word):
            found.setdefault("".join(sounds[character] for character in word), []).append(word)
    for word in policy_words():
        found.setdefault("".join(spelling(word)), []).append(word)
    return found


def _synonyms(text: str) -> list[str]:
    """The document's wordings for what the question says in its own."""
    return [written for said, written in _groups() if said in text and written not in text]


@cache
def _groups() -> tuple[tuple[str, str], ...]:
    """(said, written), folded. A group without ``to`` counts both ways."""
    pairs: list[tuple[str, str]] = []
    for row in tomllib.loads((SEEDS / "synonyms.toml").read_text(encoding="utf-8"))["group"]:
        said = [fold_text(word) for word in row["words"]]
        written = [fold_text(row["to"])] if "to" in row else said
        pairs += [(one, other) for one in said for other in written if one != other]
    return tuple(pairs)


@cache
def _common() -> tuple[str, ...]:
    codes = (row << 8 | cell for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return tuple(code.to_bytes(2, "big").decode("gb2312") for code in codes if _FIRST <= code <= _LAST)


def _weighted(terms: Mapping[str, list[int]], weights: Mapping[str, float]) -> dict[int, float]:
    weighted: dict[int, float] = {}
    for text, keys in terms.items():
        for key in keys:
            weighted[key] = max(weighted.get(key, 0.0), weights[text])
    return weighted
