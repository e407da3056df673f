"""The clauses that may answer a text, best first: what the index found, what the similar questions teach, and exact words."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assistant.asked.question import subject_of
from assistant.found.evidence import cite, focus_of, letters_only, longest_run, rare_runs, topical
from assistant.found.finding import Evidence
from assistant.found.scope import Scope
from index.intent import UNANSWERABLE, IntentModel
from index.search import Filters, Index
from index.segment import words
from ingest.document import Document
from ingest.fold import fold_text

Key = tuple[str, str]
"""Document id and clause id."""

ANSWERABLE = 0.45
"""Confidence from which it answers; below, the clause is only shown as the nearest one."""

_LEAST = 0.3
"""Confidence in a question of which the similar questions have never used a word."""

_STANDS_OUT = 0.23
"""What is added to the best score less half the second, so that it is confidence: chosen on similar questions held out, of which
it refuses 21 of 126 that nothing answers, 4 of 38 with a wrong clause first and 3 of 1,241 with the right one."""

_UNTAUGHT = 0.25
"""Score at which a clause of a document without similar questions is as likely as not to answer: nothing lifts it higher."""

_UNASKED = 6.0
"""How many times better the odds of a clause without similar questions are than its own words say, beside clauses with many."""

_WEAK = 0.55
"""Confidence at most in what is near in sense alone."""

_CLEARLY_NEARER = 1.5
"""How many times the score of the next document one must have to be the one that is meant."""

_EXACT = {4: 0.5, 5: 0.7, 6: 0.85}
"""Characters in a row that stand in the question and in hardly any clause → what that is worth; longer runs 0.95."""


_LONG, _CLEARLY = 9, 3
"""Characters in a row from which a clause anywhere is meant, and how many fewer every other clause must have."""

_WORD_FOR_WORD = 0.95

_FOREIGN = 0.2
"""What is left of the score of a clause of a document that has never been asked about a word of the question, where another has all."""

_AS_GOOD = 0.6
"""Share of the best score from which a clause that still stands goes before one that has ended."""

_NEARLY_AS_GOOD = 0.75
"""Share of the best score from which more of the question's own words decide."""

_FAR_MORE = 3
"""How many times likelier a clause is by what people have asked, so that a word more in another does not count."""

_UNSAID = re.compile(r"[^\w]")


@dataclass(frozen=True)
class Candidate:
    """A clause that may answer. ``score`` ranks it; ``confidence`` (0–1) says whether the question is answered at all.

    ``is_weak`` says that it is near in sense alone: neither its words nor known questions speak for it.
    """

    evidence: Evidence
    score: float
    confidence: float
    is_weak: bool = False


def rank(index: Index, text: str, scope: Scope, *, limit: int = 12) -> list[Candidate]:
    """The best clauses of the scope for a text, each once."""
    understood = index.understood(text)
    subject = subject_of(understood)
    learnt = _learnt(index, understood, scope)
    passages = _passages(index, text, scope, limit)
    found = _evened({key: each.score for key, each in passages.items()}, index.intents().models, scope)
    exact = (_verbatim(understood, scope) if scope.sure else {}) | _verbatim_elsewhere(understood, scope, found)
    exact = {key: worth for key, worth in exact.items() if key[0] in learnt or _is_borne_out(key, worth, passages)}
    calibration = index.embedder.calibration
    pointed = _pointed_at(passages, scope, calibration.lead) if calibration else frozenset()
    signs = [found, _taught(learnt, scope), exact]
    scores: dict[Key, float] = {}
    for sign in signs:
        for key, worth in sign.items():
            scores[key] = 1 - (1 - scores.get(key, 0.0)) * (1 - worth)
    if _singled_out(found, learnt):
        scores = {key: score * _belongs(learnt, key, exact) for key, score in scores.items()}
        if _stands_elsewhere(index, subject, passages, scope):
            scores = {key: score * (_FOREIGN if key[0] in learnt else 1.0) for key, score in scores.items()}
    clearness = _clearness(scores.values())
    candidates = []
    for key in sorted(scores, key=lambda each: -scores[each])[:limit]:
        document = scope.by_id[key[0]]
        clause = document.clause(key[1])
        if clause is None:
            continue
        known = learnt.get(document.id)
        if known is None:
            cosine = passages[key].cosine if key in pointed else None
            confidence = _untaught(index, scores[key], cosine, among=len(scope.documents))
        else:
            confidence = 1 - known.get(UNANSWERABLE, 0.0) * (1 - exact.get(key, 0.0) / 2)
            known_share = index.intents().models[document.id].known_share(subject)
            confidence = min(confidence, _LEAST + known_share, clearness)
        is_weak = known is None and _plainly(scores[key]) < ANSWERABLE
        evidence = cite(document, clause, focus_of(document, clause, text))
        candidates.append(Candidate(evidence, scores[key], confidence, is_weak))
    return _standing_first(_fuller_first(subject, _verbatim_first(candidates, exact), learnt), scope)


def _stands_elsewhere(index: Index, subject: str, passages: Iterable[Key], scope: Scope) -> bool:
    """农机手的培训: all that is asked about stands in a clause of a document that nobody has asked anything of, and one of its words
    has never been used where people have asked; however well 培训 is known there, the question is not one for that document."""
    models = [model for name, model in index.intents().models.items() if name in scope.by_id]
    asked = [word for word in dict.fromkeys(words(subject)) if len(word) > 1 and not re.search(r"\d", word)]
    strange = [word for word in asked if not any(word in model.vocabulary for model in models)]
    if not models or not strange or len(asked) < 2:
        return False
    others = (key for key in passages if key[0] not in index.intents().models)
    return any(all(word in said for word in asked) for said in (_said(key, scope) for key in others))


def _clearness(scores: Iterable[float]) -> float:
    """Confidence at most where some clause is found for anything: the best must be good, and stand out from the second."""
    first, second = [*sorted(scores, reverse=True), 0.0, 0.0][:2]
    return first - second / 2 + _STANDS_OUT


def _verbatim_first(candidates: list[Candidate], exact: Mapping[Key, float]) -> list[Candidate]:
    """What stands word for word in one clause goes before what is alike in sense alone."""

    def worth(each: Candidate) -> float:
        return exact.get((each.evidence.document.id, each.evidence.clause.id), 0.0)

    word_for_word = [each for each in candidates if worth(each) >= _WORD_FOR_WORD]
    if not word_for_word or worth(candidates[0]) >= _EXACT[5]:
        return candidates
    return word_for_word + [each for each in candidates if each not in word_for_word]


def _fuller_first(
    subject: str, candidates: list[Candidate], learnt: Mapping[str, Mapping[str, float]]
) -> list[Candidate]:
    """Of two clauses of a document about as good, the one that holds all that the other holds of the question, and more.

    Where people have asked for the other far more often in such words, a word more is chance.
    """
    if not candidates:
        return candidates
    best, document = candidates[0], candidates[0].evidence.document
    telling = topical(subject, document)

    def held(each: Candidate) -> set[str]:
        own = fold_text(document.quote(each.evidence.clause))
        return {word for word in telling if word in own}

    def asked(each: Candidate) -> float:
        return learnt.get(document.id, {}).get(each.evidence.clause.label, 0.0)

    for each in candidates[1:3]:
        same = each.evidence.document is document and each.score >= _NEARLY_AS_GOOD * best.score
        same = same and asked(each) >= asked(best) / _FAR_MORE
        more = held(each) - held(best)
        if same and held(best) and held(best) < held(each) and any(_is_rare(word, document) for word in more):
            return [each, *(other for other in candidates if other is not each)]
    return candidates


def _is_rare(word: str, document: Document) -> bool:
    return sum(word in fold_text(document.quote(clause)) for clause in document.clauses) <= 2


def _standing_first(candidates: list[Candidate], scope: Scope) -> list[Candidate]:
    """A clause of a document that has ended comes behind those about as good that still stand."""
    if not candidates or not scope.ended(candidates[0].evidence.document.id):
        return candidates
    close = [
        each
        for each in candidates
        if each.score >= _AS_GOOD * candidates[0].score and not scope.ended(each.evidence.document.id)
    ]
    return close + [each for each in candidates if each not in close]


@dataclass(frozen=True)
class _Passage:
    """The best passage found of a clause: how it was judged, and how near its vector is to the question's."""

    score: float
    cosine: float


_NOTHING = _Passage(0.0, 0.0)


def _passages(index: Index, text: str, scope: Scope, limit: int) -> dict[Key, _Passage]:
    """What the index's legs found, fused."""
    narrowed = None if scope.everything else tuple(scope.by_id)
    explained = index.explain(text, filters=Filters(documents=narrowed), limit=limit)
    found: dict[Key, _Passage] = {}
    for hit, values in zip(explained.hits, explained.features, strict=True):
        key = (hit.document_id, hit.clause_id)
        if hit.document_id in scope.by_id and hit.score > found.get(key, _NOTHING).score:
            found[key] = _Passage(hit.score, values["vectors"])
    return found


def _is_borne_out(key: Key, worth: float, passages: Mapping[Key, _Passage]) -> bool:
    """Whether another sign points where a stretch of the question stands word for word; a long stretch needs none.

    A few characters in a row stand in one clause of a document by chance, too.
    """
    own, every = passages.get(key, _NOTHING), passages.values()
    by_score = own.score >= max((each.score for each in every), default=0.0)
    by_vector = own.cosine >= max((each.cosine for each in every), default=0.0)
    return worth >= _WORD_FOR_WORD or by_score or by_vector


def _pointed_at(passages: Mapping[Key, _Passage], scope: Scope, lead: float) -> frozenset[Key]:
    """The clause whose vector is clearly nearer than any other's, with those that say the same: a document may hold a clause twice."""
    said = {key: _said(key, scope) for key in passages}
    nearest = max(passages, key=lambda key: passages[key].cosine, default=None)
    if nearest is None:
        return frozenset()
    rest = max((each.cosine for key, each in passages.items() if said[key] != said[nearest]), default=0.0)
    alike = (key for key in passages if said[key] == said[nearest])
    return frozenset(key for key in alike if passages[key].cosine >= rest + lead)


def _said(key: Key, scope: Scope) -> str:
    document = scope.by_id[key[0]]
    clause = document.clause(key[1])
    return letters_only(document.quote(clause)) if clause else ""


def _untaught(index: Index, score: float, cosine: float | None, *, among: int) -> float:
    """Confidence in a clause of a document without similar questions: by its score, or by score and vector together.

    The words of users are rarely the document's, so that scores are low; a vector that is near beside them is evidence of its own,
    where it is of the clause that the vectors, too, name first (None: it is not). The more documents there are, the nearer one
    comes by chance.
    """
    plainly = _plainly(score)
    known = index.embedder.calibration
    if known is None or plainly >= ANSWERABLE or score <= 0 or cosine is None:
        return plainly
    likely = known.score * math.log(score / (1 - score)) + known.cosine * cosine + known.either - math.log(among)
    return max(plainly, min(_WEAK, 1 / (1 + math.exp(-likely))))


def _plainly(score: float) -> float:
    return score / (score + _UNTAUGHT)


def _evened(found: Mapping[Key, float], models: Mapping[str, IntentModel], scope: Scope) -> dict[Key, float]:
    """With what questions of their own would have added, for clauses without any beside others that have them."""

    def evened(key: Key, score: float) -> float:
        unasked = models[key[0]].unasked if key[0] in models else ()
        clause = scope.by_id[key[0]].clause(key[1]) if unasked else None
        if clause is None or clause.label not in unasked:
            return score
        return score * _UNASKED / (1 - score + score * _UNASKED)

    return {key: evened(key, score) for key, score in found.items()}


def _learnt(index: Index, text: str, scope: Scope) -> dict[str, dict[str, float]]:
    """Document → label → probability, for the documents that have similar questions."""
    models = index.intents().models
    return {name: model.probabilities(text) for name, model in models.items() if name in scope.by_id}


def _singled_out(found: Mapping[Key, float], learnt: Mapping[str, object]) -> bool:
    """Whether one document without similar questions is clearly nearer than the others: a text that many share is nobody's own."""
    best: dict[str, float] = {}
    for (document_id, _), score in found.items():
        if document_id not in learnt:
            best[document_id] = max(best.get(document_id, 0.0), score)
    nearest = sorted(best.values(), reverse=True)
    return bool(nearest) and (len(nearest) == 1 or nearest[0] >= _CLEARLY_NEARER * nearest[1])


def _belongs(learnt: Mapping[str, Mapping[str, float]], key: Key, exact: Mapping[Key, float]) -> float:
    """The chance that a question is one for the clause's document, where some of the documents know what they are asked.

    What such a document knows not to answer may be another's, whose clauses must not be outshone by the most alike of its own.
    """
    return 1 - learnt.get(key[0], {}).get(UNANSWERABLE, 0.0) * (1 - exact.get(key, 0.0) / 2)


def _taught(learnt: Mapping[str, Mapping[str, float]], scope: Scope) -> dict[Key, float]:
    taught: dict[Key, float] = {}
    for document_id, shares in learnt.items():
        for label, share in list(shares.items())[:6]:
            clause = scope.by_id[document_id].clause(label) if label != UNANSWERABLE else None
            if clause:
                taught[document_id, clause.id] = share
    return taught


def _verbatim_elsewhere(text: str, scope: Scope, found: Iterable[Key]) -> dict[Key, float]:
    """The one clause found, of documents not in focus, that holds a long stretch of the question word for word."""
    asked = _UNSAID.sub("", text)
    runs: dict[Key, int] = {}
    for key in found:
        document = scope.by_id[key[0]]
        if not (scope.sure and key[0] == scope.home_id) and (clause := document.clause(key[1])):
            runs[key] = longest_run(asked, document.quote(clause))
    first, second = [*sorted(runs.values(), reverse=True), 0, 0][:2]
    if first < _LONG or first - second < _CLEARLY:
        return {}
    return {key: _WORD_FOR_WORD for key, run in runs.items() if run == first}


def _verbatim(text: str, scope: Scope) -> dict[Key, float]:
    """Clauses of the document in focus that hold a stretch of the question word for word, when few clauses do."""
    home = scope.home
    if home is None:
        return {}
    runs = rare_runs(home, text)
    return {(home.id, clause_id): _EXACT.get(length, 0.95 if length > 6 else 0.0) for clause_id, length in runs.items()}
