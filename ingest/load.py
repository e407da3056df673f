"""Paths and rows → Documents."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from ingest.catalog import Catalog, CatalogEntry
from ingest.directory import UnitDirectory
from ingest.document import Document, RawText, Source
from ingest.errors import IngestError
from ingest.fold import letters
from ingest.parse import parse


def load(
    source: str, *, catalog: Catalog | None = None, directory: UnitDirectory | None = None
) -> tuple[Document, ...]:
    """The documents at a path or http(s) URL; an archive gives several. Raises IngestError."""
    return tuple(document_of(raw, catalog=catalog, directory=directory) for raw in _read(source))


def from_row(row: Mapping[str, object]) -> Document:
    """One line of a bulk file: {"id", "text", "title"?, "level"?, "number"?, "url"?}. What it states overrides the text."""
    document_id, text = row.get("id"), row.get("text")
    if not isinstance(document_id, str) or not document_id or not isinstance(text, str) or not text.strip():
        raise IngestError("这一行缺少 id 或 text，请补上后重新导入。")
    url = row.get("url")
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    source = Source(document_id, "jsonl", "utf-8", digest, url if isinstance(url, str) else None)
    document = parse(RawText(text, source), document_id=document_id)
    stated = {name: row[name] for name in ("title", "level", "number") if isinstance(row.get(name), str) and row[name]}
    is_derived = document.title_derived and "title" not in stated
    return replace(document, title_derived=is_derived, **stated)  # type: ignore[arg-type]


def _read(source: str) -> tuple[RawText, ...]:
    if source.startswith(("http://", "https://")):
        from ingest.fetch import read_url  # a network client is only loaded for URLs

        return read_url(source)
    from ingest.read import read

    return read(Path(source))


def document_of(raw: RawText, *, catalog: Catalog | None = None, directory: UnitDirectory | None = None) -> Document:
    """Read a text; a catalogued document that was not held is known by its own 文号 and title, both of them."""
    document = parse(raw, entry=_entry(raw, catalog), directory=directory)
    entry = catalog.entry_for_number(document.number) if catalog and document.number else None
    if entry is None or entry.id == document.id:
        return document
    if _same_title(document.title, entry.title):
        return parse(raw, entry=entry, document_id=entry.id, directory=directory)
    warning = f"文号与目录中的《{entry.title}》相同但标题不同，没有当作那份文件，请核对"
    return replace(document, audit=replace(document.audit, warnings=(*document.audit.warnings, warning)))


def _same_title(read: str, known: str) -> bool:
    one, other = (letters(title) for title in (read, known))
    return bool(one) and (one in other or other in one) and min(len(one), len(other)) >= 0.7 * max(len(one), len(other))


def _entry(raw: RawText, catalog: Catalog | None) -> CatalogEntry | None:
    if catalog is None:
        return None
    return catalog.entry_for_file(raw.source.sha256) or catalog.entry_for_file(Path(raw.source.path).name)
