"""Unit names that lost the separator between them, told apart by the names that the same document writes elsewhere."""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace

from ingest.document import Span, Unit
from ingest.units import Found


def separate(text: str, found: Sequence[Found]) -> tuple[Found, ...]:
    """The responsibilities with every unit split that is two or more of the document's other names in a row."""
    counts: dict[str, int] = {}
    for one in found:
        for unit in one.units:
            if unit.span and unit.span.of(text) == unit.name:
                counts[unit.name] = counts.get(unit.name, 0) + 1
    known = {name for name in counts if len(name) > 2}
    pieces = {name: parts for name in counts if (parts := _parts(name, known)) and _rarer(name, parts, counts)}
    if not pieces:
        return tuple(found)
    return tuple(
        replace(one, units=tuple(part for unit in one.units for part in _split(text, unit, pieces))) for one in found
    )


def _rarer(name: str, parts: Sequence[str], counts: Mapping[str, int]) -> bool:
    """A name that the document really uses is not rarer than the names it would consist of."""
    return counts[name] <= min(counts[part] for part in parts)


_COMPLETE = re.compile(r"(?:部|委|局|厅|署|院|行|会|办|社|司|中心|公司|政府|海关|分行|监管局)$")
_BODY_ITSELF = re.compile(r"(?:党委|市委|省委|区委|县委|政府|中央|国务院|管委会|总局|总行|总公司|总会)$")


def _parts(name: str, known: Set[str]) -> tuple[str, ...]:
    """The one way to write ``name`` as two or more known names, or nothing.

    市委 + 宣传部 and 国家税务总局 + 河北省税务局 are names of one body: what heads another name is no part.
    """
    ways = [way for way in _ways(name, known - {name}) if len(way) > 1]
    return ways[0] if len(ways) == 1 else ()


def _ways(rest: str, known: Set[str]) -> Iterator[tuple[str, ...]]:
    if not rest:
        yield ()
        return
    for end in range(3, len(rest) + 1):
        head = rest[:end]
        inner = end < len(rest)
        if head in known and _COMPLETE.search(head) and not (inner and _BODY_ITSELF.search(head)):
            for tail in _ways(rest[end:], known):
                yield (head, *tail)


def _split(text: str, unit: Unit, pieces: dict[str, tuple[str, ...]]) -> Iterator[Unit]:
    parts = pieces.get(unit.name)
    if parts is None or unit.span is None or unit.span.of(text) != unit.name:
        yield unit
        return
    start = unit.span.start
    for part in parts:
        yield replace(unit, name=part, span=Span(start, start + len(part)))
        start += len(part)
