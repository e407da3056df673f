"""Texts for ``bench/scale.py``: real documents, over and over with other sentences, or documents made up from nothing.

Both are endless, and the same seed gives the same.
"""

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, count, cycle
from pathlib import Path
from typing import Protocol

from index.segment import sentences
from ingest.read import read

LEVELS = ("国家", "省", "市", "区")
Row = dict[str, str]


class Writer(Protocol):
    """What a collection of any size is made from."""

    def documents(self) -> Iterator[Row]: ...

    def questions(self) -> Iterator[str]: ...


class Varied:
    """Every real document once as it is, then again and again with half of its sentences taken from other documents.

    So words are as frequent as in real texts, no two passages are the same, and every document keeps its form.
    Questions are those given, or else pieces of sentences of the documents, by turns short and long.
    """

    def __init__(self, paths: Sequence[Path], questions: Sequence[Path], seed: int) -> None:
        self._random = random.Random(seed)
        self._texts = [text for path in paths for text in _texts(path) if text.strip()]
        self._random.shuffle(self._texts)
        self._cut = [[text[start:end] for start, end in sentences(text)] for text in self._texts]
        self._alike: dict[int, list[str]] = {}
        for sentence in (sentence for text in self._cut for sentence in text):
            self._alike.setdefault(_size(sentence), []).append(sentence)
        self._asked = [json.loads(line)["question"] for path in questions for line in _lines(path)]

    def documents(self) -> Iterator[Row]:
        for turn in count():
            for number, (text, parts) in enumerate(zip(self._texts, self._cut, strict=True)):
                level = LEVELS[number % len(LEVELS)]
                yield {"id": f"r{turn}-{number}", "level": level, "text": self._varied(parts) if turn else text}

    def questions(self) -> Iterator[str]:
        if self._asked:
            yield from cycle(self._random.sample(self._asked, len(self._asked)))
        pieces = [
            piece for text in self._texts for piece in re.split(r"[，。、；：\s]+", text) if 6 <= len(piece) <= 30
        ]
        while True:
            yield f"{self._random.choice(pieces)}由谁负责?"

    def _varied(self, parts: Sequence[str]) -> str:
        """Sentences change for some of about their length that end as they do, so that headings stay headings."""
        return "".join(
            self._random.choice(self._alike[_size(part)]) if at and self._random.random() < 0.5 else part
            for at, part in enumerate(parts)
        )


class MadeUp:
    """Official-sounding documents of words drawn by their frequency in jieba's dictionary."""

    PASSAGES = 12  # a document

    def __init__(self, seed: int) -> None:
        import jieba

        jieba.setLogLevel(60)
        jieba.initialize()
        known: Mapping[str, int] = jieba.dt.FREQ
        self._words = [word for word in known if known[word] and 1 <= len(word) <= 4]
        self._sums = list(accumulate(known[word] for word in self._words))
        self._random = random.Random(seed)

    def documents(self) -> Iterator[Row]:
        for number in count(1):
            title = f"关于{self._said(5)}的通知"
            parts = [f"{at}.{self._said(4)}。{self._sentences()}" for at in range(1, self.PASSAGES)]
            yield {
                "id": f"m{number}",
                "title": title,
                "level": LEVELS[number % 4],
                "text": "\n\n".join([title, *parts]),
            }

    def questions(self) -> Iterator[str]:
        while True:
            yield f"{self._said(7)}由谁负责?"

    def _sentences(self) -> str:
        return "".join(f"{self._said(6)},{self._said(7)}。" for _ in range(9))

    def _said(self, count: int) -> str:
        return "".join(self._random.choices(self._words, cum_weights=self._sums, k=count))


def _size(sentence: str) -> int:
    """Sentences of one kind and about one length."""
    return 2 * (len(sentence) // 8) + sentence.endswith("\n")


def _texts(path: Path) -> Iterator[str]:
    """A line of .jsonl is a document; any other file is one, a folder holds many."""
    if path.is_dir():
        for each in sorted(path.glob("*.txt")):
            yield from _texts(each)
    elif path.suffix == ".jsonl":
        yield from (json.loads(line)["text"] for line in _lines(path))
    else:
        yield from (raw.text for raw in read(path))


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
