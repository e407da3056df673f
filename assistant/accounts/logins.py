"""Logins that every process of one service knows, kept in the knowledge base's PostgreSQL: sessions, and how often a login failed.

Without PostgreSQL both stay in memory (``access``, ``attempts``). Tokens are kept as sums: whoever reads the table can log in with none.
"""

import hashlib
import secrets
import threading
import time
from collections.abc import Sequence
from typing import Any

from assistant.accounts.attempts import FORGOTTEN_AFTER_S, Failures, left
from index.connect import Connection
from index.home import Home

_TABLES = (
    "create table if not exists sessions (token text primary key, login text not null, until real not null)",
    "create table if not exists failed_logins (who text primary key, count integer not null, last real not null)",
)
_KNOWN = "known\n"


class Shared:
    """The tables, reached when they are first needed; safe to use from several threads."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._lock = threading.Lock()
        self._connection: Connection | None = None

    def run(self, statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        with self._lock:
            if self._connection is None:
                self._connection = self._opened()
            return self._connection.alone(statement, values)

    def _opened(self) -> Connection:
        from index.postgres import Postgres

        connection = Postgres(self._home)
        connection.begin_changing()
        try:
            for statement in _TABLES:
                connection.define(statement)
            connection.commit()
        except BaseException:
            connection.rollback()
            connection.close()
            raise
        return connection


class SharedSessions:
    """A login at one process is one at all; so is its end."""

    def __init__(self, shared: Shared, lasts_s: float) -> None:
        self._shared, self._lasts_s = shared, lasts_s

    def begin(self, user: str) -> str:
        token = secrets.token_urlsafe(32)
        self._shared.run("delete from sessions where until < ?", (time.time(),))
        self._shared.run("insert into sessions values (?, ?, ?)", (_sum(token), user, time.time() + self._lasts_s))
        return token

    def user_of(self, token: str) -> str | None:
        rows = self._shared.run("select login from sessions where token = ? and until > ?", (_sum(token), time.time()))
        return str(rows[0][0]) if rows else None

    def end(self, token: str) -> None:
        self._shared.run("delete from sessions where token = ?", (_sum(token),))


class SharedAttempts:
    """The same counting as in one process's memory, over all processes."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared

    def begin(self, client: str, user: str) -> float:
        """Seconds still to wait; 0 allows one attempt, which counts as failed until ``succeeded`` says otherwise."""
        now = time.time()
        keys = [("client", client)]
        if not self._shared.run("select 1 from failed_logins where who = ?", (_KNOWN + _named(client, user),)):
            keys.append(("user", user))
        wait = max(left(kind, self._failures(kind, name), now) for kind, name in keys)
        if wait <= 0:
            for kind, name in keys:
                self._count(kind, name, now)
        return max(wait, 0.0)

    def succeeded(self, client: str, user: str) -> None:
        for kind, name in (("client", client), ("user", user)):
            self._shared.run("delete from failed_logins where who = ?", (_named(kind, name),))
        self._shared.run(
            "insert into failed_logins values (?, 0, ?) on conflict (who) do update set last = excluded.last",
            (_KNOWN + _named(client, user), time.time()),
        )

    def _failures(self, kind: str, name: str) -> Failures | None:
        rows = self._shared.run("select count, last from failed_logins where who = ?", (_named(kind, name),))
        return Failures(*rows[0]) if rows else None

    def _count(self, kind: str, name: str, now: float) -> None:
        forgotten = now - FORGOTTEN_AFTER_S
        self._shared.run("delete from failed_logins where last < ? and who not like ?", (forgotten, f"{_KNOWN}%"))
        self._shared.run(
            "insert into failed_logins values (?, 1, ?) on conflict (who) do update"
            " set count = failed_logins.count + 1, last = excluded.last",
            (_named(kind, name), now),
        )


def _named(kind: str, name: str) -> str:
    """Names come from strangers: as a sum they are short, and hold nothing that the database cannot store."""
    return f"{kind[:4]}:{hashlib.sha256(f'{kind}{chr(10)}{name}'.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _sum(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
