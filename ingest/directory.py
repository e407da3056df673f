"""Which public bodies a text names, however they are written, and what has become of them.

Aliases are data (seeds/units.toml, ingest/aliases.py); a form that several bodies share yields all of them. All comparing is
done on folded text, all spans are in the original.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from ingest.aliases import (
    CITIES,
    GUARDS,
    LEVEL_PREFIX,
    NOT_FOLLOWED,
    PLACES,
    PROVINCES,
    STILL_FOLLOWS,
    aliases_of,
    core_of,
    spoken_forms,
)
from ingest.catalog import Mark
from ingest.document import Span
from ingest.errors import IngestError
from ingest.fold import fold, fold_text


@dataclass(frozen=True)
class Successor:
    """A body that took over. ``on`` is an ISO date or part of one; ``note`` says what is certain and what is likely."""

    name: str
    short: str
    on: str | None
    source: tuple[str, ...]
    mark: Mark
    note: str = ""


@dataclass(frozen=True)
class UnitRecord:
    """One body under the name that documents give it. ``regions`` empty: not known where, so it may be anywhere."""

    name: str
    full_name: str
    aliases: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    successors: tuple[Successor, ...] = ()
    collective: bool = False
    mark: Mark = Mark.UNKNOWN
    source: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Mention:
    """A body named in a text. ``names`` are the records it may mean; ``exact`` is False when a typo was forgiven."""

    span: Span
    written: str
    names: tuple[str, ...]
    exact: bool = True


class UnitDirectory:
    """Every known body, found by any way its name is written."""

    def __init__(self, records: Iterable[UnitRecord] = ()) -> None:
        self.records = tuple(records)
        self._by_name = {record.name: record for record in self.records}

    @classmethod
    def load(cls, path: Path | str) -> "UnitDirectory":
        """Read units.toml (or the folder that holds it); a fault names its unit and field."""
        place = Path(path)
        place = place / "units.toml" if place.is_dir() else place
        try:
            rows = tomllib.loads(place.read_text(encoding="utf-8"))
        except FileNotFoundError as cause:
            raise IngestError(f"找不到单位名录 {place}，请检查 seeds 文件夹是否完整。") from cause
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as cause:
            raise IngestError(f"单位名录 {place.name} 的写法有误（{cause}），请改正后重试。") from cause
        return cls(_record(row) for row in rows.get("unit", []))

    def record(self, name: str) -> UnitRecord | None:
        """The record with exactly this name."""
        return self._by_name.get(name)

    def extended(self, names: Iterable[str], *, region: str | None = None) -> "UnitDirectory":
        """With the names that a document uses; ``region`` is that document's, if known (武汉市, 湖北省)."""
        known = dict(self._by_name)
        regions = (region,) if region else ()
        for name in names:
            record = known.get(name)
            if record is None:
                known[name] = UnitRecord(name, name, regions=regions)
            elif region and record.regions and region not in record.regions:
                known[name] = replace(record, regions=(*record.regions, region))
        return UnitDirectory(known.values())

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Every body the text names, in text order; where names overlap the longest wins."""
        folded = fold(text)
        found = sorted(self._candidates(folded.text), key=lambda match: (match[0] - match[1], match[0]))
        taken: list[tuple[int, int, tuple[str, ...]]] = []
        for start, end, names in found:
            if all(end <= other[0] or other[1] <= start for other in taken):
                taken.append((start, end, names))
        mentions = []
        for start, end, names in sorted(taken):
            span = folded.original(start, end)
            mentions.append(Mention(span, span.of(text), names))
        return tuple(mentions)

    def _candidates(self, text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        """Every alias at every place of the folded text, if what stands around it lets it be a name."""
        for start in range(len(text)):
            node: Mapping[str, object] | None = self._trie
            for end in range(start, len(text)):
                node = node.get(text[end]) if node else None  # type: ignore[assignment]
                if node is None:
                    break
                names = node.get("")
                if names and _stands_alone(text, start, end + 1):
                    meant = self._meant(names, _place_before(text, start, end + 1))  # type: ignore[arg-type]
                    if meant:
                        yield start, end + 1, meant

    def _meant(self, names: tuple[str, ...], place: str | None) -> tuple[str, ...]:
        """Those of the names that can stand after this place."""
        if place is None:
            return names
        return tuple(name for name in names if _can_be_in(self._by_name[name], place))

    @cached_property
    def _trie(self) -> dict[str, object]:
        root: dict[str, object] = {}
        for written, names in self._written.items():
            node = root
            for character in written:
                node = node.setdefault(character, {})  # type: ignore[assignment]
            node[""] = tuple(names)
        return root

    @cached_property
    def _written(self) -> dict[str, dict[str, None]]:
        """Folded written form → the names it may mean; a record's own name means that record only."""
        own = {fold_text(record.name): record.name for record in self.records}
        written: dict[str, dict[str, None]] = {form: {name: None} for form, name in own.items()}
        for record in self.records:
            for form in _written_forms(record):
                if form not in own:
                    written.setdefault(form, {})[record.name] = None
        return written


def _written_forms(record: UnitRecord) -> Iterator[str]:
    """Every folded form of a record's names, present and past."""
    successors = [name for successor in record.successors for name in (successor.name, successor.short)]
    for name in (record.name, record.full_name, *record.former, *successors):
        yield from aliases_of(fold_text(name))
    for alias in record.aliases:
        yield fold_text(alias)
    yield from spoken_forms(fold_text(record.name))
    core = core_of(fold_text(record.name))
    for region in record.regions:
        for form in aliases_of(core):
            yield region + form
            yield region.rstrip("省市") + form


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether the letters are a name here, not part of other words (财政部门, 个人行为, 市场监管局面)."""
    written, following = text[start:end], text[end : end + 4]
    not_after, not_before = GUARDS.get(written, ((), ()))
    if following.startswith(not_after) or text[max(0, start - 4) : start].endswith(not_before):
        return False
    return not following.startswith(NOT_FOLLOWED.get(written[-1], ())) or following.startswith(STILL_FOLLOWS)


def _place_before(text: str, start: int, end: int) -> str | None:
    """The place or level that stands directly before a name and so belongs to it (宜昌, 省, 国家), or None."""
    if text.startswith(tuple(PLACES), start, end):
        return None
    before = text[max(0, start - 6) : start]
    for length in (4, 3, 2):
        if before[-length:] in PLACES:
            return before[-length:]
    if before.endswith("市"):
        return _place_before(before[:-1] + "\0", len(before) - 1, len(before))
    level = LEVEL_PREFIX.match(before[-2:]) or LEVEL_PREFIX.match(before[-1:])
    return level[0] if level and before.endswith(level[0]) else None


def _can_be_in(record: UnitRecord, place: str) -> bool:
    """A bureau of one city is not that of another, nor of the province."""
    if place not in CITIES and place not in PROVINCES:
        return False
    return not record.regions or any(region.startswith(place) for region in record.regions)


# ---- reading one record


def _record(row: Mapping[str, object]) -> UnitRecord:
    name = str(row.get("name", "（无名）"))
    try:
        successors = tuple(_successor(found) for found in _rows(row, "successors"))
        return UnitRecord(
            name=_required(row, "name"),
            full_name=_required(row, "full_name"),
            aliases=_texts(row, "aliases"),
            former=_texts(row, "former"),
            successors=successors,
            collective=bool(row.get("collective", False)),
            mark=Mark(_required(row, "mark")),
            source=_texts(row, "source"),
            documents=_texts(row, "documents"),
            regions=_texts(row, "regions"),
            note=str(row.get("note", "")),
        )
    except ValueError as cause:
        raise IngestError(f"单位名录中“{name}”有误：{cause}，请改正后重试。") from cause


def _successor(row: Mapping[str, object]) -> Successor:
    on = row.get("on")
    return Successor(
        name=_required(row, "name"),
        short=_required(row, "short"),
        on=str(on) if on else None,
        source=_texts(row, "source"),
        mark=Mark(_required(row, "mark")),
        note=str(row.get("note", "")),
    )


def _required(row: Mapping[str, object], field: str) -> str:
    value = row.get(field)
    if not isinstance(value, str) or not value:
        raise ValueError(f"字段 {field} 缺失或不是文字")
    return value


def _texts(row: Mapping[str, object], field: str) -> tuple[str, ...]:
    value = row.get(field, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(f"字段 {field} 应为文字列表")
    return tuple(value)


def _rows(row: Mapping[str, object], field: str) -> list[Mapping[str, object]]:
    value = row.get(field, [])
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        raise ValueError(f"字段 {field} 应写成表的列表")
    return value
