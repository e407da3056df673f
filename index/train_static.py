"""Pairs → vectors of words: start from which words meet in passages, then pull questions towards their passages."""

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import save_file

from index.train_data import Pair
from index.train_vocabulary import Vocabulary, tokenizer_json

_log = logging.getLogger(__name__)
_WHOLE_GROUP_BELONGS = frozenset({"title", "neighbour", "question", "similar", "alike", "synonym"})


@dataclass(frozen=True)
class Recipe:
    """The settings of a training run; the same recipe, seed and data give the same model on the same machine."""

    dimension: int = 384
    epochs: int = 3
    batch: int = 512
    temperature: float = 0.06
    learning_rate: float = 2e-3
    dropout: float = 0.15
    noisy: float = 0.2
    seed: int = 20211


class Bags:
    """Texts as weighted bags of word parts, ready to be summed."""

    def __init__(self, vocabulary: Vocabulary, texts: Sequence[str]) -> None:
        bags = (vocabulary.counts(texts) @ vocabulary.parts).tocsr()
        self._lengths = np.diff(bags.indptr)
        self._starts = bags.indptr[:-1]
        self._indices, self._weights = bags.indices.astype(np.int64), bags.data.astype(np.float32)

    def take(self, rows: NDArray[np.int64]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Indices, offsets and weights of these texts for an embedding bag."""
        lengths = self._lengths[rows]
        ends = np.cumsum(lengths)
        offsets = ends - lengths
        at = (
            np.arange(ends[-1] if len(ends) else 0)
            - np.repeat(offsets, lengths)
            + np.repeat(self._starts[rows], lengths)
        )
        return torch.from_numpy(self._indices[at]), torch.from_numpy(offsets), torch.from_numpy(self._weights[at])


@dataclass(frozen=True)
class Lesson:
    """Everything a run learns from: row i of ``queries`` (and of its noisy twin) belongs to row i of ``passages``.

    ``negatives[i]`` are rows of passages that look right and are not; -1 where there are none.
    """

    pairs: Sequence[Pair]
    queries: Bags
    noisy_queries: Bags
    passages: Bags
    negatives: NDArray[np.int64]


def train(lesson: Lesson, start: NDArray[np.float32], recipe: Recipe) -> NDArray[np.float32]:
    """The vectors of the word parts after contrastive training: each query must prefer its passage to all in its batch."""
    torch.manual_seed(recipe.seed)
    generator = np.random.default_rng(recipe.seed)
    table = torch.nn.EmbeddingBag.from_pretrained(torch.from_numpy(start.copy()), mode="sum", freeze=False)
    optimizer = torch.optim.Adam(table.parameters(), lr=recipe.learning_rate)
    steps = recipe.epochs * sum(1 for _ in _batches(lesson.pairs, recipe.batch, np.random.default_rng(0)))
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, recipe.learning_rate, total_steps=steps + 1, pct_start=0.1
    )
    groups = _numbers([pair.group for pair in lesson.pairs])
    texts = _numbers([pair.passage for pair in lesson.pairs])
    whole = np.array([pair.kind in _WHOLE_GROUP_BELONGS for pair in lesson.pairs])
    for epoch in range(recipe.epochs):
        losses = []
        for rows in _batches(lesson.pairs, recipe.batch, generator):
            asked = lesson.noisy_queries if generator.random() < recipe.noisy else lesson.queries
            shown = np.concatenate([rows, _negatives(lesson.negatives[rows], generator)])
            query = _vectors(table, asked.take(rows), recipe.dropout)
            passage = _vectors(table, lesson.passages.take(shown), recipe.dropout)
            scores = query @ passage.T / recipe.temperature
            same = texts[rows][:, None] == texts[shown][None, :]
            same |= (groups[rows][:, None] == groups[shown][None, :]) & whole[rows][:, None]
            same[np.arange(len(rows)), np.arange(len(rows))] = False
            scores = scores.masked_fill(torch.from_numpy(same), -1e4)
            right = torch.arange(len(rows))
            loss = torch.nn.functional.cross_entropy(scores, right)
            loss = loss + 0.5 * torch.nn.functional.cross_entropy(scores[:, : len(rows)].T, right)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        _log.info("epoch %d of %d, loss %.3f", epoch + 1, recipe.epochs, float(np.mean(losses)))
    trained: NDArray[np.float32] = table.weight.detach().numpy()
    return trained


def write_model(folder: Path, vocabulary: Vocabulary, part_vectors: NDArray[np.float32]) -> None:
    """The sentence-transformers folder: int8 rows with one scale a row, the tokenizer, the two modules."""
    rows = vocabulary.parts @ part_vectors
    rows[0] = 0
    scales = np.abs(rows).max(axis=1) / 127
    quantised = np.round(rows / np.maximum(scales, 1e-12)[:, None]).astype(np.int8)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "1_Normalize").mkdir(exist_ok=True)
    save_file({"embeddings": quantised, "weights": scales.astype(np.float32)}, folder / "model.safetensors")
    (folder / "tokenizer.json").write_text(tokenizer_json(vocabulary.tokenizer), encoding="utf-8")
    for name, content in _FOLDER.items():
        (folder / name).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


_FOLDER = {
    "modules.json": [
        {
            "idx": 0,
            "name": "0",
            "path": "",
            "type": "sentence_transformers.sentence_transformer.modules.static_embedding.StaticEmbedding",
        },
        {
            "idx": 1,
            "name": "1",
            "path": "1_Normalize",
            "type": "sentence_transformers.base.modules.normalize.Normalize",
        },
    ],
    "config_sentence_transformers.json": {
        "__version__": {"sentence_transformers": "6.2.0"},
        "default_prompt_name": None,
        "model_type": "SentenceTransformer",
        "prompts": {"document": "", "query": ""},
        "similarity_fn_name": "cosine",
    },
    "1_Normalize/config.json": {
        "module_input_name": "sentence_embedding",
        "module_output_name": "sentence_embedding",
    },
}


def _batches(pairs: Sequence[Pair], size: int, generator: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """Batches of one kind each, in random order, so that a query's rivals are of its own kind."""
    kinds = np.array([pair.kind for pair in pairs])
    batches = []
    for kind in sorted(set(kinds)):
        rows = generator.permutation(np.flatnonzero(kinds == kind))
        batches += [
            rows[start : start + size] for start in range(0, len(rows), size) if len(rows) - start >= 32 or not start
        ]
    for at in generator.permutation(len(batches)):
        yield batches[at]


def _negatives(candidates: NDArray[np.int64], generator: np.random.Generator) -> NDArray[np.int64]:
    chosen = candidates[np.arange(len(candidates)), generator.integers(0, candidates.shape[1], len(candidates))]
    return chosen[chosen >= 0]


def _vectors(
    table: torch.nn.EmbeddingBag, bag: tuple[torch.Tensor, torch.Tensor, torch.Tensor], dropout: float
) -> torch.Tensor:
    indices, offsets, weights = bag
    weights = weights * (torch.rand_like(weights) >= dropout)
    return torch.nn.functional.normalize(table(indices, offsets, per_sample_weights=weights), dim=1)


def _numbers(values: Sequence[str]) -> NDArray[np.int64]:
    place: dict[str, int] = {}
    return np.array([place.setdefault(value, len(place)) for value in values], dtype=np.int64)
