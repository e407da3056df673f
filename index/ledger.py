"""Editors' changes: each keeps what stood there before and what stands there now, so that it can be told and undone.

A change and its entry in the history are one transaction. Undoing is a change like any other, and can itself be undone.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from index import similar
from index.connect import marks
from index.correct import Correction, corrected
from index.embed import Embedder
from index.library import Change, Library
from index.publish import publish
from ingest.document import Document
from ingest.errors import IndexingError
from ingest.exchange import from_json, to_json

Row = dict[str, Any]
DOCUMENT, SIMILAR = "document", "similar"
COLUMNS: dict[str, tuple[str, ...]] = {
    "corrections": ("document", "label", "opening", "title", "new_label", "units", "editor", "made_on"),
    "details": ("document", "field", "value", "source", "editor", "made_on"),
    "vetted": ("document", "label", "question", "answer", "editor", "made_on"),
    "unit_entries": ("unit", "field", "value", "since", "source", "editor", "made_on"),
    "proposals": ("document", "label", "question", "origin", "state", "made_on"),
    "settled": ("question", "how", "editor", "made_at"),
    "drafts": ("source", "original", "body", "text", "duplicates", "made_at"),
    "dropped_similar": ("document", "question"),
}
"""The editors' tables and their columns beside ``id``."""
_ONCE = {
    "details": ("document", "field"),
    "proposals": ("document", "question"),
    "settled": ("question",),
    "dropped_similar": ("document", "question"),
}
"""Columns of which no two rows have the same: a row that is put takes the other's place."""
_ROW_ID = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True)
class Edit:
    """One row that was changed; None where there was or is none. What a stored document is now is told by its fingerprint alone."""

    table: str
    key: str
    before: Row | None
    after: Row | None


@dataclass(frozen=True)
class Entry:
    """One change of an editor. ``about`` names what it touches: document:…, unit:…; ``undoes`` the entry that it takes back."""

    id: int
    at: str
    editor: str
    what: str
    about: tuple[str, ...]
    edits: tuple[Edit, ...]
    undoes: int | None = None
    undone_by: int | None = None


def kept(library: Library, table: str) -> list[Row]:
    """The rows of an editors' table, each with its id, in the order in which they were made."""
    names = ("id", *COLUMNS[table])
    return [
        dict(zip(names, row, strict=True))
        for row in library.rows(f"select {', '.join(names)} from {table} order by id")  # nosec B608  # names of COLUMNS
    ]


def keep(change: Change, table: str, rows: Sequence[Row]) -> int:
    """Add rows that came from another collection, but for those that are here already; how many."""
    names = COLUMNS[table]
    held = {tuple(row) for row in change.rows(f"select {', '.join(names)} from {table}")}  # nosec B608  # as above
    fresh = [values for row in rows if (values := tuple(row[name] for name in names)) not in held]
    statement = f"insert into {table} ({', '.join(names)}) values ({marks(names)}) on conflict do nothing returning id"  # nosec B608
    return sum(len(change.rows(statement, values)) for values in fresh)


def history(library: Library, limit: int = 100) -> list[Entry]:
    """The latest changes, the newest first."""
    return _entries(library, "1 = 1", limit)


class Ledger:
    """One change under way: what is put and dropped here is written down, and told at the end by ``close``."""

    def __init__(self, library: Library, change: Change, embedder: Embedder) -> None:
        self._library, self._change, self._embedder = library, change, embedder
        self._edits: list[Edit] = []
        self._published: list[tuple[Document, str, str, int | None]] = []
        self._about: dict[str, None] = {}
        self.library = library
        self.lost: list[tuple[str, Correction]] = []
        """Corrections whose place was not found again, with the document's id."""

    @property
    def teaches(self) -> bool:
        """Whether similar questions or texts have changed."""
        return bool(self._published) or any(each.table in (SIMILAR, DOCUMENT) for each in self._edits)

    def put(self, table: str, row: Row, key: str | None = None) -> str:
        """Store a row, under a new key where none is given; the key."""
        before = self._row(table, key) if key else None
        if key and before is None and table != SIMILAR:
            raise IndexingError("要修改的内容已经不在了，请刷新页面后再试；没有改动。")
        row = {name: row[name] for name in COLUMNS.get(table, row)}
        key = self._write(table, key, row)
        self._note(table, key, before, row)
        return key

    def drop(self, table: str, key: str) -> Row:
        """Remove a row; what it was."""
        before = self._row(table, key)
        if before is None:
            raise IndexingError("要删除的内容已经不在了，请刷新页面后再试；没有改动。")
        self._write(table, key, None)
        self._note(table, key, before, None)
        return before

    def put_similar(self, question: similar.SimilarQuestion, *, origin: str) -> None:
        labels = list(question.labels)
        self.put(
            SIMILAR,
            {"labels": labels, "voice": question.voice, "reason": question.reason, "origin": origin},
            similar_key(question.document_id, question.question),
        )

    def put_document(self, document: Document, content_hash: str, *, origin: str) -> None:
        """Store a document as it was read; corrections kept for it are applied. Written at the end, all at once."""
        before = self._row(DOCUMENT, document.id)
        place = before["place"] if before else None
        self._published.append((document, content_hash, origin, place))
        self._edits.append(Edit(DOCUMENT, document.id, before, {}))
        self._about[f"document:{document.id}"] = None

    def correct_again(self, document_id: str) -> None:
        """Store a document with the corrections that are kept for it now."""
        stored = self._row(DOCUMENT, document_id)
        if stored is not None:
            document = from_json(stored["as_read"] or stored["document"])
            self._published.append((document, stored["hash"], stored["origin"], stored["place"]))

    def note_source(self, path: str, sha256: str, documents: Sequence[str], *, origin: str) -> None:
        """Remember what a document was read from, so that it can be read again."""
        self._change.put_source(path, sha256, origin, documents)

    def close(self, editor: str, what: str, about: Sequence[str] = (), *, undoes: int | None = None) -> int:
        """Publish the documents and write the entry; its number."""
        self._publish()
        edits = [
            Edit(each.table, each.key, each.before, _fingerprint(self._row(DOCUMENT, each.key)))
            if each.table == DOCUMENT and each.after is not None
            else each
            for each in self._edits
        ]
        named = list(dict.fromkeys([*about, *self._about]))
        (entry,) = self._change.rows(
            "insert into history (at, editor, what, about, edits, undoes) values (?, ?, ?, ?, ?, ?) returning id",
            (_now(), editor, what, _json(named), _json([vars(each) for each in edits]), undoes),
        )[0]
        if undoes is not None:
            self._change.run("update history set undone_by = ? where id = ?", (entry, undoes))
        return int(entry)

    def undo(self, entry_id: int, *, editor: str) -> int:
        """Put back what an entry changed; IndexingError when it was undone already or something depends on it."""
        entry = next(iter(_entries(self._library, "id = ?", 1, entry_id)), None)
        if entry is None:
            raise IndexingError("历史里没有这一条，请刷新页面后再试。")
        if entry.undone_by is not None:
            raise IndexingError(f"第{entry.id}号改动已经撤销过（第{entry.undone_by}号），不用再撤销。")
        for each in reversed(entry.edits):
            self._put_back(entry, each)
        return self.close(editor, f"撤销第{entry.id}号：{entry.what}", entry.about, undoes=entry.id)

    def _put_back(self, entry: Entry, edit: Edit) -> None:
        now = self._row(edit.table, edit.key)
        same = _fingerprint(now) == edit.after if edit.table == DOCUMENT else now == edit.after
        same = same and not self._is_taken(edit)
        later = self._later(entry)
        if not same or (edit.table == DOCUMENT and edit.before is None and later):
            raise IndexingError(
                f"第{later.id}号改动（{later.what}）是在这一步之上做的，请先撤销它，再撤销第{entry.id}号。"
                if later
                else f"第{entry.id}号改动之后内容又有变动（如重新建库），不能直接撤销，请手工改回。"
            )
        if edit.table == DOCUMENT and edit.before is not None:
            before = edit.before
            document = from_json(before["as_read"] or before["document"])
            self._published.append((document, before["hash"], before["origin"], before["place"]))
            self._edits.append(Edit(DOCUMENT, edit.key, now, {}))
            return
        self._write(edit.table, edit.key, edit.before)
        self._note(edit.table, edit.key, now, edit.before)

    def _is_taken(self, edit: Edit) -> bool:
        """Whether another row has come since to where the earlier one stood."""
        names = _ONCE.get(edit.table)
        if names is None or edit.before is None:
            return False
        condition = " and ".join(f"{name} = ?" for name in names)
        found = self._change.rows(
            f"select id from {edit.table} where {condition} and id <> ?",  # nosec B608  # names of _ONCE
            (*(edit.before[name] for name in names), row_id(edit.key)),
        )
        return bool(found)

    def _later(self, entry: Entry) -> Entry | None:
        """The latest change since then that touches the same things and stands."""
        since = _entries(self._library, "id > ? and undone_by is null and undoes is null", 1000, entry.id)
        return next((each for each in since if set(each.about) & set(entry.about)), None)

    def _note(self, table: str, key: str, before: Row | None, after: Row | None) -> None:
        self._edits.append(Edit(table, key, before, after))
        document = key if table == DOCUMENT else (before or after or {}).get("document")
        if table == SIMILAR:
            document = key.split("\n", 1)[0]
        if document:
            self._about[f"document:{document}"] = None
        if table in ("corrections", "details"):
            self.correct_again(str(document))

    def _publish(self) -> None:
        """Every document once, as it was put last."""
        last = {each[0].id: each for each in self._published}
        for origin in dict.fromkeys(each[2] for each in last.values()):
            ready = []
            for document, content_hash, of, _ in last.values():
                if of == origin:
                    result = corrected(self._library, document)
                    self.lost += [(document.id, each) for each in result.lost]
                    ready.append((result.document, content_hash))
                    if result.as_read is not None:
                        self._change.put_as_read(result.as_read)
                    else:
                        self._change.run("delete from as_read where document = ?", (document.id,))
            publish(self._change, ready, embedder=self._embedder, origin=origin)
        for document, _, _, place in last.values():
            if place is not None:
                self._change.set_place(document.id, place)

    def _row(self, table: str, key: str) -> Row | None:
        if table == DOCUMENT:
            return self._document_row(key)
        if table == SIMILAR:
            document, question = key.split("\n", 1)
            found = self._change.rows(
                'select labels, voice, reason, origin from "similar" where document = ? and question = ?',
                (document, question),
            )
            return next(
                ({"labels": json.loads(row[0]), "voice": row[1], "reason": row[2], "origin": row[3]} for row in found),
                None,
            )
        names = COLUMNS[table]
        found = self._change.rows(f"select {', '.join(names)} from {table} where id = ?", (row_id(key),))  # nosec B608  # names of COLUMNS
        return next((dict(zip(names, row, strict=True)) for row in found), None)

    def _document_row(self, document_id: str) -> Row | None:
        document = self._library.document(document_id)
        if document is None:
            return None
        as_read = self._library.as_read(document_id)
        origin, content_hash, place = self._change.rows(
            "select origin, hash, place from documents where id = ?", (document_id,)
        )[0]
        return {
            "document": to_json(document),
            "as_read": to_json(as_read) if as_read else None,
            "origin": origin,
            "hash": content_hash,
            "place": place,
        }

    def _write(self, table: str, key: str | None, row: Row | None) -> str:
        if table == DOCUMENT:
            assert key is not None and row is None  # documents are stored all at once, at the end
            self._change.remove([key])
            return key
        if table == SIMILAR:
            assert key is not None
            return self._write_similar(key, row)
        told = {name: row[name] for name in COLUMNS[table]} if row else {}
        if key is not None:
            told["id"] = row_id(key)
            self._change.run(f"delete from {table} where id = ?", (row_id(key),))  # nosec B608  # a name of COLUMNS
        if row is None:
            return str(key)
        if same := _ONCE.get(table):
            condition = " and ".join(f"{name} = ?" for name in same)
            self._change.run(f"delete from {table} where {condition}", [row[name] for name in same])  # nosec B608  # names of _ONCE
        written = self._change.rows(
            f"insert into {table} ({', '.join(told)}) values ({marks(told)}) returning id",  # nosec B608  # names of COLUMNS
            tuple(told.values()),
        )
        return str(written[0][0])

    def _write_similar(self, key: str, row: Row | None) -> str:
        document, question = key.split("\n", 1)
        if row is None:
            self._change.run('delete from "similar" where document = ? and question = ?', (document, question))
            return key
        labels = tuple(row["labels"])
        asked = similar.SimilarQuestion(document, labels, question, row["voice"], row["reason"])
        similar.store(self._change, [asked], embedder=self._embedder, origin=row["origin"])
        return key


def row_id(key: str) -> int:
    """The number that a key stands for; 0, which no row has, where it stands for none."""
    return int(key) if _ROW_ID.fullmatch(key) else 0


def similar_key(document_id: str, question: str) -> str:
    return f"{document_id}\n{question}"


def _entries(library: Library, condition: str, limit: int, *values: object) -> list[Entry]:
    rows = library.rows(
        "select id, at, editor, what, about, edits, undoes, undone_by from history"
        f" where {condition} order by id desc limit ?",  # nosec B608  # conditions are constants of this module
        (*values, limit),
    )
    return [_entry(row) for row in rows]


def _entry(row: Sequence[Any]) -> Entry:
    number, at, editor, what, about, edits, undoes, undone_by = row
    changed = tuple(Edit(**each) for each in json.loads(edits))
    return Entry(number, at, editor, what, tuple(json.loads(about)), changed, undoes, undone_by)


def _fingerprint(row: Row | None) -> Row | None:
    if row is None:
        return None
    told = _json([row["document"], row["origin"], row["hash"]])
    return {"sha256": hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
