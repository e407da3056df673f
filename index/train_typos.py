"""Slips of the keyboard for training: another character of the same sound, a dropped or swapped character."""

import random
from collections import defaultdict
from collections.abc import Callable
from functools import cache

_COMMON_CHARACTERS = range(0xB0A1, 0xD7FA)  # level 1 of GB 2312: the 3,755 characters in daily use


def misspeller(generator: random.Random) -> Callable[[str], str]:
    """A function that makes one slip in a text, more often by sound than otherwise."""

    def misspell(text: str) -> str:
        places = [at for at, character in enumerate(text) if character in _sounds()]
        if not places:
            return text
        at = generator.choice(places)
        draw = generator.random()
        if draw < 0.7:
            return text[:at] + generator.choice(_sounds()[text[at]]) + text[at + 1 :]
        if draw < 0.85:
            return text[:at] + text[at + 1 :]
        left = min(at, len(text) - 2)
        return text[:left] + text[left : left + 2][::-1] + text[left + 2 :] if left >= 0 else text

    return misspell


@cache
def _sounds() -> dict[str, tuple[str, ...]]:
    """Each common character → the others of its sound, whatever the tone."""
    from pypinyin import lazy_pinyin

    by_sound: dict[str, list[str]] = defaultdict(list)
    for character in _common():
        by_sound[lazy_pinyin(character)[0]].append(character)
    return {
        character: tuple(other for other in alike if other != character)
        for alike in by_sound.values()
        if len(alike) > 1
        for character in alike
    }


def _common() -> list[str]:
    found = []
    for code in _COMMON_CHARACTERS:
        if code & 0xFF >= 0xA1:
            try:
                found.append(code.to_bytes(2, "big").decode("gb2312"))
            except UnicodeDecodeError:
                continue
    return found
