"""A stretch of a document as written and as it is compared, and the names found in it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ingest.document import Span
from ingest.unit_grammar import COLLECTIVE
from ingest.unit_words import HIDDEN, UNIT_LABEL, plain, whole_words


@dataclass(frozen=True)
class Passage:
    """A stretch of a document: as written, in plain spelling, and with nested brackets hidden. Offsets are the document's."""

    text: str
    start: int
    plain: str
    hidden: str

    @classmethod
    def of(cls, text: str, start: int, end: int) -> "Passage":
        written = text[start:end]
        spelled = whole_words(plain(written))
        return cls(written, start, spelled, hide_brackets(spelled))

    def without(self, spans: Iterable[Span]) -> "Passage":
        """The same stretch with these parts, and nested brackets around them, blanked for whoever reads lists in it."""
        hidden = self.hidden
        for span in spans:
            start, end = span.start - self.start, span.end - self.start
            start = len(hidden[:start].rstrip(HIDDEN))
            end += len(hidden[end:]) - len(hidden[end:].lstrip(HIDDEN))
            hidden = hidden[:start] + " " * (end - start) + hidden[end:]
        return replace(self, hidden=hidden)

    def written(self, start: int, end: int) -> str:
        return self.text[start - self.start : end - self.start]

    def masked(self, start: int, end: int) -> str:
        return self.hidden[start - self.start : end - self.start]


@dataclass(frozen=True)
class Name:
    """One listed unit; ``by`` is the separator before it, ``remark`` what a bracket behind it says (牵头), or its star."""

    span: Span
    name: str
    by: str = "、"
    remark: str = ""

    @property
    def collective(self) -> bool:
        return bool(COLLECTIVE.search(self.name))


@dataclass(frozen=True)
class NameList:
    """What a list holds: units, remarks that are no units, whether every piece can only be a unit, or at least may be one."""

    names: tuple[Name, ...] = ()
    notes: tuple[str, ...] = ()
    deadlines: tuple[str, ...] = ()
    sure: bool = False
    whole: bool = False


# a bracket that holds nothing but a label stays in sight: (责任单位)市财政局
_NESTED = re.compile(rf"(?!(?<![一-鿿])\({UNIT_LABEL}\))\([^()]*\)")
_LOST_CLOSING = re.compile(r"\((?:含[^()]{1,12}|[市县区州旗](?:、[市县区州旗])*)(?=(?:人民)?政府|管委会|人社局|$)")


def hide_brackets(spelled: str) -> str:
    """Nested brackets replaced character by character, so that separators inside them are not seen."""
    while True:
        hidden = _NESTED.sub(lambda match: HIDDEN * len(match[0]), spelled)
        if hidden == spelled:
            return _LOST_CLOSING.sub(lambda match: HIDDEN * len(match[0]), hidden)
        spelled = hidden


def plain_name(name: str) -> str:
    return hide_brackets(plain(name))
