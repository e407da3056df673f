"""Chroma: the vectors' second home, derived from the library and made anew whenever it is missing, stale or broken.

Exactly one process may open an embedded Chroma folder: a second one loses vectors or kills both, so a file lock keeps others
out, and a damaged folder can crash the process that opens it, so it is first opened, checked and brought up to date in a child
process (``python -m index.store DATA PLACE``). A Chroma server (``url``) needs neither. What Chroma finds is checked against the library
before it counts; without Chroma the vectors are searched exactly, with the same result.
"""

import json
import logging
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.home import Home, Where, home_of
from index.library import Library
from index.lock import is_locked, lock
from ingest.errors import IndexingError

FOLDER = "chroma"
EMBEDDED = "embedded"
_BATCH = 1000
_GENTLE_BATCH = 50  # beside a running app: adding holds Python's lock
_PAGE = 5000
_COMPARED = 20_000
"""Vectors that are compared one by one with the library's; what differs is what was added last."""
_ROUNDING = 1e-3
_PATIENCE_S = 1800

# measured on 6,464 passages: with Chroma's own ef_search of 100, 5 of the nearest 100 are missed, with this 1
_HNSW = {"space": "cosine", "ef_search": 400, "max_neighbors": 32}

logger = logging.getLogger(__name__)
Ids = NDArray[np.int64]
Floats = NDArray[np.float32]


class ChromaVectors:
    """An open collection of this library's vectors. ``ids`` are the chunks that it holds."""

    def __init__(self, data: Path, place: str, name: str) -> None:
        self._lock = lock(data) if place == EMBEDDED else None
        self._client: Any = None
        try:
            with _translated():
                self._client = _client(data, place)
                self._collection = _collection(self._client, name)
                self.ids = _ids(self._collection)
        except IndexingError:
            self.close()
            raise

    def nearest(self, vector: Floats, count: int) -> Ids:
        """The ids of the chunks nearest to the vector, nearest first; possibly some that are gone from the library."""
        if not len(self.ids):
            return np.empty(0, np.int64)
        with _translated():
            found = self._collection.query(query_embeddings=[vector], n_results=min(count, len(self.ids)), include=[])
        return np.array([int(each) for each in found["ids"][0]], np.int64)

    def follow(self, ids: Ids, vectors: Floats, *, batch: int = _GENTLE_BATCH) -> tuple[int, int]:
        """Hold these chunks and no others; how many were added and removed."""
        missing = np.flatnonzero(~np.isin(ids, self.ids))
        extra = self.ids[~np.isin(self.ids, ids)]
        with _translated():
            for start in range(0, len(extra), batch):
                self._collection.delete(ids=[str(each) for each in extra[start : start + batch]])
            for start in range(0, len(missing), batch):
                rows = missing[start : start + batch]
                self._collection.upsert(ids=[str(each) for each in ids[rows]], embeddings=vectors[rows])
        self.ids = ids.copy()
        return len(missing), len(extra)

    def differing(self, ids: Ids, vectors: Floats) -> NDArray[np.int64]:
        """The places of those chunks, the newest, whose vector here is another: the folder was copied with another library's state."""
        wrong: list[int] = []
        for start in range(max(0, len(ids) - _COMPARED), len(ids), _PAGE):
            rows = np.arange(start, min(start + _PAGE, len(ids)))
            with _translated():
                found = self._collection.get(ids=[str(each) for each in ids[rows]], include=["embeddings"])
            here = dict(zip(map(int, found["ids"]), found["embeddings"], strict=True))
            wrong += [
                int(row) for row in rows if np.abs(here.get(int(ids[row]), np.inf) - vectors[row]).max() > _ROUNDING
            ]
        return np.array(wrong, np.int64)

    def close(self) -> None:
        """Let go of the folder altogether: a client left open would be handed out again, with its broken files."""
        if self._client is not None:
            with suppress(IndexingError), _translated():
                self._client.close()
                for session in _sessions(self._client):
                    session.close()
        if self._lock:
            self._lock.close()


def tend(where: Where, place: str = EMBEDDED) -> dict[str, int]:
    """Bring Chroma up to date with the library, in this process; counts of vectors held, added and removed."""
    data = home_of(where).folder
    library = Library.open(where)
    with closing(library):
        if place == EMBEDDED:
            _sweep(data / FOLDER)
        held = ChromaVectors(data, place, collection_name(library))
        with (
            library.reading()
        ):  # later than what Chroma holds was read: what another process has just added is not taken for gone
            ids, vectors = living_vectors(library)
    before = np.isin(ids, held.ids)
    added, removed = held.follow(ids, vectors, batch=_BATCH)
    if before.any() and len(wrong := held.differing(ids, vectors)):
        held.ids = np.delete(held.ids, wrong)
        added += held.follow(ids, vectors, batch=_BATCH)[0]
    if len(ids) and len(held.nearest(vectors[0], 1)) != 1:
        raise IndexingError("Chroma 没有返回刚写入的向量，请删除数据目录下的 chroma 文件夹后重试。")
    held.close()
    return {"held": len(ids), "added": added, "removed": removed}


Child = subprocess.Popen[str]


@contextmanager
def ready_child(where: Where) -> Iterator[Child]:
    """A child process for ``tend_safely`` that loads Chroma, which takes a second, while other work is done here."""
    with _child(home_of(where).folder, EMBEDDED) as child:
        try:
            yield child
        finally:
            child.kill()


def tend_safely(where: Where, place: str = EMBEDDED, *, child: Child | None = None) -> dict[str, int] | None:
    """``tend`` in a child process; a broken folder is made anew once. None (and a line in the log) when Chroma stays unusable."""
    home = home_of(where)
    data = home.folder
    if place == EMBEDDED and is_locked(data):
        logger.info("Chroma 正由另一个进程使用，本进程按原始向量精确检索。")
        return None
    for attempt in ("first", "anew"):
        code, said, complaint = _told(child or _child(data, place), home)
        if code == 0:
            counts: dict[str, int] = json.loads(said.splitlines()[-1])
            return counts
        child = None
        logger.warning("Chroma 检查未通过（%s）：%s", code, (complaint.strip().splitlines() or [""])[-1][:300])
        if place != EMBEDDED or attempt == "anew" or is_locked(data):
            break
        shutil.rmtree(data / FOLDER, ignore_errors=True)
    logger.warning("Chroma 不可用，按原始向量精确检索，结果不受影响。")
    return None


def _child(data: Path, place: str) -> Child:
    return subprocess.Popen(
        [sys.executable, "-m", "index.store", str(data.resolve()), place],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parent.parent,
    )


def _told(child: Child, home: Home) -> tuple[int, str, str]:
    """What the child that is told to begin ends with, and prints."""
    with child:
        try:
            said, complaint = child.communicate(f"{home.database}\n", timeout=_PATIENCE_S)
        except BaseException:
            child.kill()
            raise
    return child.returncode, said, complaint


def open_safely(where: Where, place: str = EMBEDDED) -> ChromaVectors | None:
    """Chroma open in this process after ``tend_safely``; None when it is in use elsewhere or unusable."""
    if tend_safely(where, place) is None:
        return None
    library = Library.open(where)
    with closing(library):
        name = collection_name(library)
    return ChromaVectors(library.data, place, name)


def held_count(data: Path, name: str) -> int | None:
    """How many vectors the embedded Chroma holds, read from its own tables without opening it; None without Chroma."""
    path = data / FOLDER / "chroma.sqlite3"
    if not path.is_file():
        return None
    query = (
        "select count(*) from embeddings join segments on segments.id = embeddings.segment_id"
        " join collections on collections.id = segments.collection where collections.name = ?"
    )
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            return int(connection.execute(query, (name,)).fetchone()[0])
    except sqlite3.DatabaseError:
        return None


def served_count(place: str, name: str) -> int:
    """How many vectors a Chroma server holds for this library, 0 where it has no such collection; IndexingError when it does not answer."""
    from chromadb.errors import NotFoundError

    with _translated():
        client = _client(Path(), place)
        try:
            return int(client.get_collection(name, embedding_function=None).count())
        except NotFoundError:
            return 0
        finally:
            client.close()
            for session in _sessions(client):
                session.close()


def collection_name(library: Library) -> str:
    """Names the library and the model: vectors of another library or model never mix with these."""
    return f"policy-{library.meta('token')}-{library.meta('model')}"[:100]


def living_vectors(library: Library) -> tuple[Ids, Floats]:
    """Ids and vectors of all chunks of documents that are there."""
    rows = np.array([each.row for each in library.documents()], np.int64)
    ids, vectors = [np.empty(0, np.int64)], list[Floats]()
    for block_id in library.block_ids():
        block = library.block(block_id)
        alive = np.isin(block.document_rows, rows)
        ids.append(block.chunk_ids[alive])
        vectors.append(block.vectors[alive])
    return np.concatenate(ids), np.concatenate(vectors) if vectors else np.empty((0, 0), np.float32)


@contextmanager
def _translated() -> Iterator[None]:
    """What Chroma and the way to its server can raise, as one sentence; the reason stands in the log."""
    from chromadb.errors import ChromaError
    from httpx import HTTPError

    try:
        yield
    except (ChromaError, HTTPError, OSError, ValueError) as problem:
        logger.info("Chroma: %s", problem)
        raise IndexingError("Chroma 暂时不可用，按原始向量精确检索，结果不受影响。") from problem


def _client(data: Path, place: str) -> Any:
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    if place == EMBEDDED:
        return chromadb.PersistentClient(path=str(data / FOLDER), settings=settings)
    address, _, port = place.removeprefix("http://").removeprefix("https://").rstrip("/").partition(":")
    try:
        return chromadb.HttpClient(address, int(port or 8000), ssl=place.startswith("https"), settings=settings)
    except ValueError as problem:
        raise IndexingError(f"连不上 Chroma 服务 {place}，请检查 CHROMA_URL 或先启动服务。") from problem


def _sessions(client: Any) -> list[Any]:
    """A server's client leaves its own connections and those of its administrator open when it is closed."""
    servers: list[Any] = [getattr(each, "_server", None) for each in (client, getattr(client, "_admin_client", None))]
    return [each._session for each in servers if hasattr(each, "_session")]


def _collection(client: Any, name: str) -> Any:
    """This library's collection; in an embedded folder those of its earlier lives are dropped by ``_sweep``'s next run."""
    return client.get_or_create_collection(name, embedding_function=None, configuration={"hnsw": _HNSW})


def _ids(collection: Any) -> Ids:
    ids: list[int] = []
    for start in range(0, collection.count(), _PAGE):
        ids += [int(each) for each in collection.get(include=[], limit=_PAGE, offset=start)["ids"]]
    return np.array(ids, np.int64)


def _sweep(folder: Path) -> None:
    """Remove the index folders that Chroma leaves behind for collections that it has deleted."""
    if not (folder / "chroma.sqlite3").is_file():
        return
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(folder / "chroma.sqlite3")) as connection:
        used = {row[0] for row in connection.execute("select id from segments where scope = 'VECTOR'")}
        for path in folder.iterdir():
            if path.is_dir() and path.name not in used:
                shutil.rmtree(path, ignore_errors=True)


def main(arguments: Sequence[str]) -> int:
    import chromadb  # noqa: F401  # before it is told to begin

    data, place = arguments
    database = sys.stdin.readline()  # an address with a password is no argument
    if not database:  # whoever started this has ended
        return 1
    print(json.dumps(tend(Home(Path(data), database.strip()), place)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
