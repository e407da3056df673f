"""Sources → documents: files, folders, URLs and .jsonl rows; what has not changed since the last time is not read again."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ingest.catalog import Catalog, fact_sheet
from ingest.document import Document
from ingest.errors import IngestError
from ingest.exchange import to_json

PROJECT = Path(__file__).resolve().parent.parent
SEEDS = PROJECT / "seeds"
_NOT_DOCUMENTS = {".toml", ".jsonl", ".json", ".py", ".pyc"}
_SEED_DATA = {"look_alikes.txt", "policy_words.txt", "stop_words.txt"}


@dataclass(frozen=True)
class Read:
    """One source that was looked at: its documents with the hash of what they were read from; or the ids of documents that
    need not be read again; or why it could not be read.
    """

    path: str
    documents: tuple[tuple[Document, str], ...] = ()
    unchanged: tuple[str, ...] = ()
    sha256: str = ""
    problem: str = ""


Known = Callable[[str], tuple[str, tuple[str, ...]] | None]
"""Path → (sha256, ids) as read before."""


def collect(sources: Iterable[str], *, known: Known, catalog: Catalog) -> Iterator[Read]:
    """Read files, folders and URLs, one after another."""
    for source in sources:
        for path in _files(source):
            yield _read(path, known, catalog)


def collect_rows(path: Path, *, known: Mapping[str, str]) -> Iterator[Read]:
    """Read a .jsonl file, row by row. ``known``: id → hash of the row as read before. A faulty line is named."""
    for position, line in _lines(path):
        try:
            row = json.loads(line)
        except ValueError as problem:
            raise IngestError(f"{path.name} 第 {position} 行不是 JSON，请改正后再导入。") from problem
        if not isinstance(row, dict):
            raise IngestError(f"{path.name} 第 {position} 行不是 JSON 对象，请改正后再导入。")
        content_hash = hashlib.sha256(line.encode("utf-8", "surrogatepass")).hexdigest()
        if known.get(str(row.get("id"))) == content_hash:
            yield Read(str(path), unchanged=(str(row["id"]),))
        else:
            yield Read(str(path), documents=((_parsed(path, position, row), content_hash),))


def are_seeds(source: str) -> bool:
    """Whether the source is the folder that comes with the project, however its path is written."""
    return not _is_url(source) and Path(source).resolve() == SEEDS


def seeds() -> list[str]:
    """The texts that come with the project."""
    return [str(path) for path in sorted(SEEDS.iterdir()) if _is_document(path)]


def collect_fact_sheets(catalog: Catalog) -> Read:
    """What is known of documents whose text is not held, in our own words."""
    sheets = [fact_sheet(entry) for entry in catalog.entries if not entry.held]
    return Read("catalog.toml", documents=tuple((sheet, _hash_of(sheet)) for sheet in sheets))


@cache
def reader_fingerprint() -> str:
    """Changes with the code that reads and cuts documents: what an older reader made is read again."""
    digest = hashlib.sha256()
    readers = [
        *(PROJECT / "ingest").rglob("*.py"),
        PROJECT / "index" / "chunk.py",
        SEEDS / "catalog.toml",
        SEEDS / "units.toml",
    ]
    for path in sorted(readers):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _hash_of(document: Document) -> str:
    return hashlib.sha256(json.dumps(to_json(document), ensure_ascii=False).encode()).hexdigest()


def _files(source: str) -> Sequence[str]:
    folder = Path(source)
    if are_seeds(source):
        return seeds()
    if _is_url(source) or not folder.is_dir():
        return [source]
    try:
        found = [str(path) for path in sorted(folder.rglob("*")) if _is_document(path)]
        next(folder.iterdir(), None)  # rglob passes over a folder that may not be read
    except PermissionError as problem:
        raise IngestError(f"目录 {folder} 不可读，请检查权限后再试。") from problem
    if not found:
        raise IngestError(f"目录 {folder} 里没有可读的文件，请检查路径。")
    return found


def _is_document(path: Path) -> bool:
    if not path.is_file() or path.name.startswith("."):
        return False
    return path.suffix.lower() not in _NOT_DOCUMENTS and not (path.name in _SEED_DATA and are_seeds(str(path.parent)))


def _is_url(source: str) -> bool:
    return source.startswith(("http://", "https://"))


def _read(path: str, known: Known, catalog: Catalog) -> Read:
    from ingest.load import load  # the readers load when something is read, so that searching starts at once

    name = path if _is_url(path) else str(Path(path).resolve())
    try:
        sha256 = "" if _is_url(path) else hashlib.sha256(Path(path).read_bytes()).hexdigest()
        if sha256 and (before := known(name)) and before[0] == sha256:
            return Read(name, unchanged=before[1], sha256=sha256)
        found = load(path, catalog=catalog)
    except IngestError as problem:
        return Read(name, problem=str(problem))
    except FileNotFoundError:
        return Read(name, problem=f"找不到文件 {path}，请检查路径。")
    except IsADirectoryError:
        return Read(name, problem=f"{path} 不是文件，请检查路径。")
    except OSError:
        return Read(name, problem=f"读不到 {path}，请检查权限和磁盘。")
    return Read(name, tuple((document, document.source.sha256) for document in found), sha256=sha256)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for position, line in enumerate(lines, start=1):
                if line.strip():
                    yield position, line.strip()
    except OSError as problem:
        raise IngestError(f"读不到 {path}，请检查路径和权限。") from problem
    except UnicodeDecodeError as problem:
        raise IngestError(f"{path.name} 不是 UTF-8 编码，请转换编码后再导入。") from problem


def _parsed(path: Path, position: int, row: Mapping[str, object]) -> Document:
    from ingest.load import from_row

    try:
        return from_row(row)
    except IngestError as problem:
        raise IngestError(f"{path.name} 第 {position} 行：{problem}") from problem
