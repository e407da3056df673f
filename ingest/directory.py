"""Which public bodies a text names, however they are written, and what has become of them.

Aliases are data (seeds/units.toml, ingest/aliases.py); a form that several bodies share yields all of them. All comparing is
done on folded text, all spans are in the original.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from ingest.aliases import (
    COLLECTIVE_FORMS,
    GUARDS,
    aliases_of,
    can_be_in,
    core_of,
    is_anybody,
    is_of_level,
    place_before,
    spoken_forms,
    stands_alone,
)
from ingest.catalog import Mark
from ingest.document import Span
from ingest.errors import IngestError
from ingest.fold import fold, fold_text
from ingest.misspelled import Match, Misspelled


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
    """One body under the name that documents give it.

    ``regions`` empty: not known where, so it may be anywhere. ``responsible`` False: only spoken of in the documents, so no
    short forms are derived for it.
    """

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
    responsible: bool = True
    note: str = ""


@dataclass(frozen=True)
class Mention:
    """A body named in a text. ``names`` are the records it may mean; ``exact`` is False when a slip was forgiven."""

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
        """With the names that a document holds responsible; ``region`` is that document's, if known (武汉市, 湖北省)."""
        known = dict(self._by_name)
        for name in names:
            here = (region,) if region and is_of_level(name, region) else ()
            record = known.get(name)
            if record is None:
                known[name] = UnitRecord(name, name, collective=is_anybody(name) or name.startswith("各"), regions=here)
            else:
                regions = tuple(dict.fromkeys(record.regions + here)) if record.regions else ()
                known[name] = replace(record, regions=regions, responsible=True)
        return UnitDirectory(known.values())

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Every body the text names, in text order; where names overlap the longest wins, and the exact one."""
        folded = fold(text)
        exact = _longest(self._placed(folded.text, self._exact(folded.text)), ())
        near = _longest(self._placed(folded.text, self._misspelled.matches(folded.text)), exact)
        found = sorted([(*match, True) for match in exact] + [(*match, False) for match in near])
        spans = [folded.original(start, end) for start, end, _, _ in found]
        return tuple(
            Mention(span, span.of(text), names, sure) for span, (_, _, names, sure) in zip(spans, found, strict=True)
        )

    def _exact(self, text: str) -> Iterator[Match]:
        """Every alias at every place of the folded text, if what stands around it lets it be a name."""
        for start in range(len(text)):
            node = self._trie
            for end in range(start, len(text)):
                following = node.next.get(text[end])
                if following is None:
                    break
                node = following
                if node.names and stands_alone(text, start, end + 1):
                    yield start, end + 1, node.names

    def _placed(self, text: str, matches: Iterable[Match]) -> Iterator[Match]:
        """The matches with those of their names that can stand after the place written before them."""
        for start, end, names in matches:
            place = place_before(text, start, end)
            here = tuple(name for name in names if place is None or can_be_in(name, self._by_name[name].regions, place))
            if here:
                yield start, end, here

    @cached_property
    def _trie(self) -> "_Node":
        root = _Node()
        for written, names in self._written.items():
            node = root
            for character in written:
                node = node.next.setdefault(character, _Node())
            node.names = tuple(names)
        return root

    @cached_property
    def _misspelled(self) -> Misspelled:
        """Forms that need their surroundings to be told from ordinary words are not guessed at."""
        return Misspelled(
            {form: tuple(names) for form, names in self._written.items()}, never=GUARDS.keys() | COLLECTIVE_FORMS
        )

    @cached_property
    def _written(self) -> dict[str, dict[str, None]]:
        """Folded written form → the names it may mean; a record's own name means that record only."""
        records = [record for record in self.records if not is_anybody(record.name)]
        own = {fold_text(record.name): record.name for record in records}
        written: dict[str, dict[str, None]] = {form: {name: None} for form, name in own.items()}
        for record in records:
            for form in _written_forms(record):
                if form not in own:
                    written.setdefault(form, {})[record.name] = None
        return written


class _Node:
    """A place in the trie of written forms; ``names`` is empty where no form ends."""

    __slots__ = ("names", "next")

    def __init__(self) -> None:
        self.next: dict[str, _Node] = {}
        self.names: tuple[str, ...] = ()


def _longest(matches: Iterable[Match], taken: Sequence[Match]) -> list[Match]:
    """The longest matches that overlap neither each other nor what is taken."""
    kept: list[Match] = []
    for match in sorted(matches, key=lambda found: (found[0] - found[1], found[0])):
        if all(match[1] <= other[0] or other[1] <= match[0] for other in (*taken, *kept)):
            kept.append(match)
    return kept


def _written_forms(record: UnitRecord) -> Iterator[str]:
    """Every folded form of a record's names, present and past."""
    successors = [name for successor in record.successors for name in (successor.name, successor.short)]
    names = [fold_text(name) for name in (record.name, record.full_name, *record.former, *successors)]
    yield from names
    yield from (fold_text(alias) for alias in record.aliases)
    if not record.responsible:
        return
    for name in names:
        yield from aliases_of(name)
    yield from spoken_forms(names[0])
    core = core_of(names[0])
    if core != names[0]:
        for region in record.regions:
            for form in aliases_of(core):
                yield region + form
                yield region.rstrip("省市") + form


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
            responsible=bool(row.get("responsible", True)),
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
