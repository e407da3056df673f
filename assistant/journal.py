"""What was asked and what people thought of the answer: one SQLite file beside the knowledge base, or tables in its PostgreSQL.

The questions that nothing answered and the answers that people marked as wrong are the editor's work list.
"""

import json
import logging
import secrets
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from assistant.answer import Answer
from index.connect import Connection, File
from index.home import Home, Where, home_of
from ingest.errors import AssistantError

_TABLES = """
create table if not exists asked (
    id integer primary key, asked_at text not null, session text not null, question text not null,
    rewritten text not null, kind text not null, refused integer not null, confidence real not null,
    citations text not null, elapsed_ms real not null, verdict text not null default '', rated_at text,
    units text not null default '[]'
);
create index if not exists asked_refused on asked (refused, asked_at);
create index if not exists asked_verdict on asked (verdict, asked_at);
create table if not exists journal_keys (name text primary key, value text not null);
"""
_ADDED = ("units", "alter table asked add column units text not null default '[]'")
"""What a journal of the first release lacks."""
_COLUMNS = (
    "id, asked_at, session, question, rewritten, kind, refused, confidence, citations, elapsed_ms, verdict, units"
)


_MOST_MISSES = 10_000
"""Records in a row that cannot be read, after which no more are looked for."""

logger = logging.getLogger(__name__)


class Verdict(StrEnum):
    """What a user says about an answer; the reasons are the faults that an answer can have here."""

    GOOD = "有用"
    WRONG_UNIT = "部门错"
    WRONG_CLAUSE = "条款错"
    OUTDATED = "已过期"
    MISSED = "没答到"


@dataclass(frozen=True)
class Entry:
    """One question with its answer's outline. ``citations`` are "document id#label"; ``asked_at`` is UTC, ISO 8601."""

    id: int
    asked_at: str
    session: str
    question: str
    rewritten: str
    kind: str
    refused: bool
    confidence: float
    citations: tuple[str, ...]
    elapsed_ms: float
    verdict: Verdict | None
    units: tuple[str, ...] = ()


class Journal:
    """Safe to use from several threads and processes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self.trouble = ""
        """Why not everything that was ever recorded is here, or what is recorded now does not stay; a sentence."""
        self._kept_days: int | None = None
        self._pruned_on: date | None = None
        self.listeners: list[Callable[[Answer], None]] = []
        """Told of every answer that was recorded, whichever way it was asked for."""

    @classmethod
    def open(cls, where: Where) -> "Journal":
        """The journal of the knowledge base that lives there, made when it is missing."""
        home = home_of(where)
        if home.database:
            return cls(_in_database(home))
        data, path = home.folder, home.folder / "journal.db"
        try:
            return cls(_opened(str(path)))
        except sqlite3.OperationalError as error:
            if not data.is_dir() or "locked" in str(error):
                raise AssistantError(
                    f"打不开问答记录 {path}（{error}），请检查文件夹，或等占用它的程序结束。"
                ) from error
            return cls._told(
                _opened(":memory:"),
                f"问答记录写不进 {path}（{error}），本次运行的提问和评价不会保存；请检查空间和权限后重新启动。",
            )
        except sqlite3.DatabaseError:
            aside, lost = _begun_again(path)
            said = "部分记录读不出，没有带过来" if lost else "记录都已带过来"
            return cls._told(
                _opened(str(path)),
                f"问答记录有损坏，已移到 {aside}，并开始一份新的（{said}）；要找回请从备份恢复。",
            )

    @classmethod
    def _told(cls, connection: Connection, trouble: str) -> "Journal":
        journal = cls(connection)
        journal.trouble = trouble
        logger.warning("%s", trouble)
        return journal

    def close(self) -> None:
        self._connection.close()

    def keep_for(self, days: int) -> None:
        """Forget what was asked longer ago than that, now and once a day; without this, everything is kept."""
        self._kept_days = days
        self._prune()

    def record(self, question: str, answer: Answer, *, session: str = "") -> int:
        """Keep a question and its answer's outline; the number returned is what ``rate`` takes."""
        self._prune()
        citations = [f"{citation.document_id}#{citation.label}" for citation in answer.citations]
        values = (
            datetime.now(UTC).isoformat(timespec="seconds"),
            session,
            question,
            answer.rewritten_question,
            answer.kind,
            int(answer.refused),
            answer.confidence,
            json.dumps(citations, ensure_ascii=False),
            answer.elapsed_ms,
            json.dumps(answer.units, ensure_ascii=False),
        )
        with self._lock:
            row = self._run(
                "insert into asked (asked_at, session, question, rewritten, kind, refused, confidence, citations,"
                " elapsed_ms, units) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id",
                values,
            )
        for listener in self.listeners:
            listener(answer)
        return int(str(row[0][0]))

    def rate(self, entry_id: int, verdict: Verdict) -> None:
        """Put a user's verdict on an answer; said again, the last one counts."""
        with self._lock:
            changed = self._run(
                "update asked set verdict = ?, rated_at = ? where id = ? returning id",
                (str(verdict), datetime.now(UTC).isoformat(timespec="seconds"), entry_id),
            )
        if not changed:
            raise AssistantError("没有找到要评价的答案，请重新提问后再评价。")

    def entry(self, entry_id: int) -> Entry | None:
        return next(iter(self._entries("id = ?", (entry_id,), 1)), None)

    def unanswered(self, *, since: str = "", limit: int = 100) -> list[Entry]:
        """The questions that were refused since then (ISO 8601, UTC), the newest first."""
        return self._entries("refused = 1 and asked_at >= ?", (since,), limit)

    def complaints(self, *, since: str = "", limit: int = 100) -> list[Entry]:
        """The answers that users marked as wrong since then, the newest first."""
        return self._entries("verdict not in ('', ?) and asked_at >= ?", (str(Verdict.GOOD), since), limit)

    def troubled(self, since: str, *, limit: int = 100_000) -> list[Entry]:
        """What was refused or marked as wrong since then, the newest first."""
        return self._entries(
            "(refused = 1 or verdict not in ('', ?)) and asked_at >= ?", (str(Verdict.GOOD), since), limit
        )

    def since(self, moment: str, *, limit: int = 100_000) -> list[Entry]:
        """Everything that was asked since then, the newest first."""
        return self._entries("asked_at >= ?", (moment,), limit)

    def key(self, name: str) -> bytes:
        """32 bytes by chance, the same for every process that keeps this journal, and after a restart."""
        with self._lock:
            self._run(
                "insert into journal_keys values (?, ?) on conflict do nothing returning name",
                (name, secrets.token_hex(32)),
            )
            row = self._run("select value from journal_keys where name = ?", (name,))
        return bytes.fromhex(str(row[0][0]))

    def _prune(self) -> None:
        """Counted back from a week after the last question at most: a clock that is years ahead at the start costs nothing."""
        now = datetime.now(UTC)
        if self._kept_days is None or self._pruned_on == now.date():
            return
        with self._lock:
            ((newest,),) = self._run("select max(asked_at) from asked", ())
            last = min(now, datetime.fromisoformat(str(newest)) + timedelta(days=7)) if newest else now
            cut = (last - timedelta(days=self._kept_days)).isoformat(timespec="seconds")
            gone = self._run("delete from asked where asked_at < ? returning id", (cut,))
        self._pruned_on = now.date()  # where it failed, the next question tries again
        if gone:
            logger.info("%s entries older than %s days were deleted from the journal", len(gone), self._kept_days)

    def _entries(self, condition: str, values: Sequence[object], limit: int) -> list[Entry]:
        with self._lock:
            rows = self._run(
                f"select {_COLUMNS} from asked where {condition} order by id desc limit ?",  # nosec B608  # constants
                (*values, limit),
            )
        return [_entry(row) for row in rows]

    def _run(self, statement: str, values: Sequence[Any]) -> list[tuple[object, ...]]:
        try:
            return self._connection.alone(statement, tuple(values))
        except sqlite3.Error as error:
            raise AssistantError(f"问答记录读写失败（{error}），请检查数据文件夹的空间和权限。") from error


def _begun_again(path: Path) -> tuple[Path, bool]:
    """Put a damaged journal aside and take over what can still be read of it; where it is now, and whether anything is lost."""
    aside, count = path.with_name("journal-damaged.old"), 1
    while aside.exists():
        count += 1
        aside = path.with_name(f"journal-damaged-{count}.old")
    for ending in ("-wal", "-shm", ""):  # the file itself last: killed in between, it is found damaged again
        if (beside := path.with_name(path.name + ending)).exists():
            beside.replace(aside.with_name(aside.name + ending))
    is_whole = True
    with closing(_opened(str(path))) as fresh, closing(sqlite3.connect(aside)) as old:
        names = f"{_COLUMNS}, rated_at"
        query = f"select {names} from asked not indexed where id > ? order by id limit 1"  # nosec B608  # constants
        places = ", ".join("?" * (names.count(",") + 1))
        at, misses = 0, 0
        while misses < _MOST_MISSES:
            try:
                row = old.execute(query, (at,)).fetchone()
            except sqlite3.DatabaseError:
                is_whole, at, misses = False, at + 1, misses + 1
                continue
            if row is None:
                break
            at, misses = max(at + 1, int(row[0])), 0
            fresh.execute(f"insert or ignore into asked ({names}) values ({places})", row)  # nosec B608  # constants
    return aside, not is_whole


def make_tables(connection: Connection) -> None:
    """All tables, as they are today. Two processes may open an old journal at once: the second finds everything there."""
    name, statement = _ADDED
    connection.begin_changing()
    try:
        for each in filter(None, map(str.strip, _TABLES.split(";\n"))):
            connection.define(each)
        if name not in connection.columns("asked"):
            connection.define(statement)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


def _in_database(home: Home) -> Connection:
    from index.postgres import Postgres

    connection = Postgres(home)
    try:
        make_tables(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _opened(place: str) -> File:
    connection = sqlite3.connect(place, timeout=10, check_same_thread=False, isolation_level=None, factory=File)
    try:
        connection.execute("pragma synchronous = extra")
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma secure_delete = on")  # a question that was deleted is in no free page either
        make_tables(connection)
        if connection.execute("pragma quick_check(1)").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("malformed")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _entry(row: Sequence[object]) -> Entry:
    number, asked_at, session, question, rewritten, kind, refused, confidence, citations, elapsed, verdict, units = row
    return Entry(
        id=int(str(number)),
        asked_at=str(asked_at),
        session=str(session),
        question=str(question),
        rewritten=str(rewritten),
        kind=str(kind),
        refused=bool(refused),
        confidence=float(str(confidence)),
        citations=tuple(json.loads(str(citations))),
        elapsed_ms=float(str(elapsed)),
        verdict=Verdict(str(verdict)) if verdict else None,
        units=tuple(json.loads(str(units))),
    )
