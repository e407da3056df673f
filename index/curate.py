"""What editors do to a knowledge base: build, add, remove, similar questions. Each is one change, published whole or not at all."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from index import collect, similar
from index.correct import corrected
from index.embed import Embedder, load_embedder
from index.home import Where, home_of
from index.ledger import Ledger, Row, keep
from index.library import Change, Library
from index.publish import publish, tidy
from index.segment import fingerprint as words_fingerprint
from index.segment import keep_dictionary_in
from ingest.catalog import Catalog
from ingest.document import Document, Form
from ingest.errors import IndexingError

BUILT, ADDED = "build", "add"
Say = Callable[[str], None]


@dataclass
class Outcome:
    """What a change did, by document id, which sources could not be read, and what an editor should look at, in words."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


class Curator:
    """Changes the knowledge base that lives there; ``say`` hears of progress.

    Only ``build`` makes a knowledge base where there is none, unless ``create`` allows the others to start an empty one.
    """

    def __init__(
        self, where: Where, *, model: str | None = None, create: bool = False, say: Say = lambda text: None
    ) -> None:
        self._home, self._create, self._say = home_of(where), create, say
        keep_dictionary_in(self._home.folder)
        self._embedder: Embedder = load_embedder(model)
        self._catalog = Catalog.load(collect.SEEDS)

    def build(self, sources: Sequence[str] = (), *, rows: Sequence[Path] = ()) -> Outcome:
        """Make the built part of the collection equal to the sources (default: the seeds); what was added stays.

        With the seeds, also where their folder is named, come the fact sheets and the similar questions.
        A source that cannot be read keeps its documents as they were. All is read again after a change of the model, the words
        or the readers.
        """
        library = Library.open(self._home, create=True)
        from_seeds = (not sources and not rows) or any(map(collect.are_seeds, sources))
        with library.changing() as change:
            fresh = _made_with(library) == self._made_with()
            job = _Job(library, change, self._embedder, self._say, fresh=fresh)
            known = _known(library) if fresh else lambda path: None
            hashes = {each.id: each.hash for each in library.documents()} if fresh else {}
            reads = chain(
                collect.collect(sources or (collect.seeds() if from_seeds else ()), known=known, catalog=self._catalog),
                [collect.collect_fact_sheets(self._catalog)] if from_seeds else (),
                chain.from_iterable(collect.collect_rows(path, known=hashes) for path in rows),
            )
            job.take(reads, origin=BUILT)
            if not job.gave_anything():
                raise IndexingError("来源里没有读到任何文件，知识库保持原样；请检查路径或文件内容后再建库。")
            job.remove_other(BUILT)
            if not fresh:
                job.renew(ADDED)
            if from_seeds:
                self._store_seed_questions(library, change)
            self._note_made_with(change)
            tidy(library, change)
        library.close()
        return job.outcome

    def add(self, sources: Sequence[str]) -> Outcome:
        """Read sources and add their documents; one of the same id is replaced, the rest is left alone."""
        with self._changing() as (library, change):
            job = _Job(library, change, self._embedder, self._say)
            job.take(collect.collect(sources, known=_known(library), catalog=self._catalog), origin=ADDED)
        return job.outcome

    def add_documents(self, documents: Sequence[Document]) -> Outcome:
        """Add documents that were read already, as an editor saw and confirmed them."""
        with self._changing() as (library, change):
            job = _Job(library, change, self._embedder, self._say)
            reads = [collect.Read(each.source.path, ((each, each.source.sha256),)) for each in documents]
            job.take(reads, origin=ADDED)
        return job.outcome

    def remove(self, ids: Sequence[str]) -> Outcome:
        """Remove documents; nothing is removed when one of them is unknown."""
        with self._changing() as (library, change):
            stored = set(library.document_ids())
            unknown = [each for each in ids if each not in stored]
            if unknown:
                raise IndexingError(
                    f"知识库里没有文件“{unknown[0]}”，请用 python -m index list 查看已有文件；没有删除任何文件。"
                )
            change.remove(ids)
        return Outcome(removed=list(ids))

    def add_similar(self, questions: Sequence[similar.SimilarQuestion]) -> int:
        """Add or replace similar questions; every one must name clauses that exist."""
        with self._changing() as (library, change):
            similar.check(library, questions)
            similar.store(change, questions, embedder=self._embedder, origin=ADDED)
        return len(questions)

    def remove_similar(self, ids: Sequence[int]) -> None:
        with self._changing() as (_, change):
            change.drop_similar(ids)

    def keep(self, rows: Sequence[tuple[str, Row]]) -> None:
        """Take in what editors of another collection kept: (table, row). Documents that are here are corrected by it at once."""
        with self._changing() as (library, change):
            for table in dict.fromkeys(table for table, _ in rows):
                keep(change, table, [row for of, row in rows if of == table])
            corrected_now = {row["document"] for table, row in rows if table in ("corrections", "details")}
            _Job(library, change, self._embedder, self._say).correct_again(corrected_now)

    @contextmanager
    def recording(self) -> Iterator[Ledger]:
        """A change of an editor's; what is put into the ledger and closed there is published at the end, or not at all."""
        with self._changing() as (library, change):
            yield Ledger(library, change, self._embedder)

    def _store_seed_questions(self, library: Library, change: Change) -> None:
        """The seeds' questions replace those of an earlier build; what editors added, changed or dropped stays so."""
        change.drop_similar([row.id for row in library.similar() if row.origin == BUILT])
        decided = set(library.rows("select document, question from dropped_similar"))
        decided |= {(row.document_id, row.question) for row in library.similar()}
        for path in sorted((collect.SEEDS / "similar_questions").glob("*.jsonl")):
            questions = [each for each in similar.read(path) if (each.document_id, each.question) not in decided]
            if questions:
                similar.store(change, questions, embedder=self._embedder, origin=BUILT)

    def _note_made_with(self, change: Change) -> None:
        for key, value in self._made_with().items():
            change.set_meta(key, value)

    def _made_with(self) -> dict[str, str]:
        return {
            "model": self._embedder.fingerprint,
            "words": words_fingerprint(),
            "reader": collect.reader_fingerprint(),
        }

    @contextmanager
    def _changing(self) -> Iterator[tuple[Library, Change]]:
        """A change to a knowledge base that was made with the same model and words."""
        library = Library.open(self._home, create=self._create)
        try:
            with library.changing() as change:
                if library.meta("model") is None:
                    self._note_made_with(change)
                made_with, now = _made_with(library), self._made_with()
                if made_with["model"] != now["model"]:
                    raise IndexingError(
                        "知识库是用另一个嵌入模型建立的，请用 POLICY_EMBED_MODEL 指回原来的模型，或运行 python -m index build 重建。"
                    )
                if made_with["words"] != now["words"]:
                    raise IndexingError("分词词典在建库之后改过，请先运行 python -m index build 更新知识库。")
                yield library, change
                tidy(library, change)
        finally:
            library.close()


class _Job:
    """Takes what was read into one change and keeps account."""

    def __init__(self, library: Library, change: Change, embedder: Embedder, say: Say, *, fresh: bool = True) -> None:
        self._library, self._change, self._embedder, self._say = library, change, embedder, say
        self._fresh, self._before = fresh, dict[str, tuple[str, str] | None]()
        self.outcome = Outcome()

    def take(self, reads: Iterable[collect.Read], *, origin: str) -> None:
        publish(self._change, self._noted(reads, origin), embedder=self._embedder, origin=origin)

    def gave_anything(self) -> bool:
        """Whether the sources gave a document at all."""
        return bool(self.outcome.added or self.outcome.changed or self.outcome.unchanged)

    def remove_other(self, origin: str) -> None:
        """Remove documents of this origin that no source gave any more."""
        kept = {*self.outcome.added, *self.outcome.changed, *self.outcome.unchanged}
        gone = [each.id for each in self._library.documents() if each.origin == origin and each.id not in kept]
        self._change.remove(gone)
        self.outcome.removed += gone

    def correct_again(self, ids: Collection[str]) -> None:
        """Store those documents again with the corrections that are kept for them now."""
        for origin in (BUILT, ADDED):
            self.renew(origin, ids)

    def renew(self, origin: str, ids: Collection[str] | None = None) -> None:
        """Cut, count and embed stored documents of this origin again; only ``ids`` where they are given."""
        stored = [
            each for each in self._library.documents() if each.origin == origin and (ids is None or each.id in ids)
        ]
        documents = ((self._library.as_read(each.id) or self._library.document(each.id), each.hash) for each in stored)
        publish(
            self._change,
            ((self._corrected(document), content_hash) for document, content_hash in documents if document),
            embedder=self._embedder,
            origin=origin,
        )

    def _corrected(self, document: Document) -> Document:
        """With the corrections kept for it; those whose place is gone are told and kept."""
        result = corrected(self._library, document)
        for each in result.lost:
            self.outcome.notices.append(
                f"《{document.title or document.id}》里找不到“{each.label}”更正时的原文，这条更正没有套用，请核对后重新更正。"
            )
        if result.as_read is not None:
            self._change.put_as_read(result.as_read)
        return result.document

    def _noted(self, reads: Iterable[collect.Read], origin: str) -> Iterator[tuple[Document, str]]:
        for count, read in enumerate(reads, start=1):
            if read.problem:
                self.outcome.problems.append(read.problem)
                self.outcome.unchanged += (self._library.source(read.path) or ("", ()))[1]
            self.outcome.unchanged += read.unchanged
            for document, content_hash in read.documents:
                before = self._stored_before(document.id)
                if document.form is Form.FACT_SHEET and before and before[0] == ADDED:
                    continue  # the original was taken in and stands in place of its fact sheet
                if self._fresh and before and before[1] == content_hash:
                    self.outcome.unchanged.append(document.id)
                    continue
                (self.outcome.changed if before else self.outcome.added).append(document.id)
                yield self._corrected(document), content_hash
            if read.sha256:
                ids = [document.id for document, _ in read.documents] or list(read.unchanged)
                self._change.put_source(read.path, read.sha256, origin, ids)
            self._say(f"已处理 {count} 份…")

    def _stored_before(self, document_id: str) -> tuple[str, str] | None:
        """The origin and the hash of a document that was there before this change."""
        if document_id not in self._before:
            found = self._library.rows("select origin, hash from documents where id = ?", (document_id,))
            self._before[document_id] = (str(found[0][0]), str(found[0][1])) if found else None
        return self._before[document_id]


def _known(library: Library) -> collect.Known:
    """Sources whose documents are all still there."""

    def known(path: str) -> tuple[str, tuple[str, ...]] | None:
        read = library.source(path)
        return read if read and library.holds(read[1]) else None

    return known


def _made_with(library: Library) -> dict[str, str]:
    return {key: library.meta(key) or "" for key in ("model", "words", "reader")}
