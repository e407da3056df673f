"""A second look at the best passages by a cross-encoder, which reads question and passage together; none unless one is named."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.embed import model_folder
from index.lexical import Floats
from ingest.errors import IndexingError

READ = 30
"""Passages that are read again; the others stay below them."""

_SHARE = 0.5
_SURE = 6.0  # log-odds beyond which no model is believed


class Reranker(Protocol):
    """Judges passages for a question."""

    def judge(self, question: str, passages: Sequence[str]) -> Floats:
        """The log-odds that each passage answers."""
        ...


class CrossEncoder:
    """A sentence-transformers CrossEncoder by folder or hub name; it loads, which takes seconds, at its first use.

    A folder that is not there is said at once: IndexingError with one sentence that says what to do.
    """

    def __init__(self, name_or_path: str) -> None:
        self._name, self._folder = name_or_path, model_folder(name_or_path, kind="重排模型", instead="不用重排")

    def judge(self, question: str, passages: Sequence[str]) -> Floats:
        if not passages:
            return np.zeros(0, np.float32)
        judged: Floats = self._model.predict([(question, each) for each in passages], show_progress_bar=False)
        return judged.astype(np.float32)

    @cached_property
    def _model(self) -> Any:
        import sentence_transformers
        from torch.nn import Identity

        try:
            model = sentence_transformers.CrossEncoder(
                str(self._folder), device="cpu", local_files_only=True, activation_fn=Identity()
            )
        except (OSError, ValueError, KeyError, AttributeError, ImportError, RuntimeError) as problem:
            raise IndexingError(self._unfit("读不出来")) from problem
        if model.num_labels != 1:
            raise IndexingError(self._unfit(f"给出 {model.num_labels} 个分数而不是一个"))
        return model

    def _unfit(self, reason: str) -> str:
        return (
            f"重排模型“{self._name}”{reason}，请换成完整的 sentence-transformers CrossEncoder 文件夹，"
            "或留空 POLICY_RERANK_MODEL 以不用重排。"
        )


def load_reranker(name_or_path: str | None) -> CrossEncoder | None:
    """None where none is named."""
    return CrossEncoder(name_or_path) if name_or_path else None


def best_rows(score: Floats) -> NDArray[np.int64]:
    """The places of the passages to read again, best first."""
    return np.argsort(-score, kind="stable")[:READ]


def pooled(score: Floats, exact: Floats, read: NDArray[np.int64], judged: Floats) -> Floats:
    """The chances after the second look: the log-odds of both averaged, so that two calibrated views make a calibrated one.

    ``exact`` is the part of the log-odds that numbers, quoted words and units gave; no model may talk these away.
    """
    safe = np.clip(score.astype(np.float64), 1e-6, 1 - 1e-6)
    odds = np.log(safe / (1 - safe))
    second = np.clip(judged.astype(np.float64), -_SURE, _SURE)
    fresh = exact[read] + (1 - _SHARE) * (odds[read] - exact[read]) + _SHARE * second
    if len(read):
        odds = np.minimum(odds, fresh.min())
    odds[read] = fresh
    return (1 / (1 + np.exp(-odds))).astype(np.float32)
