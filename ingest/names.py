"""A passage that lists units → the units, one by one, in the order in which they are written."""

import re
from collections.abc import Iterator
from dataclasses import replace

from ingest.document import Span
from ingest.elision import completed
from ingest.passage import Name, NameList, Passage, plain_name
from ingest.segmentation import segment
from ingest.unit_grammar import BARE_TAIL, COLLECTIVE, FIELD, GROUP_OF_FIELDS, LEVELS_ALONE, is_unit
from ingest.unit_words import ALIAS, DEADLINE, HIDDEN, NOTE, STARS


def split_names(text: str, start: int, end: int) -> tuple[Span, ...]:
    """The unit names written in ``text[start:end]``, also where a separator was lost; empty if any part is no unit."""
    listed = read_list(Passage.of(text, start, end), start, end)
    return tuple(name.span for name in listed.names) if listed.sure else ()


_SEPARATOR = re.compile(
    r"(?<![高平同天])等(?:等|\d{1,2}家?个?|[一二三四五六七八九十]{1,2}个|有关|相关|各|其他|多个|多|成员|职能|主管|责任|国务院|中央和国家机关|[省市区县州](?:直|级|属|政府)?|国有|群团|社会|中央|驻\w|行业)*"
    r"(?:(?:部门|单位|机构|企业|高校|院校|地方|地区|组织|团体)(?:[和及与、](?:有关|相关)?(?:部门|单位|机构|企业))*)?"
    r"(?:(?:以及|[和及与])(?=各|地方|[省市区县]|有关|相关)|(?=\s*(?:[、,;/|。]|$)))"
    r"|[、,;/|。]|(?<=[局厅委办部院会府])[.·•](?=[省市区县州各])"
    r"|(?<=[局厅委办部院会府行关])(?:[两二三四五六七八九十]{1,2}|\d{1,2})[个家]?(?:部门|单位)(?=\s*(?:[、,;。]|$))"  # 市医保局两部门
    rf"|[ \n]+(?={DEADLINE.pattern})"
)
_LEADING = re.compile(
    r"\(?(?:\d{1,2}[.)]|[①-⑳])|(?:(?:国家|[省市区县州]级?|地方)(?:层面)?由|由|其中|以及|及|和|与|会同(?!县)|同|并由|并|还有|请)(?=[各省市区县州盟旗乡镇国厅有相团人中])"
)
_TRAILING = re.compile(rf"({HIDDEN}+)$")


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
    names = _without_persons(names)
    full = completed(names)
    sure &= all(full[at].name != names[at].name and is_unit(plain_name(full[at].name)) for at in doubtful)
    full = tuple(name for name in full if name.name not in LEVELS_ALONE)
    return NameList(full, tuple(notes), tuple(deadlines), sure, whole)


_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
_PERSON = re.compile(rf"[（(][{_SURNAMES}][一-鿿]{{1,2}}(?<![局科处室办区县市委部院队站所心组镇乡])[)）]$")


def _without_persons(names: list[Name]) -> list[Name]:
    """市住建局（陈某某）、市城管局（何某）: who answers for the unit is no part of its name. One full name makes it sure."""
    persons = [_PERSON.search(name.name) for name in names]
    if not any(person and len(person[0]) == _FULL_NAME for person in persons):
        return names
    return [
        replace(name, name=name.name[: person.start()], span=Span(name.span.start, name.span.end - len(person[0])))
        if person
        else name
        for name, person in zip(names, persons, strict=True)
    ]


_FULL_NAME = len("（陈某某）")
_TIME = re.compile(r".{0,24}?(?:\d[月日年]|年)(?:底|末|份|\d{1,2}日)?(?:之?前|以前|内)?(?:完成)?(?=\D|$)")


def _time_of(deadline: str) -> str:
    """A long remark (2016年3月前根据《…》修订…) cut to its time."""
    short = _TIME.match(deadline) if len(deadline) > 20 else None
    return short[0] if short else deadline


def _pieces(passage: Passage, start: int, end: int) -> Iterator[Name]:
    """The stretches between separators, trimmed."""
    by, at = "、", start
    masked = passage.masked(start, end)
    whole = [match.span() for match in GROUP_OF_FIELDS.finditer(masked)] if "部门" in masked else []
    for match in _SEPARATOR.finditer(masked):
        lacks_ending = match[0].endswith("部门") and FIELD.match(masked[at - start : match.start()].strip())
        if lacks_ending or any(first < match.start() < last for first, last in whole):
            continue
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
    if _OFFICES.search(first) and second in ("委", "部", "办", "局", "厅"):
        return True
    collective, place = _COLLECTIVE_PLACE.search(first), _PLACE_GOES_ON.match(second)
    if not collective or not place:
        return False
    upward = _RANK.get(place[1], 1) > _RANK.get(collective[1], 1)
    return not upward or bool(_GOVERNMENT.match(second, place.end()))


_OFFICES = re.compile(r"各(?:[委部办局厅]、)*[委部办局厅]$")  # 市政府各委、办、局
_PARTY_COMMITTEE = re.compile(r"(?:党委|党工委|[省市区县州旗]委)$")  # 各县区委、政府; 开发区党工委、管委会
_EXECUTIVE = re.compile(r"(?:人民)?政府|管委会|办事处")
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
