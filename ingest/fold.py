"""Fold text to one spelling so that it can be compared. Folded text is never shown and never quoted.

NFKC, lower case, traditional → simplified, white space as one space, the brackets around a 文号's year as 〔〕; zero-width
characters go. Each character is folded by itself, so that every folded character knows where it came from.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from ingest.document import Span

_SPACES = re.compile(r"\s+")
_MARKS = re.compile(r"\W")
_YEAR_BRACKETS = re.compile(
    r"(?<=[\u4e00-\u9fff])( ?)(?:[\[【〔]((?:19|20)\d\d)[\]】〕]|\(((?:19|20)\d\d)\)(?= ?第? ?\d+ ?号))"
)
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_TRADITIONAL_THOUGH_IN_GB2312 = frozenset("於徵")  # stand in GB 2312 as rarities; in a policy text they are 于 and 征

_DIGITS = {
    **dict(zip("〇一二三四五六七八九", range(10), strict=True)),
    **dict(zip("零壹贰叁肆伍陆柒捌玖", range(10), strict=True)),
    "两": 2,
}
_TENS = {"廿": 20, "卅": 30, "卌": 40}
_MULTIPLIERS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_COLLOQUIAL_UNIT = {"百": 10, "千": 100, "万": 1000}  # 一百二 is 120, 两千五 is 2500
_MYRIADS = {"万": 10_000, "亿": 100_000_000}


@dataclass(frozen=True)
class Folded:
    """``offsets[i]`` is where folded character i starts in the original; one more entry holds the original's length."""

    text: str
    offsets: tuple[int, ...]

    def original(self, start: int, end: int) -> Span:
        """The span in the original text that folded[start:end] came from."""
        if start == end:
            return Span(self.offsets[start], self.offsets[start])
        last = self.offsets[end - 1]
        return Span(self.offsets[start], next(offset for offset in self.offsets[end:] if offset > last))


def fold(text: str) -> Folded:
    """Fold and remember where every character came from."""
    table, characters, offsets = _table(), list[str](), list[int]()
    for offset, character in enumerate(text):
        for folded in table[ord(character)]:
            if folded == " " and characters and characters[-1] == " ":
                continue
            characters.append(folded)
            offsets.append(offset)
    offsets.append(len(text))
    return Folded(_official_brackets("".join(characters)), tuple(offsets))


def fold_text(text: str) -> str:
    """The folded text alone; equals ``fold(text).text``."""
    folded = text.translate(_table())
    if "  " in folded:
        folded = _SPACES.sub(" ", folded)
    return _official_brackets(folded)


def letters(text: str) -> str:
    """The letters and figures of the folded text, nothing between them."""
    return text.translate(_letters())


def simplified(text: str) -> str:
    """Traditional characters in their simplified form, one for one, so that every offset stays."""
    return text.translate(_simplified_characters())


def chinese_number(text: str) -> int | None:
    """十二 → 12, 廿三 → 23, 二〇二一 → 2021, １２ → 12; None when it is not a number."""
    written = fold_text(text).strip()
    if written.isascii() and written.isdigit():
        return int(written)
    if not written:
        return None
    if all(character in _DIGITS for character in written):
        return int("".join(str(_DIGITS[character]) for character in written))
    return _with_multipliers(written)


_FIGURE = r"[零〇一二两三四五六七八九十百千万亿]"
_WRITTEN_OUT = re.compile(
    rf"百分之({_FIGURE}+)|([一二两三四五六七八九十]{_FIGURE}*[百千万亿]{_FIGURE}*)(?=余?(?:家|个(?!人|体|别)|项|人|名|元|块钱|美元|倍|亩|吨|台|套|所|户|平方米|平米))"
)


def in_figures(folded: str) -> str:
    """Quantities written out in figures: 百分之十五 → 15%, 一千五百家 → 1500家; small counts stay (两家, 第十二项)."""

    def figure(match: re.Match[str]) -> str:
        number = chinese_number(match[1] or match[2])
        return match[0] if number is None else f"{number}%" if match[1] else str(number)

    return _WRITTEN_OUT.sub(figure, folded)


def _with_multipliers(written: str) -> int | None:
    """Place value by place value; None where the order makes no sense (三四十, 十廿)."""
    total, section, digit = 0, 0, None
    for character in written:
        if character in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[character]
        elif character in _TENS and not digit:
            section += _TENS[character]
        elif character in _MULTIPLIERS:
            section += (1 if digit is None else digit) * _MULTIPLIERS[character]
            digit = None
        elif character in _MYRIADS:
            total = (total + section + (digit or 0)) * _MYRIADS[character]
            section, digit = 0, None
        else:
            return None
    if digit and len(written) > 1 and written[-2] in _COLLOQUIAL_UNIT:
        digit *= _COLLOQUIAL_UNIT[written[-2]]
    return total + section + (digit or 0)


def _official_brackets(folded: str) -> str:
    """[2020] 【2020】 (2020) → 〔2020〕 in a 文号; lengths stay, so offsets stay."""
    if not any(bracket in folded for bracket in "[【("):
        return folded
    return _YEAR_BRACKETS.sub(lambda found: f"{found[1]}〔{found[2] or found[3]}〕", folded)


class _Table(dict[int, str]):
    """Code point → folded characters, filled as characters are met: a miss costs str.translate more than a fold."""

    def __init__(self, simplified: dict[str, str]) -> None:
        super().__init__({ord(character): "" for character in _INVISIBLE})
        self._simplified = simplified

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKC", chr(code)).lower()
        folded = "".join(
            " " if character.isspace() else self._simplified.get(character, character) for character in plain
        )
        self[code] = folded
        return folded


class _Letters(dict[int, str]):
    """Code point → what is no mark of its folded characters, filled like the other."""

    def __missing__(self, code: int) -> str:
        self[code] = kept = _MARKS.sub("", _table()[code])
        return kept


@cache
def _letters() -> _Letters:
    return _Letters()


@cache
def _table() -> _Table:
    return _Table(_traditional_to_simplified())


@cache
def _simplified_characters() -> dict[int, str]:
    return str.maketrans(_traditional_to_simplified())


@cache
def _traditional_to_simplified() -> dict[str, str]:
    """OpenCC's character table without loading OpenCC. Characters of GB 2312 are simplified already (著, 乾) and stay."""
    spec = find_spec("opencc")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("opencc-python-reimplemented is missing; run pip install -r requirements.txt")
    rows = Path(spec.submodule_search_locations[0], "dictionary", "TSCharacters.txt").read_text(encoding="utf-8")
    pairs = (row.split() for row in rows.splitlines())
    table = {
        pair[0]: pair[1]
        for pair in pairs
        if len(pair) > 1 and len(pair[0]) == len(pair[1]) == 1 and not _is_simplified(pair[0])
    }
    return {written: table.get(simpler, simpler) for written, simpler in table.items()}  # 薴 → 苧 → 苎


def _is_simplified(character: str) -> bool:
    if character in _TRADITIONAL_THOUGH_IN_GB2312:
        return False
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
