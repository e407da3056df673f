"""How characters sound and look, as far as typing confuses them."""

from functools import lru_cache

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


def confusable(right: str, typed: str, place: int) -> bool:
    """Whether the character at ``place`` of two equally long words may have been typed for the other: sound or look."""
    if typed[place] in _FAMILIES.get(right[place], ()):
        return True
    return _readings(right, place) & _readings(typed, place) != frozenset()


@lru_cache(maxsize=20_000)
def spelling(word: str) -> tuple[str, ...]:
    """Pinyin without tones, one entry a Chinese character, read as in this word (银行 → yin hang)."""
    from pypinyin import lazy_pinyin  # 0.2 s with its dictionaries: only when a name seems misspelt

    return tuple(lazy_pinyin(word))


def _readings(word: str, place: int) -> frozenset[str]:
    """How one character sounds in its word and by itself; nothing for letters and digits."""
    if not all("\u4e00" <= character <= "\u9fff" for character in word):
        return frozenset()
    return frozenset((_blurred(spelling(word)[place]), _blurred(spelling(word[place])[0])))


def _blurred(reading: str) -> str:
    for clear, blurred in _SAME_INITIALS:
        if reading.startswith(clear):
            reading = blurred + reading[len(clear) :]
    for clear, blurred in _SAME_FINALS:
        if reading.endswith(clear):
            reading = reading[: -len(clear)] + blurred
    return reading
