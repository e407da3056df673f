"""The doorway to the knowledge base: ``Index.search`` and the types it returns."""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embed import Embedder, load_embedder
from index.fuse import fuse
from index.intent import Examples, Intents, clause_examples
from index.lexical import Floats, Shelf
from index.library import ChunkRow, DocumentRow, Library
from index.passage import passage
from index.segment import keep_dictionary_in
from index.similar import SimilarLeg, SimilarQuestion, as_question
from index.structure import StructureLeg
from index.terms import Reader
from ingest.directory import UnitDirectory
from ingest.document import Clause, Document, Span, Status
from ingest.errors import IndexingError

_SEEDS = Path(__file__).resolve().parent.parent / "seeds"


@dataclass(frozen=True)
class Filters:
    """Narrow before ranking; None means any. ``documents`` are ids, ``unit`` a responsible unit's name."""

    documents: tuple[str, ...] | None = None
    level: str | None = None
    region: str | None = None
    unit: str | None = None
    status: Status | None = None


@dataclass(frozen=True)
class Hit:
    """A passage found. ``text`` is the document's text at ``span``; ``score`` in 0–1 is calibrated confidence.

    ``found_by`` maps each leg that found it (structure, words, vectors, similar) to its rank there, from 1.
    """

    document_id: str
    document_title: str
    clause_id: str
    label: str
    task: int | None
    section: str
    text: str
    span: Span
    score: float
    found_by: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Explained:
    """How a query was answered, for the retrieval test: hits, every leg's value for each, and milliseconds by stage."""

    hits: tuple[Hit, ...]
    features: tuple[dict[str, float], ...]
    timings: dict[str, float]


class _State:
    """One generation of the collection, in memory."""

    def __init__(self, library: Library) -> None:
        self.generation = library.meta("generation")
        self.documents = library.documents()
        self.shelf = Shelf([library.block(each) for each in library.block_ids()], [each.row for each in self.documents])
        self.vectors: Floats = (
            np.concatenate([block.vectors for block in self.shelf.blocks])
            if self.shelf.blocks
            else np.empty((0, 0), np.float32)
        )
        self.reader = Reader(self.shelf)
        self.structure = StructureLeg(library, self.shelf)
        self.similar = SimilarLeg(library.similar())
        self.position = {int(chunk_id): at for at, chunk_id in enumerate(self.shelf.chunk_ids.tolist())}
        self.texts: dict[str, Document] = {}


class Index:
    """A knowledge base open for searching; safe to use from several threads."""

    def __init__(self, library: Library, *, model: str | None = None) -> None:
        self._library, self._model = library, model
        self._lock = threading.RLock()
        self._intents: tuple[str | None, Intents] | None = None
        with library.reading():
            self._state = _State(library)

    @classmethod
    def open(cls, data: Path, *, model: str | None = None) -> "Index":
        """Open the knowledge base in ``data``. ``model`` must be the one that it was built with."""
        keep_dictionary_in(data)
        return cls(Library.open(data), model=model)

    def close(self) -> None:
        self._library.close()

    def __enter__(self) -> "Index":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def search(self, query: str, *, filters: Filters = Filters(), limit: int = 10) -> list[Hit]:
        """The passages that answer best, best first."""
        return list(self.explain(query, filters=filters, limit=limit).hits)

    def explain(self, query: str, *, filters: Filters = Filters(), limit: int = 10) -> Explained:
        """``search`` with every leg's value and the time that each stage took."""
        with self._lock, self._library.reading():
            self._refresh()
            return self._explain(query, filters, limit)

    def similar_questions(self, query: str, *, limit: int = 5) -> list[SimilarQuestion]:
        """The stored questions most like this one, best first, those that nothing answers included."""
        with self._lock, self._library.reading():
            self._refresh()
            alike = self._state.similar.match(query, self.embedder.embed([query])[0])
            best = np.argsort(-alike, kind="stable")[:limit]
            return [as_question(self._state.similar.rows[int(at)], float(alike[at])) for at in best if alike[at] > 0]

    def documents(self) -> list[Document]:
        """Every document's metadata and references, without text and clauses, in the order added."""
        with self._lock, self._library.reading():
            return self._library.cards()

    def document(self, document_id: str) -> Document:
        """The whole document; asked for twice, it is the same object."""
        with self._lock, self._library.reading():
            return self._document(document_id)

    @cached_property
    def directory(self) -> UnitDirectory:
        """The seeds' unit directory with the names that the collection's documents use."""
        with self._lock, self._library.reading():
            rows = self._library.rows(
                "select distinct region, name from units join documents on row = document order by region, name"
            )
        directory = UnitDirectory.load(_SEEDS / "units.toml")
        for region in dict.fromkeys(row[0] for row in rows):
            names = [str(row[1]) for row in rows if row[0] == region]
            directory = directory.extended(names, region=str(region) if region else None)
        return directory

    def intents(self) -> Intents:
        """What each document's similar questions teach; trained again only after they have changed."""
        with self._lock, self._library.reading():
            generation = self._library.meta("generation")
            if self._intents is None or self._intents[0] != generation:
                rows = self._library.similar()
                texts = {name: self._clause_examples(name) for name in {row.document_id for row in rows}}
                questions = [(row.document_id, row.question, row.labels) for row in rows]
                self._intents = (generation, Intents.of(questions, texts, self._library.data))
            return self._intents[1]

    def _clause_examples(self, document_id: str) -> Examples:
        document = self._library.document(document_id)
        clauses = document.clauses if document else ()
        return [each for clause in clauses for each in clause_examples(clause.label, clause.span.of(document.text))]

    @cached_property
    def embedder(self) -> Embedder:
        embedder = load_embedder(self._model)
        built_with = self._library.meta("model")
        if built_with not in (None, embedder.fingerprint):
            raise IndexingError(
                "知识库是用另一个嵌入模型建立的，请用 POLICY_EMBED_MODEL 指回原来的模型，或运行 python -m index build 重建。"
            )
        return embedder

    def _refresh(self) -> None:
        """Take up what another process has published."""
        if self._library.meta("generation") != self._state.generation:
            self._state = _State(self._library)

    def _document(self, document_id: str) -> Document:
        if document_id not in self._state.texts:
            document = self._library.document(document_id)
            if document is None:
                raise IndexingError(f"知识库里没有文件“{document_id}”，请用 python -m index list 查看已有文件。")
            self._state.texts[document_id] = document
        return self._state.texts[document_id]

    def _explain(self, query: str, filters: Filters, limit: int) -> Explained:
        state, clock = self._state, _Clock()
        allowed = self._allowed(filters)
        terms = state.reader.read(query)
        clock.lap("terms")
        lexical = {
            "words": state.shelf.score("words", terms.words),
            "pairs": state.shelf.score("pairs", terms.pairs),
        }
        clock.lap("words")
        vector = self.embedder.embed([terms.text])[0]
        cosine = np.vecdot(state.vectors, vector) if len(state.vectors) else np.empty(0, np.float32)
        clock.lap("vectors")
        structure = state.structure.score(query)
        clock.lap("structure")
        similar = self._similar(query, vector)
        clock.lap("similar")
        of = state.shelf.document_of
        features: dict[str, Floats] = {"vectors": cosine, "structure": structure, "similar": similar}
        for name, scores in lexical.items():
            features[name] = scores.passages
            features[f"{name}_cover"] = scores.passages_cover
            features[f"document_{name}"] = scores.documents[of]
            features[f"document_{name}_cover"] = scores.documents_cover[of]
            features[f"title_{name}_cover"] = scores.titles_cover[of]
        score = fuse(features)
        score[~allowed] = -1.0
        clock.lap("fuse")
        hits, rows = self._hits(score, features, limit)
        clock.lap("hits")
        values = tuple({name: float(each[row]) for name, each in features.items()} for row in rows)
        return Explained(tuple(hits), values, clock.laps)

    def _similar(self, query: str, vector: Floats) -> Floats:
        """For each passage, how alike the best stored question of its clause is."""
        state = self._state
        scores = np.zeros(len(state.shelf.chunk_ids), np.float32)
        alike = state.similar.match(query, vector)
        for at in np.argsort(-alike)[:20]:
            row = state.similar.rows[int(at)]
            for label in row.labels:
                for (chunk_id,) in self._library.rows(
                    "select chunks.id from chunks join documents on documents.row = chunks.document"
                    " join clauses on clauses.document = chunks.document and clauses.id = chunks.clause"
                    " where documents.id = ? and ? in (clauses.id, clauses.label)",
                    (row.document_id, label),
                ):
                    position = state.position.get(int(str(chunk_id)))
                    if position is not None:
                        scores[position] = max(scores[position], alike[at])
        return scores

    def _allowed(self, filters: Filters) -> NDArray[np.bool_]:
        """The passages that the filters leave."""
        state = self._state
        allowed = state.shelf.alive.copy()
        wanted = {"level": filters.level, "region": filters.region, "status": filters.status}
        fitting = [
            all(value is None or getattr(each, name) == value for name, value in wanted.items())
            and (filters.documents is None or each.id in filters.documents)
            for each in state.documents
        ]
        if not all(fitting):
            allowed &= np.array(fitting)[state.shelf.document_of]
        if filters.unit is not None:
            named = np.zeros(len(allowed), bool)
            for (chunk_id,) in self._library.rows(
                "select chunks.id from chunks join units on units.document = chunks.document and units.clause = chunks.clause"
                " where units.name = ?",
                (filters.unit,),
            ):
                if (position := state.position.get(int(str(chunk_id)))) is not None:
                    named[position] = True
            allowed &= named
        return allowed

    def _hits(self, score: Floats, features: Mapping[str, Floats], limit: int) -> tuple[list[Hit], list[int]]:
        order = [int(at) for at in np.argsort(-score, kind="stable")[: limit * 4] if score[at] >= 0]
        stored = self._library.chunks(self._state.shelf.chunk_ids[order].tolist())
        titles = {each.row: each for each in self._state.documents}
        hits: list[Hit] = []
        rows: list[int] = []
        ranks = _ranks(features, order)
        for at in order:
            chunk = stored[int(self._state.shelf.chunk_ids[at])]
            owner = titles[chunk.document]
            found_by = {name: ranks[name][at] for name in ranks if at in ranks[name]}
            hit = self._hit(chunk, owner, float(score[at]), found_by, hits)
            if hit is None:
                continue
            hits.append(hit)
            rows.append(at)
            if len(hits) == limit:
                break
        return hits, rows

    def _hit(
        self, chunk: ChunkRow, owner: DocumentRow, score: float, found_by: dict[str, int], before: Sequence[Hit]
    ) -> Hit | None:
        """The passage around a chunk, or None where an earlier hit shows it already."""
        document = self._document(owner.id)
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


def _clause_at(document: Document, chunk: ChunkRow) -> Clause | None:
    named = [clause for clause in document.clauses if clause.id == chunk.clause_id]
    return next((clause for clause in named if clause.span.covers(chunk.span)), None)


_LEGS = {"structure": "structure", "words": "words", "vectors": "vectors", "similar": "similar"}


def _ranks(features: Mapping[str, Floats], rows: Sequence[int]) -> dict[str, dict[int, int]]:
    """Each leg's rank of the rows that it found at all."""
    ranks: dict[str, dict[int, int]] = {}
    for leg, name in _LEGS.items():
        values = features[name]
        ranks[leg] = {row: 1 + int((values > values[row]).sum()) for row in rows if values[row] > 0}
    return ranks


class _Clock:
    """Milliseconds of each stage."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name] = round((now - self._last) * 1000, 3)
        self._last = now
