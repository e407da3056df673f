"""The numbers that Word prints before paragraphs but does not store in their text: 一、 （一） 1. 第三条.

Reads numbering.xml and styles.xml and counts along while paragraphs go by.
"""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.formats.numerals import numeral

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement as Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MAX_LEVELS = 9
MAX_STYLE_DEPTH = 20
PLACEHOLDER = re.compile(r"%([1-9])")
# after these a reader expects no space
CLOSED = "、.．)）]】:："


@dataclass(frozen=True)
class Level:
    """One level of a list definition. ``restart_after`` is w:lvlRestart: None = after any higher level, 0 = never."""

    pattern: str = ""
    style: str = "decimal"
    start: int = 1
    restart_after: int | None = None
    decimal_only: bool = False
    spaced: bool = True
    paragraph_style: str | None = None


@dataclass
class Numbering:
    """Counts per list definition. ``label`` must be asked once for every numbered paragraph, in order."""

    definitions: dict[str, dict[int, Level]]
    instances: dict[str, tuple[str, dict[int, Level], dict[int, int]]]
    styles: dict[str, "Element"]
    default_style: str | None = None
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    started: set[str] = field(default_factory=set)

    def label(self, paragraph: "Element") -> str:
        """What Word prints before this paragraph, with the space that separates it, or ""."""
        number_id, index = self._place(paragraph)
        if number_id is None or number_id not in self.instances:
            return ""
        definition, overrides, starts = self.instances[number_id]
        levels = {**self.definitions.get(definition, {}), **overrides}
        if index not in levels:
            return ""
        counts = self.counts.setdefault(definition, {})
        if number_id not in self.started:
            self.started.add(number_id)
            for level, start in starts.items():
                counts[level] = start - 1
        self._count(counts, levels, index)
        return _printed(levels, counts, index)

    def _count(self, counts: dict[int, int], levels: dict[int, Level], index: int) -> None:
        counts[index] = counts.get(index, levels[index].start - 1) + 1
        for level in range(index):
            counts.setdefault(level, levels[level].start if level in levels else 1)
        for level in [level for level in counts if level > index]:
            restart = levels[level].restart_after if level in levels else None
            if restart is None or (restart and index < restart):
                del counts[level]

    def _place(self, paragraph: "Element") -> tuple[str | None, int]:
        """The list instance and level of a paragraph: its own, else its style's."""
        properties = paragraph.find(f"{W}pPr")
        style = _value(properties, "pStyle") or self.default_style
        own = properties.find(f"{W}numPr") if properties is not None else None
        number_id, index = _value(own, "numId"), _number(_value(own, "ilvl"))
        for ancestor in self._lineage(style):
            style_properties = self.styles[ancestor].find(f"{W}pPr")
            inherited = style_properties.find(f"{W}numPr") if style_properties is not None else None
            number_id = number_id or _value(inherited, "numId")
            index = _number(_value(inherited, "ilvl")) if index is None else index
            if number_id and index is None:
                index = self._level_of_style(number_id, ancestor)
        return (None if number_id == "0" else number_id), index or 0

    def _lineage(self, style: str | None) -> list[str]:
        lineage: list[str] = []
        while style in self.styles and style not in lineage and len(lineage) < MAX_STYLE_DEPTH:
            assert style is not None
            lineage.append(style)
            style = _value(self.styles[style], "basedOn")
        return lineage

    def _level_of_style(self, number_id: str, style: str) -> int | None:
        definition = self.instances.get(number_id, ("", {}, {}))[0]
        levels = self.definitions.get(definition, {})
        return next((index for index, level in levels.items() if level.paragraph_style == style), None)


def read_numbering(numbering: "Element | None", styles: "Element | None") -> Numbering:
    """``None`` for a part the file does not have."""
    by_id = {style.get(f"{W}styleId", ""): style for style in (styles if styles is not None else ()) if _named(style)}
    default_style = next((name for name, style in by_id.items() if _is_default(style)), None)
    if numbering is None:
        return Numbering({}, {}, by_id, default_style)
    definitions, linked, links = {}, {}, {}
    for item in numbering.findall(f"{W}abstractNum"):
        name = item.get(f"{W}abstractNumId", "")
        definitions[name] = dict(_level(level) for level in item.findall(f"{W}lvl"))
        if style := _value(item, "styleLink"):
            linked[style] = name
        if style := _value(item, "numStyleLink"):
            links[name] = style
    for name, style in links.items():
        definitions[name] = definitions.get(linked.get(style, ""), definitions[name])
    instances = {item.get(f"{W}numId", ""): _instance(item) for item in numbering.findall(f"{W}num")}
    return Numbering(definitions, instances, by_id, default_style)


def _named(style: "Element") -> bool:
    return isinstance(style.tag, str) and style.get(f"{W}styleId") is not None


def _is_default(style: "Element") -> bool:
    return style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in ("1", "true")


def _instance(item: "Element") -> tuple[str, dict[int, Level], dict[int, int]]:
    overrides, starts = {}, {}
    for override in item.findall(f"{W}lvlOverride"):
        index = _number(override.get(f"{W}ilvl")) or 0
        for level in override.findall(f"{W}lvl"):
            overrides[index] = _level(level)[1]
        start = _number(_value(override, "startOverride"))
        if start is not None:
            starts[index] = start
    return _value(item, "abstractNumId") or "", overrides, starts


def _level(element: "Element") -> tuple[int, Level]:
    level = Level(
        pattern=_value(element, "lvlText") or "",
        style=_value(element, "numFmt") or _alternate_style(element) or "decimal",
        start=_first(_number(_value(element, "start")), 1),
        restart_after=_number(_value(element, "lvlRestart")),
        decimal_only=element.find(f"{W}isLgl") is not None,
        spaced=_value(element, "suff") != "nothing",
        paragraph_style=_value(element, "pStyle"),
    )
    return _number(element.get(f"{W}ilvl")) or 0, level


def _alternate_style(element: "Element") -> str | None:
    """Newer formats stand inside mc:AlternateContent, the older one as its fallback."""
    found = next(element.iter(f"{W}numFmt"), None)
    return None if found is None else found.get(f"{W}val")


def _printed(levels: dict[int, Level], counts: dict[int, int], index: int) -> str:
    level = levels[index]
    if level.style == "bullet":
        return ""

    def number(match: re.Match[str]) -> str:
        other = int(match[1]) - 1
        style = "decimal" if level.decimal_only else levels[other].style if other in levels else "decimal"
        return numeral(counts.get(other, 1), style)

    label = PLACEHOLDER.sub(number, level.pattern).strip()
    return label + " " if label and level.spaced and label[-1] not in CLOSED else label


def _value(parent: "Element | None", name: str) -> str | None:
    child = parent.find(f"{W}{name}") if parent is not None else None
    return None if child is None else child.get(f"{W}val")


def _number(written: str | None) -> int | None:
    try:
        return None if written is None else int(written)
    except ValueError:
        return None


def _first(value: int | None, default: int) -> int:
    return default if value is None else value
