"""Numbers that open a clause: 第七条, 一、, （二）, 3., 3.1, （4）, ⑤ — which of them are headings and how they nest.

Two cases must both work. In a text with its line breaks a marker opens a paragraph; what stands inside a paragraph is an
inline list or a citation. In a text that lost its line breaks only the sequence tells a heading from a citation.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from ingest.covered import Covered
from ingest.decimals import decimals
from ingest.document import Span
from ingest.fold import chinese_number
from ingest.frame import breaks


class Style(IntEnum):
    """A way of numbering; the value is its usual depth, outermost first."""

    BOOK = 0  # 第一编
    DIVISION = 1  # 第一部分
    CHAPTER = 2  # 第一章
    SECTION = 3  # 第一节
    ARTICLE = 4  # 第一条
    WHOLE = 5  # 1 总则, with decimals below it
    COMMA = 6  # 一、
    BRACKET = 7  # （一）
    NAMED = 8  # 措施一：
    POINT = 9  # 1.
    DECIMAL = 10  # 1.1
    SECOND_DECIMAL = 11  # 1.1.1
    THIRD_DECIMAL = 12  # 1.1.1.1
    ROUND = 13  # （1）
    HALF = 14  # 1）
    CIRCLED = 15  # ①


class Strength(IntEnum):
    """Where a candidate stands: opens a paragraph, follows a full stop or a space, or stands inside a sentence."""

    INSIDE = 0
    AFTER_STOP = 1
    OPENS = 2


@dataclass(frozen=True)
class Marker:
    """A number that may open a clause; ``span`` covers the number with its punctuation, ``written`` names it in labels."""

    style: Style
    number: int
    span: Span
    strength: Strength
    written: str


@dataclass(frozen=True)
class Heading:
    """An accepted marker; ``parent`` is an index into the list of headings, ``run`` numbers its uninterrupted sequence."""

    marker: Marker
    parent: int | None
    run: int


def headings(text: str, start: int, end: int, rows: Sequence[Span] = ()) -> tuple[Heading, ...]:
    """The markers in ``text[start:end]`` that open clauses, in order, nested; none in the ``rows`` of a table."""
    candidates = sorted([*_candidates(text, start, end), *_decimals(text, start, end)], key=lambda one: one.span)
    if rows:
        tabled = Covered(rows)
        candidates = [one for one in candidates if not tabled.holds(one.span)]
    return _nest(text, candidates, _depths(candidates))


_DIGITS = "一二三四五六七八九十百〇零"
_MARKER = re.compile(
    rf"(?=[第措举任行序{_DIGITS}\d（(①-⒛㈠-㈩])(?:"  # most places are passed over at one look
    rf"第\s{{0,2}}(?P<ordinal>[{_DIGITS}]{{1,7}}|\d{{1,4}})\s{{0,2}}(?P<unit>编|篇|部分|章|节|条)(?:之[一二三四五六七八九十])?"
    rf"|(?:措施|举措|任务|行动)[ 　]?(?P<named>[{_DIGITS}]{{1,3}}|\d{{1,2}})[ 　]?[:：、](?!\d)"
    r"|序号[ 　]?[:：][ 　]?(?P<record>\d{1,3})(?=[ \t　]*\n)"  # a table pasted as records
    rf"|(?<![{_DIGITS}第])(?P<comma>[{_DIGITS}]{{1,4}})[ 　]?[、．.]"
    rf"|[（(]\s?(?P<bracket>[{_DIGITS}]{{1,4}})\s?[)）]"
    r"|(?<![\d.．A-Za-z%％\-－—/〔\[])(?P<point>\d{1,3})[ 　]?(?:[.．](?!\d)|、(?!\d))"
    r"|[（(]\s?(?P<round>\d{1,2})\s?[)）]"
    r"|(?<![\d.．A-Za-z（(\-－—/])(?P<half>\d{1,2})[)）]"
    r"|(?P<sign>[①-⒛㈠-㈩])[.．、]?)"
)
_UNIT_STYLES = {
    "编": Style.BOOK,
    "篇": Style.BOOK,
    "部分": Style.DIVISION,
    "章": Style.CHAPTER,
    "节": Style.SECTION,
    "条": Style.ARTICLE,
}
_GROUP_STYLES = {
    "comma": Style.COMMA,
    "bracket": Style.BRACKET,
    "named": Style.NAMED,
    "record": Style.NAMED,
    "point": Style.POINT,
    "round": Style.ROUND,
    "half": Style.HALF,
}
# ① and its kin stand in Unicode blocks of twenty (ten for ㈠) that start at a known character
_SIGN_BLOCKS = (("①", 20, Style.CIRCLED), ("⑴", 20, Style.ROUND), ("⒈", 20, Style.POINT), ("㈠", 10, Style.BRACKET))


def _candidates(text: str, start: int, end: int) -> Iterator[Marker]:
    """Everything that looks like a number of the outline and may be one where it stands.

    In a sound paragraph only its first characters can; a level whose numbers never open a paragraph lost its line breaks.
    """
    paragraphs = _Paragraphs(text, start, end)
    found = [
        (match, paragraphs.strength(match.start()), _reading(match)) for match in _MARKER.finditer(text, start, end)
    ]
    opening = [style for _, strength, (style, _, _) in found if strength is Strength.OPENS]
    longest = _LONG if len(opening) > 1 else min(_LONG, _MOST * (end - start))
    for match, strength, (style, number, written) in found:
        if strength is not Strength.OPENS:
            if style is Style.NAMED:
                continue
            never_opens = style <= Style.COMMA and style not in opening and strength is Strength.AFTER_STOP
            if not (never_opens or paragraphs.length(match.start()) > longest) or not _may_stand(text, match, style):
                continue
        yield Marker(style, number, Span(*match.span()), strength, written)


_DECIMAL_STYLES = (Style.WHOLE, Style.DECIMAL, Style.SECOND_DECIMAL, Style.THIRD_DECIMAL)


def _decimals(text: str, start: int, end: int) -> Iterator[Marker]:
    for one in decimals(text, start, end):
        style = _DECIMAL_STYLES[len(one.numbers) - 1]
        yield Marker(style, one.numbers[-1], one.span, Strength.OPENS, ".".join(map(str, one.numbers)))


def _reading(match: re.Match[str]) -> tuple[Style, int, str]:
    if match.lastgroup == "unit":
        return _ordinal(match["unit"], match["ordinal"], match[0])
    return _counter(str(match.lastgroup), match[str(match.lastgroup)])


@lru_cache(maxsize=4096)
def _ordinal(unit: str, number: str, found: str) -> tuple[Style, int, str]:
    return _UNIT_STYLES[unit], chinese_number(number) or 0, re.sub(r"\s", "", found)


@lru_cache(maxsize=4096)
def _counter(kind: str, found: str) -> tuple[Style, int, str]:
    if kind == "sign":
        first, _, style = next(block for block in _SIGN_BLOCKS if 0 <= ord(found) - ord(block[0]) < block[1])
        number = ord(found) - ord(first) + 1
    else:
        style, number = _GROUP_STYLES[kind], chinese_number(found) or 0
    return style, number, _written(style, number, found)


def _written(style: Style, number: int, found: str) -> str:
    """The number as labels show it: half-width brackets, no trailing punctuation."""
    if style is Style.BRACKET:
        return f"({unicodedata.normalize('NFKC', found).strip('()')})"
    forms = {
        Style.COMMA: found,
        Style.NAMED: str(number),
        Style.POINT: str(number),
        Style.ROUND: f"({number})",
        Style.HALF: f"{number})",
    }
    return forms.get(style, found)


# 依照第三条第二款、第三条规定的 …: a citation, not the start of an article
_CITED = re.compile(r"\s{0,2}(?:规定|第|款|的|所|、|和|或|至|到|以|，|。|；|）|\)|》|之)")
# what may follow 二、 inside a sentence when it is an enumeration: 十九届二、三中全会, 一、二、三产业
_ENUMERATED = re.compile(rf"[{_DIGITS}两\d]{{1,3}}[、，中届产级线次季类]")
_NOT_BEFORE = {
    Style.COMMA: "、届第之和及或至",
    Style.BRACKET: "第款条项至和、及或",
    Style.POINT: "第约达到至为过于超表图版和、×=≥≤<>",
    Style.ROUND: "第款条项至和、及或式",
    Style.HALF: "第约达到至为过于超表图和、",
}
_NOT_AFTER = re.compile(r"[项款至到或和、）)]")


def _may_stand(text: str, match: re.Match[str], style: Style) -> bool:
    """Inside a paragraph without line breaks: whether the neighbours allow a heading here."""
    before = text[match.start() - 1] if match.start() else ""
    if before and before in _NOT_BEFORE.get(style, "本按照据依除和、及或至"):
        return False
    if style is Style.COMMA and _ENUMERATED.match(text, match.end()):
        return False
    if style is Style.ARTICLE and _CITED.match(text, match.end()):
        return False
    return not (style in (Style.BRACKET, Style.ROUND) and _NOT_AFTER.match(text, match.end()))


_LONG = 1000  # paragraphs of official texts stay below; what is longer lost its line breaks
_MOST = 0.6  # and so did a text that is mostly one paragraph
_STOPS = frozenset("。！？；：:;!?”」》)）…>】] \u3000\xa0\t\n")


class _Paragraphs:
    """Where paragraphs start in a stretch of text, and which of them lost their line breaks."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._text = text
        starts = [start, *(gap.end for gap in breaks(text, Span(start, end)))]
        self._starts = sorted(set(starts))
        self._ends = [*self._starts[1:], end]
        self._opens = frozenset(self._starts)

    def strength(self, position: int) -> Strength:
        if position in self._opens:
            return Strength.OPENS
        return Strength.AFTER_STOP if self._text[position - 1] in _STOPS else Strength.INSIDE

    def length(self, position: int) -> int:
        """The length of the paragraph that holds the position."""
        at = bisect_right(self._starts, position) - 1
        return self._ends[at] - self._starts[at]


def _depths(candidates: Sequence[Marker]) -> dict[Style, int]:
    """The depth of each style: the usual one, unless this text clearly nests two of them the other way round."""
    order = sorted({marker.style for marker in candidates})
    for _ in order:
        for at in range(len(order) - 1):
            outer, inner = order[at], order[at + 1]
            first = next(marker.style for marker in candidates if marker.style in (outer, inner))
            enough = 1 if first is inner else 2
            if _restarts(candidates, outer, within=inner) >= enough and not _restarts(candidates, inner, within=outer):
                order[at], order[at + 1] = inner, outer
    return {style: depth for depth, style in enumerate(order)}


def _restarts(candidates: Sequence[Marker], style: Style, *, within: Style) -> int:
    """How often ``style`` starts again at 1 while the numbering of ``within`` continues."""
    count, last, seen = 0, 0, False
    for marker in candidates:
        if marker.style is within:
            count += seen and marker.number == last + 1
            last, seen = marker.number, False
        elif marker.style is style and marker.number == 1 and last:
            seen = True
    return count


_HEADING_LENGTH = 60


def _nest(text: str, candidates: Sequence[Marker], depths: dict[Style, int]) -> tuple[Heading, ...]:
    """Accept candidates in order, keeping the stack of open headings."""
    accepted: list[Heading] = []
    stack: list[int] = []
    last: dict[Style, tuple[int, int]] = {}  # style → (number, run)
    following = _following(candidates)
    runs = 0
    for at, marker in enumerate(candidates):
        previous_end = accepted[-1].marker.span.end if accepted else None
        before = last.get(marker.style)
        if not _plausible(text, marker, before and before[0], following[at], previous_end):
            continue
        while stack and depths[accepted[stack[-1]].marker.style] >= depths[marker.style]:
            stack.pop()
        if before and 0 < marker.number - before[0] <= 3:
            run = before[1]
        else:
            runs += 1
            run = runs
        last[marker.style] = (marker.number, run)
        stack.append(len(accepted))
        accepted.append(Heading(marker, stack[-2] if len(stack) > 1 else None, run))
    return tuple(accepted)


_AHEAD = 4


def _following(candidates: Sequence[Marker]) -> list[tuple[int, ...]]:
    """For each candidate the numbers of the next ones in its style: some of them may be no headings."""
    upcoming: dict[Style, tuple[int, ...]] = {}
    numbers: list[tuple[int, ...]] = []
    for marker in reversed(candidates):
        ahead = upcoming.get(marker.style, ())
        numbers.append(ahead)
        upcoming[marker.style] = (marker.number, *ahead[: _AHEAD - 1])
    return numbers[::-1]


def _plausible(
    text: str, marker: Marker, last: int | None, following: tuple[int, ...], previous_end: int | None
) -> bool:
    """Whether the sequence makes this candidate a heading."""
    if marker.strength is Strength.OPENS:
        return True
    run_in = previous_end is None or marker.span.start - previous_end <= _HEADING_LENGTH
    if marker.strength is Strength.INSIDE and not run_in and marker.style not in (Style.BRACKET, Style.COMMA):
        return False
    if last is not None and marker.number == last + 1:
        return True
    if marker.number == 1:
        return 2 in following
    skipped = last is not None and last < marker.number <= last + 3
    unopened = last is None and (
        marker.number + 1 in following or (previous_end is None and marker.style is Style.COMMA)
    )
    return marker.strength is Strength.AFTER_STOP and (skipped or unopened)
