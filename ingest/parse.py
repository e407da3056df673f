"""RawText → Document: outline, responsibilities, metadata, repairs and audit of one policy text."""

from pathlib import PurePath

from ingest.assignment import assign
from ingest.audit import Reading, audit
from ingest.catalog import CatalogEntry
from ingest.citation import references
from ingest.directory import UnitDirectory
from ingest.document import Document, RawText, Status
from ingest.flat_tables import flat_tables
from ingest.line_tables import line_tables
from ingest.metadata import read_metadata
from ingest.outline import outline
from ingest.repair import Scene, repairs
from ingest.run_together import separate
from ingest.task_tables import task_rows
from ingest.texts import read_texts
from ingest.units import find_responsibilities


def parse(
    raw: RawText,
    *,
    entry: CatalogEntry | None = None,
    document_id: str | None = None,
    directory: UnitDirectory | None = None,
) -> Document:
    """Read a text. The catalogue's entry fills what the text does not say; it never overrides the text.

    A text that nothing names goes by the name of its file.
    """
    text = raw.text
    name = document_id or (entry.id if entry else f"{PurePath(raw.source.path).stem}-{raw.source.sha256[:8]}")
    tables = raw.tables or line_tables(text) or flat_tables(text)
    found = separate(text, find_responsibilities(text, tables))
    rows = tuple(row for table in tables for row in task_rows(text, table))
    texts = read_texts(text, [row.span for row in rows])
    clauses = outline(text, texts, name, [one.span.start for one in found], rows)
    responsibilities = assign(text, clauses, found)
    metadata = read_metadata(text, texts)
    mended = repairs(Scene(text, texts, tuple(one.units for one in found)))
    return Document(
        id=name,
        text=text,
        source=raw.source,
        title=metadata.title or (entry.title if entry else PurePath(raw.source.path).stem or name),
        title_derived=not metadata.title and (entry is None or entry.title_derived),
        number=metadata.number or (entry.number if entry else None),
        issuer=metadata.issuer or (entry.issuer if entry else None),
        issued_on=metadata.issued_on or (entry.issued_on if entry else None),
        level=metadata.level or (entry.level if entry else None),
        region=metadata.region or (entry.region if entry else None),
        status=metadata.status if metadata.status is not Status.UNSTATED or entry is None else entry.status,
        effective_on=metadata.effective_on,
        expires_on=metadata.expires_on,
        addressees=metadata.addressees or (entry.addressees if entry else ()),
        references=references(text, metadata.title),
        clauses=clauses,
        responsibilities=responsibilities,
        repairs=mended,
        audit=audit(Reading(text, metadata.title, texts, clauses, responsibilities, mended), directory),
        spans=metadata.spans,
    )
