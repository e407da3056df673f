"""The truth: one SQLite file (WAL) or a PostgreSQL database, with documents, clauses, chunks, search blocks and similar questions.

Every change is one transaction: a reader sees the collection before it or after it, never half of it, and so does whoever opens
it after a crash. Chroma is derived from it and may be thrown away at any time.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Any

from index import durable
from index.block import Block, from_bytes, to_bytes
from index.chunk import Chunk
from index.connect import Connection, connected, marks, portions
from index.faults import MISSING, decoded, translated
from index.home import Home, Where, home_of
from index.rows import ChunkRow, DocumentRow, SimilarRow
from index.schema import SCHEMA_VERSION, has_schema, make_schema, migrate, sum_of
from index.snippets import Snippets
from index.swap import finish
from ingest.document import Document, Span, Status
from ingest.errors import IndexingError
from ingest.exchange import from_json, to_json

FILE_NAME = "library.sqlite"

_STORED = "card, body, text, sum"
"""Of a document: what its sum is of, and the sum."""


class Library:
    """The open database. One per process and thread; readers never wait for the writer."""

    def __init__(self, home: Home, connection: Connection) -> None:
        self.home, self.data = home, home.folder
        self._connection = connection

    @classmethod
    def open(cls, where: Where, *, create: bool = False) -> "Library":
        """Open the knowledge base that lives there; ``create`` makes an empty one where there is none."""
        home = home_of(where)
        with translated(home):
            connection = _opened(home, create=create)
            if create and not has_schema(connection):
                make_schema(connection)
            elif home.database and not has_schema(connection):
                connection.close()
                raise IndexingError(MISSING.format(data=home))
            migrate(connection)
            library = cls(home, connection)
            version, generation = library.meta("schema"), library.meta("generation")
        if version != SCHEMA_VERSION:
            connection.close()
            raise IndexingError(
                f"{home} 里的知识库由另一版本的程序建立，请用那一版本打开，或从备份恢复，或移走后用 python -m index build 重建。"
            )
        if generation == "0" and not create:
            connection.close()
            raise IndexingError(MISSING.format(data=home))
        return library

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Everything read inside belongs to one state of the collection."""
        with translated(self.home):
            if self._connection.in_transaction:
                yield
                return
            self._connection.begin_reading()
            try:
                yield
            except BaseException:
                self._connection.rollback()
                raise
            self._connection.commit()

    @contextmanager
    def changing(self, *, quietly: bool = False) -> Iterator["Change"]:
        """One change, published at its end or not at all; only one process changes at a time.

        ``quietly`` is for what no answer depends on: nobody need read the collection anew.
        """
        with translated(self.home):
            self._connection.begin_changing()
            try:
                yield Change(self._connection)
                if not quietly:
                    self._connection.execute(
                        "insert into meta values ('generation', '1')"
                        " on conflict (key) do update set value = cast(cast(meta.value as integer) + 1 as text)"
                    )
                self._connection.commit()
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.rollback()
                raise

    def meta(self, key: str) -> str | None:
        row = self._connection.execute("select value from meta where key = ?", (key,)).fetchone()
        return row[0] if row else None

    def documents(self) -> list[DocumentRow]:
        """Every document without its text, by row."""
        rows = self._connection.execute(
            "select row, id, title, number, level, region, issued_on, origin, hash, status from documents order by row"
        )
        with decoded(self.home):
            return [
                DocumentRow(row, name, title, number, level, region, issued_on, origin, content_hash, Status(status))
                for row, name, title, number, level, region, issued_on, origin, content_hash, status in rows
            ]

    def document(self, document_id: str) -> Document | None:
        """DamagedError where it is no longer what was stored."""
        row = self._connection.execute(f"select {_STORED} from documents where id = ?", (document_id,)).fetchone()  # nosec B608
        with decoded(self.home):
            return _sound(*row) if row else None

    def document_ids(self) -> list[str]:
        """The ids of all documents, in the order in which they were added."""
        return [str(row[0]) for row in self.rows("select id from documents order by place, row")]

    def holds(self, ids: Collection[str]) -> bool:
        """Whether all of these documents are there."""
        different = list(dict.fromkeys(ids))
        query = "select id from documents where id in ({})"
        return all(len(self.rows(query.format(marks(few)), few)) == len(few) for few in portions(different))

    def cards(self) -> list[Document]:
        """Every document's metadata and references (no text, clauses, responsibilities), in the order in which they were added."""
        rows = self._connection.execute("select card from documents order by place, row").fetchall()
        with decoded(self.home):
            return [from_json(json.loads(card)) for (card,) in rows]

    def bodies(self) -> Iterator[Document]:
        """Every document in full, one at a time."""
        for (row,) in self._connection.execute("select row from documents order by place, row").fetchall():
            found = self._connection.execute(f"select {_STORED} from documents where row = ?", (row,)).fetchone()  # nosec B608
            with decoded(self.home):
                document = _sound(*found)
            yield document

    def block_ids(self) -> list[int]:
        return [row[0] for row in self._connection.execute("select id from blocks order by id")]

    def block(self, block_id: int) -> Block:
        row = self._connection.execute("select content from blocks where id = ?", (block_id,)).fetchone()
        with decoded(self.home):
            return from_bytes(row[0])

    def snippets(self, blocks: Sequence[int] | None = None) -> list[Snippets]:
        """What the texts are told apart by, block by block, those of removed documents included; of these blocks or of all."""
        rows = self._connection.execute("select block, content from snippets order by block")
        with decoded(self.home):
            return [Snippets.from_bytes(content) for block, content in rows if blocks is None or block in blocks]

    def living_chunks(self) -> dict[int, int]:
        """Block → how many of its chunks belong to documents that are still there."""
        rows = self._connection.execute(
            "select blocks.id, count(chunks.id) from blocks left join documents on documents.block = blocks.id"
            " left join chunks on chunks.document = documents.row group by blocks.id order by blocks.id"
        )
        return dict(rows.fetchall())

    def chunks(self, ids: Iterable[int]) -> dict[int, ChunkRow]:
        """Those of the chunks that still exist."""
        wanted = [int(each) for each in ids]
        if not wanted:
            return {}
        rows = self._connection.execute(
            f'select id, document, clause, start, "end" from chunks where id in ({marks(wanted)})',  # nosec B608  # places only
            wanted,
        )
        return {row[0]: ChunkRow(row[0], row[1], row[2], Span(row[3], row[4])) for row in rows}

    def texts_of(self, ids: Sequence[int]) -> dict[int, str]:
        """The chunks' own texts, without reading whole documents into memory."""
        if not ids:
            return {}
        rows = self._connection.execute(
            'select chunks.id, substr(documents.text, cast(start + 1 as integer), cast("end" - start as integer)) from chunks'
            f" join documents on documents.row = chunks.document where chunks.id in ({marks(ids)})",  # nosec B608  # places only
            ids,
        )
        return dict(rows.fetchall())

    def rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        """A read-only query on the tables above, for the legs that look things up by structure."""
        return self._connection.execute(query, values).fetchall()

    def similar(self) -> list[SimilarRow]:
        rows = self._connection.execute(
            'select id, document, labels, question, voice, reason, origin, keys, vector from "similar" order by id'
        )
        with decoded(self.home):
            return [SimilarRow(row[0], row[1], tuple(json.loads(row[2])), *row[3:]) for row in rows]

    def sources(self) -> dict[str, tuple[str, tuple[str, ...]]]:
        """Path or URL → (sha256 of what was read, ids of the documents in it)."""
        rows = self._connection.execute("select path, sha256, documents from sources order by path")
        return {path: (sha256, tuple(json.loads(ids))) for path, sha256, ids in rows}

    def source(self, path: str) -> tuple[str, tuple[str, ...]] | None:
        """``sources`` for one of them."""
        found = self.rows("select sha256, documents from sources where path = ?", (path,))
        return (str(found[0][0]), tuple(json.loads(str(found[0][1])))) if found else None

    def as_read(self, document_id: str) -> Document | None:
        """The document before its corrections, where it has any."""
        found = self.rows(
            "select as_read.body, text from as_read join documents on id = document where id = ?", (document_id,)
        )
        return _whole(str(found[0][0]), str(found[0][1])) if found else None

    def is_sound(self) -> bool:
        """The database's own check of what it stores."""
        with translated(self.home):
            return self._connection.is_sound()


def is_unbuilt(where: Where) -> bool:
    """Whether no collection was ever published there."""
    home = home_of(where)
    path = home.folder / FILE_NAME
    if not home.database and (not path.is_file() or not path.stat().st_size):
        return True
    with translated(home), closing(_opened(home, create=False)) as connection:
        if not has_schema(connection):
            return True
        return bool(connection.execute("select value from meta where key = 'generation'").fetchone() == ("0",))


def _opened(home: Home, *, create: bool) -> Connection:
    if home.database:
        from index.postgres import Postgres

        home.folder.mkdir(parents=True, exist_ok=True)
        return Postgres(home)
    path = home.folder / FILE_NAME
    finish(home.folder)
    if create:
        durable.make_folder(home.folder)
    elif not path.is_file():
        raise IndexingError(MISSING.format(data=home))
    connection = connected(path)
    connection.execute("pragma foreign_keys = on")
    return connection


class Change:
    """What may be done inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def set_meta(self, key: str, value: str) -> None:
        self.run("insert into meta values (?, ?) on conflict (key) do update set value = excluded.value", (key, value))

    def put(
        self, document: Document, chunks: Sequence[Chunk], *, origin: str, content_hash: str
    ) -> tuple[int, list[int]]:
        """Store a document in place of any of the same id, at its position; its row and its chunks' ids."""
        before = self.rows("select place from documents where id = ?", (document.id,))
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
            sum_of(card, body, document.text),
        )
        row: int = self.rows(
            "insert into documents"
            " (id, title, number, level, region, status, form, issued_on, origin, hash, card, body, text, sum)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning row",
            columns + states,
        )[0][0]
        self.set_place(document.id, before[0][0] if before else row)
        self._put_structure(row, document)
        return row, [self._put_chunk(row, chunk) for chunk in chunks]

    def _put_structure(self, row: int, document: Document) -> None:
        self._connection.executemany(
            "insert into clauses values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
            [
                (row, each.id, each.label, each.part.value, each.task, each.section, each.title, *each.span)
                for each in document.clauses
            ],
        )
        self._connection.executemany(
            "insert into units values (?, ?, ?) on conflict do nothing",
            [(row, each.clause_id, unit.name) for each in document.responsibilities for unit in each.units],
        )

    def _put_chunk(self, row: int, chunk: Chunk) -> int:
        inserted: int = self.rows(
            'insert into chunks (document, clause, start, "end") values (?, ?, ?, ?) returning id',
            (row, chunk.clause_id, *chunk.span),
        )[0][0]
        return inserted

    def put_block(self, block: Block, snippets: Snippets) -> None:
        """Store a block and what its documents' texts are told apart by, and note with the documents that they are in it."""
        content = to_bytes(block)
        values = (content, sum_of(content))
        block_id = self.rows("insert into blocks (content, sum) values (?, ?) returning id", values)[0][0]
        self.run("insert into snippets values (?, ?)", (block_id, snippets.to_bytes()))
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
        self.run(
            "insert into as_read values (?, ?) on conflict (document) do update set body = excluded.body",
            (document.id, _json(document, without="text")),
        )

    def run(self, statement: str, values: Sequence[object] = ()) -> None:
        """One statement inside this change, for the tables that editors fill."""
        self._connection.execute(statement, values)

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """``run`` for a statement that gives something."""
        return self._connection.execute(statement, values).fetchall()

    def put_source(self, path: str, sha256: str, origin: str, documents: Sequence[str]) -> None:
        self._connection.execute(
            "insert into sources values (?, ?, ?, ?) on conflict (path) do update"
            " set sha256 = excluded.sha256, origin = excluded.origin, documents = excluded.documents",
            (path, sha256, origin, json.dumps(list(documents), ensure_ascii=False)),
        )

    def drop_sources(self, paths: Iterable[str]) -> None:
        self._connection.executemany("delete from sources where path = ?", [(path,) for path in paths])

    def put_similar(self, row: SimilarRow) -> None:
        """Store a question; the same question for the same document is replaced."""
        labels = json.dumps(list(row.labels), ensure_ascii=False)
        self.run('delete from "similar" where document = ? and question = ?', (row.document_id, row.question))
        self.run(
            'insert into "similar" (document, labels, question, voice, reason, origin, keys, vector)'
            " values (?, ?, ?, ?, ?, ?, ?, ?)",
            (row.document_id, labels, row.question, row.voice, row.reason, row.origin, row.keys, row.vector),
        )

    def drop_similar(self, ids: Iterable[int]) -> None:
        self._connection.executemany('delete from "similar" where id = ?', [(each,) for each in ids])


def _card(document: Document) -> Document:
    return replace(document, text="", clauses=(), responsibilities=(), repairs=(), spans=())


def _json(document: Document, *, without: str = "") -> str:
    return json.dumps({name: value for name, value in to_json(document).items() if name != without}, ensure_ascii=False)


def _sound(card: str, body: str, text: str, stored: str) -> Document:
    """ValueError where any of it has changed since it was stored."""
    if sum_of(card, body, text) != stored:
        raise ValueError("not what was stored")
    return _whole(body, text)


def _whole(body: str, text: str) -> Document:
    return from_json(json.loads(body) | {"text": text})
