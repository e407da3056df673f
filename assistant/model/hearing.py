"""What a language model said → plain lines: no thoughts, no markup, no links, no characters that hide what is written."""

import re
import unicodedata
from collections.abc import Callable

_OPENS = r"<\|?(?:think|thinking|thought|reasoning|reflection)\|?>|◁think▷"
_CLOSES = r"<\|?/\|?(?:think|thinking|thought|reasoning|reflection)\|?>|◁/think▷"
_THOUGHT = re.compile(rf"(?:{_OPENS}).*?(?:{_CLOSES}|$)", re.DOTALL | re.IGNORECASE)
_THOUGHT_BEFORE = re.compile(rf"^.*(?:{_CLOSES})", re.DOTALL | re.IGNORECASE)
_TARGET = r"\((?:[^()]|\([^()]*\))*\)?"
_EDITS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"^\s*(?:```|~~~).*$"), ""),
    (re.compile(rf"!\[[^\]]*\](?:{_TARGET}|\[[^\]]*\])?"), ""),
    (re.compile(rf"\[([^\]]*)\]{_TARGET}"), r"\1"),
    (re.compile(r"^\s*\[[^\]]*\]:.*$"), ""),
    (re.compile(r"<(script|style)\b.*?(?:</\1>|$)", re.IGNORECASE), ""),
    (re.compile(r"</?[a-zA-Z!][^>]*>?"), ""),
    (re.compile(r"&(?:#\w+|\w+);"), ""),
    (re.compile(r"(?:[a-z][a-z0-9+.-]*://|www\.|mailto:)[^\s\u3000-\u9fff\uff00-\uffef]*", re.IGNORECASE), ""),
    (re.compile(r"^[\s>#]+"), ""),
    (re.compile(r"^(?:[-*+](?=\s)|[•·]|\d{1,2}[.)](?=\s)|\d{1,2}、)\s*"), "- "),
    (re.compile(r"\*+|`+|~~+|\|+|(?<!\w)_+|_+(?!\w)|\\"), ""),
    (re.compile(r"[\[【]"), "〔"),
    (re.compile(r"[\]】]"), "〕"),
    (re.compile(r"[『‘]"), "“"),
    (re.compile(r"[』’]"), "”"),
    (re.compile(r"[\"＂]([^\"＂]*)[\"＂]"), r"“\1”"),
    (re.compile(r"\s+"), " "),
)
"""In this order."""
_BLANKS = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])|(?<=\d)\s+(?=\d)")
"""No blank may keep a name or a figure from being seen."""
_HIDING = frozenset({"Cc", "Cf", "Co", "Cn", "Cs", "So", "Sk", "Mn", "Me"})


def lines_of(said: str, *, finished: bool) -> list[str]:
    """The lines that are whole. While the text still grows, what stands after the last line break is not."""
    lines = without_thoughts(said).replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").split("\n")
    return [line for line in map(plain, lines if finished else lines[:-1]) if re.search(r"\w", line)]


def without_thoughts(said: str) -> str:
    """What was said aloud; a thought that has not ended hides everything after it."""
    return _THOUGHT_BEFORE.sub("", _THOUGHT.sub("", said))


def plain(line: str) -> str:
    """One line without markup. What is left is exactly what will be checked and shown."""
    text = clean(line)
    return f"- {_BLANKS.sub('', text[2:])}" if text.startswith("- ") else _BLANKS.sub("", text)


def clean(line: str) -> str:
    """One line without markup, its blanks kept."""
    text = "".join(" " if sign.isspace() else sign for sign in line if _shows(sign))
    for pattern, to in _EDITS:
        text = pattern.sub(to, text)
    text = text.strip()
    return f"- {text[1:].strip()}" if text.startswith("-") else text


def _shows(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) not in _HIDING
