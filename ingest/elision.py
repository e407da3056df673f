"""What the writer of a list left out: 省工信厅、财政厅 are both of the province, 济南、青岛市政府 are two governments."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from ingest.passage import Name, plain_name
from ingest.unit_grammar import BODY, ELIDED_LOCAL, ELIDED_PARTY, ENDS, FIELD, LOCAL, NATIONAL, PREFIXED


def completed(names: Sequence[Name]) -> tuple[Name, ...]:
    """Elided prefixes (省工信厅、财政厅) and endings (济南、青岛市政府) filled in, where the list does so consistently."""
    return tuple(_with_prefixes(_with_endings([_without_and_others(name) for name in names])))


def _without_and_others(name: Name) -> Name:
    """人社等部门, the last of 市发改、财政、人社等部门."""
    return (
        replace(name, name=_AND_OTHERS.sub("", name.name))
        if "等" in name.name and FIELD.match(name.name[: name.name.index("等")])
        else name
    )


_AND_OTHERS = re.compile("等(?:有关|相关)?(?=部门$)")


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
    (
        re.compile(rf"[市区县州](?:[（(][市区县旗][）)])?({LOCAL}|(?:人民)?政府|(?:有关|相关)(?:部门|单位))$"),
        re.compile("[省市区县州]$"),
    ),
    (
        re.compile(rf"[省市区县州]?{BODY}(?:等(?:有关|相关)?)?(部门|局)$"),
        re.compile(rf"[省市区县州]?{BODY}(?<![局厅委办部])$"),
    ),
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


_PARTS = (",", ";")  # between parts of a list, where a prefix ends; 、 goes on, and so does 和 or a lost separator
_GOES_ON = ("、", "")


def _with_prefixes(names: Sequence[Name]) -> list[Name]:
    """A name without a level takes the last one stated, unless most names around it state their own."""
    completed = list(names)
    prefix, sticky, party = "", False, ""
    for index, name in enumerate(names):
        stated = _stated_prefix(name.name)
        if name.by in _PARTS:
            prefix, sticky = "", False
        if stated:
            if not (sticky and prefix.startswith("各") and not stated[0].startswith("各")):
                prefix, sticky, party = stated[0], False, stated[1]
        elif (
            prefix
            and name.by in _GOES_ON
            and _is_elided(name.name, bool(party))
            and _mostly_elided(names, index, prefix)
        ):
            body = party if party and ELIDED_PARTY.match(name.name) else ""
            completed[index] = replace(name, name=prefix + body + name.name)
            sticky = True
    return completed


@lru_cache(maxsize=4096)
def _stated_prefix(name: str) -> tuple[str, str] | None:
    """The level in front of a name (各市 in 各市人社局), and for a party body the 委 in it."""
    match = None if NATIONAL.match(name) else PREFIXED.match(plain_name(name))
    return (name[: match.end("prefix")], match["party"] or "") if match else None


@lru_cache(maxsize=4096)
def _is_elided(name: str, party: bool) -> bool:
    if NATIONAL.match(name) or _INTERNAL.search(name) or _WHICHEVER.search(name):
        return False
    return bool(ELIDED_LOCAL.match(name) or (party and ELIDED_PARTY.match(name)))


_INTERNAL = re.compile(r"(?:处|科|室|站|所|队|中心|股)$")  # 省就业服务中心、就业促进处: whose office it is, nobody says


_WHICHEVER = re.compile(r"(?:管理|主管|监管|行政|执法|业务|审批)部门$")  # 项目管理部门: of no level in particular


def _mostly_elided(names: Sequence[Name], index: int, prefix: str) -> bool:
    """In 省经信厅、省财政厅、地方金融监管局、省投资集团 the level is stated each time, so nothing was elided."""
    first = next(at for at in range(index, -1, -1) if names[at].name.startswith(prefix))
    while first and names[first].by == "、" and names[first - 1].name.startswith(prefix):
        first -= 1
    following = []
    for at in range(first + 1, len(names)):
        if names[at].by in _PARTS:
            break
        following.append(names[at].name)
    restated = sum(name.startswith(prefix) for name in following)
    elided = sum(_is_elided(name, True) for name in following)
    return elided >= restated
