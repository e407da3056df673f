"""One character typed for another in a heading's name or an asking word, and figures typed apart: 保章措施第2条, 第 1 0 条."""

import re
from collections.abc import Iterator, Sequence

from ingest.fold import fold_text
from ingest.sounds import confusable

_ASKING = ("责任单位", "工作任务", "牵头单位", "负责单位", "主管部门", "主管单位", "负责部门", "责任部门")
_SHORTEST = 4
"""Characters below which a word with one wrong character may well be another word."""
_ASKS = re.compile(r"[哪谁几吗呢]|什么|多少|怎|是否")
_THAT_FOR_WHICH = re.compile(r"那(?=(?:个|些|家)(?:部门|单位|局)[^,。?]{0,4}(?:管|负责|牵头|办|审批|支持))")
"""那个部门管, where nothing else asks."""
_APART = re.compile(r"(?<=第)\s*(\d)\s+(\d)\s*(?=项|条|点|款|个任务|号)")


def mended(text: str, titles: Sequence[str]) -> str:
    """Folded text with such slips put right; what is written right anywhere in it is left alone."""
    text = _APART.sub(r"\1\2", text)
    if not _ASKS.search(text):
        text = _THAT_FOR_WHICH.sub("哪", text)
    for name in dict.fromkeys((*_ASKING, *(fold_text(title) for title in titles))):
        if _SHORTEST <= len(name) <= len(text) and name not in text:
            text = _with(name, text)
    return text


def _with(name: str, text: str) -> str:
    for start in _almost(name, text):
        written = text[start : start + len(name)]
        wrong = [place for place in range(len(name)) if name[place] != written[place]]
        if len(wrong) == 1 and written.isalpha() and confusable(name, written, wrong[0]):
            return text[:start] + name + text[start + len(name) :]
    return text


def _almost(name: str, text: str) -> list[int]:
    """Where the name may stand with one slip, in their order: one of its halves is whole there."""
    half = len(name) // 2
    starts = {*_places(name[:half], text), *(at - half for at in _places(name[half:], text))}
    return sorted(at for at in starts if 0 <= at <= len(text) - len(name))


def _places(part: str, text: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)
