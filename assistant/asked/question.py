"""What is asked: ``read_question`` turns the user's words into a frozen Question, without looking anything up."""

import re
from collections.abc import Collection, Container, Sequence
from dataclasses import dataclass, field
from itertools import chain

from assistant.asked import described, slips, wording
from assistant.asked.namesakes import Mentions, beside
from assistant.asked.numbering import Reference, named_parts, references
from ingest.directory import Mention
from ingest.document import Document
from ingest.fold import fold_text, in_figures


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
    expected: Collection[str] = (),
) -> Question:
    """Read one turn. ``titles`` are the headings, ``regions`` the places of the documents that are held.

    ``expected`` are the units of the document in focus: where a short form may mean several bodies, it means one of them.
    """
    text, ordered = _without_orders(slips.mended(_plain(asked), titles))
    text, formed = _without_form(text)
    abandoned = wording.ABANDON.match(text)
    text = text[abandoned.end() :] if abandoned else text
    found = [mention for mention in directory.mentions(text) if mention.exact or not _is_body(mention.written)]
    found += described.bodies(text, found, expected)
    mentions = _as_named(text, sorted([*found, *beside(text, found, expected)], key=lambda mention: mention.span))
    numbers = references(text, titles)
    wants = frozenset(name for name, pattern in wording.WANTS.items() if pattern.search(text))
    joined = _BETWEEN_WORDS.sub("", text)
    meta = tuple(name for name, pattern in wording.META.items() if pattern.search(text) or pattern.search(joined))
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
        claim=_is_claim(text, mentions, numbers),
        yes_no=bool(wording.YES_NO.search(text)) and not wording.OTHERS.search(text),
        greeting=bool(wording.GREETINGS.match(text.strip())),
        ordered=ordered,
        abandons=bool(abandoned),
        formed=formed,
        elsewhere=_elsewhere(masked(text, mentions), regions),
        unknown_body=_unknown_body(text, mentions),
        notes=_readings(asked, mentions),
    )


_BETWEEN_WORDS = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
"""依据 哪两份: keywords typed apart are one wording."""


def _is_body(written: str) -> bool:
    """市水务局 is a body of its own, not 市税务局 with a slip."""
    return re.sub(r"^(?:[省市区县]|武汉市?)|(?:局|委|办|厅)$", "", fold_text(written)) in wording.BODIES


def _is_claim(text: str, mentions: Sequence[Mention], numbers: Sequence[Reference]) -> bool:
    """Somebody states a thing for a yes: with 吧 or 对吗, from memory, or flatly that only these are in charge of that one."""
    if wording.CLAIM.search(text) or wording.REMEMBERED.match(text):
        return True
    flat = mentions and numbers and wording.ONLY.search(text)
    return bool(flat and not re.search(r"哪|谁|几(?!乎)|多少|吗|呢|什么(?!事)|是否|不[^,。]不", text))


def _as_named(text: str, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """The bodies asked about: 出口信保那条 beside another body is a matter, not a body."""
    matters = [each for each in mentions if re.match(r"的?[那这]一?(?:条|项|个任务)", text[each.span.end :])]
    return tuple(each for each in mentions if each not in matters) or tuple(mentions)


def _meant(mention: Mention, expected: Container[str]) -> str:
    return next((name for name in mention.names if name in expected), mention.names[0])


def _plain(asked: str) -> str:
    """Folded, dialect words in their standard form, quantities in figures."""
    text = fold_text(asked.encode("utf-8", "ignore").decode()).strip()
    for spoken, standard in wording.COLLOQUIAL:
        text = re.sub(spoken, standard, text)
    return in_figures(text)


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
    remaining = wording.PUBLIC_BODY.sub(" ", masked(text, mentions))
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


def denied(question: Question, names: Sequence[str]) -> list[str]:
    """Those of the units that the question says are not there: 但没有X, X没有参与."""
    text, found = question.text.replace("有没有", "有　有"), []
    for mention in question.mentions:
        named = [name for name in mention.names if name in names]
        before, behind = text[: mention.span.start], text[mention.span.end :]
        if named and (
            re.search(wording.WITHOUT + r"(?:有|由|归)?$", before)
            or re.match(
                wording.WITHOUT + r"(?:有|参与|负责|列入|在)|(?:不|没)(?:参与|参加|负责|承担|涉及|在|管|沾)", behind
            )
        ):
            found.append(named[0])
    return found


def beside_phrases(question: Question) -> bool:
    """Whether enough is asked about beside what stands in quotation marks: 报来一笔“AI质检”收入，填报依据翻哪条."""
    rest = wording.QUOTED.sub(" ", question.text)
    for pattern in wording.WANTS.values():
        rest = pattern.sub(" ", rest)
    return len(wording.FILLER.sub("", rest)) >= _MATTER


_MATTER = 5


def subject_of(text: str) -> str:
    """What a text is about when asking words and fillers are taken out, as separate stretches."""
    for pattern in wording.WANTS.values():
        text = pattern.sub(" ", text)
    return re.sub(r"\s+", " ", wording.POLITE.sub(" ", text)).strip()


_REMARK = re.compile(r"\((?:就是|也就是|即|管|原来?|以前|过去|现在?)[^()]{1,20}\)")
"""劳动局(就是管就业的): says who is meant, and asks about nothing."""


def masked(text: str, mentions: Sequence[Mention]) -> str:
    """The text with units blanked out, so that their names are not read as anything else."""
    rest = list(text)
    for mention in mentions:
        remark = _REMARK.match(text, mention.span.end)
        for position in range(mention.span.start, remark.end() if remark else mention.span.end):
            rest[position] = " "
    return "".join(rest)


def _unknown_body(text: str, mentions: Sequence[Mention]) -> str | None:
    """A public body that no document and no directory names: 市公安局."""
    found = wording.PUBLIC_BODY.search(masked(text, mentions))
    return re.sub(r"^(?:那|请问)+", "", found.group(0)) if found else None


def _elsewhere(text: str, regions: Sequence[str]) -> str | None:
    """A place whose policy is asked for although no document of it is held."""
    for match in chain(wording.PLACE_POLICY.finditer(text), wording.PLACE_FIGURES.finditer(text)):
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
