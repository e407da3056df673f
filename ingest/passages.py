"""Where a responsibility clause may stand in a text: brackets, labelled lines, sentences that say nothing else."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from ingest.document import Span
from ingest.unit_grammar import ELIDED_LOCAL, PREFIXED, is_unit
from ingest.unit_words import ANCHOR, FOOTER, ITEM, LABEL_START, whole_words


def passages_in(spelled: str, *, lists: bool = False) -> "Iterator[Candidate]":
    """Candidates in plain text, best first where they overlap: closed brackets, labels without one, open brackets, sentences.

    ``lists``: the text says what its lists of units mean (首位单位为牵头单位), so a paragraph that is one counts too.
    """
    yield from _brackets(spelled)
    yield from _labelled(spelled)
    yield from _unclosed(spelled)
    yield from _sentences(spelled)
    if lists or "\n——" in spelled:
        yield from _list_paragraphs(spelled, dashes=not lists)


class Place(Enum):
    """Where a candidate stands decides how much its words must say."""

    BRACKET = auto()
    BARE_BRACKET = auto()
    LINE = auto()
    SENTENCE = auto()
    PARAGRAPH = auto()  # a sentence that is all of its paragraph
    LED = auto()  # such a paragraph that begins with 由
    LIST = auto()  # a paragraph of names alone
    STATED = auto()  # what stands behind 本项工作由 … at the start of a paragraph


@dataclass(frozen=True)
class Candidate:
    """``span`` with brackets, ``inner`` without; ``ends`` are the places where an open list may stop, longest first.

    ``official``: the label may also head whom a measure or a reproof is for (实施主体：园区), so a body of the state must follow.
    """

    place: Place
    span: Span
    inner: Span
    ends: tuple[int, ...] = ()
    official: bool = False


_HEADING = r"\d{1,2}[.、．]|[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十\d]{1,3}\)|第[一二三四五六七八九十百\d]{1,4}[章节条]"
_RUN = rf"(?:[^()\n]|\n(?![ ]*(?:\n|{_HEADING}))|\n{{1,2}}(?=[ ]*(?:[、,;)]|(?:牵头|责任|配合)(?:单位|部门)))|(?<=[一-鿿])\n\n(?! *{_HEADING})(?=[^()\n。:]{{1,80}}\)))"
_NESTED = rf"\((?:{_RUN}|\([^()\n]{{0,80}}+\)){{0,200}}+\)"
# 各县(市、区)政府 whose outer bracket closes twice or whose inner one closes too often is still one clause
_BRACKET = re.compile(
    rf"\(({_RUN}{{0,500}}+(?:{_NESTED}{_RUN}{{0,500}}+){{0,12}}+)\)(?P<more>(?:人民)?政府[^()\n。]{{0,80}}\))?"
)
_CUE = re.compile(
    r"负责|牵头|落实|配合|参与|参加|协助|协办|责任|单位:|部门:|主办|承办|实施|推进|协同|协作|各负其责|指导|持续推进|长期|完成|[年月]底?前"
)
_NAMES_ONLY = re.compile(
    r"[^。:\d]{2,400}(?:[局厅委部办府会院校行关队司心联协处团所企馆台站市县区州镇]|单位|部门|机构|组织|企业|街道|等)(?:\([^()]{1,20}\))?\s*$"
)
_AT_END = re.compile(r"[。;,.]?\s*(?:\n|$)|[。;]|\s|(?:" + _HEADING + ")")
_STARTS_AFTER = "。;!！?？”》)：: \n"


def _brackets(spelled: str) -> Iterator[Candidate]:
    for match in _BRACKET.finditer(spelled):
        inner = Span(match.start(1), match.end() - 1 if match["more"] else match.end(1))
        if _CUE.search(whole_words(match[0])):
            yield Candidate(Place.BRACKET, Span(*match.span()), inner)
        elif _NAMES_ONLY.match(match[1]) and _ends_a_clause(spelled, match.start(), match.end()):
            yield Candidate(Place.BARE_BRACKET, Span(*match.span()), inner)


def _ends_a_clause(spelled: str, start: int, end: int) -> bool:
    """A list alone counts behind a finished sentence or a numbered heading; within a sentence it may explain anything."""
    if not _AT_END.match(spelled, end):
        return False
    before = spelled[max(0, start - 3) : start].rstrip(" ")
    line = spelled[max(spelled.rfind("\n", 0, start) + 1, start - 60) : start]
    return (bool(before) and before[-1] in _STARTS_AFTER) or bool(_TITLE.match(line))


_TITLE = re.compile(rf" *(?:{_HEADING})[^。;]*$")


_LINE = re.compile(r"[^\n]{0,700}")
_NEXT_LINE = re.compile(rf"\s{{1,6}}(?={LABEL_START})|\n{ITEM}(?={LABEL_START})")
_SEPARATORS = ("、", ",")
_WRAPPED = re.compile(r"[、,:及和与]$")
_NAMES_ALONE = re.compile(r"\n{1,2}[ ]*([^\n。:;()]{3,40})(?=\n|$)")
_MOST_LINES = 12
_ENDS_IN_VERB = re.compile(
    r"\n[一-鿿][一-鿿、,]{1,40}(?:牵头|负责|配合|落实|参与)[。;]?(?=\n|$)"
)  # 县直各行政⏎执法单位配合
_INDENTED = re.compile(r"\n {2,}([^\n。:;()]{3,80})(?=\n|$)")
_LAST_NAME = re.compile(r"[^\n 、,;:。()]{1,12}$")
_FIRST_NAME = re.compile(r"\n[ ]*([^\n 、,;:。()]{1,12})")
_NEXT_HEADING = re.compile(rf"\s(?={_HEADING})|(?<=[一-鿿)])(?=(?:{_HEADING})[一-鿿])")
_STOP = re.compile(r"。|;(?= *\n)|[ \n]+")


def _labelled(spelled: str) -> Iterator[Candidate]:
    """Labels in no closed bracket: at the start of a line or a part of it, or behind a bracket that never closes."""
    last = -1
    for match in ANCHOR.finditer(spelled):
        start = _behind_item(spelled, match.start())
        if start < last or FOOTER.search(spelled, max(0, start - 80, spelled.rfind("\n\n", 0, start)), start):
            continue
        line = max(spelled.rfind("\n", 0, start) + 1, start - 80)
        opening = _open_bracket(spelled, line, start)
        before = spelled[line:start]
        if opening is None and before and _goes_on(before, match[0]):
            continue
        begin = start if opening is None else opening + 1
        end = _region_end(spelled, match.end())
        again = spelled.find(match[0], match.end(), end)  # the same label again begins another clause
        end = again if again >= 0 else end
        heading = _NEXT_HEADING.search(spelled, match.end(), end)
        end = heading.start() if heading else end
        stops = [stop.start() for stop in _STOP.finditer(spelled, match.end(), end)]
        last = match.end()
        yield Candidate(
            Place.LINE if opening is None else Place.BRACKET,
            Span(start if opening is None else opening, end),
            Span(begin, end),
            (end, *reversed(stops)),
            official=bool(_OF_ANYBODY.search(match[0])),
        )


def _goes_on(before: str, label: str) -> bool:
    """Whether the label is a part of the sentence before it: 由牵头单位：…, but not （五）保护古树　责任单位：…"""
    within = "一" <= before.rstrip(" ")[-1:] <= "鿿"
    return within and not (before.endswith(" ") and _WHOLE_LABEL.match(label))


_OF_ANYBODY = re.compile("^ *(?:牵头|责任)(?:单位|部门)$|实施主体")
_WHOLE_LABEL = re.compile("(?:牵头|责任|主责|负责|落实)(?:单位|部门|处室|科室):")
_ITEM = re.compile(ITEM)


def _behind_item(spelled: str, start: int) -> int:
    item = _ITEM.match(spelled, start)
    return item.end() if item else start


def _open_bracket(spelled: str, line: int, start: int) -> int | None:
    """The bracket before ``start`` in this line that is still open there."""
    depth = 0
    for at in range(start - 1, line - 1, -1):
        if spelled[at] == ")":
            depth += 1
        elif spelled[at] == "(":
            if not depth:
                return at
            depth -= 1
    return None


def _names_below(spelled: str, start: int) -> int:
    """Where the names end that stand line by line below a label at the end of its own line."""
    end = start
    for _ in range(_MOST_LINES):
        line = _NAMES_ALONE.match(spelled, end)
        if not line or not all(is_unit("".join(name.split())) for name in re.split("[、,]", line[1])):
            break
        end = line.end()
    return end


def _names_indented(spelled: str, end: int) -> int | None:
    """The end of the next line where it is indented and holds nothing but names."""
    line = _INDENTED.match(spelled, end)
    return line.end() if line and all(map(is_unit, re.split("[、, ]+", line[1].strip(" 、,")))) else None


def _torn(spelled: str, start: int, shown: int, end: int) -> bool:
    """Whether the line, without the blanks at its end, ends inside a name: 市人力资源和社⏎会保障局."""
    last, first = _LAST_NAME.search(spelled, max(start, shown - 12), shown), _FIRST_NAME.match(spelled, end)
    if not last or not first or not PREFIXED.match(last[0] + first[1]):
        return False
    return not is_unit(last[0]) or not (PREFIXED.match(first[1]) or ELIDED_LOCAL.match(first[1]))


def _region_end(spelled: str, start: int) -> int:
    """The end of the line, or of a later one where the list wraps or another label follows."""
    end = start
    for _ in range(5):
        match = _LINE.match(spelled, end)
        end = match.end() if match else end
        if end == start or spelled[max(0, end - 6) : end].rstrip(" *").endswith(":"):
            end = _names_below(spelled, end)
        following = _NEXT_LINE.match(spelled, end)
        next_char = spelled[end + 1 : end + 2]
        shown = len(spelled[start:end].rstrip(" ")) + start  # blanks also stand for a page number
        wrapped = _WRAPPED.search(spelled, max(start, shown - 1), shown) and next_char.strip()
        if following:
            end = following.end()
        elif indented := _names_indented(spelled, end):
            end = indented
        elif (
            wrapped
            or next_char in _SEPARATORS
            or _ENDS_IN_VERB.match(spelled, end)
            or _torn(spelled, start, shown, end)
        ):
            end += 1
        else:
            break
    return end


_UNCLOSED = re.compile(
    r"\((?P<inner>(?:[^()\n]|\([^()\n]{0,60}\)){4,400}(?:负责|落实|牵头|配合|参与|实施|下同)) *[。;]? *$", re.MULTILINE
)
_STATED = re.compile(
    r"(?:^|(?<=[。;])) *(?:本|此|该|上述|以上|这)(?:项|条|款|些)?(?:工作|任务|措施|事项|举措)(?:均|都|统一)?由(?P<inner>[^\n。!?:]{3,220})",
    re.MULTILINE,
)
_LAST_SENTENCE = re.compile(
    r"(?:^|(?<=[。;!?！？]))(?P<inner>[^\n。;!?:()]{2,40}(?:牵头|负责|局|委|厅|部|办|会|联|政府)[^\n。!?:]{0,200}?(?:牵头|负责|配合|落实|参与|参加|协助)(?:组织)?(?:实施|落实|推进)?)[。;]? *$",
    re.MULTILINE,
)


def _unclosed(spelled: str) -> Iterator[Candidate]:
    for match in _UNCLOSED.finditer(spelled):
        yield Candidate(Place.BRACKET, Span(match.start(), match.end("inner")), Span(*match.span("inner")))


def _sentences(spelled: str) -> Iterator[Candidate]:
    for match in _STATED.finditer(spelled):
        place = Place.STATED if _opens_a_line(spelled, match.start()) else Place.SENTENCE
        yield Candidate(place, Span(*match.span("inner")), Span(*match.span("inner")))
    for match in _LAST_SENTENCE.finditer(spelled):
        place = Place.PARAGRAPH if _opens_a_line(spelled, match.start()) else Place.SENTENCE
        if place is Place.PARAGRAPH and match["inner"].lstrip().startswith("由"):
            place = Place.LED
        yield Candidate(place, Span(*match.span("inner")), Span(*match.span("inner")))


def _opens_a_line(spelled: str, start: int) -> bool:
    return not spelled[max(0, start - 20) : start].rpartition("\n")[2].strip()


# the words above: a numbered heading, or a sentence that is finished
_TASK_ABOVE = re.compile(rf"\s*(?:(?:{_HEADING}).*|.*[。;])\s*$", re.DOTALL)
_LISTED_ABOVE = re.compile(r"以下|下列|如下|名单|出席|列席|参加|参会|组成|成员|抽调|表[扬彰]|通报|等次|(?:单位|部门)$")


def _below_a_task(spelled: str, start: int) -> bool:
    """Whether the line above tells a task, and not what the names are: 会议出席, 领导小组组成单位, 以下单位获优秀等次."""
    shown = len(spelled[max(0, start - _FAR) : start].rstrip()) + max(0, start - _FAR)
    line = spelled[max(spelled.rfind("\n", 0, shown) + 1, shown - _FAR) : shown]
    said = line.rstrip("。; ").rpartition("。")[2]
    return bool(_TASK_ABOVE.match(line)) and not _LISTED_ABOVE.search(said)


_FAR = 400
_LIST_PARAGRAPH = re.compile(
    r"^ *(?P<dash>—*) *(?P<inner>[^\s。:;()—][^\n。:;]{1,400}?[、,][^\n。:;]{2,400}?)[。;]? *$", re.MULTILINE
)


def _list_paragraphs(spelled: str, *, dashes: bool) -> Iterator[Candidate]:
    """Paragraphs of names; where the text says nothing about them, those set off by a dash: ——市水务局、市园林局."""
    for match in _LIST_PARAGRAPH.finditer(spelled):
        if (match["dash"] or not dashes) and _below_a_task(spelled, match.start()):
            yield Candidate(Place.LIST, Span(*match.span("inner")), Span(*match.span("inner")))
