"""Which documents a question names, and where: by title, part of a title, 文号, or place (湖北省那份).

Names are compared by their letters alone, so that 《》, “”, spaces and bracket styles do not matter; the longest name wins, and
of documents with the same name the one whose whole title it is.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from index.segment import words
from ingest.document import Document, Form, Span
from ingest.fold import fold_text

_KIND = r"(?:方案|意见|办法|通知|规划|条例|规定|计划|细则|决定|公告|措施|纲要|规则|要点|政策)"
_SHORT_TITLE = re.compile(rf"([\u4e00-\u9fff]{{3,24}}?)({_KIND})")
_INNER = re.compile(r"《([^《》]+)》")
_QUOTED = re.compile(r"[《〈<“\"]([^《》〈〉<>“”\"]+)[》〉>”\"]")
_FRAMED = re.compile(r"关于(?:印发|转发|批转|联合印发)?(.{6,}?)(?:的通知)?$")
_MARKS = "《》〈〉<>“”\"'「」『』 "
_OPENING, _CLOSING = frozenset('《〈<“"'), frozenset('》〉>”"')
_LEVEL_WORDS = {"国家": re.compile(r"国家|国务院|中央|部"), "省": re.compile(r"省"), "市": re.compile(r"市")}
_FEWEST = 6
"""Letters from which a title stands for its document; shorter ones are words like any other."""
_PLACE_NAMED = r"(?:省|市|县|区)?(?:的|发的|出的|出台的)?[那这](?:一)?(?:份|个)(?:文件|政策|{kind})?"


@dataclass(frozen=True)
class Named:
    """A document named in a text, and the stretch that names it, quotation marks included."""

    documents: tuple[Document, ...]
    span: Span
    instead: str = "文件"
    """What stands in the question in its place: the scope says which document that is."""


@dataclass(frozen=True)
class Names:
    """How the documents of a collection may be named. ``find`` takes folded text."""

    documents: tuple[Document, ...]

    def find(self, text: str) -> tuple[Named, ...]:
        """Every document named, in the order of the text; none where only a document that is not held in full is meant."""
        letters, offsets = _letters(text)
        found: list[tuple[Span, tuple[Document, ...]]] = []
        for name, at in self._standing_in(letters):
            span = Span(offsets[at], offsets[at + len(name) - 1] + 1)
            if not any(span.overlaps(other) for other, _ in found) and _may_name(name, text, span):
                found.append((span, self._owners[name]))
        short = [each for each in self._by_short_title(text) if not any(each[0].overlaps(span) for span, _ in found)]
        named = [*found, *short] or list(self._by_words(text))
        kept = [Named(_originals(owners, text[: span.start]), _with_marks(text, span)) for span, owners in named]
        kept = kept or [Named(owners, span, "这份文件") for span, owners in self._by_place(text)]
        return tuple(sorted((each for each in kept if each.documents), key=lambda each: each.span))

    @cached_property
    def _owners(self) -> dict[str, tuple[Document, ...]]:
        """Letters of a name → the documents that have it; whole titles before parts of titles."""
        whole: dict[str, dict[str, Document]] = {}
        parts: dict[str, dict[str, Document]] = {}
        for document in self.documents:
            for name in (document.title, document.number or ""):
                whole.setdefault(_letters(name)[0], {})[document.id] = document
            for name in _parts(document.title):
                parts.setdefault(_letters(name)[0], {})[document.id] = document
        held = {**parts, **whole}
        return {name: tuple(owners.values()) for name, owners in held.items() if len(name) >= _FEWEST}

    def _standing_in(self, letters: str) -> list[tuple[str, int]]:
        """Every name that stands in the letters and where, the longest first."""
        starts = ((at, letters[at : at + _FEWEST]) for at in range(len(letters)))
        found = [
            (name, at) for at, start in starts for name in self._by_start.get(start, ()) if letters.startswith(name, at)
        ]
        return sorted(found, key=lambda each: (-len(each[0]), each[1]))

    @cached_property
    def _by_start(self) -> dict[str, list[str]]:
        """The first letters of a name → the names that start so."""
        found: dict[str, list[str]] = {}
        for name in self._owners:
            found.setdefault(name[:_FEWEST], []).append(name)
        return found

    def _by_short_title(self, text: str) -> Iterator[tuple[Span, tuple[Document, ...]]]:
        """《总则》, “p033”: between marks a title may be as short as it likes, where it is the whole of one."""
        for match in _QUOTED.finditer(text):
            if owners := self._short.get(_letters(match[1])[0]):
                yield Span(*match.span(1)), owners

    @cached_property
    def _short(self) -> dict[str, tuple[Document, ...]]:
        """Letters of a title too short to count without marks → the documents that have it."""
        found: dict[str, tuple[Document, ...]] = {}
        for document in self.documents:
            name = _letters(document.title)[0]
            if 0 < len(name) < _FEWEST:
                found[name] = (*found.get(name, ()), document)
        return found

    def _by_words(self, text: str) -> Iterator[tuple[Span, tuple[Document, ...]]]:
        """社区养宠方案第3项, 《养宠方案》: exactly one document has all the words in its title."""
        stretches = [(Span(*match.span(1)), match[1], "") for match in _INNER.finditer(text)]
        match = _SHORT_TITLE.search(text)
        stretches += [(Span(*match.span()), match[1], match[2])] if match and not stretches else []
        for span, said, kind in stretches:
            spoken = [word for word in words(said) if len(word) > 1]
            fitting = [
                document
                for document in self.documents
                if document.form is Form.ORIGINAL
                and kind in document.title
                and all(word in fold_text(document.title) for word in spoken)
            ]
            if spoken and len(fitting) == 1:
                yield span, tuple(fitting)

    def _by_place(self, text: str) -> Iterator[tuple[Span, tuple[Document, ...]]]:
        """湖北省那份文件: the documents of that place, where more than one place is held."""
        for pattern, owners in self._places:
            if match := pattern.search(text):
                yield Span(*match.span()), owners
                return

    @cached_property
    def _places(self) -> list[tuple[re.Pattern[str], tuple[Document, ...]]]:
        """How the documents of each place are named."""
        held: dict[str, list[Document]] = {}
        for document in self.documents:
            if document.form is Form.ORIGINAL and document.region:
                held.setdefault(document.region, []).append(document)
        longest = sorted(held, key=len, reverse=True)
        spoken = ((re.escape(re.sub(r"[省市县区]$", "", region) or region), region) for region in longest)
        return [(re.compile(place + _PLACE_NAMED.format(kind=_KIND)), tuple(held[region])) for place, region in spoken]


def _may_name(name: str, text: str, span: Span) -> bool:
    """A title that is also an office's name (山东省人民政府) or a topic counts only in title marks."""
    marked = text[max(0, span.start - 1) : span.start] in _OPENING and text[span.end : span.end + 1] in _CLOSING
    return marked or bool(re.search(rf"{_KIND}$|号$|\d年?$", name)) or len(name) >= 2 * _FEWEST


def _parts(title: str) -> Iterator[str]:
    """What people call a document by: the title without issuer and frame."""
    for match in _INNER.finditer(title):
        yield match[1]
    framed = _FRAMED.search(title)
    if framed and "《" not in framed[1]:
        yield framed[1]
        yield "关于" + framed[1]


def _originals(owners: Sequence[Document], before: str) -> tuple[Document, ...]:
    """The owners that are held in full, unless the words before ask for one that only a fact sheet tells of."""
    held = tuple(document for document in owners if document.form is Form.ORIGINAL)
    told = (document for document in owners if document.form is not Form.ORIGINAL)
    return () if any(_is_of(document, before[-12:]) for document in told) else held


def _is_of(document: Document, before: str) -> bool:
    """省商务厅的《…》: the level or the place of the document."""
    level = _LEVEL_WORDS.get(document.level or "")
    place = re.sub(r"[省市县区]$", "", document.region or "")
    return bool(level and level.search(before)) or bool(place and place in before)


def _letters(text: str) -> tuple[str, list[int]]:
    """The letters and digits of a folded text, and where each stands."""
    kept = [(at, character) for at, character in enumerate(fold_text(text)) if character.isalnum()]
    return "".join(character for _, character in kept), [at for at, _ in kept]


def _with_marks(text: str, span: Span) -> Span:
    start, end = span
    while start and text[start - 1] in _MARKS:
        start -= 1
    while end < len(text) and text[end] in _MARKS:
        end += 1
    tail = re.match(r"(?:这|那)?(?:份|个)?文件", text[end:])
    return Span(start, end + (tail.end() if tail else 0))
