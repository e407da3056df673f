"""How characters sound and look, as far as typing confuses them."""

from functools import cache

# Characters that are taken for each other by eye; one row, one family. Only such as occur in names of public bodies.
_LOOKALIKES = (
    "商啇蔺", "务努条", "教敎", "育肓", "财材则", "政攻致", "科枓料", "技枝", "局届居屈", "市巿布币", "建健律", "城诚域", "税悦锐说",
    "监临盐", "银根很", "保堡褓", "招拈昭", "才木材", "委季秀", "宣宜", "传伟转", "旅族派", "游遊", "海每梅", "关矢", "卫王", "改攻", "发友",
    "人入八", "社杜", "证征", "区匹", "府俯腐", "信倍", "经轻径", "融隔", "工土", "作昨", "国囯", "资贪", "武式", "汉仅", "湖潮", "北比", "厅斤",
    "司同", "法沽", "化华", "和种", "文丈", "济挤", "管菅", "理埋", "总忩", "公分", "安女", "民良", "农衣", "业亚", "水永", "利刹", "交文", "通涌",
    "运远", "输愉", "审宙", "计什", "统流", "药约", "品晶", "食良", "质盾", "量重", "林材", "自目", "然燃", "住往", "房扂", "环坏", "境镜",
)  # fmt: skip
_FAMILIES = {character: frozenset(row) for row in _LOOKALIKES for character in row}

# Sounds that southern speakers type for each other: 前后鼻音, 平翘舌.
_SAME_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_SAME_FINALS = (("ing", "in"), ("eng", "en"), ("ang", "an"))


def confusable(one: str, other: str) -> bool:
    """Whether one character may have been typed for the other: same sound (tone and nasal aside) or similar look."""
    return other in _FAMILIES.get(one, ()) or bool(_sounds(one) & _sounds(other))


@cache
def spelling(character: str) -> str:
    """The commonest pinyin of a character without tone; the character itself when it has none."""
    from pypinyin import lazy_pinyin  # 0.1 s and its dictionaries: only when a name seems misspelt

    return "".join(lazy_pinyin(character))


@cache
def _sounds(character: str) -> frozenset[str]:
    from pypinyin import Style, pinyin

    if not "\u4e00" <= character <= "\u9fff":
        return frozenset()
    readings = pinyin(character, style=Style.NORMAL, heteronym=True)
    return frozenset(_blurred(reading) for reading in readings[0])


def _blurred(reading: str) -> str:
    for clear, blurred in _SAME_INITIALS:
        if reading.startswith(clear):
            reading = blurred + reading[len(clear) :]
    for clear, blurred in _SAME_FINALS:
        if reading.endswith(clear):
            reading = reading[: -len(clear)] + blurred
    return reading
