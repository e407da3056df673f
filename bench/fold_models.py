"""Embedding models that have not seen some of the similar questions, each made as the shipped one is, by ``index.train``.

The words and their starting vectors are learnt once, from everything but the similar questions, for all models of a run; the
training proper, which is what sees similar questions, is done whole for each model.
"""

import json
import logging
import shutil
import sys
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from index.segment import SEEDS
from index.train import WORDS, Ground, Pair, Recipe, learn_ground, pairs_from, train_model


@dataclass(frozen=True)
class FoldModels:
    """``folder`` keeps the models; ``sources`` are the KIND=PATH of ``index.train``, all but the similar questions."""

    folder: Path
    sources: Sequence[str]
    recipe: Recipe = field(default_factory=Recipe)

    def without(self, held: Collection[str], *, name: str) -> str:
        """The folder of a model that has not seen the questions ``held``; one that stands under this name is used again."""
        out = self.folder / name
        if not (out / "modules.json").is_file():
            logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
            pairs = [*self._public, *_similar(held, self.recipe.seed)]
            train_model(pairs, out, recipe=self.recipe, ground=self._ground)
        return str(out)

    @cached_property
    def _public(self) -> list[Pair]:
        sources = [*self.sources, f"synonyms={SEEDS / 'synonyms.toml'}"]
        return [pair for source in sources for pair in pairs_from(source, self.recipe.seed)]

    @cached_property
    def _ground(self) -> Ground:
        return learn_ground(self._public, recipe=self.recipe, size=WORDS)


def _similar(held: Collection[str], seed: int) -> list[Pair]:
    """The pairs of the seeds' similar questions without those held out."""
    with tempfile.TemporaryDirectory() as temporary:
        seeds = shutil.copytree(SEEDS, Path(temporary) / "seeds")
        for path in (seeds / "similar_questions").glob("*.jsonl"):
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            kept = [line for line in lines if line.strip() and json.loads(line)["question"] not in held]
            path.write_text("".join(kept), encoding="utf-8")
        return pairs_from(f"similar={seeds / 'similar_questions'}", seed)
