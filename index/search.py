"""The doorway to the knowledge base: ``Index.search`` and the types it returns."""

import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.embed import Embedder, load_embedder
from index.fuse import Weights, evidence, exact_part, fuse
from index.hit import LEGS, NO_FILTERS, Explained, Filters, Hit
from index.home import Where, home_of
from index.intent import Examples, Intents, clause_examples
from index.ledger import Row, kept
from index.lexical import Floats
from index.library import Library
from index.passage import passage
from index.reposts import reposts
from index.rerank import best_rows, load_reranker, pooled
from index.rows import ChunkRow, DocumentRow
from index.segment import keep_dictionary_in
from index.similar import SimilarQuestion, as_question
from index.stages import Clock, Stages
from index.state import State
from index.unit_entries import extended
from index.vectors import Nearest
from index.verbatim import longest_runs
from ingest.directory import UnitDirectory
from ingest.document import Clause, Document
from ingest.errors import IndexingError

__all__ = ["Explained", "Filters", "Hit", "Index"]

_SEEDS = Path(__file__).resolve().parent.parent / "seeds"
_CANDIDATES = 200  # of the words, and as many of the vectors, are weighed against each other
_LOOKED_UP = 30
_READ = 50  # of the candidates are compared with the question letter by letter


@dataclass(frozen=True)
class Candidates:
    """The passages (rows of the shelf) that a query is decided among, and the value of every feature for each of them."""

    rows: NDArray[np.int64]
    features: Mapping[str, Floats]
    understood: str

    def only(self, places: NDArray[np.int64]) -> "Candidates":
        """Those at these places, in this order."""
        return Candidates(
            self.rows[places], {name: values[places] for name, values in self.features.items()}, self.understood
        )


class Index:
    """A knowledge base open for searching; safe to use from several threads, while other processes change it."""

    def __init__(
        self,
        library: Library,
        *,
        model: str | None = None,
        chroma: str | None = None,
        weights: Weights | None = None,
        reranker: str | None = None,
    ) -> None:
        self._library, self._model, self._weights = library, model, weights
        self._reranker = load_reranker(reranker)
        self._lock = threading.RLock()
        self._intents: tuple[str | None, Intents] | None = None
        with library.reading():
            self._state = State(library)
        self._nearest = Nearest(library.home, chroma)
        self.stages = Stages()
        self.damage = ""
        """What this collection lacks, in a sentence, where it is what could be saved of a damaged one."""

    @classmethod
    def open(
        cls,
        where: Where,
        *,
        model: str | None = None,
        chroma: str | None = None,
        weights: Weights | None = None,
        reranker: str | None = None,
    ) -> "Index":
        """Open the knowledge base that lives there. ``model`` must be the one that it was built with; ``weights`` replace those learnt.

        ``reranker`` is a cross-encoder, by folder or hub name, that reads the best passages again.
        ``chroma`` is "embedded" in the one process that keeps the Chroma folder (the app), or the URL of a Chroma server; without
        it, and until it is ready, vectors are searched exactly.
        """
        keep_dictionary_in(home_of(where).folder)
        return cls(Library.open(where), model=model, chroma=chroma, weights=weights, reranker=reranker)

    def use_chroma(self, place: str) -> None:  # later than open, for it takes a second of processor
        self._nearest = Nearest(self._library.home, place)

    def close(self) -> None:
        self._nearest.close()
        with self._lock:
            self._library.close()

    def __enter__(self) -> "Index":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def search(self, query: str, *, filters: Filters = NO_FILTERS, limit: int = 10) -> list[Hit]:
        """The passages that answer best, best first."""
        return list(self.explain(query, filters=filters, limit=limit).hits)

    def explain(self, query: str, *, filters: Filters = NO_FILTERS, limit: int = 10) -> Explained:
        """``search`` with every feature's value and the time that each stage took."""
        with self._lock, self._library.reading():
            self._refresh()
            explained = self._explain(query, filters, limit)
        for stage, milliseconds in explained.timings.items():
            self.stages.tell(stage, milliseconds / 1000)
        self.stages.tell("search", sum(explained.timings.values()) / 1000)
        return explained

    def similar_questions(self, query: str, *, limit: int = 5) -> list[SimilarQuestion]:
        """The stored questions most like this one, best first, those that nothing answers included."""
        with self._lock, self._library.reading():
            self._refresh()
            alike = self._state.similar.match(query, self.embedder.embed([query])[0])
            best = np.argsort(-alike, kind="stable")[:limit]
            return [as_question(self._state.similar.rows[int(at)], float(alike[at])) for at in best if alike[at] > 0]

    def understood(self, query: str) -> str:
        """The query folded, with pinyin and single slips read as words of the collection."""
        with self._lock, self._library.reading():
            self._refresh()
            return self._state.reader.read(query).text

    def generation(self) -> str | None:
        """Changes whenever the collection does."""
        with self._lock, self._library.reading():
            return self._library.meta("generation")

    def documents(self) -> list[Document]:
        """Every document's metadata and references, without text and clauses, in the order added."""
        with self._lock, self._library.reading():
            return self._library.cards()

    def document(self, document_id: str) -> Document:
        """The whole document; asked for twice, it is the same object."""
        with self._lock, self._library.reading():
            self._refresh()
            return self._state.document(document_id)

    def whole_documents(self, document_ids: Collection[str] | None = None) -> list[Document]:
        """The whole documents with these ids, None for all, of one state of the collection and in the order added."""
        with self._lock, self._library.reading():
            self._refresh()
            held = self._library.document_ids()
            return [self._state.document(each) for each in held if document_ids is None or each in document_ids]

    def reposts(self, document: Document) -> list[tuple[Document, float]]:
        """Held documents with the same text as this one, and the share that is the same."""
        return reposts(self._library, document, self._turn)

    def as_retriever(self, *, filters: Filters = NO_FILTERS, limit: int = 10) -> Any:
        """This index as a llama-index ``BaseRetriever``."""
        from index.retriever import retriever

        return retriever(self, filters=filters, limit=limit)

    @property
    def passage_count(self) -> int:
        return self._state.shelf.count

    @property
    def vector_search(self) -> str:
        """What answers the vector leg now: chroma, or exact."""
        return self._nearest.engine

    @cached_property
    def directory(self) -> UnitDirectory:
        """The seeds' unit directory with the names that the collection's documents use."""
        with self._lock, self._library.reading():
            rows = self._library.rows(
                "select distinct region, name from units join documents on row = document order by region nulls first, name"
            )
        directory = UnitDirectory.load(_SEEDS / "units.toml")
        for region in dict.fromkeys(row[0] for row in rows):
            names = [str(row[1]) for row in rows if row[0] == region]
            directory = directory.extended(names, region=str(region) if region else None)
        return extended(directory, self.kept("unit_entries"))

    def kept(self, table: str) -> list[Row]:
        """What editors keep in one of their tables: vetted, unit_entries …"""
        with self._lock, self._library.reading():
            return kept(self._library, table)

    def intents(self) -> Intents:
        """What each document's similar questions teach; trained again only after they have changed."""
        with self._lock, self._library.reading():
            generation = self._library.meta("generation")
            if self._intents is None or self._intents[0] != generation:
                self._intents = (generation, learn_intents(self._library))
            return self._intents[1]

    @cached_property
    def embedder(self) -> Embedder:
        embedder = load_embedder(self._model)
        if self._library.meta("model") not in (None, embedder.fingerprint):
            raise IndexingError(
                "知识库是用另一个嵌入模型建立的，请用 POLICY_EMBED_MODEL 指回原来的模型，或运行 python -m index build 重建。"
            )
        return embedder

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """For what looks into the library again and again: between its turns, others have theirs."""
        with self._lock, self._library.reading():
            yield

    def _refresh(self) -> None:
        """Take up what another process has published."""
        if self._library.meta("generation") != self._state.generation:
            self._state = State(self._library, self._state)
            self.__dict__.pop("directory", None)

    def _explain(self, query: str, filters: Filters, limit: int) -> Explained:
        query = query.encode("utf-8", "ignore").decode()  # half a character, which no tokenizer takes
        allowed, clock = self._state.allowed(filters), Clock()
        found = self._candidates(query, allowed, clock)
        score = fuse(found.features, self._weights)
        clock.lap("fuse")
        if self._reranker:
            score = self._reranked(query, found, score)
            clock.lap("rerank")
        hits, places = self._hits(found, score, limit)
        clock.lap("hits")
        values = tuple(
            {name: round(float(each[place]), 4) for name, each in found.features.items()} for place in places
        )
        filtered = self._state.shelf.count - int(np.count_nonzero(allowed))
        return Explained(tuple(hits), values, found.understood, filtered, clock.laps)

    def _reranked(self, query: str, found: Candidates, score: Floats) -> Floats:
        """The scores after the second look at the best."""
        assert self._reranker
        read = best_rows(score)
        ids = self._state.shelf.chunk_ids[found.rows[read]].tolist()
        texts = self._library.texts_of(ids)
        judged = self._reranker.judge(query, [texts[each] for each in ids])
        return pooled(score, exact_part(found.features, self._weights), read, judged)

    def candidates(self, query: str) -> Candidates:
        """What a query is decided among, before fusion: for training and for the retrieval test."""
        with self._lock, self._library.reading():
            self._refresh()
            return self._candidates(query, self._state.shelf.alive, Clock())

    def shown(self, candidates: Candidates) -> list[Hit]:
        """Every candidate as the passage that it would be shown as, in the candidates' order, overlapping as they may."""
        with self._lock, self._library.reading():
            alone = (candidates.only(np.array([place])) for place in range(len(candidates.rows)))
            return [self._hits(each, fuse(each.features, self._weights), 1)[0][0] for each in alone]

    def _candidates(self, query: str, allowed: NDArray[np.bool_], clock: Clock) -> Candidates:
        """The best by words and structure, and the nearest by vectors, with every feature."""
        state = self._state
        terms = state.reader.read(query)
        clock.lap("terms")
        features, whole = self._lexical(terms.words, terms.pairs)
        clock.lap("words")
        features |= state.structure.score(query)
        whole |= state.places.score(terms.text)
        clock.lap("structure")
        vector = self.embedder.embed([terms.text])[0]
        features["similar"] = state.similar_passages(state.similar.match(query, vector))
        clock.lap("similar")
        near = self._nearest.rows(state, vector, _CANDIDATES, allowed)
        clock.lap("vectors")
        document_of = state.shelf.document_of
        score = evidence(features, self._weights) + evidence(whole, self._weights)[document_of]
        rows = np.union1d(near, _best(score, allowed, _CANDIDATES))
        chosen = {name: values[rows] for name, values in features.items()}
        chosen |= {name: values[document_of[rows]] for name, values in whole.items()}
        chosen["vectors"] = np.vecdot(state.vectors.of(rows), vector) if len(rows) else np.empty(0, np.float32)
        chosen["run"] = self._runs(terms.text, rows, fuse(chosen, self._weights))
        clock.lap("run")
        return Candidates(rows, chosen, terms.text)

    def _runs(self, question: str, rows: NDArray[np.int64], score: Floats) -> Floats:
        """How much of the question stands in a passage in one piece, for the best so far; 0 for the others."""
        runs, best = np.zeros(len(rows), np.float32), np.argsort(-score, kind="stable")[:_READ]
        ids = self._state.shelf.chunk_ids[rows[best]].tolist()
        texts = self._library.texts_of(ids)
        runs[best] = longest_runs(question, [texts[each] for each in ids])
        return runs

    def _lexical(self, words: Mapping[int, float], pairs: Mapping[int, float]) -> tuple[dict[str, Floats], ...]:
        """The share of what the question's terms could give: for each passage in itself, for each document in all of it and its title."""
        passages, documents = dict[str, Floats](), dict[str, Floats]()
        for name, terms in (("words", words), ("pairs", pairs)):
            scores = self._state.shelf.score(name, terms)
            passages |= {name: scores.passages, f"{name}_cover": scores.passages_cover}
            documents |= {f"document_{name}": scores.documents, f"document_{name}_cover": scores.documents_cover}
            documents[f"title_{name}_cover"] = scores.titles_cover
        return passages, documents

    def _hits(self, found: Candidates, score: Floats, limit: int) -> tuple[list[Hit], list[int]]:
        """The best passages, each shown once, and their places among the candidates."""
        order = np.lexsort((found.rows, -score))
        chunks = self._stored(found.rows[order])
        ranks = _ranks(found.features)
        hits: list[Hit] = []
        places: list[int] = []
        for place, chunk in zip(order.tolist(), chunks, strict=True):
            found_by = {leg: int(ranks[leg][place]) for leg in ranks if ranks[leg][place]}
            hit = self._hit(chunk, self._state.owners[chunk.document], float(score[place]), found_by, hits)
            if hit is not None:
                hits.append(hit)
                places.append(place)
                if len(hits) == limit:
                    break
        return hits, places

    def _stored(self, rows: NDArray[np.int64]) -> Iterator[ChunkRow]:
        """Where the chunks at these rows stand, looked up a few at a time because most are never shown."""
        ids = self._state.shelf.chunk_ids[rows].tolist()
        for few in (ids[start : start + _LOOKED_UP] for start in range(0, len(ids), _LOOKED_UP)):
            stored = self._library.chunks(few)
            yield from (stored[each] for each in few)

    def _hit(
        self, chunk: ChunkRow, owner: DocumentRow, score: float, found_by: dict[str, int], before: Sequence[Hit]
    ) -> Hit | None:
        """The passage around a chunk, or None where an earlier hit shows it already."""
        document = self._state.document(owner.id)
        clause = _clause_at(document, chunk)
        span = passage(document, clause, chunk.span, [hit.span for hit in before if hit.document_id == owner.id])
        if span is None:
            return None
        return Hit(
            document_id=owner.id,
            document_title=owner.title,
            clause_id=chunk.clause_id,
            label=clause.label if clause else "",
            task=clause.task if clause else None,
            section=clause.section if clause else "",
            text=span.of(document.text),
            span=span,
            score=score,
            found_by=found_by,
        )


def learn_intents(library: Library) -> Intents:
    """What the similar questions teach, read from beside the library or, when they have changed, learnt and kept there."""
    rows = library.similar()
    texts = {name: _clause_examples(library, name) for name in {row.document_id for row in rows}}
    return Intents.of([(row.document_id, row.question, row.labels) for row in rows], texts, library.data)


def _clause_examples(library: Library, document_id: str) -> Examples:
    document = library.document(document_id)
    if document is None:
        return []
    return [
        each for clause in document.clauses for each in clause_examples(clause.label, clause.span.of(document.text))
    ]


def _clause_at(document: Document, chunk: ChunkRow) -> Clause | None:
    named = [clause for clause in document.clauses if clause.id == chunk.clause_id]
    return next((clause for clause in named if clause.span.covers(chunk.span)), None)


def _best(score: Floats, allowed: NDArray[np.bool_], count: int) -> NDArray[np.int64]:
    """The rows of the highest scores among those allowed."""
    rows = np.flatnonzero(allowed)
    if len(rows) <= count:
        return rows
    return rows[np.argpartition(-score[rows], count)[:count]]


def _ranks(features: Mapping[str, Floats]) -> dict[str, NDArray[np.int64]]:
    """Each leg's rank of every row, from 1; 0 where the leg did not find it."""
    ranks: dict[str, NDArray[np.int64]] = {}
    for leg, names in LEGS.items():
        values = np.sum([features[name] for name in names], axis=0)
        order = np.empty(len(values), np.int64)
        order[np.argsort(-values, kind="stable")] = np.arange(1, len(values) + 1)
        ranks[leg] = np.where(values > 0, order, 0)
    return ranks
