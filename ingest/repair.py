"""Damaged official text → repairs: where a character was lost and what it must have been.

Web pages lose text nodes of exactly one character that stand between runs: 年, 月, 〕, 、, a closing bracket, a final
colon. A repair is sure only where one reading is possible; everything else is flagged as probable or left alone.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.dates import possible_dates
from ingest.document import Certainty, Repair, Span, Unit
from ingest.texts import NumberedText


@dataclass(frozen=True)
class Scene:
    """What the rules look at: the text, the texts in it, and the units of each responsibility."""

    text: str
    texts: tuple[NumberedText, ...]
    unit_lists: tuple[tuple[Unit, ...], ...] = ()


def repairs(scene: Scene) -> tuple[Repair, ...]:
    """Every repair in text order; none overlap."""
    found = sorted((repair for rule in RULES for repair in rule(scene)), key=lambda repair: repair.span)
    kept: list[Repair] = []
    for repair in found:
        if kept and repair.span.start < kept[-1].span.end:
            if repair.span.end < kept[-1].span.end or not repair.repaired.startswith(repair.found):
                continue
            appended = repair.repaired.removeprefix(repair.found)  # what follows a place that is mended already
            repair = replace(repair, span=Span(repair.span.end, repair.span.end), found="", repaired=appended)
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
        half, full = (
            text.count(":", 0, 3000) + text.count(",", 0, 3000),
            text.count("：", 0, 3000) + text.count("，", 0, 3000),
        )
        colon = ":" if half > full else "："
        yield Repair(Span(span.end - len(found), span.end), found, found + colon, "补主送机关后的冒号")


_REASON = re.compile(r"\s*\n\s*(?:为|根据|按照|现将|现就|经|近年|依据|遵照|《)")
_NUMBERED = re.compile(
    r"(?<=[\u4e00-\u9fff])(?:"
    r"(?P<opened>[〔\[﹝［【（(])(?P<year>(?:19|20)\d{2})(?P<rest>\d{1,4}\s?号)"
    r"|(?P<bare>(?:19|20)\d{2})(?P<closed>[〕\]﹞］】])\s?第?\d{1,5}\s?号)"
)
_CLOSERS = {"〔": "〕", "[": "]", "﹝": "﹞", "［": "］", "【": "】", "（": "）", "(": ")"}
_OPENERS = {closer: opener for opener, closer in _CLOSERS.items()}


def _number_bracket(scene: Scene) -> Iterator[Repair]:
    """〔202012号 → 〔2020〕12号 and 发2020〕12号 → 发〔2020〕12号: a year has four digits."""
    for match in _NUMBERED.finditer(scene.text):
        if match["opened"]:
            repaired = f"{match['opened']}{match['year']}{_CLOSERS[match['opened']]}{match['rest']}"
        else:
            repaired = f"{_OPENERS[match['closed']]}{match[0]}"
        yield Repair(Span(*match.span()), match[0], repaired, "补文号中的括号")


def _lost_separator(scene: Scene) -> Iterator[Repair]:
    """市商务局市市场监管局 → 市商务局、市市场监管局: two units of one list, written without anything between them."""
    written = Counter(unit.name for units in scene.unit_lists for unit in units)
    for units in scene.unit_lists:
        names = [unit.span for unit in units if unit.span and _stands_written(scene.text, unit.span, unit.name)]
        for run in _touching(names):
            if any(_LOCAL_OFFICE.match(scene.text, name.start, run[-1].end) for name in run):
                continue
            found = scene.text[run[0].start : run[-1].end]
            repaired = "、".join(name.of(scene.text) for name in run)
            doubtful = any(written[one.of(scene.text)] == 1 and _TWO_NAMES.match(one.of(scene.text)) for one in run)
            certainty = Certainty.PROBABLE if doubtful else Certainty.SURE
            yield Repair(Span(run[0].start, run[-1].end), found, repaired, "补责任单位之间的顿号", certainty)


# 国家税务总局河北省税务局 is the name of one body
_LOCAL_OFFICE = re.compile(
    r"(?:国家税务总局|中国人民银行|国家统计局|国家[\u4e00-\u9fff]{2,6}总?局)[\u4e00-\u9fff]{2,8}?(?:省|市|自治区)?[\u4e00-\u9fff]{0,3}(?:税务局|分行|支行|调查总队|监管局|管理局)"
)


# may be two names itself, so that one more separator is missing than was found
_TWO_NAMES = re.compile(
    r"[\u4e00-\u9fff]{2,}(?:[部局厅署支]|办(?!公))(?:[\u4e00-\u9fff]{2,}(?:[部局厅委署办会院行室司社]|政府|中心)$|各)"
)


def _stands_written(text: str, span: Span, name: str) -> bool:
    """A name as written, not one completed from its neighbour, nor the second half of 单位和各级政府."""
    return span.of(text) == name and name[0] not in "和及与等或"


def _touching(names: Sequence[Span]) -> Iterator[list[Span]]:
    """Runs of two or more spans that follow each other directly."""
    run: list[Span] = []
    for name in [*names, None]:
        if name and run and run[-1].end == name.start:
            run.append(name)
            continue
        if len(run) > 1:
            yield run
        run = [name] if name else []


_LABEL = r"(?:责任|牵头|配合|负责|主办|承办|实施|落实|参与|参加)(?:单位|部门|处室|主体|领导)"
_OPENED = re.compile(rf"(?P<open>[（(])(?P<rest>{_LABEL}[:：][^\n]{{2,300}})(?=\n|\Z)")
_CLOSED = re.compile(rf"(?<=。)(?={_LABEL}[:：][^\n（(。]{{2,200}}(?P<close>[）)])[ 　]*(?:\n|\Z))")


def _responsibility_bracket(scene: Scene) -> Iterator[Repair]:
    """（责任单位：… at the end of its paragraph → …）, and 。责任单位：…） → 。（责任单位：…）."""
    last_names = {units[-1].span.end: units[-1].span.start for units in scene.unit_lists if units and units[-1].span}
    for match in _OPENED.finditer(scene.text):
        rest = match["rest"].rstrip()
        if _balance(rest) == 0 and rest[-1] not in "。；，、：:;,）)":
            end = match.start("rest") + len(rest)
            found = scene.text[last_names.get(end, end - 1) : end]
            closer = _CLOSERS[match["open"]]
            yield Repair(Span(end - len(found), end), found, found + closer, "补责任条款的括号")
    for match in _CLOSED.finditer(scene.text):
        paragraph = scene.text[scene.text.rfind("\n", 0, match.start()) + 1 : match.end("close")]
        if _balance(paragraph) == -1:
            yield Repair(Span(*match.span()), "", _OPENERS[match["close"]], "补责任条款的括号")


def _balance(text: str) -> int:
    """Brackets opened and not closed."""
    return text.count("（") + text.count("(") - text.count("）") - text.count(")")


_DIGIT_LINE = re.compile(r"(?:(?<=\n)|\A)[ \t　]*(?P<year>(?:19|20)\d{2})(?P<rest>\d{2,4})[ \t　]*(?=\n|\Z)")


def _digits_only_date(scene: Scene) -> Iterator[Repair]:
    """A line 202128 → 2021年2月8日 if that is the only date it can be."""
    for match in _DIGIT_LINE.finditer(scene.text):
        dates = possible_dates(match["year"], match["rest"])
        span = Span(match.start("year"), match.end("rest"))
        readings = "或".join(f"{match['year']}年{one.month}月{one.day}日" for one in dates)
        if dates and _ends_a_division(scene, span):
            certainty = Certainty.SURE if len(dates) == 1 else Certainty.PROBABLE
            yield Repair(span, span.of(scene.text), readings, _DATE_RULE, certainty)


def _ends_a_division(scene: Scene, span: Span) -> bool:
    return any(one.division.signature and one.division.signature.date.overlaps(span) for one in scene.texts)


_RUN_TOGETHER = re.compile(r"\d{3}日|(?:19|20)\d\d年\d\d日|\d{5}月")
"""Without any of these, as nearly always, nothing of what follows can stand there."""
_YEAR = r"(?<!\d)(?P<year>(?:19|20)\d{2})"
_DAY_AFTER_YEAR = re.compile(rf"{_YEAR}年?(?P<rest>\d{{2,4}})日")
_MONTH_AFTER_YEAR = re.compile(rf"{_YEAR}(?P<month>1[0-2]|[1-9])月")
_DAY_ALONE = re.compile(
    r"(?P<before>[自于从至到]|截[至止])?(?<![\d年月.．第\-—])(?P<rest>\d{3,4})日(?P<after>起|印发|发布|公布|召开|举行|上午|下午|晚|电|讯|（|\()?"
)


def _dates_in_text(scene: Scene) -> Iterator[Repair]:
    """201711日 → 2017年1月1日, 2017年628日 → 2017年6月28日, 20176月 → 2017年6月, 自628日起 → 自6月28日起."""
    if not _RUN_TOGETHER.search(scene.text):
        return
    for match in _DAY_AFTER_YEAR.finditer(scene.text):
        dates = possible_dates(match["year"], match["rest"])
        if dates:
            yield _date_repair(match, [f"{match['year']}年{one.month}月{one.day}日" for one in dates])
    for match in _MONTH_AFTER_YEAR.finditer(scene.text):
        yield _date_repair(match, [f"{match['year']}年{match['month']}月"])
    for match in _DAY_ALONE.finditer(scene.text):
        dates = possible_dates("2024", match["rest"])  # a leap year: every day that can exist
        if not dates or match["rest"].endswith("0"):  # 120日, 210日 are terms
            continue
        readings = [f"{one.month}月{one.day}日" for one in dates]
        certainty = Certainty.SURE if len(dates) == 1 and match["before"] and match["after"] else Certainty.PROBABLE
        start = match.start("rest")
        found = scene.text[start : match.end("rest") + 1]
        yield Repair(Span(start, start + len(found)), found, "或".join(readings), _DATE_RULE, certainty)


_DATE_RULE = "补日期中的年月日"


def _date_repair(match: re.Match[str], readings: Sequence[str]) -> Repair:
    certainty = Certainty.SURE if len(readings) == 1 else Certainty.PROBABLE
    return Repair(Span(*match.span()), match[0], "或".join(readings), _DATE_RULE, certainty)


_YEARS_RUN_TOGETHER = re.compile(r"(?<!\d)(?P<first>20\d{2})(?P<second>20\d{2})年")


def _year_range(scene: Scene) -> Iterator[Repair]:
    """20212025年 → 2021—2025年; which sign joined the years cannot be known."""
    for match in _YEARS_RUN_TOGETHER.finditer(scene.text):
        if 0 < int(match["second"]) - int(match["first"]) <= 15:
            repaired = f"{match['first']}—{match['second']}年"
            yield Repair(Span(*match.span()), match[0], repaired, "补年份之间的连接号", Certainty.PROBABLE)


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
    _dates_in_text,
    _year_range,
    _until,
)
