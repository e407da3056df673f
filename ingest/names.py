"""A passage that lists units → the units, one by one, in the order in which they are written."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from ingest.document import Span
from ingest.segmentation import segment
from ingest.unit_grammar import (
    BARE_TAIL,
    BODY,
    COLLECTIVE,
    ELIDED_LOCAL,
    ELIDED_PARTY,
    ENDS,
    NATIONAL,
    PREFIXED,
    is_unit,
)
from ingest.unit_words import ALIAS, DEADLINE, HIDDEN, NOTE, STARS, UNIT_LABEL, plain, whole_words


def split_names(text: str, start: int, end: int) -> tuple[Span, ...]:
    """The unit names written in ``text[start:end]``, also where a separator was lost; empty if any part is no unit."""
    listed = read_list(Passage.of(text, start, end), start, end)
    return tuple(name.span for name in listed.names) if listed.sure else ()


@dataclass(frozen=True)
class Passage:
    """A stretch of a document: as written, in plain spelling, and with nested brackets hidden. Offsets are the document's."""

    text: str
    start: int
    plain: str
    hidden: str

    @classmethod
    def of(cls, text: str, start: int, end: int) -> "Passage":
        written = text[start:end]
        spelled = whole_words(plain(written))
        return cls(written, start, spelled, hide_brackets(spelled))

    def without(self, spans: Iterable[Span]) -> "Passage":
        """The same stretch with these parts, and nested brackets around them, blanked for whoever reads lists in it."""
        hidden = self.hidden
        for span in spans:
            start, end = span.start - self.start, span.end - self.start
            start = len(hidden[:start].rstrip(HIDDEN))
            end += len(hidden[end:]) - len(hidden[end:].lstrip(HIDDEN))
            hidden = hidden[:start] + " " * (end - start) + hidden[end:]
        return replace(self, hidden=hidden)

    def written(self, start: int, end: int) -> str:
        return self.text[start - self.start : end - self.start]

    def masked(self, start: int, end: int) -> str:
        return self.hidden[start - self.start : end - self.start]


@dataclass(frozen=True)
class Name:
    """One listed unit; ``by`` is the separator before it, ``remark`` what a bracket behind it says (牵头), or its star."""

    span: Span
    name: str
    by: str = "、"
    remark: str = ""

    @property
    def collective(self) -> bool:
        return bool(COLLECTIVE.search(self.name))


@dataclass(frozen=True)
class NameList:
    """What a list holds: units, remarks that are no units, whether every piece can only be a unit, or at least may be one."""

    names: tuple[Name, ...] = ()
    notes: tuple[str, ...] = ()
    deadlines: tuple[str, ...] = ()
    sure: bool = False
    whole: bool = False


# a bracket that holds nothing but a label stays in sight: (责任单位)市财政局
_NESTED = re.compile(rf"(?!(?<![一-鿿])\({UNIT_LABEL}\))\([^()]*\)")
_LOST_CLOSING = re.compile(r"\((?:含[^()]{1,12}|[市县区州旗](?:、[市县区州旗])*)(?=(?:人民)?政府|管委会|人社局|$)")
_SEPARATOR = re.compile(
    r"(?<![高平同天])等(?:等|\d{1,2}家?个?|[一二三四五六七八九十]{1,2}个|有关|相关|各|其他|多个|多|成员|职能|主管|责任|国务院|中央和国家机关|[省市区县州](?:直|级|政府)?|中央|驻\w|行业)*"
    r"(?:(?:部门|单位|机构|企业|高校|院校|地方|地区)(?:[和及与、](?:有关|相关)?(?:部门|单位|机构|企业))*)?"
    r"(?:(?:以及|[和及与])(?=各|地方|[省市区县]|有关|相关)|(?=\s*(?:[、,;/|。]|$)))"
    r"|[、,;/|。]|(?<=[局厅委办部院会府])[.·•](?=[省市区县州各])"
    r"|(?<=[局厅委办部院会府行关])(?:[两二三四五六七八九十]{1,2}|\d{1,2})[个家]?(?:部门|单位)(?=\s*(?:[、,;。]|$))"  # 市医保局两部门
    rf"|[ \n]+(?={DEADLINE.pattern})"
)
_LEADING = re.compile(
    r"\(?(?:\d{1,2}[.)]|[①-⑳])|(?:(?:国家|[省市区县州]级?|地方)(?:层面)?由|由|其中|以及|及|和|与|同|并由|并|还有|请)(?=[各省市区县州盟旗乡镇国厅有相团人中])"
)
_TRAILING = re.compile(rf"({HIDDEN}+)$")


def hide_brackets(spelled: str) -> str:
    """Nested brackets replaced character by character, so that separators inside them are not seen."""
    while True:
        hidden = _NESTED.sub(lambda match: HIDDEN * len(match[0]), spelled)
        if hidden == spelled:
            return _LOST_CLOSING.sub(lambda match: HIDDEN * len(match[0]), hidden)
        spelled = hidden


def read_list(passage: Passage, start: int, end: int) -> NameList:
    """The units listed in ``[start, end)`` of the document, with elided prefixes and endings filled in."""
    names: list[Name] = []
    notes: list[str] = []
    deadlines: list[str] = []
    sure, whole, doubtful = True, True, list[int]()
    for piece in _joined(passage, list(_pieces(passage, start, end))):
        masked = passage.masked(*piece.span)
        if DEADLINE.match(masked):
            deadlines.append(_time_of(piece.name))
        elif NOTE.search(masked):
            notes.append(piece.name)
        else:
            found, certain, complete = _units_in(passage, piece)
            whole &= complete
            if not certain and len(found) == 1:
                doubtful.append(len(names))
            else:
                sure &= certain
            names += found
    completed = _completed(names)
    sure &= all(completed[at].name != names[at].name and is_unit(plain_name(completed[at].name)) for at in doubtful)
    return NameList(completed, tuple(notes), tuple(deadlines), sure, whole)


_TIME = re.compile(r".{0,24}?(?:\d[月日年]|年)(?:底|末|份|\d{1,2}日)?(?:之?前|以前|内)?(?:完成)?(?=\D|$)")


def _time_of(deadline: str) -> str:
    """A long remark (2016年3月前根据《…》修订…) cut to its time."""
    short = _TIME.match(deadline) if len(deadline) > 20 else None
    return short[0] if short else deadline


def _pieces(passage: Passage, start: int, end: int) -> Iterator[Name]:
    """The stretches between separators, trimmed."""
    by, at = "、", start
    masked = passage.masked(start, end)
    for match in _SEPARATOR.finditer(masked):
        yield from _trimmed(passage, at, start + match.start(), by)
        by, at = match[0][-1], start + match.end()
    yield from _trimmed(passage, at, end, by)


def _trimmed(passage: Passage, start: int, end: int, by: str) -> Iterator[Name]:
    masked = passage.masked(start, end)
    leading = len(masked) - len(masked.lstrip(" \n\"'“:-—·." + STARS))
    if lead_in := _LEADING.match(masked, leading):
        leading = lead_in.end()
    trailing = len(masked) - len(masked.rstrip(" \n.:()" + STARS))
    if leading < len(masked) - trailing and not masked.strip().isdigit():
        name = _name(passage, start + leading, end - trailing, by)
        around = masked[:leading] + masked[len(masked) - trailing :]
        starred = not name.remark and any(star in around for star in STARS)
        yield replace(name, remark="*") if starred else name


def _name(passage: Passage, start: int, end: int, by: str) -> Name:
    """A name without the remark behind it; a bracket that belongs to it, as in 各市(含定州市), stays."""
    remark = ""
    tail = _TRAILING.search(passage.masked(start, end))
    if tail:
        bracket = passage.plain[start + tail.start() - passage.start : end - passage.start]
        if ALIAS.match(bracket) or _REMARK.match(bracket):
            remark, end = bracket.strip("()"), start + tail.start()
    spelled = passage.plain[start - passage.start : end - passage.start]
    shown = (
        sign for sign, plain_sign in zip(passage.written(start, end), spelled, strict=True) if not plain_sign.isspace()
    )
    return Name(Span(start, end), "".join(shown), by, remark)


_REMARK = re.compile(
    r"\((?:牵头|主办|协办|配合|参与|负责|主责|责任|为牵头|按照?[^()]{0,6}(?:职责|分工)|分别|共同|[^()]{0,20}[列排]第|排|第一|下同|联系|电话|处长|\d)"
)
_COLLECTIVE_PLACE = re.compile(
    rf"(?:各|全|相关|有关)[一-鿿、{HIDDEN}]{{0,12}}?(自治区|自治州|省|市|县|区|州|盟|旗|地区|街道|镇|乡|园区)(?:行政公署|行署)?{HIDDEN}*$"
)
_PLACE_GOES_ON = re.compile(
    r"(自治区|自治州|直辖市|计划单列市|县级市|开发区|功能区|园区|新区|高新区|地区|街道|乡镇|省|市|县|区|州|盟|旗|镇|乡|村)(?!场|政(?!府)|容|直|级|属|域|际)"
)
_RANK = {
    "省": 4,
    "自治区": 4,
    "直辖市": 4,
    "计划单列市": 3,
    "市": 3,
    "州": 3,
    "自治州": 3,
    "盟": 3,
    "地区": 3,
} | dict.fromkeys(("县", "县级市", "区", "旗", "开发区", "功能区", "园区", "新区", "高新区"), 2)
_GOVERNMENT = re.compile(rf"{HIDDEN}*(?:人民)?(?:政府|管委会|$)")


def _joined(passage: Passage, pieces: list[Name]) -> list[Name]:
    """Collectives that a separator runs through put together again: 各市、县人社局; 各有关部门、单位; 水、电、气企业."""
    whole: list[Name] = []
    for piece in (part for each in pieces for part in _bare_head_apart(passage, each)):
        if whole and piece.by in "、/" and (_FRAGMENT.search(whole[-1].name) or _continues(passage, whole[-1], piece)):
            whole[-1] = _name(passage, whole[-1].span.start, piece.span.end, whole[-1].by)
        else:
            whole.append(piece)
    return whole


_FRAGMENT = re.compile(r"(?:^|、)(?![省市区县州盟旗镇乡村])[一-鿿]$")  # 水、电、气企业
_BARE_HEAD = re.compile(r"(?:单位|部门|机构|企业|街道|乡镇|园区)(?P<connector>以及|[和及与])(?=[一-鿿]{3})")


def _bare_head_apart(passage: Passage, piece: Name) -> list[Name]:
    """各有关部门、单位和地方各级人民政府: the 单位 belongs to what stands before it."""
    head = _BARE_HEAD.match(passage.masked(*piece.span))
    if not head or piece.by not in "、/":
        return [piece]
    start, end = piece.span
    bare = _name(passage, start, start + head.start("connector"), piece.by)
    return [bare, *_trimmed(passage, start + head.end(), end, "和")]


def _continues(passage: Passage, before: Name, piece: Name) -> bool:
    first, second = passage.masked(*before.span), passage.masked(*piece.span)
    if BARE_TAIL.fullmatch(second):
        party = _PARTY_COMMITTEE.search(first) and _EXECUTIVE.match(second)
        return bool(party or (COLLECTIVE.search(first) and not _ENDS_IN_BODY.search(first)))
    if _SAME_LEVEL.search(f"{first}、{second}"):
        return True
    if _FIELDS.match(first) and _DEPARTMENTS.match(second):
        return True
    if _OFFICES.search(first) and second in ("委", "部", "办", "局", "厅"):
        return True
    collective, place = _COLLECTIVE_PLACE.search(first), _PLACE_GOES_ON.match(second)
    if not collective or not place:
        return False
    upward = _RANK.get(place[1], 1) > _RANK.get(collective[1], 1)
    return not upward or bool(_GOVERNMENT.match(second, place.end()))


_FIELDS = re.compile(rf"(?:各级|各地|有关|相关)(?:{BODY}、?)+$")  # 各级财政、审计部门
_DEPARTMENTS = re.compile(rf"{BODY}(?:行政|主管|监管)?部门$")
_OFFICES = re.compile(r"各(?:[委部办局厅]、)*[委部办局厅]$")  # 市政府各委、办、局
_PARTY_COMMITTEE = re.compile(r"(?:党委|党工委|[省市区县州旗]委)$")  # 各县区委、政府; 开发区党工委、管委会
_EXECUTIVE = re.compile(r"(?:人民)?政府|管委会")
_SAME_LEVEL = re.compile(r"([省市区县州盟旗])委、\1(?:人民)?政府$")  # 各区委、区政府
_ENDS_IN_BODY = re.compile(r"(?:政府|管委会|局|厅|委|办)$")


def _units_in(passage: Passage, piece: Name) -> tuple[list[Name], bool, bool]:
    """The units in one piece, whether all of it can only be units, and whether it may be."""
    segments = segment(passage.masked(*piece.span))
    names = [_name(passage, piece.span.start + start, piece.span.start + end, "") for start, end in segments.spans]
    if names:
        names[0] = replace(names[0], by=piece.by)
        names[-1] = replace(names[-1], remark=names[-1].remark or piece.remark)
    return names, segments.sure, segments.whole


# --- what the writer left out --------------------------------------------------------------------------------------


def _completed(names: Sequence[Name]) -> tuple[Name, ...]:
    """Elided prefixes (省工信厅、财政厅) and endings (济南、青岛市政府) filled in, where the list does so consistently."""
    return tuple(_with_prefixes(_with_endings(names)))


# the last of a list carries the ending for those before it; the group is what they lack
_ENDINGS = (
    (
        re.compile(r"[一-鿿]{2,3}?((?:市|县|区)(?:人民)?政府|市|县|区)$"),
        re.compile(r"(?:[一-鿿]{2,3}(?<![市县区省州局委办部厅院会])|[一-鿿]州)$"),
    ),
    (re.compile(r"[一-鿿]{2,3}(?:市|县|区)((?:人民)?政府)$"), re.compile(r"[一-鿿]{2,3}(?<!新|园|发)(?:市|县|区)$")),
    (
        re.compile(r"[一-鿿]{2,12}(管委会|管理委员会)$"),
        re.compile(r"[一-鿿]{0,8}(?:开发区|经开区|高新区|新区|度假区|保税区|园区|示范区)$"),
    ),
    (
        re.compile(r"[一-鿿]{2,4}(?:镇|乡|街道)((?:人民)?政府|办事处)$"),
        re.compile(r"(?!各)[一-鿿]{2,4}(?:镇|乡|街道)$"),
    ),
    (
        re.compile(r"[一-鿿]{2,4}(海关|海事局|片区管委会|银保监分局|金融监管分局|调查队|供电公司)$"),
        re.compile(rf"(?:(?![省市区县州]|.*(?:司$|{ENDS.pattern}))[一-鿿]{{2,4}}(?<![市县区])|[一-鿿]州)$"),
    ),
    (re.compile(rf"[省市区县州]?{BODY}(部门|局)$"), re.compile(rf"[省市区县州]?{BODY}(?<![局厅委办部])$")),
)


def _with_endings(names: Sequence[Name]) -> list[Name]:
    """济南、青岛市政府; 武昌区、江岸区政府; 高新区、生态新区管委会; 市发改、财政部门."""
    full, completed = "", []
    for name in reversed(names):
        ending = "" if _GROUP.match(name.name) else _lacking(name.name, full)
        if ending:
            name = replace(name, name=name.name + ending)
        else:
            full = name.name
        if name.by != "、" or _GROUP.match(full):
            full = ""
        completed.append(name)
    return completed[::-1]


_GROUP = re.compile(r"各|有关|相关|所有|全")


def _lacking(name: str, full: str) -> str:
    """The ending that ``name`` lacks if ``full``, the next complete name, has it."""
    for has, lacks in _ENDINGS:
        match = has.match(full)
        if match and lacks.match(name):
            return match[1]
    return ""


def _with_prefixes(names: Sequence[Name]) -> list[Name]:
    """A name without a level takes the last one stated, unless most names around it state their own."""
    completed = list(names)
    prefix, sticky, party = "", False, False
    for index, name in enumerate(names):
        stated = _stated_prefix(name.name)
        if name.by in ",;":
            prefix, sticky = "", False
        if stated:
            if not (sticky and prefix.startswith("各") and not stated[0].startswith("各")):
                prefix, sticky, party = stated[0], False, stated[1]
        elif prefix and name.by == "、" and _is_elided(name.name, party) and _mostly_elided(names, index, prefix):
            body = "委" if party and ELIDED_PARTY.match(name.name) else ""
            completed[index] = replace(name, name=prefix + body + name.name)
            sticky = True
    return completed


@lru_cache(maxsize=4096)
def _stated_prefix(name: str) -> tuple[str, bool] | None:
    """The level in front of a name (各市 in 各市人社局) and whether the name is a party body."""
    match = None if NATIONAL.match(name) else PREFIXED.match(plain_name(name))
    return (name[: match.end("prefix")], bool(match["party"])) if match else None


def plain_name(name: str) -> str:
    return hide_brackets(plain(name))


@lru_cache(maxsize=4096)
def _is_elided(name: str, party: bool) -> bool:
    if NATIONAL.match(name):
        return False
    if _INTERNAL.search(name):
        return False
    return bool(ELIDED_LOCAL.match(name) or (party and ELIDED_PARTY.match(name)))


_INTERNAL = re.compile(r"(?:处|科|室|站|所|队|中心|股)$")  # 省就业服务中心、就业促进处: whose office it is, nobody says


def _mostly_elided(names: Sequence[Name], index: int, prefix: str) -> bool:
    """In 省经信厅、省财政厅、地方金融监管局、省投资集团 the level is stated each time, so nothing was elided."""
    first = next(at for at in range(index, -1, -1) if names[at].name.startswith(prefix))
    while first and names[first].by == "、" and names[first - 1].name.startswith(prefix):
        first -= 1
    following = []
    for at in range(first + 1, len(names)):
        if names[at].by in ",;":
            break
        following.append(names[at].name)
    restated = sum(name.startswith(prefix) for name in following)
    elided = sum(_is_elided(name, True) for name in following)
    return elided >= restated
