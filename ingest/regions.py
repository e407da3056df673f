"""Administrative level and region from the names of bodies and the prefix of a 文号."""

import re

_PROVINCES = {
    "京": "北京市", "津": "天津市", "沪": "上海市", "渝": "重庆市", "冀": "河北省", "晋": "山西省", "辽": "辽宁省", "吉": "吉林省",
    "黑": "黑龙江省", "苏": "江苏省", "浙": "浙江省", "皖": "安徽省", "闽": "福建省", "赣": "江西省", "鲁": "山东省", "豫": "河南省",
    "鄂": "湖北省", "湘": "湖南省", "粤": "广东省", "琼": "海南省", "川": "四川省", "黔": "贵州省", "滇": "云南省", "陕": "陕西省",
    "甘": "甘肃省", "桂": "广西壮族自治区", "藏": "西藏自治区",
}  # fmt: skip


def place_of(issuer: str, title: str, number: str) -> tuple[str | None, str | None]:
    """(level, region) as far as issuer, title or 文号 say; (None, None) where they do not."""
    for name in (issuer, title):
        found = _of_name(name)
        if found[0]:
            return found
    prefix = number[:1]
    return ("省", _PROVINCES[prefix]) if prefix in _PROVINCES and len(number) > 8 else (None, None)


# local offices of national bodies are named by the nation first: 国家税务总局辽宁省税务局
_LOCAL_OFFICE = re.compile(
    r"^(?:国家税务总局|中国人民银行|中华人民共和国)(?=[\u4e00-\u9fff]{2,8}[省市](?:税务局|分行|海关|支行))"
)
_NATIONAL = re.compile(
    r"^(?:国务院|中央|国家|全国|商务部|财政部|教育部|科技部|公安部|民政部|司法部|应急管理部|自然资源部|生态环境部|交通运输部|水利部|"
    r"农业农村部|农业部|文化和旅游部|工业和信息化部|人力资源社会保障部|人力资源和社会保障部|住房城乡建设部|住房和城乡建设部|"
    r"海关总署|市场监管总局|中国人民银行|中国证监会|中国银保监会|最高人民|中华人民共和国|科学技术部)"
)
# 宁, 青, 新 and 内 also open the numbers of cities, so these four are known by name only
_NAMES = (*_PROVINCES.values(), "内蒙古自治区", "宁夏回族自治区", "新疆维吾尔自治区", "青海省", "新疆生产建设兵团")
_PROVINCE = re.compile("|".join(_NAMES))
_CITY = re.compile(
    r"^(?!致|全|各|本|我|关于|进一步|推进)(?P<name>[\u4e00-\u9fff]{2,4}?(?:市|自治州|州|盟|地区))(?!场|政|委员|直|民|区|县|容)"
)
_DISTRICT = re.compile(
    r"(?P<name>[\u4e00-\u9fff]{1,4}?[区县])(?=人民政府|政府|委|局|办|教育|发展|关于|\d|财政|科技|商务|人力)"
)
_DISTRICT_ALONE = re.compile(
    r"(?!各|全|本|我|关于|推进|[省市])(?P<name>[\u4e00-\u9fff]{2,4}?[区县])(?=人民政府|委(?!员))"
)
_BARE = {"省": "省", "自治区": "省", "市": "市", "区": "区", "县": "区"}


def _of_name(name: str) -> tuple[str | None, str | None]:
    name = _LOCAL_OFFICE.sub("", name.removeprefix("中共"))
    if _NATIONAL.match(name):
        return "国家", "全国"
    if match := _PROVINCE.match(name):
        rest, whole = name[match.end() :], match[0]
        below = _DISTRICT.match(rest) if whole.endswith("市") else _CITY.match(rest)
        if below is None:
            return "省", whole
        return ("区", whole + below["name"]) if whole.endswith("市") else ("市", below["name"])
    if match := _CITY.match(name):
        district = _DISTRICT.match(name, match.end())
        return ("区", match["name"] + district["name"]) if district else ("市", match["name"])
    if match := _DISTRICT_ALONE.match(name):
        return "区", match["name"]
    return next(((level, None) for start, level in _BARE.items() if name.startswith(start)), (None, None))
