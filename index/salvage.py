"""A damaged library mended as far as that goes: what is derived is made again, and what cannot be read is told.

Documents and what editors made are the truth; clauses, passages, word index and vectors follow from them. Where all of the truth can
still be read, the file is replaced by a sound one (the damaged one is kept beside it). Where some of it cannot, the rest is put into a
library of its own to be read from, until a backup is restored.
"""

import json
import logging
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

from index import durable, similar, swap
from index.collect import SEEDS
from index.connect import File, connected
from index.curate import BUILT
from index.embed import Embedder, load_embedder
from index.faults import DAMAGED, DamagedError, translated
from index.home import Home
from index.library import FILE_NAME, Change, Library
from index.lock import lock
from index.publish import publish
from index.schema import SCHEMA_VERSION, sum_of
from index.segment import fingerprint as words_fingerprint
from ingest.document import Document
from ingest.errors import IndexingError
from ingest.exchange import from_json

FOLDER = "sound"
_KEPT = "damaged-"
_COPIED = {
    "originals": "上传的原件",
    "corrections": "更正",
    "details": "文件信息的更正",
    "vetted": "核定答案",
    "unit_entries": "单位名录",
    "proposals": "提议的相似问",
    "settled": "已处理的问题",
    "drafts": "待发布的文件",
    "dropped_similar": "删去的相似问",
    "history": "改动历史",
    "sources": "文件来源",
    "as_read": "更正前的文件",
}
"""The tables that are the truth as they are, and what they are called."""
_WITHOUT_ROWID = {"as_read": "document"}
_MOST_PROBED = 20_000
"""Numbers tried one by one beyond the last row found, where the table does not say how many rows it had."""
_PARTLY = (
    "{data} 里的知识库文件有损坏，读不出的内容：{lost}；其余照常提供，但暂不能改动；"
    "请停掉应用后用 python -m index restore 从备份恢复。"
)

logger = logging.getLogger(__name__)
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Mended:
    """Where to read from. ``sentence`` says what is missing there, "" where nothing is."""

    home: Home
    sentence: str = ""


def mend(home: Home, *, model: str | None = None, in_doubt: bool = False) -> Mended:
    """The knowledge base as sound as it can be made. IndexingError where nothing of it can be read, or no other can be written.

    The database's own check comes first; ``in_doubt`` leaves it out, where what it lets pass has turned out not to read.
    """
    path = home.folder / FILE_NAME
    if home.database:
        return _of_database(home, model) if in_doubt else Mended(home)
    if not path.is_file():
        return Mended(home)
    swap.finish(home.folder)
    if not in_doubt and _is_sound(home):
        shutil.rmtree(home.folder / FOLDER, ignore_errors=True)
        return Mended(home)
    with translated(home), lock(home.folder), closing(connected(path)) as damaged:
        found = _Found(damaged)
        new = swap.staging(home.folder)
        _write(found, Home(new), load_embedder(model))
    lost = found.lost()
    if not found.documents or found.is_foreign:
        swap.discard(home.folder)
        raise DamagedError(DAMAGED.format(data=home))
    return _beside(home, lost) if lost else _replaced(home)


def _of_database(home: Home, model: str | None) -> Mended:
    """A server's rows, copied into a file and mended there: read from beside it, for only a backup makes the server's own right."""
    from index.copying import copy_out

    with translated(home), tempfile.TemporaryDirectory(dir=home.folder, prefix=".mending-") as folder:
        copy = Home(Path(folder))
        copy_out(home, copy.folder)
        mended = mend(copy, model=model, in_doubt=True)
        place = home.folder / FOLDER
        shutil.rmtree(place, ignore_errors=True)
        shutil.move(mended.home.folder, place)
    sentence = mended.sentence or _PARTLY.format(data=copy, lost="派生的内容")
    return Mended(Home(place), sentence.replace(str(copy), str(home)))


def _is_sound(home: Home) -> bool:
    try:
        with closing(connected(home.folder / FILE_NAME)) as connection:
            return connection.is_sound()
    except sqlite3.DatabaseError as problem:
        if "malformed" not in str(problem) and "not a database" not in str(problem):
            raise IndexingError(f"{home} 打不开（{problem}），请检查目录权限和磁盘后再试。") from problem
        return False


def _replaced(home: Home) -> Mended:
    """Nothing of the truth is missing: the sound file takes the place of the damaged one."""
    old = (FILE_NAME, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm")
    with lock(home.folder):
        stamp = f"{datetime.now():%Y%m%d-%H%M%S}"
        kept = swap.swap(home.folder, [FILE_NAME], stamp=stamp, old=old, prefix=_KEPT)
    logger.warning(
        "%s 里的知识库文件有损坏，已由其中的文件重建，没有丢失内容；损坏的文件留在 %s，可以删去。", home, kept
    )
    return Mended(home)


def _beside(home: Home, lost: Sequence[str]) -> Mended:
    """What can be read, in a folder of its own; the damaged file stays for who may get more out of it."""
    place = home.folder / FOLDER
    shutil.rmtree(place, ignore_errors=True)
    (home.folder / ".restoring" / "new").replace(place)
    swap.discard(home.folder)
    durable.sync(home.folder)
    shown = "、".join(lost[:5]) + (f"等 {len(lost)} 处" if len(lost) > 5 else "")
    return Mended(Home(place), _PARTLY.format(data=home, lost=shown))


class _Found:
    """What can be read of a damaged file, row by row."""

    def __init__(self, damaged: File) -> None:
        self._damaged = damaged
        self._broken = set[str]()
        """Tables that do not give all of their rows."""
        self._unread: list[str] = []
        self.meta = {row[0]: row[1] for row in self.rows("meta", ("key", "value"))}
        self.is_foreign = self.meta.get("schema", SCHEMA_VERSION) != SCHEMA_VERSION
        self.documents: list[tuple[Document, str, str, int]] = []
        self.similar: list[tuple[similar.SimilarQuestion, str]] = []
        self._read_documents()
        self._read_similar()

    def lost(self) -> list[str]:
        """What of the truth could not be read, in words."""
        names = _COPIED | {"similar": "相似问"}
        unknown = ["编号不明的文件"] if "documents" in self._broken and not self._unread else []
        return [*dict.fromkeys(self._unread), *unknown, *(names[each] for each in names if each in self._broken)]

    def rows(self, table: str, columns: Sequence[str]) -> Iterator[Row]:
        """Every row that can be read, looked for in the table itself and not by its indexes."""
        names = ", ".join(f'"{name}"' for name in columns)
        if key := _WITHOUT_ROWID.get(table):
            yield from self._from_both_ends(table, names, key)
            return
        at, highest = -1, self._highest(table)
        query = f"select rowid, {names} from {table} not indexed where rowid > ? order by rowid limit 1"  # nosec B608  # own names
        while at <= highest:
            try:
                row = self._damaged.execute(query, (at,)).fetchone()
            except sqlite3.DatabaseError:
                self._broken.add(table)
                row = self._single(table, names, at + 1)
                at += 1
            else:
                if row is None:
                    return
                at = max(at + 1, row[0])
            if row is not None:
                yield row[1:]

    def _single(self, table: str, names: str, rowid: int) -> Row | None:
        """One row by its number, where the rows before it are unreadable."""
        try:
            query = f"select rowid, {names} from {table} not indexed where rowid = ?"  # nosec B608  # own names
            found: Row | None = self._damaged.execute(query, (rowid,)).fetchone()
        except sqlite3.DatabaseError:
            return None
        return found

    def _from_both_ends(self, table: str, names: str, key: str) -> Iterator[Row]:
        seen: set[Row] = set()
        for way in ("asc", "desc"):
            try:
                for row in self._damaged.execute(f"select {names} from {table} order by {key} {way}"):  # nosec B608  # own names
                    if row not in seen:
                        seen.add(row)
                        yield row
            except sqlite3.DatabaseError:
                self._broken.add(table)
            else:
                return

    def _highest(self, table: str) -> int:
        try:
            found = self._damaged.execute("select seq from sqlite_sequence where name = ?", (table,)).fetchone()
            return int(found[0]) if found else _MOST_PROBED
        except sqlite3.DatabaseError:
            return _MOST_PROBED

    def _read_documents(self) -> None:
        columns = ("id", "card", "body", "text", "sum", "origin", "hash", "place")
        for document_id, card, body, text, stored, origin, content_hash, place in self.rows("documents", columns):
            try:
                if sum_of(card, body, text) != stored:
                    raise ValueError("not what was stored")
                document = from_json(json.loads(body) | {"text": text})
            except (ValueError, KeyError, TypeError, IndexError):
                self._unread.append(f"文件 {document_id}")
            else:
                self.documents.append((document, str(origin), str(content_hash), int(place)))
        known = self._known("documents", "id")
        self._settle("documents", known, [(document.id,) for document, *_ in self.documents])
        read = {document.id for document, *_ in self.documents}
        self._unread += [f"文件 {each}" for (each,) in known or () if each not in read]

    def _read_similar(self) -> None:
        """Questions that came with the seeds are in the seeds still; one of an editor's that cannot be read is lost."""
        columns = ("document", "labels", "question", "voice", "reason", "origin")
        for document_id, labels, question, voice, reason, origin in self.rows("similar", columns):
            try:
                asked = similar.SimilarQuestion(document_id, tuple(json.loads(labels)), question, voice, reason)
            except (ValueError, TypeError):
                self._broken.add("similar")
            else:
                self.similar.append((asked, origin))
        known, read = self._known("similar", "document, question"), {_key(each) for each, _ in self.similar}
        missing = {row for row in known or () if row not in read}
        if missing:
            seeds = chain.from_iterable(map(similar.read, sorted((SEEDS / "similar_questions").glob("*.jsonl"))))
            self.similar += [(each, BUILT) for each in seeds if _key(each) in missing]
        self._settle("similar", known, [_key(each) for each, _ in self.similar])

    def _settle(self, table: str, known: list[Row] | None, read: Sequence[Row]) -> None:
        """A table whose index knows of no more rows than were found is whole; without it, one that was read to its end is."""
        if known is not None and set(read).issuperset(known):
            self._broken.discard(table)
        elif known is not None:
            self._broken.add(table)

    def _known(self, table: str, columns: str) -> list[Row] | None:
        """What identifies the rows, as the table's index has it; None where that cannot be read either."""
        query = f"select {columns} from {table} indexed by sqlite_autoindex_{table}_1"  # nosec B608  # own names
        try:
            return self._damaged.execute(query).fetchall()
        except sqlite3.DatabaseError:
            return None


def _key(question: similar.SimilarQuestion) -> Row:
    return question.document_id, question.question


def _write(found: _Found, home: Home, embedder: Embedder) -> None:
    """A library of what was found, with everything derived made anew."""
    with closing(Library.open(home, create=True)) as library, library.changing() as change:
        for table in _COPIED:
            _copy(found, change, table)
        for origin in dict.fromkeys(each[1] for each in found.documents):
            ready = [(document, content_hash) for document, of, content_hash, _ in found.documents if of == origin]
            publish(change, ready, embedder=embedder, origin=origin)
        for document, _, _, place in found.documents:
            change.set_place(document.id, place)
        for origin in dict.fromkeys(of for _, of in found.similar):
            similar.store(
                change, [each for each, of in found.similar if of == origin], embedder=embedder, origin=origin
            )
        kept = {name: found.meta[name] for name in ("reader", "generation") if name in found.meta}
        for key, value in {**kept, "model": embedder.fingerprint, "words": words_fingerprint()}.items():
            change.set_meta(key, value)


def _copy(found: _Found, change: Change, table: str) -> None:
    columns = [str(row[0]) for row in change.rows("select name from pragma_table_info(?)", (table,))]
    names = ", ".join(f'"{name}"' for name in columns)
    for row in found.rows(table, columns):
        change.run(
            f"insert or ignore into {table} ({names}) values ({', '.join('?' * len(columns))})",  # nosec B608  # own names
            row,
        )
