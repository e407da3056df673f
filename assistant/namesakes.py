"""Whose names count: a unit's short form means the body of the document in focus, before any namesake of other documents."""

import re
from collections import Counter
from collections.abc import Collection, Container, Iterator, Sequence
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


_JOIN = "[、,和与跟及同]"
_GOES_ON = r"(?=[、,和与跟及同]|[两二三四]|都|共同|一起|同时|的|负责|有|部门|在|$)"


def beside(text: str, mentions: Sequence[Mention], names: Collection[str]) -> list[Mention]:
    """经信、科技两家: what a body works on stands for the body beside one that is named."""
    stems = Counter(stem for name in names if (stem := stem_of(fold_text(name))))
    of = {stem_of(fold_text(name)): name for name in names}
    alone = "|".join(re.escape(stem) for stem in sorted(stems, key=len, reverse=True) if stems[stem] == 1)
    if not mentions or not alone:
        return []
    found = []
    for mention in mentions:
        start, end = mention.span
        behind = re.compile(f"{_JOIN}({alone}){_GOES_ON}").match(text, end)
        before = re.search(f"(?:^|[那,。?问])({alone}){_JOIN}$", text[:start])
        found += [
            Mention(Span(*match.span(1)), match[1], (of[match[1]],)) for match in (before, behind) if match is not None
        ]
    return [each for each in found if not any(each.span.overlaps(mention.span) for mention in mentions)]


def _without(mention: Mention, names: Container[str]) -> Mention:
    """Of several bodies that are meant, the document's own alone."""
    own = tuple(name for name in mention.names if name in names)
    return replace(mention, names=own) if own else mention


def _rank(found: tuple[Mention, bool]) -> tuple[bool, bool, int, bool]:
    """住建那边 is the document's own 住建 before it is any other; a name written out in full is nobody else's."""
    mention, foreign = found
    literal = mention.written in mention.names
    return (not mention.exact, foreign and not literal, mention.span.start - mention.span.end, foreign)
