"""Decimal outlines, as emergency plans and standards have them: 1 总则, 1.1 编制目的, 3.2.1 …"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.document import Span


@dataclass(frozen=True)
class Decimal:
    """A number of the outline at the start of a line; ``numbers`` is (3, 2, 1) for 3.2.1."""

    numbers: tuple[int, ...]
    span: Span


def decimals(text: str, start: int, end: int) -> tuple[Decimal, ...]:
    """The decimal numbers that open headings in ``text[start:end]``; none where figures only look like them."""
    if not any(first in text for first in (".1", "．1")):
        return ()
    inner = list(_in_sequence(_read(text, start, end)))
    if len(inner) < 2:
        return ()
    outer = _outermost(text, start, end, {one.numbers[0] for one in inner})
    return tuple(sorted([*outer, *inner], key=lambda one: one.span))


_NUMBER = re.compile(
    r"^[ \t　\xa0]*(?P<number>\d{1,2}(?:[.．]\d{1,2}){1,3})[.．]?(?=[ \t　\xa0]*[一-鿿《“（(])"
    r"(?![ \t　\xa0]*(?:[万亿千元吨亩米倍个%年月日版级]|公里|平方|小时|分钟|以[上下内]|左右))",
    re.MULTILINE,
)
# 1 总则: nothing but a few words behind the number
_OUTERMOST = re.compile(
    r"^[ \t　\xa0]*(?P<number>\d{1,2})[ \t　\xa0]*[一-鿿、（）()“”]{2,24}[ \t　\xa0]*$", re.MULTILINE
)


def _read(text: str, start: int, end: int) -> Iterator[Decimal]:
    for match in _NUMBER.finditer(text, start, end):
        yield Decimal(tuple(map(int, re.split("[.．]", match["number"]))), Span(match.start("number"), match.end()))


def _in_sequence(found: Iterator[Decimal]) -> Iterator[Decimal]:
    """Those that begin a level, and those that go on with one that is open: 3.2 after 3.1 or 3.1.4."""
    last: tuple[int, ...] = ()
    for one in found:
        *above, number = one.numbers
        if number == 1 or (*above, number - 1) == last[: len(one.numbers)]:
            last = one.numbers
            yield one


def _outermost(text: str, start: int, end: int, chapters: set[int]) -> Iterator[Decimal]:
    """The headings above: those with decimals below them, and those that go on counting."""
    last = 0
    for match in _OUTERMOST.finditer(text, start, end):
        number = int(match["number"])
        if number == last + 1 or (number > last and number in chapters):
            last = number
            yield Decimal((number,), Span(*match.span("number")))
