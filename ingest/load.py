"""Paths and rows → Documents."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from ingest.catalog import Catalog, CatalogEntry
from ingest.directory import UnitDirectory
from ingest.document import Document, RawText, Source
from ingest.errors import IngestError
from ingest.parse import parse


def load(
    source: str, *, catalog: Catalog | None = None, directory: UnitDirectory | None = None
) -> tuple[Document, ...]:
    """The documents at a path or http(s) URL; an archive gives several. Raises IngestError."""
    return tuple(parse(raw, entry=_entry(raw, catalog), directory=directory) for raw in _read(source))


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
    return replace(document, **stated)  # type: ignore[arg-type]


def _read(source: str) -> tuple[RawText, ...]:
    if source.startswith(("http://", "https://")):
        from ingest.fetch import fetch  # a network client is only loaded for URLs
        from ingest.read import read_bytes

        fetched = fetch(source)
        return read_bytes(fetched.bytes, fetched.final_url, fetched.final_url)
    from ingest.read import read

    return read(Path(source))


def _entry(raw: RawText, catalog: Catalog | None) -> CatalogEntry | None:
    if catalog is None:
        return None
    return catalog.entry_for_file(raw.source.sha256) or catalog.entry_for_file(Path(raw.source.path).name)
