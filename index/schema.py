"""The tables of the library, and the numbered steps by which an older file is brought up to date, each in one transaction."""

import hashlib
import re
import secrets
from collections.abc import Callable

from index.connect import Connection, File
from index.snippets import gathered, kept_keys

SCHEMA_VERSION = "7"

_FIRST = """
create table meta (key text primary key, value text not null);
create table documents (
  row integer primary key autoincrement, id text not null unique, title text not null, number text, level text, region text,
  status text not null, form text not null, issued_on text, origin text not null, hash text not null, block integer,
  card text not null, body text not null, text text not null);
create index documents_by_block on documents(block);
create table clauses (
  document integer not null references documents(row) on delete cascade, id text not null, label text not null,
  part text not null, task integer, section text not null, title text not null, start integer not null, end integer not null,
  primary key (document, id)) without rowid;
create index clauses_by_task on clauses(task) where task is not null;
create index clauses_by_label on clauses(label);
create table units (
  document integer not null references documents(row) on delete cascade, clause text not null, name text not null,
  primary key (document, clause, name)) without rowid;
create index units_by_name on units(name);
create table chunks (
  id integer primary key autoincrement, document integer not null references documents(row) on delete cascade,
  clause text not null, start integer not null, end integer not null);
create index chunks_by_document on chunks(document);
create table blocks (id integer primary key autoincrement, content blob not null);
create table sources (path text primary key, sha256 text not null, origin text not null, documents text not null);
create table similar (
  id integer primary key autoincrement, document text not null, labels text not null, question text not null,
  voice text not null, reason text not null, origin text not null, keys blob not null, vector blob not null, unique (document, question));
"""

# from 3: what editors add. ``place`` keeps a document's position in the collection when it is stored again; ``as_read`` is the body of
# a corrected document before its corrections; a question in ``dropped_similar`` does not come back with the next build.
_EDITORS = """
alter table documents add column place integer not null default 0;
update documents set place = row;
create table as_read (document text primary key, body text not null) without rowid;
create table originals (sha256 text primary key, name text not null, content blob not null);
create table corrections (
  id integer primary key autoincrement, document text not null, label text not null, opening text not null, title text,
  new_label text, units text, editor text not null, made_on text not null);
create table vetted (
  id integer primary key autoincrement, document text not null, label text not null, question text not null, answer text not null,
  editor text not null, made_on text not null);
create table unit_entries (
  id integer primary key autoincrement, unit text not null, field text not null check (field in ('alias', 'successor', 'phone', 'site')),
  value text not null, since text not null, source text not null, editor text not null, made_on text not null);
create table proposals (
  id integer primary key autoincrement, document text not null, label text not null, question text not null, origin text not null,
  state text not null, made_on text not null, unique (document, question));
create table settled (
  id integer primary key autoincrement, question text not null unique, how text not null, editor text not null, made_at text not null);
create table drafts (
  id integer primary key autoincrement, source text not null, original text, body text not null, text text not null,
  duplicates text not null, made_at text not null);
create table dropped_similar (
  id integer primary key autoincrement, document text not null, question text not null, unique (document, question));
create table history (
  id integer primary key autoincrement, at text not null, editor text not null, what text not null, about text not null,
  edits text not null, undoes integer, undone_by integer);
"""

# from 4: what was stored can be told from what a bad disk or memory made of it.
_SUMS = """
alter table documents add column sum text not null default '';
alter table blocks add column sum text not null default '';
"""

# from 5: the same text is found without reading the others.
_SNIPPETS = """
create table snippets (block integer not null references blocks(id) on delete cascade, content blob not null, primary key (block));
"""

# from 6: what editors put right about a whole document.
_DETAILS = """
create table details (
  id integer primary key autoincrement, document text not null, field text not null, value text not null, source text not null,
  editor text not null, made_on text not null, unique (document, field));
"""

_STEPS = {"3": _EDITORS, "4": _SUMS, "5": _SNIPPETS, "6": _DETAILS}
"""Version → what makes the next version of it."""

TABLES = re.findall(r"create table (\w+)", "".join((_FIRST, *_STEPS.values())))
"""Each after those that it refers to."""


def sum_of(*parts: str | bytes) -> str:
    """Of what is stored in one row, in this order."""
    digest = hashlib.sha256()
    for part in parts:
        content = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()


def is_readable(version: str) -> bool:
    """Whether this program can open a file of that version."""
    return version == SCHEMA_VERSION or version in _STEPS


def has_schema(connection: Connection) -> bool:
    return bool(connection.columns("meta"))


def make_schema(connection: Connection) -> None:
    """All tables in one transaction, so that no one opens a database with half of them."""
    if isinstance(connection, File):
        connection.execute("pragma journal_mode = wal")
    connection.begin_changing()
    try:
        if not has_schema(connection):
            _run(connection, _FIRST)
            for key, value in (("schema", "3"), ("generation", "0"), ("token", secrets.token_hex(6))):
                connection.execute("insert into meta values (?, ?)", (key, value))
            _step_up(connection)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


def migrate(connection: Connection) -> None:
    """Bring an older file to this version; one that is newer, or of no known version, stays as it is."""
    if _version(connection) not in _STEPS:
        return
    connection.begin_changing()
    try:
        _step_up(connection)  # another process may have done it meanwhile
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


def _step_up(connection: Connection) -> None:
    while (version := _version(connection)) in _STEPS:
        _run(connection, _STEPS[version])
        if fill := _FILLED.get(version):
            fill(connection)
        connection.execute("update meta set value = ? where key = 'schema'", (str(int(version) + 1),))


def _fill_sums(connection: Connection) -> None:
    for table, key, columns in (("documents", "row", "card, body, text"), ("blocks", "id", "content")):
        for (at,) in connection.execute(f"select {key} from {table}").fetchall():  # nosec B608  # own names
            found = connection.execute(f"select {columns} from {table} where {key} = ?", (at,)).fetchone()  # nosec B608
            connection.execute(f"update {table} set sum = ? where {key} = ?", (sum_of(*found), at))  # nosec B608


def _fill_snippets(connection: Connection) -> None:
    for (block,) in connection.execute("select id from blocks").fetchall():
        texts = connection.execute("select row, text from documents where block = ?", (block,))
        content = gathered([(row, kept_keys(text)) for row, text in texts]).to_bytes()
        connection.execute("insert into snippets values (?, ?)", (block, content))


_FILLED: dict[str, Callable[[Connection], None]] = {"4": _fill_sums, "5": _fill_snippets}
"""Version → what no statement can fill in on the way to the next."""


def _version(connection: Connection) -> str:
    row = connection.execute("select value from meta where key = 'schema'").fetchone()
    return str(row[0]) if row else ""


def _run(connection: Connection, statements: str) -> None:
    for statement in statements.split(";\n"):
        if statement.strip():
            connection.define(statement)
