"""Sources → drafts: read, parsed and audited in stages; nothing is published."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from assistant.editing.records import STAGES, Draft, Stage
from index.search import Index
from ingest.apart import Read, documents_apart
from ingest.catalog import Catalog
from ingest.document import Document
from ingest.errors import IngestError

Say = Callable[[Stage], None]


@dataclass(frozen=True)
class Original:
    """The bytes of a file that documents were read from."""

    name: str
    sha256: str
    content: bytes


def read_source(source: str, *, catalog: Catalog, index: Index, say: Say) -> tuple[Original | None, tuple[Draft, ...]]:
    """The drafts of one file or URL (several for an archive), without ids. Raises IngestError."""
    name = source if is_url(source) else Path(source).name
    say(Stage(name, STAGES[0]))
    original, read = _order(source)
    documents = read_apart(
        read, catalog=catalog, index=index, characters=lambda count: say(Stage(name, STAGES[1], f"{count} 字"))
    )
    say(Stage(name, STAGES[2], "；".join(audit_sentence(each) for each in documents[:3])))
    drafts = tuple(
        Draft("", name, each, audit_sentence(each), gaps(each), duplicates(index, each)) for each in documents
    )
    return original, drafts


def is_url(source: str) -> bool:
    return source.startswith(("http://", "https://"))


def original_of(path: Path) -> Original:
    """A file's bytes, to be kept so that it can be read again."""
    from ingest.read import bytes_of

    content = bytes_of(path)
    return Original(path.name, hashlib.sha256(content).hexdigest(), content)


def read_apart(
    read: Read, *, catalog: Catalog, index: Index, characters: Callable[[int], None] = lambda count: None
) -> tuple[Document, ...]:
    """The documents, read and parsed in a process of their own; how long that took is told with the index's stages."""
    with index.stages.timed("read"):
        return documents_apart(read, catalog=catalog, directory=index.directory, characters=characters)


def of_original(original: Original) -> Read:
    from ingest.read import read_bytes

    return partial(read_bytes, original.content, original.name)


def of_url(url: str) -> Read:
    """Fetched here, where the network is waited for, and read elsewhere."""
    from ingest.fetch import fetch, read_fetched

    return partial(read_fetched, fetch(url), url)


def _order(source: str) -> tuple[Original | None, Read]:
    if is_url(source):
        return None, of_url(source)
    original = original_of(Path(source))
    return original, of_original(original)


def audit_sentence(document: Document) -> str:
    """15 项任务，15 项写明责任单位，0 段未归入条款."""
    audit = document.audit
    if not audit.tasks:
        named = len({each.clause_id for each in document.responsibilities})
        return f"{len(document.clauses)} 个条款（没有连续编号的任务），{named} 处写明责任单位，{audit.orphan_paragraphs} 段未归入条款"
    return f"{audit.tasks} 项任务，{audit.tasks_with_units} 项写明责任单位，{audit.orphan_paragraphs} 段未归入条款"


def gaps(document: Document) -> tuple[str, ...]:
    """What an editor should look at before publishing."""
    audit = document.audit
    orphans = [f"{audit.orphan_paragraphs}段没有归入任何条款"] if audit.orphan_paragraphs else []
    return (*audit.numbering_gaps, *orphans, *audit.warnings)


def duplicates(index: Index, document: Document) -> tuple[str, ...]:
    """Which documents held already are this one, or say the same."""
    return tuple(dict.fromkeys(_duplicates(index, document)))


def _duplicates(index: Index, document: Document) -> Iterator[str]:
    for card in index.documents():
        if card.id == document.id:
            yield f"知识库里已有这份文件《{card.title or card.id}》，发布后替换原来的一份"
        elif document.number and card.number == document.number:
            yield f"文号{document.number}与库内《{card.title}》相同，请核对是不是同一份文件"
    for other, share in index.reposts(document)[:3]:
        yield f"与库内《{other.title or other.id}》有{share:.0%}的文字相同，可能是转发或重复收录"


def sentence_of(error: IngestError, source: str) -> str:
    name = source if is_url(source) else Path(source).name
    return f"“{name}”没有读成：{error}"
