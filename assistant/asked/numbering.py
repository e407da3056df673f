"""Clause numbers in every way people write them, and the clauses they mean.

``references(text)`` reads 第7条, 任务十二, 工作任务第15点, 倒数第二项, 三(二)5, 第四部分(一), 保障措施第2条, 前三项, 第3到5项;
``resolve(reference, document)`` finds the clauses, or none when the document has no such number.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.document import Clause, Document, Part
from ingest.fold import chinese_number, fold_text

_DIGIT = "[一二三四五六七八九壹贰叁肆伍陆柒捌玖]"
NUMERAL = (
    rf"(?:\d{{1,3}}|(?:{_DIGIT}?百[零〇]?)?(?:{_DIGIT}?[十拾]|廿){_DIGIT}?|{_DIGIT}?百(?:[零〇]?{_DIGIT})?"
    rf"|{_DIGIT}[零〇一二三四五六七八九]?|[零〇]{_DIGIT}?|两)"
)
"""A number as it is written, and no more of the text: 第八、第九两条 ends with 九."""
# 第2号观测站 is a place and 第3号公告 a paper, no task
_NUMBERED_THING = (
    r"(?:文(?!件)|令|(?!针对|涉及|支持|关于|对口|主管|属于|相关|有关)[^的是归由讲说有要谁哪什怎责负牵规内写做干和原条部、\W]{0,4}"
    r"(?:站|楼|线|院|门|馆|厂|机|井|桥|路|仓|库|园|船|炉|坝|岸|塔|泵|闸|矿|港|航班|公告|地块|工程|标段))"
)
UNIT = rf"(?:大项|小项|项|条|点|款|号任务|个任务|号(?!{_NUMBERED_THING})|任务|个(?=$|[\s,。?的归是由谁讲说写叫呢跟和与同、那这里有在哪怎什责找下]|都|任务))"


@dataclass(frozen=True)
class Reference:
    """A number as asked for. ``style``: task, section, tail (counted from the end), title (a heading's name, then a clause
    below it) or part (a heading's name, then the section below it)."""

    style: str
    numbers: tuple[int, ...] = ()
    section: tuple[str, ...] = ()
    title: str = ""
    written: str = ""


def references(text: str, titles: Sequence[str] = ()) -> tuple[Reference, ...]:
    """Every clause number in folded ``text``, in order of appearance; ``titles`` are headings that may carry a number."""
    found: list[tuple[int, int, Reference]] = []
    for pattern, build in (*_titled(titles), *_PATTERNS):
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end, _ in found):
                continue
            reference = build(match)
            if reference is not None:
                found.append((match.start(), match.end(), reference))
    return tuple(reference for _, _, reference in sorted(found, key=lambda item: item[0]))


def resolve(reference: Reference, document: Document) -> tuple[Clause, ...]:
    """The clauses that the reference means in this document; empty when there is none."""
    return _RESOLVERS[reference.style](reference, document)


def extent_end(document: Document, clause: Clause) -> int:
    """Where the clause with everything below it ends."""
    end = clause.span.end
    for other in document.clauses:
        if other.span.start >= clause.span.end and is_below(document, other, clause):
            end = max(end, other.span.end)
    return end


def children(document: Document, clause: Clause) -> list[Clause]:
    """The clauses directly below."""
    below = [other for other in document.clauses if other.id != clause.id and is_below(document, other, clause)]
    depth = min((len(other.path) for other in below), default=0)
    return [other for other in below if len(other.path) == depth]


def is_below(document: Document, clause: Clause, parent: Clause) -> bool:
    """Whether ``clause`` stands under the heading ``parent``."""
    return len(clause.path) > len(parent.path) and clause.path[: len(parent.path) + 1] == (
        *parent.path,
        heading(document, parent),
    )


def heading(document: Document, clause: Clause) -> str:
    """The clause's heading as its children's path holds it."""
    candidates = {other.path[len(clause.path)] for other in document.clauses if len(other.path) > len(clause.path)}
    own = fold_text(document.quote(clause))
    return next((name for name in candidates if own.startswith(fold_text(name))), "")


def numbered(document: Document) -> list[Clause]:
    """The clauses that 第3项 counts: the running numbering; where there is none, the items among which units are named."""
    if document.tasks():
        return list(document.tasks())
    headings = {clause.path for clause in document.clauses if clause.path and document.units_of(clause)}
    return [clause for clause in document.clauses if clause.path in headings and clause.part is Part.ITEM]


def _numbers(match: re.Match[str]) -> tuple[int, ...]:
    values = [chinese_number(group) for group in match.groups() if group]
    return tuple(value for value in values if value is not None)


def _single(match: re.Match[str]) -> Reference | None:
    numbers = _numbers(match)
    return Reference("task", numbers[:1], written=match.group(0)) if numbers else None


def _several(match: re.Match[str]) -> Reference | None:
    numbers = [chinese_number(part) for part in re.findall(NUMERAL, match.group(0))]
    known = tuple(number for number in numbers if number)
    return Reference("task", known, written=match.group(0)) if len(known) > 1 else None


def _side_by_side(match: re.Match[str]) -> Reference | None:
    """第二三项 names two; 第一五项 is no row and left to the other patterns."""
    numbers = tuple(chinese_number(digit) or 0 for digit in match.group(1))
    is_row = all(later == number + 1 for number, later in pairwise(numbers))
    return Reference("task", numbers, written=match.group(0)) if is_row else None


_ROMAN = {"i": 1, "v": 5, "x": 10}


def _roman(match: re.Match[str]) -> Reference | None:
    """任务Ⅳ, folded to 任务iv."""
    values = [_ROMAN[letter] for letter in match.group(1)]
    number = sum(-each if each < after else each for each, after in zip(values, [*values[1:], 0], strict=True))
    return Reference("task", (number,), written=match.group(0)) if number > 0 else None


def _range(match: re.Match[str]) -> Reference | None:
    numbers = _numbers(match)
    if len(numbers) != 2 or not numbers[0] < numbers[1] <= numbers[0] + 100:
        return None
    return Reference("task", tuple(range(numbers[0], numbers[1] + 1)), written=match.group(0))


def _onwards(match: re.Match[str]) -> Reference | None:
    """第13项到最后, 从第13项往后: as far as the tasks go."""
    numbers = _numbers(match)
    return Reference("task", tuple(range(numbers[0], 100)), written=match.group(0)) if numbers else None


def _first(match: re.Match[str]) -> Reference | None:
    numbers = _numbers(match)
    return Reference("task", tuple(range(1, min(numbers[0], 100) + 1)), written=match.group(0)) if numbers else None


def _from_end(match: re.Match[str]) -> Reference | None:
    numbers = _numbers(match) or (1,)
    return Reference("tail", numbers[:1], written=match.group(0))


def _last_several(match: re.Match[str]) -> Reference | None:
    numbers = _numbers(match)
    return Reference("tail", tuple(range(min(numbers[0], 100), 0, -1)), written=match.group(0)) if numbers else None


_DIGITS = "零一二三四五六七八九十"


def _chinese(number: int) -> str:
    if number <= 10:
        return _DIGITS[number]
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def _section(match: re.Match[str]) -> Reference | None:
    first, second, third = (match.groupdict().get(name) for name in ("first", "second", "third"))
    values = [chinese_number(part) for part in (first, second) if part]
    if not values or any(value is None or value > 60 for value in values):
        return None
    section = tuple(_chinese(value) for value in values if value)
    number = chinese_number(third) if third else None
    return Reference("section", (number,) if number else (), section, written=match.group(0))


def _last_of_section(match: re.Match[str]) -> Reference | None:
    value = chinese_number(match.group(1))
    return Reference("section", (-1,), (_chinese(value),), written=match.group(0)) if value and value <= 60 else None


def _group(match: re.Match[str]) -> Reference | None:
    value = chinese_number(match.group(1))
    return Reference("group", section=(_chinese(value),), written=match.group(0)) if value and value <= 60 else None


def _in_group(match: re.Match[str]) -> Reference | None:
    """第(二)大类的第三个: the place inside a group of tasks."""
    group, place = (chinese_number(part) for part in match.groups())
    if not group or not place or group > 60:
        return None
    return Reference("group", (place,), (_chinese(group),), written=match.group(0))


_JOIN = r"\s*[、,和与及跟]\s*"
_PATTERNS = (
    (
        re.compile(
            rf"第({NUMERAL})个?(?:大?部分|章|板块|大类|大?块)[的里中下面]{{0,3}}(?:最后|最末|末尾?)(?:一|1)?(?:个|项|条|点)"
        ),
        _last_of_section,
    ),
    (
        re.compile(
            rf"(?:第)?(?P<first>[一二三四五六七八九十]{{1,3}}|(?<![\d.〔])\d{{1,2}}(?=\s*\(\d{{1,2}}\)))\s*[、.之的/-]?\s*\((?P<second>{NUMERAL})\)\s*[、.之/-]?\s*(?!一共|一起|一并|一同|一样)(?:(?:里头|里面|下面|[的里中下])*第)?(?P<third>{NUMERAL})?个?(?:项|条|点|款)?"
        ),
        _section,
    ),
    (
        re.compile(
            rf"第(?P<first>{NUMERAL})(?:个)?(?:大?部分|章|大点|大段|板块|大类|大?块)(?:的)?(?:里|中|下)?(?:第?\(?(?P<second>{NUMERAL})\)?(?:小?节|小?点|小?部分|小?项|条|款|段|块|组|方面)?(?:的|下面|下|里面|里|中)*(?:\s*(?:第|(?<=\)))(?P<third>{NUMERAL})个?(?:项|条|点|款|$))?)?"
        ),
        _section,
    ),
    (
        re.compile(
            rf"第?\(?({NUMERAL})\)?个?(?:大类|大项|大方面|方面|大组|组)(?:任务)?(?:的|里|中|下|面)*第\(?({NUMERAL})\)?个?(?:小?项|条|点|款|小?任务)"
        ),
        _in_group,
    ),
    (re.compile(rf"第?\((?P<only>{NUMERAL})\)(?:组|部分|节|类|方面)?"), _group),
    (
        re.compile(
            rf"从?第?({NUMERAL})(?:项|条|点)?\s*(?:到|至|-|~|—)(?:最后|末尾?)(?:一|1)?(?:个|项|条|点)?|从?第({NUMERAL})(?:项|条|点)(?:往后|以后|之后|起|开始)"
        ),
        _onwards,
    ),
    (re.compile(rf"倒数第({NUMERAL})(?:个|{UNIT})?"), _from_end),
    (
        re.compile(
            r"(?<!单位[里中的])(?<!部门[里中的])(?:最后|最末|末尾|末了|压轴)(?:面|头)?(?:的)?(?:那|这)?(?:一|1)?(?:个|项|条|点)(?:工作)?(?:任务)?"
        ),
        _from_end,
    ),
    (re.compile(rf"(?:最后|后)的?({NUMERAL})(?:项|条|点|个任务)"), _last_several),
    (re.compile(rf"[前头](?!一)({NUMERAL})(?:项|条|点|个任务)"), _first),
    (re.compile(rf"第?({NUMERAL})(?:项|条|点)?\s*(?:到|至|-|~|—)\s*第?({NUMERAL})(?:项|条|点|个任务)"), _range),
    (
        re.compile(
            rf"(?:第|任务)({NUMERAL})(?:项|条|点)?\s*(?:到|至|-|~|—)\s*(?:第|任务)?({NUMERAL})(?![\d年月日号家个万亿%])"
        ),
        _range,
    ),
    (
        re.compile(
            rf"(?:任务|第){NUMERAL}(?:项|条|点)?(?:{_JOIN}(?:任务|第)?{NUMERAL}(?:项|条|点)?)+(?=项|条|点|[^年月日号]|$)"
        ),
        _several,
    ),
    (re.compile(rf"(?<![\d第]){NUMERAL}(?:{_JOIN}{NUMERAL})+(?:项|条|点)(?!目)"), _several),
    (
        re.compile(
            rf"^\s*{NUMERAL}(?:{_JOIN}{NUMERAL})+(?=\s*(?:这|那|的|有|都|归|找|各|分别|一样|相同|谁|哪|责任|单位|$))"
        ),
        _several,
    ),
    (re.compile(rf"第({_DIGIT}{{2,4}})(?:项|条|点|个任务)"), _side_by_side),
    (re.compile(r"(?:任务|第)\s*([ivx]{1,5})(?![a-z])\s*(?:项|条|点)?"), _roman),
    (re.compile(rf"第\s*({NUMERAL})\s*{UNIT}"), _single),
    (
        re.compile(
            rf"任务\s*第?({NUMERAL})(?!\d|个|家|年|项目|条线|方面|共|起|些|下|样|直|定|并|律|般|次)(?:项|条|点)?"
        ),
        _single,
    ),
    (re.compile(rf"({NUMERAL})号(?:任务|条款|项)"), _single),
    (re.compile(rf"(?:序号|编号|号码)(?:为|是|:)?\s*({NUMERAL})(?!\d)号?的?"), _single),
    (re.compile(rf"(?<![量数多少家])排(?:在)?第({NUMERAL})(?:位|个)?的(?:那)?(?:一)?(?:项|条|个?任务|措施)"), _single),
    (re.compile(rf"(?:^|[\s,。?、和与跟及])({NUMERAL})\s*[这那](?:一)?(?:个任务|项|条|点|款)"), _single),
    (re.compile(r"(?:no|task|item|n0|#)\s*[.:]?\s*(\d{1,3})(?![\d年%])"), _single),
    (re.compile(r"^\s*(\d{1,3})\s*(?:项|条|点|号)?(?=\s|$|是|的|谁|哪|责)"), _single),
    (re.compile(rf"^\s*(?!两)({NUMERAL})\s*(?:条|点)"), _single),
    (re.compile(r"(?<![\d年月.])(\d{1,3})\s*(?:条|点)(?=[\s谁责归找管哪是的]|$)"), _single),
    (re.compile(r"第\s*(\d{1,3})(?=$|[\s?谁责归找管哪])"), _single),
    (re.compile(rf"^那?(?:第|(?=\S{{1,3}}呢))({NUMERAL})(?=呢?[?。!\s]*$)"), _single),
)

_NAMED_PARTS = (
    (re.compile(r"序言|前言|引言|开头(?:一|那)?段|开篇|导语"), "序言"),
    (
        re.compile(
            r"结语|收尾(?!款|工作|阶段)|文末|文尾|末段|落款(?:之?前|上面)|结尾(?:一|那|部分)?段?|(?:文件|意见|全文)(?:的)?最后(?:一?段|部分)?(?=对|还|提|要|说|讲|$)|最后一?(?:段|部分)|末尾|结束语"
        ),
        "结语",
    ),
    (re.compile(r"(?:落款|署名)(?!之?前|上面|以前)|签发处"), "落款"),
    (re.compile(r"抬头|称谓|主送(?:单位|机关)"), "抬头"),
)


def _titled(titles: Sequence[str]):  # type: ignore[no-untyped-def]
    """Patterns for a heading's name with a number behind it: 保障措施第二条, 保障措施(二)."""
    rows = []
    for title in sorted({fold_text(title) for title in titles if 2 <= len(title) <= 20}, key=len, reverse=True):
        pattern = re.compile(
            rf"{re.escape(title)}(?:部分|里|中)?(?:的)?\s*第?\(?({NUMERAL})\)?(?P<part>小?节|小?部分|方面|大?类|板块|组)(?!(?:任务|[的里中下面])*第)"
            rf"|{re.escape(title)}(?:部分|里|中)?(?:的)?\s*(?:第|\(|(?={NUMERAL}(?:条|点|款)?[\s,。?]*$))\s*({NUMERAL})\s*\)?(?:条|项|点|款|个)?"
            rf"|{re.escape(title)}(?:[^。?!]{{0,14}}?(?:最后一|末)|[^。?!第(]{{0,14}}?第({NUMERAL}))(?:条|项|点|款)"
        )

        def build(match: re.Match[str], title: str = title) -> Reference | None:
            written = match.group(1) or match.group(3) or match.group(4)
            number = chinese_number(written) if written else -1
            style = "part" if match["part"] else "title"
            return Reference(style, (number,), title=title, written=match.group(0)) if number else None

        rows.append((pattern, build))
    return rows


def named_parts(text: str) -> tuple[str, ...]:
    """序言, 结语, 落款 and 抬头 when the question names them."""
    return tuple(label for pattern, label in _NAMED_PARTS if pattern.search(text))


def part_start(text: str) -> int:
    """Where the first of these parts is named; -1 where none is."""
    return min((found.start() for pattern, _ in _NAMED_PARTS if (found := pattern.search(text))), default=-1)


def _tasks(reference: Reference, document: Document) -> tuple[Clause, ...]:
    """By the running numbering; else 第3条 as the document writes it, the item that bears the number, or the section."""
    wanted = set(reference.numbers)
    if document.tasks():
        return tuple(clause for clause in document.tasks() if clause.task in wanted)
    names = {_chinese(number) for number in wanted if 0 < number <= 99}
    articles = [clause for clause in document.clauses if clause.label in {f"第{name}条" for name in names}]
    items = [clause for clause in numbered(document) if clause.label.endswith(tuple(f"({name})" for name in names))]
    if articles or items or numbered(document):
        return tuple(articles or items)
    return tuple(clause for clause in document.clauses if clause.section in names and clause.part is Part.SECTION)


def _from_tail(reference: Reference, document: Document) -> tuple[Clause, ...]:
    counted = numbered(document) or [clause for clause in document.clauses if clause.part in (Part.ITEM, Part.SECTION)]
    return tuple(counted[-number] for number in reference.numbers if 0 < number <= len(counted))


def _by_section(reference: Reference, document: Document) -> tuple[Clause, ...]:
    label = reference.section[0] + "".join(f"({part})" for part in reference.section[1:])
    parent = next((clause for clause in document.clauses if clause.label == label), None)
    if parent is None and len(reference.section) == 2:
        top = next((clause for clause in document.clauses if clause.label == reference.section[0]), None)
        below = children(document, top) if top else []
        index = _DIGITS.find(reference.section[1])
        parent = below[index - 1] if 0 < index <= len(below) else None
    if parent is None or not reference.numbers:
        return (parent,) if parent else ()
    return _inside(reference.numbers[0], document, parent)


def _inside(number: int, document: Document, parent: Clause) -> tuple[Clause, ...]:
    """The clause numbered so under a heading, or the nth one there; -1 is the last."""
    below = children(document, parent)
    if number < 0:
        running = [clause for clause in document.tasks() if is_below(document, clause, parent)]
        return tuple((running or below)[-1:])
    exact = [clause for clause in below if clause.task == number or clause.label.endswith(f"){number}")]
    return tuple(exact or below[number - 1 : number])


def _by_group(reference: Reference, document: Document) -> tuple[Clause, ...]:
    """(二) alone: every clause of that number; the one that holds tasks comes first."""
    tail = f"({reference.section[0]})"
    found = [clause for clause in document.clauses if clause.label.endswith(tail)]
    found.sort(key=lambda clause: not children(document, clause))
    return _inside(reference.numbers[0], document, found[0]) if found and reference.numbers else tuple(found)


def _by_title(reference: Reference, document: Document) -> tuple[Clause, ...]:
    parent = next((clause for clause in document.clauses if fold_text(clause.title) == reference.title), None)
    if parent is None:
        return ()
    below = children(document, parent)
    number = reference.numbers[0]
    running = [clause for clause in document.tasks() if is_below(document, clause, parent)]
    if number < 0:
        return tuple((running or below)[-1:])
    return tuple(clause for clause in running if clause.task == number) or tuple(below[number - 1 : number])


def _part_by_title(reference: Reference, document: Document) -> tuple[Clause, ...]:
    """工作任务第三节: what stands directly below the heading, whatever number runs through the tasks."""
    parent = next((clause for clause in document.clauses if fold_text(clause.title) == reference.title), None)
    number = reference.numbers[0]
    return tuple(children(document, parent)[number - 1 : number]) if parent and number > 0 else ()


_RESOLVERS = {
    "task": _tasks,
    "tail": _from_tail,
    "section": _by_section,
    "group": _by_group,
    "title": _by_title,
    "part": _part_by_title,
}
