"""Whose names count: a unit's short form means the body of the document in focus, before any namesake of other documents."""

from collections.abc import Container
from dataclasses import dataclass, replace
from typing import Protocol

from ingest.directory import Mention, UnitDirectory


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
        """Every body the text names: exact before guessed, longer before shorter, the document's own before its namesakes."""
        found = [(mention, False) for mention in self.own.mentions(text)]
        found += [(_without(mention, self.names), True) for mention in self.others.mentions(text)]
        kept: list[Mention] = []
        for mention, _ in sorted(found, key=_rank):
            if not any(mention.span.overlaps(other.span) for other in kept):
                kept.append(mention)
        return tuple(sorted(kept, key=lambda mention: mention.span))


def _without(mention: Mention, names: Container[str]) -> Mention:
    """Of several bodies that are meant, the document's own alone."""
    own = tuple(name for name in mention.names if name in names)
    return replace(mention, names=own) if own else mention


def _rank(found: tuple[Mention, bool]) -> tuple[bool, int, bool]:
    mention, foreign = found
    return (not mention.exact, mention.span.start - mention.span.end, foreign)
