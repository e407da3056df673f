"""Whose names count: a unit's short form means the body of the document in focus, before any namesake of other documents."""

import re
from collections import Counter
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from ingest.aliases import is_anybody, stem_of
from ingest.directory import Mention, UnitDirectory
from ingest.document import Span
from ingest.fold import fold_text


class Mentions(Protocol):
    """Anything that finds the public bodies that a text names."""

    def mentions(self, text: str) -> tuple[Mention, ...]: ...


@dataclass(frozen=True)
class Namesakes:
    """The bodies of the document in focus (``own``, of these ``names``), then everybody known."""

    own: UnitDirectory
    names: Container[str]
    others: UnitDirectory

    @classmethod
    def of(cls, names: Container[str], directory: UnitDirectory) -> "Namesakes":
        return cls(UnitDirectory(record for record in directory.records if record.name in names), names, directory)

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Every body the text names: exact before guessed, the document's own before its namesakes, longer before shorter."""
        found = [(mention, False) for mention in (*self.own.mentions(text), *self._groups(text))]
        found += [(_without(mention, self.names), True) for mention in self.others.mentions(text)]
        kept: list[Mention] = []
        for mention, _ in sorted(found, key=_rank):
            if not any(mention.span.overlaps(other.span) for other in kept):
                kept.append(mention)
        return tuple(sorted(kept, key=lambda mention: mention.span))

    def _groups(self, text: str) -> Iterator[Mention]:
        """有关部门, where the document in focus makes it responsible and the question does not merely ask which ones."""
        for record in self.own.records:
            if not is_anybody(record.name):
                continue
            for match in re.finditer(_NOT_ASKED_FOR + re.escape(record.name) + _HAS_DUTIES, text):
                yield Mention(Span(*match.span(1)), match[1], (record.name,))


_NOT_ASKED_FOR = r"(?<![哪些个么几多少各家跟和与])("
_HAS_DUTIES = r")(?=$|[在,，?？。]|里?有|负责|承担|的?(?:全部|哪|任务)|要做|是不是|吗|分别|都|各)"


_JOIN = "(?:[、,和与跟及同]|[、,]?(?:又|还|也|再)(?:有|加上?))"
_GOES_ON = r"(?=[、,和与跟及同]|[两二三四]|都|共同|一起|同时|的|负责|参与|参加|承担|有|部门|在|$)"


_TAKING_PART = r"[也都不没]?(?:参与|参加|负责|承担|在|有份|管)"
_AGAINST = rf"(?:{_TAKING_PART})?,?(?:但是?|而|又有|却)"
_BEFORE = (r"(?:^|[那,。?问有由是归])({stem})" + _JOIN, r"有({stem})又有", rf"({{stem}})(?:{_TAKING_PART})?{_AGAINST}")
_BEHIND = (_JOIN + r"({stem})" + _GOES_ON, rf"{_AGAINST}({{stem}})(?={_TAKING_PART}|有|的|$)")
"""Where such a word may stand beside a body that is named."""
_ASKED_OF = r"(?=的(?:任务|事项|项|条|是哪|有哪)|[两二三四五几]?(?:家|个(?:部门|单位|局|口)|部门|单位|条线)|(?:都|共同|一起|同时|均|一块儿?)(?!有什么|有啥))"


def beside(text: str, mentions: Sequence[Mention], names: Collection[str]) -> list[Mention]:
    """经信、科技两家: what a body works on stands for the body beside one that is named, or in a row of such words."""
    stems = Counter(stem for name in names if (stem := stem_of(fold_text(name))))
    of = {stem_of(fold_text(name)): name for name in names}
    of |= {name.removesuffix("政府"): name for name in names if re.fullmatch("各.政府", name)}
    stems |= Counter(filter(None, of.keys() - stems.keys()))
    alone = "|".join(re.escape(stem) for stem in sorted(stems, key=len, reverse=True) if stems[stem] == 1)
    if not alone:
        return []
    found = _in_a_row(text, alone, of)
    for mention in mentions:
        start, end = mention.span
        near = [re.search(f"{pattern.format(stem=alone)}$", text[:start]) for pattern in _BEFORE]
        near += [re.compile(pattern.format(stem=alone)).match(text, end) for pattern in _BEHIND]
        found += [Mention(Span(*match.span(1)), match[1], (of[match[1]],)) for match in near if match is not None]
    return [each for each in found if not any(each.span.overlaps(mention.span) for mention in mentions)]


def _in_a_row(text: str, stems: str, of: Mapping[str, str]) -> list[Mention]:
    """教育、科技、经信三家: two or more such words, told by what follows to be bodies."""
    row = re.compile(f"(?:^|[那,。?:问有由])((?:{stems})(?:{_JOIN}(?:{stems}))+){_ASKED_OF}")
    return [
        Mention(Span(run.start(1) + word.start(), run.start(1) + word.end()), word[0], (of[word[0]],))
        for run in row.finditer(text)
        for word in re.finditer(stems, run[1])
    ]


def _without(mention: Mention, names: Container[str]) -> Mention:
    """Of several bodies that are meant, the document's own alone."""
    own = tuple(name for name in mention.names if name in names)
    return replace(mention, names=own) if own else mention


def _rank(found: tuple[Mention, bool]) -> tuple[bool, bool, int, bool]:
    """住建那边 is the document's own 住建 before it is any other; a name written out in full is nobody else's."""
    mention, foreign = found
    literal = mention.written in mention.names
    return (not mention.exact, foreign and not literal, mention.span.start - mention.span.end, foreign)
