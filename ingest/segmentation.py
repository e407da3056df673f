"""One piece of a list → the units in it: split at 和 or a blank between two whole names, and where a separator was lost."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from ingest.unit_grammar import (
    BARE_TAIL,
    BODY,
    ELIDED_LOCAL,
    LEVEL,
    LOCAL,
    MINISTRY,
    PARTY,
    PREFIXED,
    SUFFIX,
    could_be_unit,
    is_unit,
    share_ending,
)
from ingest.unit_words import HIDDEN


@lru_cache(maxsize=8192)
def segment(piece: str) -> "Segments":
    """The units in a piece of plain text whose nested brackets are hidden; what cannot be a unit is left out."""
    spans = [whole for part in _split_at_connectors(piece, 0) for whole in _split_at_cuts(piece, *part)]
    solids = [_solid(piece[start:end]) for start, end in spans]
    kept = tuple(span for span, solid in zip(spans, solids, strict=True) if could_be_unit(solid))
    whole = len(kept) == len(spans)
    return Segments(kept, whole and all(map(is_unit, solids)), whole)


class Segments(NamedTuple):
    """Offsets in the piece; ``sure`` when every part of the piece can only be a unit, ``whole`` when it may be one."""

    spans: tuple[tuple[int, int], ...]
    sure: bool
    whole: bool


# 和 also begins names of places: 人民银行和田分行, 国网和平供电公司
_CONNECTOR = re.compile(
    r"以及|和(?!(?:政|顺|田|平|硕|龙|静|林格尔)(?:[县市区]|地区|分行|支行|中心支行|供电|经开|高新|海关|海事))|[及与暨]|[ \n]+"
)


def _solid(part: str) -> str:
    """Without blanks; separators inside a collective (各市、县政府) become part of the name."""
    return "".join(part.split()).replace("、", HIDDEN).replace("/", HIDDEN)


def _split_at_connectors(piece: str, start: int) -> Iterator[tuple[int, int]]:
    for match in _CONNECTOR.finditer(piece, start + 1):
        left, right = _solid(piece[start : match.start()]), _solid(piece[match.end() :])
        if _are_two(left, right) and not (match[0].isspace() and _is_torn(left, right)):
            yield start, match.start()
            yield from _split_at_connectors(piece, match.end())
            return
    yield start, len(piece)


def _are_two(left: str, right: str) -> bool:
    if (
        not is_unit(left)
        or _ONE_BODY.match(f"{left}和{right}")
        or BARE_TAIL.fullmatch(right)
        or share_ending(left, right)
    ):
        return False
    return is_unit(right) or any(
        is_unit(right[: match.start()]) and is_unit(right[match.end() :]) for match in _CONNECTOR.finditer(right)
    )


def _is_torn(left: str, right: str) -> bool:
    """Whether a blank or a line's end stands inside one name: 市人力资源和社 会保障局."""
    first = next(iter(_CONNECTOR.split(right)), right)
    return bool(PREFIXED.match(left + first)) and not (PREFIXED.match(first) or ELIDED_LOCAL.match(first))


# 市农业农村和水利局: 和 joins what one body deals with
_ONE_BODY = re.compile(rf"(?:(?![局厅委办和与及])[一-鿿]){{0,8}}?{LEVEL}{LOCAL}$")


def _split_at_cuts(piece: str, start: int, end: int) -> list[tuple[int, int]]:
    where = [at for at in range(start, end) if not piece[at].isspace()]
    bounds = [0, *cuts(_solid(piece[start:end])), len(where)]
    return [(where[a], where[b - 1] + 1) for a, b in pairwise(bounds)] if where else []


def cuts(name: str) -> tuple[int, ...]:
    """Where one name ends and the next begins without a separator; empty when it is one name or not sure."""
    if len(name) > _LONGEST_RUN:
        return ()
    whole = {match.end() for match in _WHOLE.finditer(name)}
    within = [match.span() for match in _ONE_NAME.finditer(name)]
    found = [
        match.start()
        for match in _CUT.finditer(name)
        if match.start() not in whole and not any(start < match.start() < end for start, end in within)
    ]
    names = [name[a:b] for a, b in pairwise([0, *found, len(name)])]
    return tuple(found) if found and all(is_unit(each) and _closed(each) for each in names) else ()


_LONGEST_RUN = 120
# a place in front of a body: no character of it may end or begin a name of its own
_PLAIN = r"(?:(?![局厅委部办院会处室司心社门团校所行府联协省市区县州])[一-鿿])"
_NAMED = rf"(?:{_PLAIN}{{2,3}}|{_PLAIN}{{1,2}}州(?=市))"
_HEAD = (
    rf"(?=(?:(?:团)?[省市区县州](?!场监|政(?!府|协|法|务|研|数)|容|域|级|际|民(?!政|宗|营|族|防)|情|长|区(?!政府|[一-鿿]{{0,3}}局)|内)"
    rf"(?:{LOCAL}|委|政府|人民政府|直|属|管委会|住房|[一-鿿]{{2,10}}?{SUFFIX}|[一-鿿]{{2,16}}?(?:小组|集团|公司|单位|专班)))"
    rf"|[省市区县州]委(?:{PARTY})|{_NAMED}(?:[省市区县州](?:人民)?政府|[省市]{LOCAL})|各(?:区|县|市|镇|乡|街道)|团[省市区县]委"
    rf"|中共[一-鿿]{{2,5}}[省市区县州]委|人行|人民银行|中国(?:人民|出口|银行|证|移动|联通|电信|铁)|国家(?:{BODY}|[一-鿿]{{2,6}})(?:局|委|总局|部|办)|国务院|国网"
    rf"|中央[一-鿿]{{2,6}}[办部委]|{MINISTRY}"
    rf"|{_NAMED}(?:海关|海事局|银保监局|银监局|保监局|证监局|金融监管局|银保监分局|税务局|邮政管理局|通信管理局))"
)
_CUT = re.compile(rf"(?:(?<=[局厅委部办府心院会关行室社联协司处校所])|(?<=集团|部门|单位|小组|公司|企业)){_HEAD}")
_BRANCH_OF = (
    r"国家税务总局|税务总局|国家统计局|国家金融监督管理总局|金融监管总局|国家外汇管理局|中国人民银行|人民银行|中国证监会|证监会|银保监会|国家能源局|"
    r"国家邮政局|国家知识产权局|国家粮食和物资储备局|国家矿山安全监察局|财政部|审计署|海关总署|自然资源部|生态环境部|水利部|交通运输部|应急管理部|"
    r"中国气象局|中国银行保险监督管理委员会|中国证券监督管理委员会|中国民用航空局|中华人民共和国"
)
_BRANCH = r"税务局|监管局|监管分局|分局|调查队|调查总队|办事处|海事局|分行|支行|营业管理部|专员办|特派员办事处|督察局|监督管理局|监察局|邮政管理局|气象局|海关|总队|管理局"
# 市委市政府 is one name; 国家税务总局武汉市税务局 is a branch, not two bodies; so are 省委省直工委 and 国务院国资委
_WHOLE = re.compile(
    rf"([省市区县州])委(?=\1(?:(?:人民)?政府|直))|党委(?=政府)|纪委(?=[市省区县]?监委)|国务院(?=[一-鿿]{{2,4}}[委办厅室])|山海关(?=区)|联(?=合)"
    rf"|(?:{_BRANCH_OF})(?=[一-鿿]{{2,8}}?(?:{_BRANCH}))"
)
# nor is a name cut behind the place in it: 中共南部县委, 国家税务总局榆社县税务局
_ONE_NAME = re.compile(rf"中共[一-鿿]{{2,4}}[省市县区州旗]委|(?:{_BRANCH_OF})[一-鿿]{{2,4}}[省市县区州旗](?:{_BRANCH})")
_CLOSED = re.compile(
    rf"(?:局|厅|委|部|办|院|会|署|社|所|处|室|队|中心|政府|海关|行|中支|公司|集团|联|协|人大|政协|部门|单位|机构|企业|高校|校|小组|专班|园区|开发区|新区|办公室|各[一-鿿]{{1,6}}){HIDDEN}*$"
)


def _closed(name: str) -> bool:
    return len(name) >= 3 and bool(_CLOSED.search(name))
