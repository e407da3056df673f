"""Damaged official text → repairs: where a character was lost and what it must have been.

Web pages lose text nodes of exactly one character that stand between runs: 年, 月, 〕, 、, a closing bracket, a final
colon. A repair is sure only where one reading is possible; everything else is flagged as probable or left alone.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ingest.dates import possible_dates
from ingest.document import Certainty, Repair, Span
from ingest.texts import NumberedText
from ingest.units import split_names


@dataclass(frozen=True)
class Scene:
    """What the rules look at: the text, the texts in it, and where responsibilities stand."""

    text: str
    texts: tuple[NumberedText, ...]
    responsibilities: tuple[Span, ...] = ()


def repairs(scene: Scene) -> tuple[Repair, ...]:
    """Every repair in text order; none overlap."""
    found = sorted((repair for rule in RULES for repair in rule(scene)), key=lambda repair: repair.span)
    kept: list[Repair] = []
    for repair in found:
        if not kept or repair.span.start >= kept[-1].span.end:
            kept.append(repair)
    return tuple(kept)


def _addressee_colon(scene: Scene) -> Iterator[Repair]:
    """各区人民政府⏎ → 各区人民政府：⏎ where the recipients fill a paragraph and the reason follows."""
    text = scene.text
    for one in scene.texts:
        span = one.opening.addressees
        if span is None or text[span.end : span.end + 2].strip()[:1] in ("：", ":"):
            continue
        if not _REASON.match(text, span.end):
            continue
        last = max(text.rfind(mark, span.start, span.end) for mark in "，,、\n") + 1
        found = text[max(last, span.start) : span.end]
        colon = ":" if "," in span.of(text) else "："
        yield Repair(Span(span.end - len(found), span.end), found, found + colon, "补主送机关后的冒号")


_REASON = re.compile(r"\s*\n\s*(?:为|根据|按照|现将|现就|经|近年|依据|遵照|《)")
_YEAR_BRACKET = re.compile(r"(?P<open>[〔\[﹝［])(?P<year>(?:19|20)\d{2})(?P<number>\d{1,4})(?=\s?号)")
_CLOSERS = {"〔": "〕", "[": "]", "﹝": "﹞", "［": "］"}


def _number_bracket(scene: Scene) -> Iterator[Repair]:
    """〔202012号 → 〔2020〕12号: the opening bracket is there and a year has four digits."""
    for match in _YEAR_BRACKET.finditer(scene.text):
        repaired = f"{match['open']}{match['year']}{_CLOSERS[match['open']]}{match['number']}"
        yield Repair(Span(*match.span()), match[0], repaired, "补文号中的右括号")


def _lost_separator(scene: Scene) -> Iterator[Repair]:
    """市商务局市市场监管局 → 市商务局、市市场监管局 inside a responsibility, where the names cover the whole piece."""
    for span in scene.responsibilities:
        names = split_names(scene.text, span.start, span.end)
        for run in _touching(names):
            found = scene.text[run[0].start : run[-1].end]
            repaired = "、".join(name.of(scene.text) for name in run)
            yield Repair(Span(run[0].start, run[-1].end), found, repaired, "补责任单位之间的顿号")


def _touching(names: Sequence[Span]) -> Iterator[list[Span]]:
    run: list[Span] = []
    for name in names:
        if run and run[-1].end != name.start:
            if len(run) > 1:
                yield run
            run = []
        run.append(name)
    if len(run) > 1:
        yield run


_OPENED = re.compile(
    r"(?P<open>[（(])(?=(?:[^（）()。\n]{0,12}?)(?:责任|牵头|配合|负责|主办|承办|实施|落实)(?:单位|部门|处室|主体|领导)?[:：])"
)


def _responsibility_bracket(scene: Scene) -> Iterator[Repair]:
    """（责任单位：… at the end of its paragraph → …）."""
    text = scene.text
    for match in _OPENED.finditer(text):
        end = text.find("\n", match.start())
        end = len(text) if end < 0 else end
        while end > match.start() and text[end - 1].isspace():
            end -= 1
        rest = text[match.end() : end]
        if (
            len(rest) > 300
            or rest.count("）") + rest.count(")") > rest.count("（") + rest.count("(")
            or rest[-1:] in "。；，、：:"
        ):
            continue
        if rest.count("）") + rest.count(")") != rest.count("（") + rest.count("("):
            continue
        closer = "）" if match["open"] == "（" else ")"
        last = re.search(r"[\u4e00-\u9fff]{1,30}$", rest)
        found = last[0] if last else ""
        yield Repair(Span(end - len(found), end), found, found + closer, "补责任条款的右括号")


_DIGIT_LINE = re.compile(r"(?:(?<=\n)|\A)[ \t　]*(?P<year>(?:19|20)\d{2})(?P<rest>\d{2,4})[ \t　]*(?=\n|\Z)")


def _digits_only_date(scene: Scene) -> Iterator[Repair]:
    """A line 202128 → 2021年2月8日 if that is the only date it can be."""
    for match in _DIGIT_LINE.finditer(scene.text):
        dates = possible_dates(match["year"], match["rest"])
        span = Span(match.start("year"), match.end("rest"))
        readings = "或".join(f"{one.year}年{one.month}月{one.day}日" for one in dates)
        if dates and _ends_a_division(scene, span):
            certainty = Certainty.SURE if len(dates) == 1 else Certainty.PROBABLE
            yield Repair(span, span.of(scene.text), readings, "补日期中的年月日", certainty)


def _ends_a_division(scene: Scene, span: Span) -> bool:
    return any(one.division.signature and one.division.signature.date.overlaps(span) for one in scene.texts)


_GOAL = re.compile(r"(?:目标)[^\n。]{0,6}\n\s*(?P<year>20\d{2}年)[，,](?!以来|我)")


def _until(scene: Scene) -> Iterator[Repair]:
    """2025年, at the start of the goals was probably 到2025年,."""
    for match in _GOAL.finditer(scene.text):
        year = match["year"]
        yield Repair(Span(*match.span("year")), year, f"到{year}", "目标年份前疑缺“到”字", Certainty.PROBABLE)


Rule = Callable[[Scene], Iterator[Repair]]
RULES: tuple[Rule, ...] = (
    _addressee_colon,
    _number_bracket,
    _lost_separator,
    _responsibility_bracket,
    _digits_only_date,
    _until,
)
