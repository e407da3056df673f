"""Text → vectors: the model that ships with the project, or any other sentence-transformers model.

The bundled model is a word table (a ``StaticEmbedding`` folder), so numpy reads it in a tenth of a second; torch and
sentence-transformers, which take seconds to import, are loaded only for another model. Both read the same folder alike.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from unicodedata import is_normalized

import numpy as np
from numpy.typing import NDArray

from ingest.errors import IndexingError
from ingest.fold import fold_text

if TYPE_CHECKING:
    from tokenizers import Tokenizer

BUNDLED = Path(__file__).resolve().parent / "model"
_PROBE_SECONDS = 5.0
_MANY = 1000


@dataclass(frozen=True)
class Calibration:
    """What a model's nearness tells of whether a clause answers, learnt from questions on documents that nobody had asked of.

    The log-odds are ``score`` times those of the clause's score, ``cosine`` times its vector's, and ``either``; and its vector must be
    nearer than all other clauses' by ``lead``: where words and vectors name two clauses, most answers are wrong.
    """

    score: float
    cosine: float
    either: float
    lead: float


class Embedder(Protocol):
    """``fingerprint`` names the model's content: vectors of different fingerprints must never meet."""

    fingerprint: str
    dimension: int
    calibration: Calibration | None
    """How near the vectors of a question and a passage are that belong together; None where that is not known."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row a text, of length 1, in the order given; a text without a known word has a zero row.

        Texts are folded first (full width, capitals, traditional characters), so that one thing written twice meets itself.
        """
        ...


def load_embedder(name_or_path: str | None = None) -> Embedder:
    """The bundled model, or a sentence-transformers model by folder or hub name.

    A folder is read as it is; a hub name is looked for in the local cache first and then, unless HF_HUB_OFFLINE
    forbids it, fetched. Raises IndexingError with one sentence that says what to do.
    """
    if name_or_path is None:
        return _bundled()
    folder = model_folder(name_or_path, kind="嵌入模型", instead="使用自带模型")
    is_local = Path(name_or_path).expanduser().is_dir()
    fingerprint = content_fingerprint(folder) if is_local else f"{name_or_path}@{folder.name}"
    return SentenceEmbedder(folder, fingerprint=fingerprint, name=name_or_path)


@cache
def _bundled() -> Embedder:
    """Read once: a change and the search after it use the same."""
    return StaticEmbedder(BUNDLED)


def model_folder(name_or_path: str, *, kind: str, instead: str) -> Path:
    """Where a sentence-transformers model lies: the folder named, or a hub model's, from the cache or freshly fetched.

    Raises IndexingError with one sentence that calls the model ``kind`` and ends with what leaving it out would mean.
    """
    folder = Path(name_or_path).expanduser()
    if folder.is_dir():
        return folder
    if _is_path(name_or_path):
        raise IndexingError(f"找不到{kind}文件夹“{name_or_path}”，请检查路径，或留空以{instead}。")
    return _snapshot(name_or_path, kind, instead)


class StaticEmbedder:
    """A StaticEmbedding folder read by tokenizers, safetensors and numpy: int8 rows, one scale a row, mean, unit length."""

    calibration: Calibration | None = Calibration(score=2.0, cosine=6.0, either=3.3, lead=0.02)

    def __init__(self, folder: Path) -> None:
        from safetensors import SafetensorError
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        try:
            tensors = load_file(folder / "model.safetensors")
            self._rows, self._scales = tensors["embeddings"], tensors["weights"]
            tokenizer = (folder / "tokenizer.json").read_text(encoding="utf-8")
        except (OSError, SafetensorError, KeyError) as problem:
            raise IndexingError(
                "自带的嵌入模型缺失或已损坏（index/model），请重新取得完整的项目文件，或运行 python -m index.train 重新训练。"
            ) from problem
        self._tokenizer = Tokenizer.from_str(tokenizer)
        self.dimension = int(self._rows.shape[1])
        self.fingerprint = content_fingerprint(folder)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        folded = [fold_text(text) for text in texts]
        for row, encoding in enumerate(self._fitting(folded).encode_batch_fast(folded, add_special_tokens=False)):
            ids = np.asarray(encoding.ids, dtype=np.intp)
            vectors[row] = self._scales[ids] @ self._rows[ids].astype(np.float32)
        return _of_unit_length(vectors)

    def _fitting(self, folded: Sequence[str]) -> "Tokenizer":
        """The tokenizer, for many texts without its own folding (NFKC, lower case), a third of its work, where that changes nothing."""
        is_done = len(folded) >= _MANY and all(is_normalized("NFKC", text) for text in folded)
        return self._without_folding if is_done else self._tokenizer

    @cached_property
    def _without_folding(self) -> "Tokenizer":
        tokenizer = type(self._tokenizer).from_str(self._tokenizer.to_str())
        tokenizer.normalizer = None
        return tokenizer


class SentenceEmbedder:
    """Any sentence-transformers model from a local folder."""

    calibration: Calibration | None = None

    def __init__(self, folder: Path, *, fingerprint: str, name: str) -> None:
        sentence_transformers = _sentence_transformers()
        try:
            self._model = sentence_transformers.SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        except (OSError, ValueError, KeyError, AttributeError, ImportError, RuntimeError) as problem:
            raise IndexingError(
                f"嵌入模型“{name}”读不出来，请换成完整的 sentence-transformers 模型文件夹，或留空以使用自带模型。"
            ) from problem
        self.dimension = int(self._model.get_embedding_dimension())
        self.fingerprint = fingerprint

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        folded = [fold_text(text) for text in texts]
        vectors = self._model.encode(folded, convert_to_numpy=True, show_progress_bar=False)
        return _of_unit_length(np.asarray(vectors, dtype=np.float32))


def content_fingerprint(folder: Path) -> str:
    """A hash of everything in a model's folder that can change a vector, whatever the folder is called."""
    digest = hashlib.sha256()
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".md" and ".git" not in path.parts)
    for path in sorted(files):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _is_path(name: str) -> bool:
    """Hub names are ``name`` or ``owner/name``; anything else was meant as a path."""
    return name.startswith((".", "/", "~")) or "\\" in name or name.count("/") > 1


def _snapshot(name: str, kind: str, instead: str) -> Path:
    """The folder of a hub model, from the cache or freshly fetched; its own name is the revision.

    sentence-transformers itself would retry an unreachable hub for 70 seconds, so one quick question goes first.
    """
    _sentence_transformers()
    import huggingface_hub
    from huggingface_hub import constants, errors

    advice = f"请检查名称，或先把模型下载到本机并填写其文件夹路径，或留空以{instead}"
    try:
        return Path(huggingface_hub.snapshot_download(name, local_files_only=True))  # nosec B615  # fetches nothing
    except errors.HFValidationError as problem:
        raise IndexingError(f"“{name}”不是有效的模型名称，{advice}。") from problem
    except (errors.LocalEntryNotFoundError, OSError) as problem:
        if constants.HF_HUB_OFFLINE:
            raise IndexingError(f"本机没有{kind}“{name}”，且已设为离线（HF_HUB_OFFLINE），{advice}。") from problem
    try:
        revision = huggingface_hub.HfApi().model_info(name, timeout=_PROBE_SECONDS).sha
        return Path(huggingface_hub.snapshot_download(name, revision=revision))
    except errors.RepositoryNotFoundError as problem:
        raise IndexingError(f"模型库里没有{kind}“{name}”，{advice}。") from problem
    except _network_errors() as problem:
        raise IndexingError(f"连不上模型库，取不到{kind}“{name}”，{advice}。") from problem


def _network_errors() -> tuple[type[Exception], ...]:
    """The hub's own error and its bases, which are the errors of the HTTP client that this release of the hub uses."""
    from huggingface_hub.errors import HfHubHTTPError

    return (HfHubHTTPError, OSError, *(base for base in HfHubHTTPError.__bases__ if issubclass(base, Exception)))


def _sentence_transformers() -> Any:
    try:
        import sentence_transformers
    except ImportError as problem:
        raise IndexingError(
            "使用其他嵌入模型需要 sentence-transformers，请先运行 pip install sentence-transformers，或留空以使用自带模型。"
        ) from problem
    return sentence_transformers


def _of_unit_length(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: NDArray[np.float32] = vectors / np.maximum(lengths, 1e-12)
    return scaled
