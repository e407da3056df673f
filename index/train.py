"""Train the project's own embedding model: ``python -m index.train --out index/model --pairs questions=FILE documents=FOLDER …``."""

import argparse
import logging
import random
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from index.train_data import SOURCES, Pair, pairs_of
from index.train_negatives import look_alikes
from index.train_start import starting_vectors
from index.train_static import Bags, Lesson, Recipe, train, write_model
from index.train_typos import misspeller
from index.train_vocabulary import Vocabulary, learn_vocabulary
from ingest.errors import IndexingError, KnowledgeBaseError

WORDS = 40_000
"""Size of the vocabulary."""

_log = logging.getLogger(__name__)
_MINED_KINDS = frozenset({"question", "similar", "heading", "item"})


def is_held_out(pair: Pair) -> bool:
    """A tenth of the groups (passages, documents, clauses), chosen by name, and a tenth of the similar questions."""
    questions = {"similar": (pair.query,), "alike": (pair.query, pair.passage)}.get(pair.kind, ())
    return any(is_chosen(text) for text in (pair.group, *questions))


def is_chosen(name: str) -> bool:
    return zlib.crc32(name.encode()) % 10 == 0


@dataclass(frozen=True)
class Ground:
    """Where training starts: the words, and a vector for each of their parts."""

    vocabulary: Vocabulary
    start: NDArray[np.float32]


def learn_ground(pairs: Sequence[Pair], *, recipe: Recipe, size: int) -> Ground:
    """Words and starting vectors from the pairs' texts."""
    texts = list(dict.fromkeys(text for pair in pairs for text in (pair.passage, pair.query)))
    vocabulary = learn_vocabulary(texts, size=size)
    _log.info("%d words from %d texts", len(vocabulary.words), len(texts))
    start = starting_vectors(texts, vocabulary, dimension=recipe.dimension, seed=recipe.seed)
    _log.info("starting vectors are there")
    return Ground(vocabulary, start)


def train_model(pairs: Sequence[Pair], out: Path, *, recipe: Recipe, ground: Ground) -> None:
    """Pairs → a model folder."""
    vectors = train(_lesson(pairs, ground.vocabulary, recipe.seed), ground.start, recipe)
    write_model(out, ground.vocabulary, vectors)


def _lesson(pairs: Sequence[Pair], vocabulary: Vocabulary, seed: int) -> Lesson:
    misspell: Callable[[str], str] = misspeller(random.Random(seed))
    negatives = look_alikes(pairs, vocabulary, kinds=_MINED_KINDS)
    _log.info("look-alikes for %d pairs", int((negatives[:, 0] >= 0).sum()))
    return Lesson(
        pairs=pairs,
        queries=Bags(vocabulary, [pair.query for pair in pairs]),
        noisy_queries=Bags(vocabulary, [misspell(pair.query) for pair in pairs]),
        passages=Bags(vocabulary, [pair.passage for pair in pairs]),
        negatives=negatives,
    )


def pairs_from(source: str, seed: int) -> list[Pair]:
    """The pairs of one KIND=PATH. Raises IndexingError."""
    kind, _, path = source.partition("=")
    if kind not in SOURCES or not path:
        raise IndexingError(f"训练数据“{source}”写法不对，请写成 种类=路径，种类为 {'、'.join(SOURCES)}。")
    return pairs_of(kind, Path(path), seed=seed)


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m index.train", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="the model folder to write")
    parser.add_argument(
        "--pairs", nargs="+", required=True, metavar="KIND=PATH", help=f"KIND is one of {', '.join(SOURCES)}"
    )
    parser.add_argument("--words", type=int, default=WORDS, help="vocabulary size")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--all", action="store_true", help="also train on the questions otherwise held out for bench/models.py"
    )
    for name, value in Recipe().__dict__.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _arguments(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    torch.set_num_threads(arguments.threads)
    try:
        pairs = [pair for source in arguments.pairs for pair in pairs_from(source, arguments.seed)]
    except KnowledgeBaseError as problem:
        print(problem, file=sys.stderr)
        return 1
    if not arguments.all:
        pairs = [pair for pair in pairs if not is_held_out(pair)]
    _log.info("pairs: %s", dict(Counter(pair.kind for pair in pairs)))
    recipe = Recipe(**{name: getattr(arguments, name) for name in Recipe().__dict__})
    ground = learn_ground(pairs, recipe=recipe, size=arguments.words)
    train_model(pairs, arguments.out, recipe=recipe, ground=ground)
    return 0


if __name__ == "__main__":
    sys.exit(main())
