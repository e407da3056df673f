"""Question → Finding: one table of readings, tried from the most exact to the widest.

Structure first (numbers, phrases, the document's own data, the unit × task matrix), search by meaning last; a number or a
unit name is never looked up by similarity.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

from assistant.asked import wording
from assistant.asked.numbering import numbered, resolve
from assistant.asked.question import Question, beside_phrases
from assistant.found import about, duties, headings, levels, placed, records, several
from assistant.found.attributes import unless_missing
from assistant.found.claims import judged
from assistant.found.evidence import cite, containing, focus_of, governing, longest_shared
from assistant.found.finding import Evidence, Finding, Kind, Reason
from assistant.found.listed import shared
from assistant.found.rank import ANSWERABLE, Candidate, rank
from assistant.found.scope import Scope
from index.search import Index
from index.segment import words
from ingest.document import Clause
from ingest.fold import fold_text

Reader = Callable[["Finder", Question, Scope], Finding | None]


class Finder:
    """Reads the knowledge base for one question at a time; holds no state between questions."""

    def __init__(self, index: Index, focus: tuple[str, ...] = ()) -> None:
        self.index = index
        self.focus = focus
        """Ids of the clauses that the conversation is about."""

    def find(self, question: Question, scope: Scope) -> Finding:
        """The first reading that fits; a refusal when none does."""
        for reader in _READERS:
            finding = reader(self, question, scope if reader is _cross_level else scope.originals)
            if finding is not None:
                return judged(_governed(finding))
        return Finding(Kind.UNANSWERABLE, question, reason=Reason.NOT_IN_COLLECTION, searched=question.text)

    def search(self, text: str, scope: Scope, *, limit: int = 12) -> list[Candidate]:
        """The best clauses for a text, best first."""
        return rank(self.index, text, scope, limit=limit)


def _governed(finding: Finding) -> Finding:
    """Who is responsible for a clause without units of its own is said by the heading above it."""
    question = finding.question
    if finding.refused or not (question.wants_any("units") or question.units):
        return finding
    unique = {item.clause.id: item for item in map(governing, finding.evidence)}
    return replace(finding, evidence=tuple(unique.values()))


def _social(_finder: Finder, question: Question, _scope: Scope) -> Finding | None:
    if question.greeting:
        return Finding(Kind.SMALL_TALK, question)
    if not re.search(r"\w", question.text):
        reason = Reason.ORDER_TO_THE_MACHINE if question.ordered else Reason.EMPTY
        return Finding(Kind.UNANSWERABLE, question, reason=reason)
    if wording.UNSAFE.search(question.text) and not wording.LAWFUL.search(question.text):
        return Finding(Kind.UNANSWERABLE, question, reason=Reason.UNSAFE)
    about_policy = question.units or question.numbers or question.phrases or question.meta
    if wording.NOT_POLICY.search(question.text) and not about_policy:
        return Finding(Kind.UNANSWERABLE, question, reason=Reason.NOT_A_POLICY_QUESTION)
    return None


def _elsewhere(_finder: Finder, question: Question, _scope: Scope) -> Finding | None:
    if question.elsewhere and not question.numbers and not question.upper_level:
        return Finding(Kind.UNANSWERABLE, question, reason=Reason.ELSEWHERE, missing=question.elsewhere)
    return None


def _unit_record(finder: Finder, question: Question, scope: Scope) -> Finding | None:
    return records.find(question, scope, finder.index.directory)


def _by_number(finder: Finder, question: Question, scope: Scope) -> Finding | None:
    """第7条, 四(二), 结语: the clause itself, whatever else is asked about it."""
    home = scope.home
    if home is None or not (question.numbers or question.parts) or (question.meta and not question.numbers):
        return None
    if question.units and (listed := duties.of_unit_by_number(question, scope)):
        return listed
    if question.claim and (counted := about.find(question, scope)):
        return counted
    clauses = [clause for reference in question.numbers for clause in resolve(reference, home)]
    clauses += [clause for clause in home.clauses if clause.label in question.parts]
    if not clauses:
        if beyond := headings.beyond(question, home):
            return beyond
        written = "、".join(reference.written for reference in question.numbers)
        if not written:
            return None
        tasks = numbered(home)
        total = f"共有{len(tasks)}项任务" if tasks else "没有编号的任务"
        return Finding(Kind.UNANSWERABLE, question, reason=Reason.NO_SUCH_NUMBER, missing=written, values=(total,))
    if misplaced := placed.judged(question, clauses, scope, lambda text: finder.search(text, scope)):
        return misplaced
    clauses += _that_one(finder, question, scope)
    if question.numbers and question.numbers[0].style == "group":
        clauses = _one_group(finder, question, scope, clauses)
    evidence = tuple(cite(home, clause, focus_of(home, clause, question.text)) for clause in dict.fromkeys(clauses))
    if len(evidence) == 1 and (counted := headings.counted(question, evidence[0])):
        return counted
    if headings.lists_items(question) and len(evidence) == 1:
        evidence += tuple(
            cite(home, clause)
            for clause in home.tasks()
            if evidence[0].extent.covers(clause.span) and clause.id != evidence[0].clause.id
        )
    finding = Finding(
        Kind.CLAUSE_BY_NUMBER, question, evidence, question.units, verdict=headings.wrong_total(question, scope)
    )
    return unless_missing(shared(finding))


def _that_one(finder: Finder, question: Question, scope: Scope) -> list[Clause]:
    """第15项跟医药研发那条: the clause that is meant beside the one with a number."""
    match = re.search(r"[跟和与同](?P<topic>[^,。?第]{2,14}?)那(?:一)?(?:条|项|个|点)", question.text)
    found = finder.search(match["topic"], scope, limit=3) if match else []
    return [found[0].evidence.clause] if found and found[0].confidence >= ANSWERABLE else []


def _one_group(finder: Finder, question: Question, scope: Scope, clauses: list[Clause]) -> list[Clause]:
    """(二) may stand under several headings: the only one with units where units are asked for, else the question's words."""
    assigned = [clause for clause in clauses if scope.home and scope.home.units_of(clause)]
    if len(assigned) == 1 and (question.wants_any("units") or question.units):
        return assigned
    if len(clauses) < 2 or not question.topic:
        return clauses
    best = [each.evidence.clause for each in finder.search(question.text, scope)]
    named = [clause for clause in clauses if clause in best[:3]]
    return named[:1] or clauses


def _by_title(_finder: Finder, question: Question, scope: Scope) -> Finding | None:
    return headings.by_title(question, scope)


def _by_phrase(finder: Finder, question: Question, scope: Scope) -> Finding | None:
    """“剥离非核心业务”: every clause that holds the words; of “区块链+元宇宙” what is there, and what is not."""
    held = {phrase: _holding(scope, phrase) for phrase in question.phrases}
    absent = [phrase for phrase, evidence in held.items() if not evidence]
    for phrase in absent:
        held.update({part: _holding(scope, part) for part in _PARTS.split(phrase) if len(part) > 1})
    phrases = [phrase for phrase, evidence in held.items() if evidence]
    lacking = [phrase for phrase, evidence in held.items() if not evidence and not _PARTS.search(phrase)]
    if not phrases:
        alone = not beside_phrases(question)
        return _no_phrase(finder, question, scope, absent) if absent and alone and question.wants_any("place") else None
    found = [evidence for phrase in phrases for evidence in held[phrase]]
    found = _asked_parts(question, found)
    if not question.wants_any("place") and len(found) > 1 and question.topic:
        found = _closest(question, found)
        if len(found) > _MOST_MEANT and beside_phrases(question):
            return None
    unique = {evidence.clause.id: evidence for evidence in found}
    kind = (
        Kind.CLAUSE_BY_PHRASE
        if question.wants_any("place")
        else Kind.MEASURE_TO_UNIT
        if question.wants_any("units")
        else Kind.FACT
    )
    missing = "、".join(f"“{phrase}”" for phrase in lacking)
    return unless_missing(Finding(kind, question, tuple(unique.values()), values=tuple(phrases), missing=missing))


_MOST_MEANT = 3
"""Clauses that a phrase may stand in and tell what is meant; one that stands in more is a word like any other."""


_PARTS = re.compile(r"\s*[+、,，/;；·|&]\s*|(?<=[\u4e00-\u9fff]{2})[和与及](?=[\u4e00-\u9fff]{2})")


def _no_phrase(finder: Finder, question: Question, scope: Scope, absent: list[str]) -> Finding:
    """Words that stand nowhere: the clause that holds most of them, said to be no more than that; else a refusal."""
    missing = "、".join(f"“{phrase}”" for phrase in absent)
    found = [each.evidence for each in finder.search(question.text, scope, limit=6)]
    near = [item for item in found if _mostly_holds(item, absent[0])]
    if near:
        return Finding(Kind.CLAUSE_BY_PHRASE, question, (near[0],), missing=missing, searched=question.text)
    return Finding(
        Kind.UNANSWERABLE,
        question,
        reason=Reason.NO_SUCH_PHRASE,
        missing=missing,
        nearest=tuple(found[:2]),
        searched=question.text,
    )


def _mostly_holds(evidence: Evidence, phrase: str) -> bool:
    """Whether all of the phrase but a slip or a word stands in the clause."""
    wanted, text = set(_pairs(fold_text(phrase))), fold_text(evidence.quote)
    return len(phrase) >= 4 and sum(pair in text for pair in wanted) >= 0.6 * len(wanted)


def _pairs(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(len(text) - 1)]


def _holding(scope: Scope, phrase: str) -> list[Evidence]:
    """The clauses with the phrase: of the document in focus when it has any, else of all."""
    home = [scope.home] if scope.home else []
    return containing(home, phrase) or containing(scope.documents, phrase)


def _closest(question: Question, found: list[Evidence]) -> list[Evidence]:
    """Of several clauses with the phrase, those that share most of the question's other words."""
    shares = [len(longest_shared(question.text, evidence.quote)) for evidence in found]
    return [evidence for evidence, share in zip(found, shares, strict=True) if share == max(shares)]


def _asked_parts(question: Question, found: list[Evidence]) -> list[Evidence]:
    """哪些任务提到…: tasks only, when there are any."""
    if not re.search(r"任务|哪(?:一|几|些)?项|第几项|几项", question.text):
        return found
    return [evidence for evidence in found if evidence.clause.task is not None] or found


def _keyword_place(finder: Finder, question: Question, scope: Scope) -> Finding | None:
    """上云率 哪条: no quotation marks, but the words stand in the text."""
    if not question.wants_any("place") or question.units or question.wants_any("units"):
        return None
    for phrase in [*re.split(r"[\s,;:]+", question.topic), question.topic]:
        found = _asked_parts(question, _holding(scope, phrase)) if len(phrase) >= 2 else []
        found = [each for each in found if _said_outside(each)] or found
        if 0 < len(found) <= 6:
            return Finding(Kind.CLAUSE_BY_PHRASE, question, tuple(found), values=(phrase,))
    return None


_RELATED = re.compile(
    r"[跟和与同](?P<one>[^,。?]{2,14}?)都?(?:有关系?|相关|沾边|挂钩)|(?:涉及|关于|提到|讲到)(?P<other>[^,。?]{2,14}?)的"
)


def _related(_finder: Finder, question: Question, scope: Scope) -> Finding | None:
    """哪几项跟人才有关: every task that holds the word."""
    match = _RELATED.search(question.text)
    if match is None or question.units or question.numbers or question.phrases or question.wants_any("units"):
        return None
    if not re.search(r"任务|哪[几些]?(?:项|条)|[哪几第](?:项|条)", question.text):
        return None
    what = match["one"] or match["other"]
    named = [word for word in re.split(r"[、跟和与及同]", what) if len(word) > 1]
    matters = [what] if _holding(scope, what) else [word for word in named if _holding(scope, word)]
    held = dict.fromkeys(each for matter in matters for each in _holding(scope, matter))
    found = {each.clause.id: each for each in held if each.clause.task is not None and _said_outside(each)}
    evidence = tuple(sorted(found.values(), key=lambda each: (each.document.id, each.clause.span)))
    return Finding(Kind.CLAUSE_BY_PHRASE, question, evidence, values=tuple(matters)) if evidence else None


def _said_outside(evidence: Evidence) -> bool:
    """Whether the word stands anywhere but in the names of those responsible: 市金融工作局 makes no task one on 金融."""
    named = [held.span for held in evidence.document.responsibilities if held.clause_id == evidence.clause.id]
    return not all(any(span.covers(place) for span in named) for place in evidence.focus)


def _about(_finder: Finder, question: Question, scope: Scope) -> Finding | None:
    return about.find(question, scope)


def _duties(finder: Finder, question: Question, scope: Scope) -> Finding | None:
    return duties.find(question, scope, lambda text: [each.evidence for each in finder.search(text, scope)])


def _cross_level(finder: Finder, question: Question, scope: Scope) -> Finding | None:
    return levels.find(question, scope, finder.search)


def _several(finder: Finder, question: Question, scope: Scope) -> Finding | None:
    return several.find(question, cache(lambda text: finder.search(text, scope, limit=6)))


def _by_meaning(finder: Finder, question: Question, scope: Scope) -> Finding | None:
    """Everything else: the clause that the words, the vectors and the similar questions agree on."""
    if question.is_bare and not finder.focus:
        return Finding(Kind.UNANSWERABLE, question, reason=Reason.EMPTY)
    text = _positive(question.text)
    found = finder.search(text, scope)
    if not found:
        return None
    found = _in_focus(finder.focus, question, _prefer(question, found))
    best = _rescued(finder.focus, question, found)
    kind = _kind(question, best.evidence)
    if best.confidence < ANSWERABLE or (best.is_weak and not question.wants_any("units", "place")):
        # what is near in sense alone may be somebody's matter; an amount or a date it does not prove
        return Finding(
            Kind.UNANSWERABLE,
            question,
            reason=Reason.NOT_IN_COLLECTION,
            nearest=tuple(each.evidence for each in found[:2]),
            confidence=best.confidence,
            searched=text,
        )
    finding = Finding(
        kind,
        question,
        _everywhere(finder.index, question, best.evidence),
        confidence=best.confidence,
        share=best.score,
        is_weak=best.is_weak,
        searched=text,
        nearest=_rivals(found),
    )
    return unless_missing(finding)


def _everywhere(index: Index, question: Question, best: Evidence) -> tuple[Evidence, ...]:
    """农机购置补贴, and nothing else: all clauses with these words, where nobody's questions tell which of them is meant."""
    if question.wants or question.attributes or best.document.id in index.intents().models:
        return (best,)
    held = containing([best.document], question.text.strip("?。! "))
    others = [each for each in held if each.clause.id != best.clause.id]
    return (best, *others) if len(others) < len(held) and len(others) <= _MOST_MEANT else (best,)


def _prefer(question: Question, found: list[Candidate]) -> list[Candidate]:
    """Who is responsible: of clauses about equally good, one that names units."""
    if question.wants_any("units") and not found[0].evidence.units:
        close = [each for each in found[1:4] if each.evidence.units and each.score >= 0.85 * found[0].score]
        if close:
            return [close[0], *(each for each in found if each is not close[0])]
    return found


def _in_focus(focus: tuple[str, ...], question: Question, found: list[Candidate]) -> list[Candidate]:
    """股权激励对谁 after 第10项: the clause in mind stays, as long as it is among the best."""
    if len(focus) != 1:
        return found
    threshold = 0.3 if wording.BACK_REFERENCE.search(question.text) else 0.6
    kept = [each for each in found[:3] if each.evidence.clause.id in focus and each.score >= threshold * found[0].score]
    return kept + [each for each in found if each not in kept]


def _rescued(focus: tuple[str, ...], question: Question, found: list[Candidate]) -> Candidate:
    """增速那个是多少 after 发展目标讲了什么: words of the clause in mind make it the one that is meant."""
    best = found[0]
    if best.confidence >= ANSWERABLE or len(focus) != 1:
        return best
    topics = [word for word in words(question.topic) if len(word) > 1]
    for each in found:
        held = fold_text(each.evidence.quote)
        if each.evidence.clause.id in focus and any(word in held for word in topics):
            return replace(each, confidence=ANSWERABLE, is_weak=False)
    return best


def _rivals(found: list[Candidate]) -> tuple[Evidence, ...]:
    """Other clauses that may be meant: nearly as good as the best."""
    return tuple(each.evidence for each in found[1:3] if each.score >= 0.6 * found[0].score)


def _positive(text: str) -> str:
    """The question without what it says it is not about."""
    kept = wording.NEGATED.sub(" ", text)
    return kept if len(wording.FILLER.sub("", kept)) >= 3 and not wording.CLAIM.search(text) else text


def _kind(question: Question, evidence: Evidence) -> Kind:
    if question.wants_any("units"):
        return Kind.MEASURE_TO_UNIT
    if question.wants_any("place"):
        return Kind.CLAUSE_BY_PHRASE
    return Kind.FACT


_READERS: tuple[Reader, ...] = (
    _social,
    _elsewhere,
    _unit_record,
    _by_number,
    _by_phrase,
    _cross_level,
    _about,
    _by_title,
    _duties,
    _related,
    _keyword_place,
    _several,
    _by_meaning,
)
