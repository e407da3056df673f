"""Training texts → the tokenizer of the static model: whole words where the dictionary has them, characters elsewhere."""

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from index.segment import dictionary

UNKNOWN = "<unk>"
_LONGEST_WORD = 8
_ROUNDS = 3
_PART_WEIGHT = {1: 0.3, 2: 0.6, 3: 0.6, 4: 0.6}


@dataclass(frozen=True)
class Vocabulary:
    """``parts`` (n × n) says what each word is made of: itself, and the shorter words and characters inside it.

    A word's vector is the sum of its parts' vectors, so a rare word is understood from its characters, and words that
    share a stem start out alike. After training the sum is written into the word's own row.
    """

    tokenizer: Tokenizer
    words: tuple[str, ...]
    parts: sparse.csr_matrix

    def counts(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """How often each word stands in each text (n texts × n words)."""
        encodings = self.tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        lengths = [len(encoding.ids) for encoding in encodings]
        indices = np.concatenate([np.asarray(encoding.ids, dtype=np.int32) for encoding in encodings])
        found = sparse.csr_matrix(
            (np.ones(len(indices), dtype=np.float32), indices, np.concatenate([[0], np.cumsum(lengths)])),
            shape=(len(texts), len(self.words)),
        )
        found.sum_duplicates()
        return found

    def sequence(self, texts: Sequence[str], *, gap: int) -> NDArray[np.int64]:
        """The words of all texts in their order, with a gap of -1 after each text."""
        ends = [-1] * gap
        encodings = self.tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return np.concatenate([np.array([*encoding.ids, *ends], dtype=np.int64) for encoding in encodings])


def learn_vocabulary(texts: Sequence[str], *, size: int, at_least: int = 3) -> Vocabulary:
    """The most frequent words of the texts, counted by cutting the texts with the words kept so far, three times over."""
    characters = Counter(character for text in texts for character in text if character.isalnum() or character == "%")
    scores = {word: -10.0 for word in dictionary() if 1 < len(word) <= _LONGEST_WORD}
    kept = [character for character, count in characters.items() if count >= at_least]
    scores |= dict.fromkeys(kept, -12.0)
    for _ in range(_ROUNDS):
        counts = _counted(_unigram(scores), texts)
        frequent = [word for word, count in counts.most_common() if len(word) > 1 and count >= at_least]
        total = sum(counts.values())
        words = [*kept, *frequent[: size - len(kept) - 1]]
        scores = {word: math.log((counts[word] + 0.5) / total) for word in words}
    words = [UNKNOWN, *scores]
    return Vocabulary(_unigram(scores), tuple(words), _parts(words))


def _counted(tokenizer: Tokenizer, texts: Sequence[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for start in range(0, len(texts), 2000):
        for encoding in tokenizer.encode_batch(list(texts[start : start + 2000]), add_special_tokens=False):
            counts.update(encoding.tokens)
    return counts


def _unigram(scores: dict[str, float]) -> Tokenizer:
    """The most probable cut into words; marks and spaces only separate, unknown characters become one <unk>."""
    lowest = min(scores.values()) - 1
    tokenizer = Tokenizer(models.Unigram([(UNKNOWN, lowest), *scores.items()], unk_id=0, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"[^\p{L}\p{N}%]+"), "removed")
    return tokenizer


def _parts(words: Sequence[str]) -> sparse.csr_matrix:
    place = {word: at for at, word in enumerate(words)}
    rows, columns, weights = list(range(1, len(words))), list(range(1, len(words))), [1.0] * (len(words) - 1)
    for row, word in enumerate(words):
        if row == 0 or word.isascii():
            continue
        for size in range(1, min(len(word) - 1, max(_PART_WEIGHT)) + 1):
            for start in range(len(word) - size + 1):
                if column := place.get(word[start : start + size]):
                    rows.append(row)
                    columns.append(column)
                    weights.append(_PART_WEIGHT[size])
    return sparse.csr_matrix((np.asarray(weights, np.float32), (rows, columns)), shape=(len(words), len(words)))


def tokenizer_json(tokenizer: Tokenizer) -> str:
    """The tokenizer on one line, scores rounded: half the bytes, the same cuts."""
    content = json.loads(tokenizer.to_str())
    content["model"]["vocab"] = [[word, round(score, 4)] for word, score in content["model"]["vocab"]]
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
