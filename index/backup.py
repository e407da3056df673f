"""The whole knowledge base as one file, taken while others read and write, and back.

The file is a zip: every database that stands in the data folder (the library and whatever upper layers keep beside it), each as a
consistent copy, and a manifest with the schema, counts and sums; a knowledge base in PostgreSQL is written in the same form, so that
either engine can take it back. What is derived (Chroma, the dictionary's cache) is not in it.
"""

import hashlib
import json
import os
import re
import secrets
import shutil
import sqlite3
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from index import durable, swap
from index.connect import connected
from index.faults import MISSING, translated
from index.home import Home, Where, home_of
from index.library import FILE_NAME
from index.lock import lock
from index.schema import SCHEMA_VERSION, is_readable
from ingest.errors import IndexingError

FORMAT, VERSION = "policy-assistant-backup", 1
MANIFEST = "manifest.json"
_DATABASE = re.compile(r"[\w-][\w.-]*\.(?:sqlite|db)")
_STALE_S = 24 * 3600
_PIECE = 1 << 20
_MOST_MANIFEST = 1 << 20
_DAMAGED = "{file} 不完整或已损坏，没有恢复，现有的知识库保持原样；请换一份备份。"
_FOREIGN = "{file} 不是本程序的备份文件，没有恢复，现有的知识库保持原样；请换一份由 python -m index backup 写出的文件。"
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, KeyError)


@dataclass(frozen=True)
class Part:
    """One database: its name in the data folder, its bytes' sum and number, and the rows of each table."""

    name: str
    sha256: str
    size: int
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Manifest:
    """What a backup holds; ``made_at`` is UTC, ISO 8601."""

    made_at: str
    schema: str
    parts: tuple[Part, ...]

    def count(self, table: str) -> int:
        """Rows of one of the library's tables."""
        return next((part.counts.get(table, 0) for part in self.parts if part.name == FILE_NAME), 0)


def backup(where: Where, file: Path) -> Manifest:
    """Write the knowledge base that lives there to ``file``; an older file of that name stays until the new one is whole."""
    home = home_of(where)
    data = home.folder
    if not home.database and not (data / FILE_NAME).is_file():
        raise IndexingError(MISSING.format(data=data))
    try:
        with _beside(file) as work:
            parts = _parts(home, work)
            schema = _schema(work / FILE_NAME)
            if not is_readable(schema):
                raise IndexingError(f"{data} 里的知识库由另一版本的程序建立，没有备份；请用那一版本的程序备份。")
            manifest = Manifest(datetime.now(UTC).isoformat(timespec="seconds"), schema, parts)
            _pack(manifest, work, work / "whole")
            durable.replace(work / "whole", file)
    except OSError as problem:
        raise IndexingError(
            f"写不了 {file}（{problem.strerror or problem}），没有备份；请检查目录、权限和磁盘空间。"
        ) from problem
    return manifest


def restore(file: Path, where: Where, *, replace: bool = False) -> tuple[Manifest, Path | None]:
    """Put the backup in its home; with ``replace``, what was in a folder is kept in the one returned."""
    home = home_of(where)
    with _opened(file) as archive:
        manifest = _manifest(file, archive)
        if home.database:
            from index.copying import copy_in

            with TemporaryDirectory(prefix="policy-restore-") as name:
                _unpack(file, archive, manifest, Path(name))
                copy_in(Path(name), home, replace=replace)
            return manifest, None

        def unpack(new: Path) -> list[str]:
            _unpack(file, archive, manifest, new)
            return [part.name for part in manifest.parts]

        return manifest, put(home.folder, unpack, replace=replace)


def put(data: Path, write: Callable[[Path], list[str]], *, replace: bool) -> Path | None:
    """Let ``write`` make files in an empty folder, and put them in place of what is in ``data``; where that is kept."""
    if swap.contents(data) and not replace:
        raise IndexingError(
            f"{data} 不是空的，没有恢复；确要替换请加 --replace，原有内容会留在其中的 before-restore 文件夹里。"
        )
    with _nothing_left(data), translated(data):
        durable.make_folder(data)
        with _only(data):
            swap.finish_held(data)
            names = write(swap.staging(data))
            return swap.swap(data, names, stamp=f"{datetime.now():%Y%m%d-%H%M%S}")


@contextmanager
def _nothing_left(data: Path) -> Iterator[None]:
    """A restore that fails before its files are complete leaves the folder as it was."""
    existed = data.is_dir()
    try:
        yield
    except BaseException as problem:
        if swap.is_pending(data):
            raise IndexingError(
                f"{data} 的恢复还差最后一步（{problem}），排除故障后运行任一命令即接着做完。"
            ) from problem
        swap.discard(data)
        if not existed and not swap.contents(data):
            shutil.rmtree(data, ignore_errors=True)
        if isinstance(problem, OSError):
            raise IndexingError(
                f"写不了 {data}（{problem.strerror or problem}），没有恢复，原有内容保持原样；请检查权限和磁盘空间。"
            ) from problem
        raise


@contextmanager
def _beside(file: Path) -> Iterator[Path]:
    """A folder to work in, on the volume of ``file``; those that killed processes left a day ago are swept."""
    for stale in file.parent.glob(f".{file.name}-*.part"):
        if abs(time.time() - stale.stat().st_mtime) > _STALE_S:
            shutil.rmtree(stale, ignore_errors=True)
    work = file.parent / f".{file.name}-{secrets.token_hex(4)}.part"
    work.mkdir()
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _parts(home: Home, work: Path) -> tuple[Part, ...]:
    if home.database:
        from index.copying import copy_out

        return tuple(Part(name, *_sum(work / name), _counts(work / name)) for name in copy_out(home, work))
    sources = [path for path in sorted(home.folder.iterdir()) if path.is_file() and _DATABASE.fullmatch(path.name)]
    return tuple(_copied(path, work) for path in sources)


def _copied(source: Path, work: Path) -> Part:
    """One state of the database, whatever others write meanwhile; a damaged one is not copied over a sound backup."""
    target = work / source.name
    with translated(source.parent):
        with (
            closing(connected(source)) as live,
            closing(sqlite3.connect(target)) as copy,
        ):
            live.backup(copy)
        if not _is_sound(target):
            raise sqlite3.DatabaseError("malformed")
        return Part(source.name, *_sum(target), _counts(target))


def _is_sound(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(path)) as connection:
            return bool(connection.execute("pragma quick_check(1)").fetchone() == ("ok",))
    except sqlite3.DatabaseError:
        return False


def _counts(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as connection:
        tables = [
            row[0] for row in connection.execute("select name from sqlite_master where type = 'table' order by 1")
        ]
        return {
            name: connection.execute(f"select count(*) from {_quoted(name)}").fetchone()[0]  # nosec B608  # quoted
            for name in tables
            if not name.startswith("sqlite_")
        }


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _schema(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        row = connection.execute("select value from meta where key = 'schema'").fetchone()
        return str(row[0]) if row else ""


def _sum(path: Path) -> tuple[str, int]:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest(), path.stat().st_size


def _pack(manifest: Manifest, work: Path, file: Path) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        head = {"format": FORMAT, "version": VERSION, **asdict(manifest)}
        archive.writestr(MANIFEST, json.dumps(head, ensure_ascii=False, indent=1))
        for part in manifest.parts:
            archive.write(work / part.name, part.name)


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(file)
    except OSError as problem:
        raise IndexingError(f"读不到 {file}，请检查路径和权限。") from problem
    except _UNREADABLE as problem:
        raise IndexingError(_DAMAGED.format(file=file)) from problem
    with archive:
        yield archive


def _manifest(file: Path, archive: zipfile.ZipFile) -> Manifest:
    """What the file says of itself, as far as this program can follow it."""
    if MANIFEST not in archive.namelist() or archive.getinfo(MANIFEST).file_size > _MOST_MANIFEST:
        raise IndexingError(_FOREIGN.format(file=file))
    try:
        head: Any = json.loads(archive.read(MANIFEST))
    except _UNREADABLE as problem:
        raise IndexingError(_DAMAGED.format(file=file)) from problem
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise IndexingError(_FOREIGN.format(file=file))
    if head.get("version") != VERSION or not is_readable(str(head.get("schema"))):
        raise IndexingError(
            f"{file} 由另一版本的程序写出（知识库版本 {head.get('schema')}，本程序为 {SCHEMA_VERSION}），没有恢复；请升级程序后再试。"
        )
    try:
        parts = tuple(
            Part(str(each["name"]), str(each["sha256"]), int(each["size"]), dict(each["counts"]))
            for each in head["parts"]
        )
        manifest = Manifest(str(head["made_at"]), str(head["schema"]), parts)
        whole = all(archive.getinfo(part.name).file_size == part.size for part in parts)
    except (KeyError, TypeError, ValueError) as problem:
        raise IndexingError(_DAMAGED.format(file=file)) from problem
    names = {part.name for part in parts}
    if not whole or FILE_NAME not in names or not all(_DATABASE.fullmatch(name) for name in names):
        raise IndexingError(_DAMAGED.format(file=file))
    return manifest


@contextmanager
def _only(data: Path) -> Iterator[None]:
    """Nobody else restores into the folder, and no app keeps its Chroma there."""
    try:
        held = lock(data)
    except IndexingError as problem:
        raise IndexingError(f"{data} 正由应用使用或不可写，没有恢复；请先停掉应用、检查权限后再试。") from problem
    with held:
        yield


def _unpack(file: Path, archive: zipfile.ZipFile, manifest: Manifest, new: Path) -> None:
    """Every part written, summed and checked, and the library given a new life of its own."""
    for part in manifest.parts:
        target = new / part.name
        try:
            with archive.open(part.name) as packed, target.open("wb") as out:
                _write(packed, out)
        except _UNREADABLE as problem:
            raise IndexingError(_DAMAGED.format(file=file)) from problem
        if _sum(target) != (part.sha256, part.size):
            raise IndexingError(_DAMAGED.format(file=file))
        if not _is_sound(target) or _counts(target) != part.counts:
            raise IndexingError(_DAMAGED.format(file=file))
    _renew(new / FILE_NAME)


def _write(packed: IO[bytes], out: IO[bytes]) -> None:
    shutil.copyfileobj(packed, out, _PIECE)
    out.flush()
    os.fsync(out.fileno())


def _renew(library: Path) -> None:
    """A new token: vectors that a Chroma server holds of passages added after the backup must not pass for this library's."""
    with closing(sqlite3.connect(library)) as connection, connection:
        connection.execute("pragma journal_mode = wal")
        connection.execute("update meta set value = ? where key = 'token'", (secrets.token_hex(6),))
