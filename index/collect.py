"""Sources → documents: files, folders, URLs and .jsonl rows, read only when they changed since the last time."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.catalog import Catalog, fact_sheet
from ingest.document import Document
from ingest.errors import IngestError

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
_NOT_DOCUMENTS = {".toml", ".jsonl", ".json"}
_SEED_DATA = {"policy_words.txt", "stop_words.txt"}


@dataclass(frozen=True)
class Read:
    """One source: its documents, or why it could not be read. ``unchanged`` ones are not read again: only ids are known."""

    path: str
    sha256: str
    documents: tuple[Document, ...] = ()
    unchanged: tuple[str, ...] = ()
    problem: str = ""


Known = Mapping[str, tuple[str, tuple[str, ...]]]
Progress = Callable[[str], None]


def collect(sources: Iterable[str], *, known: Known, catalog: Catalog) -> Iterator[Read]:
    """Read files, folders and URLs, one after another."""
    for source in sources:
        for path in _files(source):
            yield _read(path, known, catalog)


def seeds() -> list[str]:
    """The texts that come with the project."""
    return [str(path) for path in sorted(SEEDS.iterdir()) if _is_document(path)]


def fact_sheets(catalog: Catalog) -> list[Document]:
    """What is known of documents whose text is not held, in our own words."""
    return [fact_sheet(entry) for entry in catalog.entries if not entry.held]


def rows(path: Path) -> Iterator[Document]:
    """The documents of a .jsonl file; the number of a faulty line is named."""
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for position, line in enumerate(lines, start=1):
                if line.strip():
                    yield _row(path, position, line)
    except OSError as problem:
        raise IngestError(f"读不到 {path}，请检查路径和权限。") from problem
    except UnicodeDecodeError as problem:
        raise IngestError(f"{path.name} 不是 UTF-8 编码，请转换编码后再导入。") from problem


def _row(path: Path, position: int, line: str) -> Document:
    try:
        row = json.loads(line)
    except ValueError as problem:
        raise IngestError(f"{path.name} 第 {position} 行不是 JSON，请改正后再导入。") from problem
    if not isinstance(row, dict):
        raise IngestError(f"{path.name} 第 {position} 行不是 JSON 对象，请改正后再导入。")
    from ingest.load import from_row  # the readers load when something is read, so that searching starts at once

    return from_row(row)


def _files(source: str) -> Sequence[str]:
    folder = Path(source)
    if not _is_url(source) and folder.is_dir():
        try:
            return [str(path) for path in sorted(folder.rglob("*")) if _is_document(path)]
        except PermissionError as problem:
            raise IngestError(f"目录 {folder} 不可读，请检查权限后再试。") from problem
    return [source]


def _is_document(path: Path) -> bool:
    if not path.is_file() or path.name.startswith("."):
        return False
    return path.suffix.lower() not in _NOT_DOCUMENTS and not (path.parent == SEEDS and path.name in _SEED_DATA)


def _is_url(source: str) -> bool:
    return source.startswith(("http://", "https://"))


def _read(path: str, known: Known, catalog: Catalog) -> Read:
    from ingest.load import load

    name = path if _is_url(path) else str(Path(path).resolve())
    try:
        sha256 = "" if _is_url(path) else hashlib.sha256(Path(path).read_bytes()).hexdigest()
        if sha256 and name in known and known[name][0] == sha256:
            return Read(name, sha256, unchanged=known[name][1])
        return Read(name, sha256, load(path, catalog=catalog))
    except IngestError as problem:
        return Read(name, "", problem=str(problem))
    except FileNotFoundError:
        return Read(name, "", problem=f"找不到文件 {path}，请检查路径。")
    except OSError:
        return Read(name, "", problem=f"读不到 {path}，请检查权限和磁盘。")
