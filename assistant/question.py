"""What is asked: ``read_question`` turns the user's words into a frozen Question, without looking anything up."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, field

from assistant import wording
from assistant.namesakes import Mentions
from assistant.numbering import Reference, named_parts, references
from ingest.directory import Mention
from ingest.document import Document
from ingest.fold import fold_text


@dataclass(frozen=True)
class Part:
    """What is asked of one of several documents."""

    document: Document
    text: str


@dataclass(frozen=True)
class Question:
    """One turn, read on its own.

    ``text`` is what is worked with: folded, dialect words and orders to the machine taken out. ``topic`` is what remains of
    it when units, numbers, question words and fillers are gone: empty when the question is purely about structure.
    """

    asked: str
    text: str
    topic: str
    units: tuple[str, ...] = ()
    mentions: tuple[Mention, ...] = ()
    numbers: tuple[Reference, ...] = ()
    parts: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    wants: frozenset[str] = frozenset()
    meta: tuple[str, ...] = ()
    upper_level: str | None = None
    own: bool = False
    attributes: tuple[str, ...] = ()
    claim: bool = False
    yes_no: bool = False
    greeting: bool = False
    ordered: bool = False
    abandons: bool = False
    formed: bool = False
    """Whether a wish about the form was in it (列成表); the wish is no part of ``text``."""
    elsewhere: str | None = None
    unknown_body: str | None = None
    notes: tuple[str, ...] = field(default=())
    documents: tuple[Document, ...] = ()
    """Those that the question names; their names are no part of ``text``."""
    several: tuple["Part", ...] = ()
    """What is asked of each document where several are named."""

    @property
    def is_bare(self) -> bool:
        """Whether nothing is asked about but who or what."""
        exact = self.units or self.numbers or self.phrases or self.meta or self.parts or self.attributes
        return not (exact or self.topic or self.unknown_body)

    def wants_any(self, *names: str) -> bool:
        return bool(self.wants & set(names))


def read_question(
    asked: str,
    *,
    directory: Mentions,
    titles: Sequence[str] = (),
    regions: Sequence[str] = (),
    expected: Container[str] = (),
) -> Question:
    """Read one turn. ``titles`` are the headings, ``regions`` the places of the documents that are held.

    ``expected`` are the units of the document in focus: where a short form may mean several bodies, it means one of them.
    """
    text, ordered = _without_orders(_plain(asked))
    text, formed = _without_form(text)
    abandoned = wording.ABANDON.match(text)
    text = text[abandoned.end() :] if abandoned else text
    mentions = tuple(mention for mention in directory.mentions(text) if mention.exact or not _is_body(mention.written))
    numbers = references(text, titles)
    wants = frozenset(name for name, pattern in wording.WANTS.items() if pattern.search(text))
    meta = tuple(name for name, pattern in wording.META.items() if pattern.search(text))
    return Question(
        asked=asked,
        text=text,
        topic=_topic(text, mentions, numbers),
        units=tuple(dict.fromkeys(_meant(mention, expected) for mention in mentions if mention.names)),
        mentions=mentions,
        numbers=numbers,
        parts=named_parts(text),
        phrases=tuple(match.group(1).strip() for match in wording.QUOTED.finditer(text)),
        wants=wants,
        meta=meta,
        upper_level=next((level for level, pattern in wording.UPPER_LEVEL.items() if pattern.search(text)), None),
        own=bool(wording.OWN.search(text)),
        attributes=tuple(name for name, (asks, _) in wording.ATTRIBUTES.items() if asks.search(text)),
        claim=bool(wording.CLAIM.search(text)),
        yes_no=bool(wording.YES_NO.search(text)),
        greeting=bool(wording.GREETINGS.match(text.strip())),
        ordered=ordered,
        abandons=bool(abandoned),
        formed=formed,
        elsewhere=_elsewhere(_masked(text, mentions), regions),
        unknown_body=_unknown_body(text, mentions),
        notes=_readings(asked, mentions),
    )


def _is_body(written: str) -> bool:
    """市水务局 is a body of its own, not 市税务局 with a slip."""
    return re.sub(r"^(?:[省市区县]|武汉市?)|(?:局|委|办|厅)$", "", fold_text(written)) in wording.BODIES


def _meant(mention: Mention, expected: Container[str]) -> str:
    return next((name for name in mention.names if name in expected), mention.names[0])


def _plain(asked: str) -> str:
    """Folded, and dialect words in their standard form."""
    text = fold_text(asked.encode("utf-8", "ignore").decode()).strip()
    for spoken, standard in wording.COLLOQUIAL:
        text = re.sub(spoken, standard, text)
    return text


def _without_orders(text: str) -> tuple[str, bool]:
    cleaned = text
    for pattern in wording.INSTRUCTIONS:
        cleaned = pattern.sub(" ", cleaned)
    return re.sub(r"\s+", " ", cleaned).strip(), cleaned != text


def _without_form(text: str) -> tuple[str, bool]:
    """Without wishes about the form of the answer."""
    cleaned = wording.FORM.sub(" ", text)
    return cleaned.strip(), cleaned != text


def _topic(text: str, mentions: Sequence[Mention], numbers: Sequence[Reference]) -> str:
    """What the question is about, apart from units, numbers and question words."""
    remaining = wording.PUBLIC_BODY.sub(" ", _masked(text, mentions))
    for reference in numbers:
        remaining = remaining.replace(reference.written, " ")
    asks = (
        wording.CLAIM,
        wording.AMONG,
        wording.ALTERNATIVE,
        *wording.META.values(),
        wording.OWN,
        *wording.WANTS.values(),
    )
    for pattern in asks:
        remaining = pattern.sub(" ", remaining)
    return wording.FILLER.sub("", remaining)


def subject_of(text: str) -> str:
    """What a text is about when asking words and fillers are taken out, as separate stretches."""
    for pattern in wording.WANTS.values():
        text = pattern.sub(" ", text)
    return re.sub(r"\s+", " ", wording.POLITE.sub(" ", text)).strip()


def _masked(text: str, mentions: Sequence[Mention]) -> str:
    """The text with units blanked out, so that their names are not read as anything else."""
    rest = list(text)
    for mention in mentions:
        for position in range(*mention.span):
            rest[position] = " "
    return "".join(rest)


def _unknown_body(text: str, mentions: Sequence[Mention]) -> str | None:
    """A public body that no document and no directory names: 市公安局."""
    found = wording.PUBLIC_BODY.search(_masked(text, mentions))
    return found.group(0) if found else None


def _elsewhere(text: str, regions: Sequence[str]) -> str | None:
    """A place whose policy is asked for although no document of it is held."""
    for match in wording.PLACE_POLICY.finditer(text):
        place = match["place"]
        if not any(place in region or region in place for region in regions if region):
            return place
    return None


def _readings(asked: str, mentions: Sequence[Mention]) -> tuple[str, ...]:
    """How an inexact unit name was taken, so that the user sees it."""
    return tuple(
        f"按“{mention.names[0]}”查询（您写的是“{mention.written}”）"
        for mention in mentions
        if not mention.exact and mention.names
    )
