"""The truth: one SQLite file (WAL) with documents, clauses, chunks, search blocks and similar questions.

Every change is one transaction: a reader sees the collection before it or after it, never half of it, and so does whoever opens
the file after a crash. Chroma is derived from this file and may be thrown away at any time.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index.block import Block, from_bytes, to_bytes
from index.chunk import Chunk
from index.connect import connected
from index.faults import MISSING, decoded, translated
from index.schema import SCHEMA_VERSION, has_schema, make_schema, migrate
from index.swap import finish
from ingest.document import Document, Span, Status
from ingest.errors import IndexingError
from ingest.exchange import from_json, to_json

FILE_NAME = "library.sqlite"


@dataclass(frozen=True)
class DocumentRow:
    """What narrowing and ranking need to know of a document, without its text."""

    row: int
    id: str
    title: str
    number: str | None
    level: str | None
    region: str | None
    issued_on: str | None
    origin: str
    hash: str
    status: Status


@dataclass(frozen=True)
class ChunkRow:
    """Where a chunk stands: its document's row and clause, and its span in the document's text."""

    id: int
    document: int
    clause_id: str
    span: Span


@dataclass(frozen=True)
class SimilarRow:
    """A similar question as stored. Without labels, nothing answers it, for ``reason``.

    ``keys`` are the keys of its words and pairs (uint64 bytes), ``vector`` is float32 bytes: opening cuts and embeds nothing.
    """

    id: int
    document_id: str
    labels: tuple[str, ...]
    question: str
    voice: str
    reason: str
    origin: str
    keys: bytes
    vector: bytes


class Library:
    """The open file. One per process and thread; readers never wait for the writer."""

    def __init__(self, data: Path, connection: sqlite3.Connection) -> None:
        self.data = data
        self._connection = connection

    @classmethod
    def open(cls, data: Path, *, create: bool = False) -> "Library":
        """Open the knowledge base in ``data``; ``create`` makes an empty one where there is none."""
        path = data / FILE_NAME
        with translated(data):
            finish(data)
            if create:
                data.mkdir(parents=True, exist_ok=True)
            elif not path.is_file():
                raise IndexingError(MISSING.format(data=data))
            connection = connected(path)
            connection.execute("pragma foreign_keys = on")
            if create and not has_schema(connection):
                make_schema(connection)
            migrate(connection)
            library = cls(data, connection)
            version, generation = library.meta("schema"), library.meta("generation")
        if version != SCHEMA_VERSION:
            connection.close()
            raise IndexingError(
                f"{data} 里的知识库由另一版本的程序建立，请用那一版本打开，或从备份恢复，或移走后用 python -m index build 重建。"
            )
        if generation == "0" and not create:
            connection.close()
            raise IndexingError(MISSING.format(data=data))
        return library

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Everything read inside belongs to one state of the collection."""
        with translated(self.data):
            if self._connection.in_transaction:
                yield
                return
            self._connection.execute("begin")
            try:
                yield
            finally:
                self._connection.execute("commit")

    @contextmanager
    def changing(self, *, quietly: bool = False) -> Iterator["Change"]:
        """One change, published at its end or not at all; only one process changes at a time.

        ``quietly`` is for what no answer depends on: nobody need read the collection anew.
        """
        with translated(self.data):
            self._connection.execute("begin immediate")
            try:
                yield Change(self._connection)
                if not quietly:
                    self._connection.execute(
                        "insert into meta values ('generation', '1')"
                        " on conflict(key) do update set value = cast(value as integer) + 1"
                    )
                self._connection.execute("commit")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("rollback")
                raise

    def meta(self, key: str) -> str | None:
        row = self._connection.execute("select value from meta where key = ?", (key,)).fetchone()
        return row[0] if row else None

    def documents(self) -> list[DocumentRow]:
        """Every document without its text, by row."""
        rows = self._connection.execute(
            "select row, id, title, number, level, region, issued_on, origin, hash, status from documents order by row"
        )
        with decoded(self.data):
            return [
                DocumentRow(row, name, title, number, level, region, issued_on, origin, content_hash, Status(status))
                for row, name, title, number, level, region, issued_on, origin, content_hash, status in rows
            ]

    def document(self, document_id: str) -> Document | None:
        row = self._connection.execute("select body, text from documents where id = ?", (document_id,)).fetchone()
        with decoded(self.data):
            return _whole(*row) if row else None

    def cards(self) -> list[Document]:
        """Every document's metadata and references (no text, clauses, responsibilities), in the order in which they were added."""
        rows = self._connection.execute("select card from documents order by place, row").fetchall()
        with decoded(self.data):
            return [from_json(json.loads(card)) for (card,) in rows]

    def bodies(self) -> Iterator[Document]:
        """Every document in full, one at a time."""
        for body, text in self._connection.execute("select body, text from documents order by place, row"):
            with decoded(self.data):
                document = _whole(body, text)
            yield document

    def block_ids(self) -> list[int]:
        return [row[0] for row in self._connection.execute("select id from blocks order by id")]

    def block(self, block_id: int) -> Block:
        row = self._connection.execute("select content from blocks where id = ?", (block_id,)).fetchone()
        with decoded(self.data):
            return from_bytes(row[0])

    def living_chunks(self) -> dict[int, int]:
        """Block → how many of its chunks belong to documents that are still there."""
        rows = self._connection.execute(
            "select blocks.id, count(chunks.id) from blocks left join documents on documents.block = blocks.id"
            " left join chunks on chunks.document = documents.row group by blocks.id"
        )
        return dict(rows.fetchall())

    def chunks(self, ids: Iterable[int]) -> dict[int, ChunkRow]:
        """Those of the chunks that still exist."""
        wanted = json.dumps([int(each) for each in ids])
        rows = self._connection.execute(
            "select id, document, clause, start, end from chunks where id in (select value from json_each(?))",
            (wanted,),
        )
        return {row[0]: ChunkRow(row[0], row[1], row[2], Span(row[3], row[4])) for row in rows}

    def texts_of(self, ids: Sequence[int]) -> dict[int, str]:
        """The chunks' own texts, without reading whole documents into memory."""
        rows = self._connection.execute(
            "select chunks.id, substr(documents.text, start + 1, end - start) from chunks"
            " join documents on documents.row = chunks.document where chunks.id in (select value from json_each(?))",
            (json.dumps(list(ids)),),
        )
        return dict(rows.fetchall())

    def rows(self, query: str, values: Sequence[object] | Mapping[str, object] = ()) -> list[tuple[object, ...]]:
        """A read-only query on the tables above, for the legs that look things up by structure."""
        return self._connection.execute(query, values).fetchall()

    def similar(self) -> list[SimilarRow]:
        rows = self._connection.execute(
            "select id, document, labels, question, voice, reason, origin, keys, vector from similar order by id"
        )
        with decoded(self.data):
            return [SimilarRow(row[0], row[1], tuple(json.loads(row[2])), *row[3:]) for row in rows]

    def sources(self) -> dict[str, tuple[str, tuple[str, ...]]]:
        """Path or URL → (sha256 of what was read, ids of the documents in it)."""
        rows = self._connection.execute("select path, sha256, documents from sources")
        return {path: (sha256, tuple(json.loads(ids))) for path, sha256, ids in rows}

    def as_read(self, document_id: str) -> Document | None:
        """The document before its corrections, where it has any."""
        found = self.rows(
            "select as_read.body, text from as_read join documents on id = document where id = ?", (document_id,)
        )
        return _whole(str(found[0][0]), str(found[0][1])) if found else None

    def is_sound(self) -> bool:
        """SQLite's own check of the file."""
        with translated(self.data):
            return bool(self._connection.execute("pragma quick_check").fetchone()[0] == "ok")


def is_unbuilt(data: Path) -> bool:
    """Whether no collection was ever published in ``data``."""
    path = data / FILE_NAME
    if not path.is_file() or not path.stat().st_size:
        return True
    with translated(data), closing(connected(path)) as connection:
        if not has_schema(connection):
            return True
        return bool(connection.execute("select value from meta where key = 'generation'").fetchone() == ("0",))


class Change:
    """What may be done inside one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def set_meta(self, key: str, value: str) -> None:
        self._connection.execute("insert or replace into meta values (?, ?)", (key, value))

    def put(
        self, document: Document, chunks: Sequence[Chunk], *, origin: str, content_hash: str
    ) -> tuple[int, list[int]]:
        """Store a document in place of any of the same id, at its position; its row and its chunks' ids."""
        before = self.run("select place from documents where id = ?", (document.id,))
        self.run("delete from documents where id = ?", (document.id,))
        body, card = _json(document, without="text"), _json(_card(document))
        columns = (document.id, document.title, document.number, document.level, document.region)
        states = (
            document.status.value,
            document.form.value,
            document.issued_on,
            origin,
            content_hash,
            card,
            body,
            document.text,
        )
        row = self._connection.execute(
            "insert into documents (id, title, number, level, region, status, form, issued_on, origin, hash, card, body, text)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            columns + states,
        ).lastrowid
        assert row is not None
        self.set_place(document.id, int(str(before[0][0])) if before else row)
        self._put_structure(row, document)
        return row, [self._put_chunk(row, chunk) for chunk in chunks]

    def _put_structure(self, row: int, document: Document) -> None:
        self._connection.executemany(
            "insert or ignore into clauses values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (row, each.id, each.label, each.part.value, each.task, each.section, each.title, *each.span)
                for each in document.clauses
            ],
        )
        self._connection.executemany(
            "insert or ignore into units values (?, ?, ?)",
            [(row, each.clause_id, unit.name) for each in document.responsibilities for unit in each.units],
        )

    def _put_chunk(self, row: int, chunk: Chunk) -> int:
        inserted = self._connection.execute(
            "insert into chunks (document, clause, start, end) values (?, ?, ?, ?)", (row, chunk.clause_id, *chunk.span)
        ).lastrowid
        assert inserted is not None
        return inserted

    def put_block(self, block: Block) -> None:
        """Store a block and note with its documents that they are in it."""
        block_id = self._connection.execute("insert into blocks (content) values (?)", (to_bytes(block),)).lastrowid
        self._connection.executemany(
            "update documents set block = ? where row = ?", [(block_id, row) for row in block.title_rows.tolist()]
        )

    def drop_blocks(self, ids: Iterable[int]) -> None:
        self._connection.executemany("delete from blocks where id = ?", [(each,) for each in ids])

    def remove(self, ids: Iterable[str]) -> int:
        """Remove documents with all that hangs on them; how many there were."""
        count = 0
        for each in ids:
            count += self._connection.execute("delete from documents where id = ?", (each,)).rowcount
            self.run("delete from as_read where document = ?", (each,))
        return count

    def set_place(self, document_id: str, place: int) -> None:
        """Where the document stands among the others."""
        self.run("update documents set place = ? where id = ?", (place, document_id))

    def put_as_read(self, document: Document) -> None:
        """Keep what was read of a document that is stored with corrections."""
        self.run("insert or replace into as_read values (?, ?)", (document.id, _json(document, without="text")))

    def run(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """One statement inside this change, for the tables that editors fill."""
        return self._connection.execute(statement, values).fetchall()

    def put_source(self, path: str, sha256: str, origin: str, documents: Sequence[str]) -> None:
        self._connection.execute(
            "insert or replace into sources values (?, ?, ?, ?)",
            (path, sha256, origin, json.dumps(list(documents), ensure_ascii=False)),
        )

    def drop_sources(self, paths: Iterable[str]) -> None:
        self._connection.executemany("delete from sources where path = ?", [(path,) for path in paths])

    def put_similar(self, row: SimilarRow) -> None:
        """Store a question; the same question for the same document is replaced."""
        labels = json.dumps(list(row.labels), ensure_ascii=False)
        self._connection.execute(
            "insert or replace into similar (document, labels, question, voice, reason, origin, keys, vector)"
            " values (?, ?, ?, ?, ?, ?, ?, ?)",
            (row.document_id, labels, row.question, row.voice, row.reason, row.origin, row.keys, row.vector),
        )

    def drop_similar(self, ids: Iterable[int]) -> None:
        self._connection.executemany("delete from similar where id = ?", [(each,) for each in ids])


def _card(document: Document) -> Document:
    return replace(document, text="", clauses=(), responsibilities=(), repairs=(), spans=())


def _json(document: Document, *, without: str = "") -> str:
    return json.dumps({name: value for name, value in to_json(document).items() if name != without}, ensure_ascii=False)


def _whole(body: str, text: str) -> Document:
    return from_json(json.loads(body) | {"text": text})
