"""What a page's filter fields ask for: written by people, turned into filters of the index, refused with a reason."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.found.matrix import Matrix, matrix_of
from index.hit import NO_FILTERS
from index.search import Filters, Index
from ingest.document import Document, Form, Status
from ingest.errors import AssistantError
from ingest.fold import fold_text

ANY = "全部"
LEVELS = ("国家", "省", "市", "区")


@dataclass(frozen=True)
class Fields:
    """The filter fields of a page as they stand; empty or 全部 means any."""

    document: str = ""
    level: str = ""
    region: str = ""
    unit: str = ""
    task: str = ""
    status: str = ""


@dataclass(frozen=True)
class Narrowing:
    """Filters of the index, and the task number that the index does not filter by."""

    filters: Filters = NO_FILTERS
    task: int | None = None

    @property
    def is_any(self) -> bool:
        return self.task is None and self.filters == NO_FILTERS


def narrowed(fields: Fields, index: Index) -> Narrowing:
    """AssistantError when a field names nothing that the collection has."""
    return Narrowing(
        Filters(
            documents=(fields.document,) if _given(fields.document) else None,
            level=fields.level if _given(fields.level) else None,
            region=fields.region if _given(fields.region) else None,
            unit=unit_named(fields.unit, index, _unit_names(index)) if _given(fields.unit) else None,
            status=Status(fields.status) if _given(fields.status) else None,
        ),
        _task(fields.task),
    )


def unit_named(written: str, index: Index, known: Iterable[str]) -> str:
    """The collection's own name for a unit that people may write short, old or in full."""
    names, written = set(known), written.strip()
    if written in names:
        return written
    for mention in index.directory.mentions(written):
        for name in mention.names:
            if name in names:
                return name
    raise AssistantError(f"库内文件没有责任单位“{written}”，请换一个名称，或留空查看全部。")


def regions(index: Index) -> list[str]:
    """The regions that the documents belong to, in the collection's order."""
    return list(dict.fromkeys(card.region for card in index.documents() if card.region))


def originals(index: Index) -> list[Document]:
    """The documents whose text is held, whole."""
    return [each for each in index.whole_documents() if each.form is Form.ORIGINAL]


def whole_matrix(index: Index) -> Matrix:
    return matrix_of(originals(index))


def _unit_names(index: Index) -> tuple[str, ...]:
    return whole_matrix(index).units


def _given(field: str | None) -> bool:
    return bool(field and field.strip() and field != ANY)


def _task(written: str) -> int | None:
    if not _given(written):
        return None
    digits = re.fullmatch(r"\D{0,3}(\d{1,3})\D{0,3}", fold_text(written).strip())
    if digits is None:
        raise AssistantError(f"任务编号“{written}”看不懂，请填数字，例如 7。")
    return int(digits.group(1))
