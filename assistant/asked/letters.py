"""Questions typed in letters: asking words in pinyin or English become Chinese; units and subjects follow from the collection.

English names and subjects are data (seeds/english.toml). What a word of the collection is spelt like is known by the index.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from assistant.asked import wording
from ingest.errors import IngestError
from ingest.fold import fold_text
from ingest.sounds import spelling

_SEEDS = Path(__file__).resolve().parents[2] / "seeds"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_ASKING = _words(
    "责任单位 哪些任务 哪些单位 哪些部门 哪几项 哪几条 哪几家 哪一项 哪一条 哪个单位 哪个部门 哪个局 什么时候 发展目标 保障措施 有没有 由谁负责 谁来负责 谁负责 由谁管 谁来管 "
    "谁管 归谁管 归谁 找谁 由谁 谁牵头 负责 牵头 参与 任务 单位 部门 哪些 哪个 哪里 哪条 哪项 几项 几条 几家 几个 什么 是什么 讲什么 讲了什么 写什么 说什么 管什么 "
    "多少 是多少 怎么 最后一项 最后一条 最后 倒数 一共 总共 共同 分别 一起 目标 原文 内容 标题 文号 依据 有效期 出自 在哪 第几项 第几条 下一项 上一项 那个 这个 需要 可以 "
    "政策 文件 支持 归哪 在不在 是不是 对吗 有哪些 都有谁 有谁 责任 申请 咨询 我想问 请问 你好 谢谢"
)
"""Said in every question, whatever it is about; the longest spelling is read first."""
_SINGLE = {
    "he": "和",
    "de": "的",
    "guan": "管",
    "shui": "谁",
    "you": "由",
    "zai": "在",
    "ne": "呢",
    "ma": "吗",
    "ba": "吧",
    "na": "哪",
    "xiang": "项",
    "tiao": "条",
    "lv": "率",
    "ju": "局",
    "shi": "是",
}
"""One syllable: only where the whole question is in pinyin."""
_ENGLISH_WORDS = re.compile(
    r"\b(?:what|which|who|whom|how|when|where|does|do|is|are|the|of|for|responsible|tell|about|contact|task|tasks|item|issued|please|many|list)\b"
)
_ENGLISH: tuple[tuple[str, str], ...] = (
    (r"how many (?:tasks?|items?|measures?)(?: in total| are there(?: in total)?)?", " 几项任务 "),
    (r"(?:which|what) (?:tasks?|items?|measures?)", " 哪些任务 "),
    (r"(?:list )?all (?:the )?(?:tasks?|items?)", " 哪些任务 "),
    (
        r"(?:which|what) (?:bureaus?|departments?|units?|agenc(?:y|ies)|authorit(?:y|ies)|offices?|organi[sz]ations?)(?: (?:is|are))?(?: (?:responsible|in charge)(?: for| of)?| handles?| manages?| deals? with| supports?)?",
        " 哪些单位负责 ",
    ),
    (r"(?:responsible|lead) (?:units?|departments?|agenc(?:y|ies))", " 责任单位 "),
    (
        r"who(?:m)?(?: (?:should|can|do|shall) (?:i|we))? (?:contact|ask|call|talk to|turn to)(?: (?:about|for|on))?",
        " 找谁 ",
    ),
    (
        r"who(?:'s| is| are)? (?:responsible|in charge)(?: (?:for|of))?|who (?:handles?|manages?|deals? with|supports?)",
        " 谁负责 ",
    ),
    (r"(?:task|item|measure|point|article|clause)s? (?:no\.? ?|number )?#?(\d{1,3})", r" 第\1项 "),
    (r"when (?:was|were|is) .{0,30}?(?:issued|published|released|signed)", " 文件什么时候发的 "),
    (
        r"who (?:issued|published|released|signed)(?: (?:this|the) (?:document|policy|opinion))?|issuing (?:body|authority|agency)",
        " 文件是谁发的 ",
    ),
    (r"(?:document|reference|file) number", " 文号 "),
    (r"(?:still (?:valid|in force|effective)|expir\w+|valid until)", " 有效期 "),
    (r"what (?:does|do|is|are|did)?(.{0,40}?) (?:say|says|about|contain)\b", r" \1 讲什么 "),
    (r"full text|original text|exact (?:text|wording)", " 原文 "),
    (r"(?:goals?|targets?|objectives?)", " 目标 "),
    (r"(?:take|takes|taking) part(?: in)?|participat\w+(?: in)?|involved in", " 参与 "),
    (r"responsible(?: for)?|in charge(?: of)?", " 负责 "),
    (r"how many|how much|number of", " 多少 "),
    (r"\bby (20\d\d)", r" 到\1年 "),
    (r"\band\b", "和"),
    (r"\b(?:what|when|where)(?:'s)?\b", " 什么 "),
    (r"^\s*(?:does|is|are|do|did)\b(.*)", r"\1 吗"),
)
"""English asking words, in this order; what is left are names and subjects."""
_EMPTY = re.compile(
    r"\b(?:the|a|an|of|for|in|on|to|at|is|are|does|do|did|has|have|this|that|it|its|their|please|tell|me|us|my|our|we|i|you|can|could|should|would|about|with|from|by|be|was|were|municipal|city|bureau's|there|document|policy)\b"
)


def in_characters(text: str) -> str:
    """The question with what it asks in characters; what is not letters is left as it is."""
    folded = fold_text(text)
    letters = len(re.findall(r"[a-z]", folded))
    if letters < 4 or any(pattern.search(folded) for pattern in wording.INSTRUCTIONS):
        return text  # orders to the machine are taken out as they were written
    if letters >= 0.6 * len(folded) and _ENGLISH_WORDS.search(folded) and not _pinyin().search(folded):
        return _from_english(folded)
    return _from_pinyin(folded, whole=letters >= 0.6 * len(folded))


def without_tones(text: str) -> str:
    """dì qī tiáo → di qi tiao."""
    parts = unicodedata.normalize("NFD", text) if re.search("[\u00e0-\u01dc]", text) else text
    return unicodedata.normalize("NFC", re.sub("(?<=[A-Za-z])[\u0300-\u036f]+", "", parts))


def _from_english(text: str) -> str:
    names = _names()
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(name)}\b", f" {names[name]} ", text)
    for pattern, chinese in _ENGLISH:
        text = re.sub(pattern, chinese, text)
    text = _EMPTY.sub(" ", text)
    return re.sub(
        r"\s+", " ", re.sub(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])", "", re.sub(r"\s+", " ", text))
    ).strip()


@cache
def _names() -> Mapping[str, str]:
    try:
        tables = tomllib.loads((_SEEDS / "english.toml").read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as cause:
        raise IngestError(f"英文说法 seeds/english.toml 读不出来（{cause}），请检查 seeds 文件夹是否完整。") from cause
    return {**tables.get("terms", {}), **tables.get("units", {})}


def _from_pinyin(text: str, *, whole: bool) -> str:
    text = _pinyin().sub(lambda found: _spelt()[found[0].replace(" ", "")], text)
    if not whole and not re.search(r"[\u4e00-\u9fff]", text):
        return text
    text = re.sub(rf"(?<![a-z])di ?(\d+|{_numerals().pattern})(?![a-z])", lambda found: f"第{_chinese(found[1])}", text)
    if whole:
        text = re.sub(r"(?<![a-z])[a-z]+(?![a-z])", lambda found: _SINGLE.get(found[0], found[0]), text)
        text = re.sub(r"(?<=第) | (?=[项条])", "", text)
    return text


@cache
def _spelt() -> Mapping[str, str]:
    return {"".join(spelling(word)): word for word in reversed(_ASKING)}


@cache
def _pinyin() -> re.Pattern[str]:
    """Every asking word of two or more syllables, with or without spaces between them."""
    forms = sorted((" ?".join(spelling(word)) for word in _ASKING), key=len, reverse=True)
    return re.compile(rf"(?<![a-z])(?:{'|'.join(dict.fromkeys(forms))})(?![a-z])")


@cache
def _numerals() -> re.Pattern[str]:
    names = [" ?".join(spelling(_NUMBERS[number])) for number in range(len(_NUMBERS))]
    return re.compile("|".join(sorted(names, key=len, reverse=True)))


_NUMBERS = _words("一 二 三 四 五 六 七 八 九 十 十一 十二 十三 十四 十五 十六 十七 十八 十九 二十")


def _chinese(written: str) -> str:
    bare = written.replace(" ", "")
    return next((number for number in _NUMBERS if "".join(spelling(number)) == bare), bare)
