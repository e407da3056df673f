"""Chinese text → the words and character pairs it is found by; text and question go through the same functions.

The words are jieba's, cut without its statistical guessing of new ones (HMM), which glues neighbours together (日至) and makes the
same characters fall apart differently in a text and in a question. Words of official language come from ``seeds/policy_words.txt``.
"""

import hashlib
import logging
import marshal
import math
import os
import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path

from index.cutter import Cutter, runs
from ingest.fold import chinese_number, fold_text

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
_HAN_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_WORD = re.compile(r"[\w%]")
_NUMBERED = re.compile(r"第?([〇零一二三四五六七八九十百千万亿两廿卅]+)[条项个点章款]?")
_LONGEST_PART = 3


def words(text: str) -> list[str]:
    """Words in text order: folded, without stop words, long words followed by the words inside them."""
    return [word for run in runs(fold_text(text)) for word in words_in(run)]


def bigrams(text: str) -> list[str]:
    """Every two neighbouring Chinese characters, in text order, folded; a lone character stands for itself."""
    pairs = []
    for run in _HAN_RUN.findall(fold_text(text)):
        pairs += [run[at : at + 2] for at in range(len(run) - 1)] or [run]
    return pairs


def sentences(text: str) -> list[tuple[int, int]]:
    """[start, end) of every sentence; together they cover the text. A closing quote or bracket stays with its sentence."""
    ends = [found.end() for found in _SENTENCE_END.finditer(text)]
    if not ends or ends[-1] != len(text):
        ends.append(len(text))
    return [(start, end) for start, end in zip([0, *ends[:-1]], ends, strict=True) if end > start]


_SENTENCE_END = re.compile(r"(?:[。！？!?；;]+[”’」』）)》\"]*|\n)\s*")


def cut(folded: str) -> Iterator[str]:
    """Folded text in words as they stand, one after another, nothing left out."""
    return _cutter().cut(folded)


def is_word(text: str) -> bool:
    """Whether the dictionary holds this word."""
    return bool(_weights().get(text))


def dictionary() -> Iterable[str]:
    """Every word of the dictionary, policy words included."""
    return (word for word, weight in _weights().items() if weight)


def policy_words() -> list[str]:
    """The words of ``seeds/policy_words.txt``, folded."""
    return [fold_text(word) for word in _rows("policy_words.txt")]


def fingerprint() -> str:
    """Changes when the same text would be cut differently."""
    digest = hashlib.sha256(b"2")
    for name in ("policy_words.txt", "stop_words.txt"):
        digest.update((SEEDS / name).read_bytes())
    return digest.hexdigest()[:16]


def keep_dictionary_in(folder: Path) -> None:
    """Where the compiled dictionary is cached: the data folder, never the world-writable /tmp that jieba uses."""
    global _cache_folder
    _cache_folder = folder


_cache_folder: Path | None = None


@lru_cache(maxsize=50_000)
def words_in(run: str) -> tuple[str, ...]:
    """``words`` of one of the ``runs`` of folded text. Remembered, for texts repeat themselves and documents are read again and again."""
    return tuple(chain.from_iterable(map(_parts, _cutter().words_of(run))))


@cache
def _parts(word: str) -> tuple[str, ...]:
    """The word, and for a long one the dictionary words inside it; nothing for a stop word or a mark."""
    if not _WORD.search(word) or word in _stop_words():
        return ()
    numbered = _NUMBERED.fullmatch(word)
    if numbered and (number := chinese_number(numbered[1])) is not None:
        return (str(number),)
    known = _weights()
    inside = (
        word[at : at + size]
        for size in range(2, min(_LONGEST_PART, len(word) - 1) + 1)
        for at in range(len(word) - size + 1)
        if not word.isascii()
    )
    return (word, *(part for part in inside if known.get(part) and part not in _stop_words()))


@cache
def _stop_words() -> frozenset[str]:
    return frozenset(_rows("stop_words.txt"))


def _rows(name: str) -> list[str]:
    rows = (SEEDS / name).read_text(encoding="utf-8").splitlines()
    return [row.split()[0] for row in rows if row.strip() and not row.startswith("#")]


@cache
def _cutter() -> Cutter:
    weights, unknown = _dictionary()
    return Cutter(weights, unknown)


def _weights() -> dict[str, float]:
    return _dictionary()[0]


@cache
def _dictionary() -> tuple[dict[str, float], float]:
    """What the cutter cuts by: jieba's dictionary with the policy words in it, from the cache when one of this fingerprint is there."""
    cached = _cache_folder / f"dictionary-weights-{fingerprint()}.bin" if _cache_folder else None
    if cached and cached.is_file():
        digest, content = _halves(cached.read_bytes())
        if digest == hashlib.sha256(content).digest():
            weights, unknown = marshal.loads(content)  # nosec B302  # written by this program, in its own folder
            return weights, unknown
        logging.getLogger(__name__).info("the cached dictionary is damaged and is made again")
    frequencies, total = _frequencies()
    unknown = -math.log(total)
    weight_of = {count: math.log(count) + unknown if count else 0.0 for count in set(frequencies.values())}
    weights = {word: weight_of[count] for word, count in frequencies.items()}
    if cached:
        content = marshal.dumps((weights, unknown))
        _write(cached, hashlib.sha256(content).digest() + content)
    return weights, unknown


def _frequencies() -> tuple[dict[str, int], int]:
    """Every word and every beginning of a word (0), and the sum."""
    import jieba

    jieba.setLogLevel(logging.ERROR)
    tokenizer = jieba.Tokenizer()
    with tokenizer.get_dict_file() as file:
        fields = file.read().decode().split()  # word, count, part of speech, line by line
    frequencies = dict(zip(fields[::3], map(int, fields[1::3]), strict=True))
    total = sum(frequencies.values())
    longer, size = list(frequencies), 1
    while longer := [word for word in longer if len(word) > size]:
        beginnings = dict.fromkeys(word[:size] for word in longer)
        frequencies.update((each, 0) for each in beginnings if each not in frequencies)
        size += 1
    tokenizer.FREQ, tokenizer.total, tokenizer.initialized = frequencies, total, True
    for word in policy_words():
        tokenizer.add_word(word)
    return tokenizer.FREQ, tokenizer.total


def _halves(kept: bytes) -> tuple[bytes, bytes]:
    """The sum and what it is of: a file that a power cut left half written must not cut words its own way."""
    return kept[:32], kept[32:]


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all; a folder that cannot be written only costs the next start half a second."""
    beside = path.with_suffix(f".{os.getpid()}")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as problem:
        logging.getLogger(__name__).info("the dictionary could not be cached in %s: %s", path.parent, problem)
