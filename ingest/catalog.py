"""The known documents: those whose text is held and those still to be had, each fact with its mark and source.

Read from ``catalog.toml``. Marks say whether users may be told: C2 and C1 seen in two or one sources, S stands in the seed
text, L likely, U unknown.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from ingest.document import Audit, Clause, Document, Form, Part, Source, Span, Status
from ingest.errors import IngestError
from ingest.fold import fold_text


class Mark(StrEnum):
    """How well a fact is established."""

    TWO_SOURCES = "C2"
    ONE_SOURCE = "C1"
    SEED = "S"
    LIKELY = "L"
    UNKNOWN = "U"


_SAID_WITH = {Mark.LIKELY: "（可能，未经证实）", Mark.UNKNOWN: "（未查到）"}
SEED_SOURCE = "seed"  # the source key of facts that stand in the seed text itself


@dataclass(frozen=True)
class Fact:
    """One short sentence in our own words. ``counterpart`` holds task numbers of the document that implements this one."""

    text: str
    mark: Mark
    sources: tuple[str, ...] = ()
    topic: str = ""
    counterpart: tuple[int, ...] = ()
    on: str | None = None


@dataclass(frozen=True)
class CatalogEntry:
    """One known document; None is unknown. ``marks`` gives field → mark where it differs from ``mark``."""

    id: str
    title: str
    mark: Mark
    sources: tuple[str, ...] = ()
    title_derived: bool = False
    title_note: str = ""
    number: str | None = None
    issuer: str | None = None
    issued_on: str | None = None
    level: str | None = None
    region: str | None = None
    status: Status = Status.UNSTATED
    status_note: str = ""
    target_year: int | None = None
    held: bool = False
    file: str | None = None
    sha256: str | None = None
    addressees: tuple[str, ...] = ()
    implements: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    why: str = ""
    note: str = ""
    marks: tuple[tuple[str, Mark], ...] = ()
    facts: tuple[Fact, ...] = ()

    @property
    def form(self) -> Form:
        return Form.ORIGINAL if self.held else Form.FACT_SHEET

    def mark_of(self, field: str) -> Mark:
        return dict(self.marks).get(field, self.mark)


class Catalog:
    """Every known document, found by id, file or 文号."""

    def __init__(self, entries: tuple[CatalogEntry, ...]) -> None:
        self.entries = entries
        self._by_id = {entry.id: entry for entry in entries}
        self._by_number = {_number_key(entry.number): entry for entry in entries if entry.number}
        self._by_file = {key: entry for entry in entries for key in (entry.file, entry.sha256) if key}

    @classmethod
    def load(cls, folder: Path | str) -> "Catalog":
        """Read ``catalog.toml`` in the folder (or the file itself); a fault names its entry and field."""
        path = Path(folder)
        path = path / "catalog.toml" if path.is_dir() else path
        rows = _read_toml(path).get("document", [])
        if not isinstance(rows, list):
            raise IngestError(f"文件目录 {path.name} 的 document 应写成 [[document]] 列表，请改正后重试。")
        entries = tuple(_entry(row, position) for position, row in enumerate(rows, start=1))
        _check_together(entries)
        return cls(entries)

    def entry(self, document_id: str) -> CatalogEntry | None:
        return self._by_id.get(document_id)

    def entry_for_file(self, file: str) -> CatalogEntry | None:
        """By sha256 of the bytes, file name or path."""
        return self._by_file.get(file) or self._by_file.get(Path(file).name)

    def entry_for_number(self, number: str) -> CatalogEntry | None:
        """By 文号, whatever brackets and spaces it is written with."""
        return self._by_number.get(_number_key(number))

    def counterparts(self, document_id: str, task: int) -> tuple[tuple[CatalogEntry, Fact], ...]:
        """What other documents say on one task of this one, those that it implements first."""
        entry = self.entry(document_id)
        above = [self._by_id[parent] for parent in entry.implements] if entry else []
        beside = [other for other in self.entries if document_id in other.related and other not in above]
        return tuple((other, fact) for other in (*above, *beside) for fact in other.facts if task in fact.counterpart)


def fact_sheet(entry: CatalogEntry) -> Document:
    """A document that is not held, as a page of facts in our own words, each one a clause that can be cited."""
    lines = [entry.title, *_identity(entry)]
    text = "\n".join(lines) + "\n"
    clauses = []
    for number, fact in enumerate(_facts(entry), start=1):
        line = f"要点{number}：{_said(fact)}"
        span = Span(len(text), len(text) + len(line))
        clauses.append(Clause(f"要点{number}", f"要点{number}", Part.FACT, span, "要点", title=fact.topic))
        text += line + "\n"
    text += "".join(f"来源{number}：{url}\n" for number, url in enumerate(_urls(entry), start=1))
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Document(
        id=entry.id,
        text=text,
        source=Source(f"catalog.toml#{entry.id}", "catalog", "utf-8", digest, next(iter(_urls(entry)), None)),
        title=entry.title,
        title_derived=entry.title_derived,
        number=entry.number,
        issuer=entry.issuer,
        issued_on=entry.issued_on,
        level=entry.level,
        region=entry.region,
        status=entry.status,
        form=Form.FACT_SHEET,
        addressees=entry.addressees,
        clauses=tuple(clauses),
        audit=Audit(warnings=("知识库未收录原文，仅有要点。",)),
    )


def _identity(entry: CatalogEntry) -> list[str]:
    """The lines under the title: what is known about the document itself, each with its mark."""
    named = [
        ("文号", "number", entry.number),
        ("发文机关", "issuer", entry.issuer),
        ("日期", "issued_on", entry.issued_on),
        ("效力说明", "status", entry.status_note),
        ("说明", "note", entry.note),
    ]
    lines = [f"{name}：{value}{_SAID_WITH.get(entry.mark_of(field), '')}" for name, field, value in named if value]
    return [*lines, f"形式：{entry.form.value}"]


def _facts(entry: CatalogEntry) -> tuple[Fact, ...]:
    """The entry's facts; an entry without any still says why it is listed."""
    if entry.facts or not entry.why:
        return entry.facts
    return (Fact(entry.why, entry.mark, entry.sources, topic="关联"),)


def _said(fact: Fact) -> str:
    tasks = "、".join(str(task) for task in fact.counterpart)
    counterpart = f"（对应任务{tasks}）" if tasks else ""
    where = "；".join(dict.fromkeys(_host(source) for source in fact.sources))
    return f"{fact.text}{_SAID_WITH.get(fact.mark, '')}{counterpart}" + (f"〔来源：{where}〕" if where else "")


def _host(source: str) -> str:
    """What a reader needs to judge a source; the full addresses stand at the end of the sheet."""
    return "武汉市文件原文" if source == SEED_SOURCE else urlsplit(source).netloc or source


def _urls(entry: CatalogEntry) -> tuple[str, ...]:
    named = (*entry.sources, *(source for fact in entry.facts for source in fact.sources))
    return tuple(dict.fromkeys(source for source in named if urlsplit(source).netloc))


def _number_key(number: str) -> str:
    return "".join(character for character in fold_text(number) if character.isalnum())


def _read_toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as cause:
        raise IngestError(f"找不到文件目录 {path}，请检查 seeds 文件夹是否完整。") from cause
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as cause:
        raise IngestError(f"文件目录 {path.name} 的写法有误（{cause}），请改正后重试。") from cause


# ---- reading one entry: field → how its value is checked and turned


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("应为非空文字")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError("应为文字列表")
    return tuple(_text(item) for item in value)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("应为 true 或 false")
    return value


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("应为整数")
    return value


def _wholes(value: object) -> tuple[int, ...]:
    if not isinstance(value, list):
        raise ValueError("应为整数列表")
    return tuple(_whole(item) for item in value)


def _mark(value: object) -> Mark:
    if value not in list(Mark):
        raise ValueError(f"应为 {'、'.join(Mark)} 之一")
    return Mark(str(value))


def _status(value: object) -> Status:
    if value not in list(Status):
        raise ValueError(f"应为 {'、'.join(Status)} 之一")
    return Status(str(value))


def _marks(value: object) -> tuple[tuple[str, Mark], ...]:
    if not isinstance(value, Mapping):
        raise ValueError("应为“字段 = 标记”的表")
    return tuple((str(field), _mark(mark)) for field, mark in value.items())


def _level(value: object) -> str:
    if value not in ("国家", "省", "市", "区"):
        raise ValueError("应为 国家、省、市、区 之一")
    return str(value)


_FACT_FIELDS = {"text": _text, "mark": _mark, "sources": _texts, "topic": _text, "counterpart": _wholes, "on": _text}


def _fact_list(value: object) -> tuple[Fact, ...]:
    if not isinstance(value, list):
        raise ValueError("应写成 [[document.facts]] 列表")
    facts = []
    for position, row in enumerate(value, start=1):
        fields = _checked(row, _FACT_FIELDS, required=("text", "mark"), where=f"第{position}条要点的")
        fact = Fact(**fields)  # type: ignore[arg-type]
        if fact.mark in (Mark.ONE_SOURCE, Mark.TWO_SOURCES, Mark.SEED) and not fact.sources:
            raise ValueError(f"第{position}条要点标记为 {fact.mark} 但没有写来源")
        facts.append(fact)
    return tuple(facts)


_ENTRY_FIELDS = {
    "id": _text,
    "title": _text,
    "mark": _mark,
    "sources": _texts,
    "title_derived": _flag,
    "title_note": _text,
    "number": _text,
    "issuer": _text,
    "issued_on": _text,
    "level": _level,
    "region": _text,
    "status": _status,
    "status_note": _text,
    "target_year": _whole,
    "held": _flag,
    "file": _text,
    "sha256": _text,
    "addressees": _texts,
    "implements": _texts,
    "related": _texts,
    "why": _text,
    "note": _text,
    "marks": _marks,
    "facts": _fact_list,
}


def _checked(row: object, fields: Mapping[str, object], *, required: tuple[str, ...], where: str) -> dict[str, object]:
    if not isinstance(row, Mapping):
        raise ValueError(f"{where}写法应为“字段 = 值”")
    for name in required:
        if name not in row:
            raise ValueError(f"{where}字段 {name} 缺失")
    values = {}
    for name, value in row.items():
        check = fields.get(name)
        if not callable(check):
            raise ValueError(f"{where}字段 {name} 不认识")
        try:
            values[str(name)] = check(value)
        except ValueError as cause:
            raise ValueError(f"{where}字段 {name} {cause}") from cause
    return values


def _entry(row: object, position: int) -> CatalogEntry:
    name = row.get("id", f"第{position}条") if isinstance(row, Mapping) else f"第{position}条"
    try:
        entry = CatalogEntry(**_checked(row, _ENTRY_FIELDS, required=("id", "title", "mark"), where=""))  # type: ignore[arg-type]
    except ValueError as cause:
        raise IngestError(f"文件目录中条目“{name}”有误：{cause}，请改正后重试。") from cause
    if entry.held and not entry.file:
        raise IngestError(f"文件目录中条目“{name}”有误：held 为 true 时字段 file 不能缺失，请改正后重试。")
    return entry


def _check_together(entries: tuple[CatalogEntry, ...]) -> None:
    """Ids are unique and every id named exists."""
    ids = [entry.id for entry in entries]
    for entry in entries:
        if ids.count(entry.id) > 1:
            raise IngestError(f"文件目录中条目“{entry.id}”出现了不止一次，请删去重复的一条。")
        for field, named in (("implements", entry.implements), ("related", entry.related)):
            for document_id in named:
                if document_id not in ids:
                    raise IngestError(
                        f"文件目录中条目“{entry.id}”的字段 {field} 指向不存在的“{document_id}”，请改正后重试。"
                    )
