"""From a clause to what is cited of it: the extent, the sentence that answers, and clauses that hold given words."""

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from functools import lru_cache

from assistant.asked.numbering import extent_end, is_below
from assistant.found.finding import Evidence
from index.segment import words
from ingest.document import Clause, Document, Part, Span
from ingest.fold import fold, fold_text

_SENTENCE = re.compile(r"[^。！？；!?;\n]+[。！？；!?;]?")


def cite(document: Document, clause: Clause, focus: Sequence[Span] = ()) -> Evidence:
    """The clause as evidence; a heading is cited with everything below it."""
    return Evidence(document, clause, Span(clause.span.start, extent_end(document, clause)), tuple(focus))


def governing(evidence: Evidence) -> Evidence:
    """The clause, or where it names no units the nearest heading above that does: its units answer for all below it."""
    document, clause = evidence.document, evidence.clause
    if evidence.units or not clause.path:
        return evidence
    before = document.clauses[: document.clauses.index(clause)]
    for above in reversed(before):
        if len(above.path) < len(clause.path) and document.units_of(above) and is_below(document, clause, above):
            return replace(cite(document, above, evidence.focus or (clause.span,)), among_others=evidence.among_others)
    return evidence


def sentences(document: Document, span: Span) -> list[Span]:
    """The sentences inside a span, without surrounding white space."""
    found = []
    for match in _SENTENCE.finditer(document.text, span.start, span.end):
        text = match.group(0)
        start = match.start() + len(text) - len(text.lstrip())
        end = match.start() + len(text.rstrip())
        if end > start:
            found.append(Span(start, end))
    return found


def focus_of(document: Document, clause: Clause, question: str) -> tuple[Span, ...]:
    """The sentence of the clause that shares most with the question; none when no sentence stands out."""
    grams = _bigrams(fold_text(question))
    marked = {
        responsibility.span for responsibility in document.responsibilities if responsibility.clause_id == clause.id
    }
    scored = []
    for sentence in sentences(document, clause.span):
        if any(span.covers(sentence) for span in marked):
            continue
        own = _bigrams(fold_text(sentence.of(document.text)))
        scored.append((len(grams & own), -len(own), sentence))
    best = max(scored, default=None)
    return (best[2],) if best and best[0] >= 2 else ()


def _bigrams(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1) if re.match(r"\w\w", text[i : i + 2])}


def containing(documents: Sequence[Document], phrase: str) -> list[Evidence]:
    """Every clause whose own text holds the phrase, compared folded; the place is the focus."""
    wanted = _UNHEARD.sub("", fold_text(phrase))
    if not wanted:
        return []
    found = []
    for document in documents:
        if wanted not in _heard(document.text):
            continue
        letters, offsets = _letters(document.text)
        starts = [match.start() for match in re.finditer(re.escape(wanted), letters)]
        places = [Span(offsets[start], offsets[start + len(wanted) - 1] + 1) for start in starts]
        for clause in document.clauses:
            inside = tuple(place for place in places if clause.span.covers(place))
            if inside and clause.part is not Part.ADDRESS:
                found.append(Evidence(document, clause, clause.span, inside))
    return found


_UNHEARD = re.compile(r"[\s“”\"'‘’「」『』]")


@lru_cache(maxsize=8192)
def _heard(text: str) -> str:
    """The text folded, without white space and quotation marks."""
    return _UNHEARD.sub("", fold_text(text))


@lru_cache(maxsize=256)
def _letters(text: str) -> tuple[str, tuple[int, ...]]:
    """The text folded, without white space and quotation marks, and where each character stands in the original."""
    folded = fold(text)
    kept = [at for at, character in enumerate(folded.text) if not _UNHEARD.match(character)]
    return "".join(folded.text[at] for at in kept), tuple(folded.offsets[at] for at in kept)


def longest_shared(first: str, second: str) -> str:
    """The longest run of characters that both texts hold, folded."""
    one, two = fold_text(first), fold_text(second)
    match = SequenceMatcher(None, one, two, autojunk=False).find_longest_match()
    return one[match.a : match.a + match.size]


def longest_run(asked: str, text: str) -> int:
    """How many characters in a row of ``asked`` stand in the text, marks and spaces apart."""
    held, length = letters_only(text), 0
    for start in range(len(asked)):
        while start + length < len(asked) and asked[start : start + length + 1] in held:
            length += 1
    return length


@lru_cache(maxsize=8192)
def letters_only(text: str) -> str:
    """The text folded, without white space and marks."""
    return re.sub(r"[^\w]", "", fold_text(text))


def rare_runs(document: Document, text: str, *, shortest: int = 4, most_clauses: int = 2) -> dict[str, int]:
    """Clause id → length of the longest stretch of ``text`` that stands in it and in at most ``most_clauses`` clauses."""
    asked = _heard(text)
    texts = {clause.id: _heard(document.quote(clause)) for clause in document.clauses}
    whole = "\n".join(texts.values())
    found: dict[str, int] = {}
    for length in range(min(16, len(asked)), shortest - 1, -1):
        for start in range(len(asked) - length + 1):
            run = asked[start : start + length]
            if not run.isalnum() or run not in whole:
                continue
            holding = [clause_id for clause_id, held in texts.items() if run in held]
            if len(holding) <= most_clauses:
                for clause_id in holding:
                    found.setdefault(clause_id, length)
    return found


def topical(text: str, document: Document) -> list[str]:
    """The words of ``text`` that the document holds, but not in most of its clauses: what it can be about."""
    held = [_heard(document.quote(clause)) for clause in document.clauses]
    found = []
    for word in dict.fromkeys(words(text)):
        holding = sum(word in each for each in held)
        if len(word) > 1 and 0 < holding <= max(1, len(held) // 3):
            found.append(word)
    return found
