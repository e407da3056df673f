"""Administrative level and region from the names of bodies and the prefix of a 文号."""

import re

_PROVINCES = {
    "京": "北京市", "津": "天津市", "沪": "上海市", "渝": "重庆市", "冀": "河北省", "晋": "山西省", "辽": "辽宁省", "吉": "吉林省",
    "黑": "黑龙江省", "苏": "江苏省", "浙": "浙江省", "皖": "安徽省", "闽": "福建省", "赣": "江西省", "鲁": "山东省", "豫": "河南省",
    "鄂": "湖北省", "湘": "湖南省", "粤": "广东省", "琼": "海南省", "川": "四川省", "黔": "贵州省", "滇": "云南省", "陕": "陕西省",
    "甘": "甘肃省", "青": "青海省", "桂": "广西壮族自治区", "内": "内蒙古自治区", "藏": "西藏自治区", "宁": "宁夏回族自治区",
    "新": "新疆维吾尔自治区",
}  # fmt: skip


def place_of(issuer: str, title: str, number: str) -> tuple[str | None, str | None]:
    """(level, region) as far as issuer, title or 文号 say; (None, None) where they do not."""
    for name in (issuer, title):
        found = _of_name(name)
        if found[0]:
            return found
    prefix = number[:1]
    return ("省", _PROVINCES[prefix]) if prefix in _PROVINCES and len(number) > 8 else (None, None)


_NATIONAL = re.compile(
    r"^(?:国务院|中央|国家|全国|商务部|财政部|教育部|科技部|工业和信息化部|人力资源社会保障部|海关总署|中华人民共和国)"
)
_PROVINCE = re.compile("|".join(map(re.escape, _PROVINCES.values())))
_CITY = re.compile(r"^(?P<name>[\u4e00-\u9fff]{2,7}?市)(?!场|政|委|直)(?P<district>[\u4e00-\u9fff]{2,7}?[区县])?")
_BARE = {"省": "省", "自治区": "省", "市": "市", "区": "区", "县": "区"}


def _of_name(name: str) -> tuple[str | None, str | None]:
    name = name.removeprefix("中共")
    if _NATIONAL.match(name):
        return "国家", "全国"
    if match := _PROVINCE.match(name):
        city = _CITY.match(name, match.end()) if match[0][-1] != "市" else None
        district = re.match(r"[\u4e00-\u9fff]{2,6}?[区县]", name[match.end() :]) if match[0][-1] == "市" else None
        if district:
            return "区", match[0] + district[0]
        return ("市", city["name"]) if city else ("省", match[0])
    if match := _CITY.match(name):
        return ("区", match[0]) if match["district"] else ("市", match["name"])
    return next(((level, None) for start, level in _BARE.items() if name.startswith(start)), (None, None))
