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
from ingest.written import Written

Say = Callable[[Stage], None]


@dataclass(frozen=True)
class Original:
    """The bytes of a file that documents were read from."""

    name: str
    sha256: str
    content: bytes


def read_source(source: str, *, catalog: Catalog, index: Index, say: Say) -> tuple[Original | None, tuple[Draft, ...]]:
    """The drafts of one file or URL (several for an archive), without ids. Raises IngestError."""
    name = name_of(source)
    say(Stage(name, STAGES[0]))
    original, read = _order(source)
    found = read_apart(
        read, catalog=catalog, index=index, characters=lambda count: say(Stage(name, STAGES[1], f"{count} 字"))
    )
    say(Stage(name, STAGES[2], "；".join(each.audit for each in found[:3])))
    return original, tuple(Draft("", name, each, duplicates(index, each.head)) for each in found)


def name_of(source: str) -> str:
    """What the source is called: an address as it is, a file without its folder."""
    return source if is_url(source) else Path(source).name


def is_url(source: str) -> bool:
    return source.startswith(("http://", "https://"))


def original_of(path: Path) -> Original:
    """A file's bytes, to be kept so that it can be read again."""
    from ingest.read import bytes_of

    content = bytes_of(path)
    return Original(path.name, hashlib.sha256(content).hexdigest(), content)


def read_apart(
    read: Read, *, catalog: Catalog, index: Index, characters: Callable[[int], None] = lambda count: None
) -> tuple[Written, ...]:
    """The documents, read and parsed in a process of their own; how long that took is told with the index's stages."""
    with index.stages.timed("read"):
        return documents_apart(read, catalog=catalog, directory=index.directory, characters=characters)


def of_original(original: Original) -> Read:
    """The file as it was kept."""
    from ingest.read import read_bytes

    return partial(read_bytes, original.content, original.name)


def of_url(url: str) -> Read:
    """Fetched here, where the network is waited for, and read elsewhere."""
    from ingest.fetch import fetch, read_fetched

    return partial(read_fetched, fetch(url), url)


def _order(source: str) -> tuple[Original | None, Read]:
    if is_url(source):
        return None, of_url(source)
    from ingest.read import read_named

    original = original_of(Path(source))
    return original, partial(read_named, Path(source), original.name)  # its bytes are not sent through a pipe


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
    return f"“{name_of(source)}”没有读成：{error}"
