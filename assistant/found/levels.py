"""What the national or provincial document says on a task of this one: original text where held, else the fact sheet, said so."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from assistant.asked.question import Question
from assistant.found.evidence import cite
from assistant.found.finding import Evidence, Finding, Kind, Reason
from assistant.found.rank import Candidate
from assistant.found.scope import Scope
from ingest.catalog import Catalog
from ingest.document import Document, Form

_SEEDS = Path(__file__).resolve().parents[2] / "seeds"
_UPPER = re.compile(
    r"(?P<level>国家|中央|国务院|部委|商务部(?:等\d+部门)?|全国|省商务厅|湖北省?|省里?)(?:层面|级别|一级|级)?(?:上)?(?:的|那|那边|那份|这份|出台的|发的)?"
    r"(?:文件|指导意见|实施意见|意见|政策|规定|方案|层面|口径|要求|(?=对|关于|就(?!业|近|地)))"
)
_ASKS = re.compile(r"多少|几|怎么|有没有|有什么|要求|提到|对应|讲|写|说|规定|哪些|什么|呢")
_SURE, _NEAR = 0.5, 0.25


def find(question: Question, scope: Scope, rank: Callable[[str, Scope], list[Candidate]]) -> Finding | None:
    """The upper document's clauses or facts beside the clause of the document in focus; None when no level is named."""
    asked = _UPPER.search(question.text)
    if not asked or not _ASKS.search(question.text) or question.meta:
        return None
    level = "省" if asked["level"].startswith(("省", "湖北")) else "国家"
    upper = scope.of_level(level)
    topic = _UPPER.sub(" ", question.text)
    own = [each for each in rank(topic, scope.originals)[:1] if each.confidence >= _SURE]
    found = _original(topic, upper, rank) or _facts(own, upper)
    if not found:
        return _not_held(question, upper, level, tuple(each.evidence for each in own))
    return Finding(Kind.CROSS_LEVEL, question, (*found[:3], *(each.evidence for each in own)), searched=topic)


def _original(topic: str, upper: Scope, rank: Callable[[str, Scope], list[Candidate]]) -> list[Evidence]:
    held = upper.originals
    return [each.evidence for each in rank(topic, held)[:2] if each.score >= _NEAR] if held.documents else []


def _facts(own: list[Candidate], upper: Scope) -> list[Evidence]:
    """The facts that the catalogue sets beside the task that was found."""
    if not own or own[0].evidence.clause.task is None:
        return []
    evidence = own[0].evidence
    pairs = _catalog().counterparts(evidence.document.id, evidence.clause.task or 0)
    return [
        fact
        for entry, said in pairs
        if (sheet := upper.document(entry.id)) and sheet.form is Form.FACT_SHEET and (fact := _fact(sheet, said.text))
    ]


def _fact(sheet: Document, text: str) -> Evidence | None:
    clause = next((clause for clause in sheet.clauses if text in sheet.quote(clause)), None)
    return cite(sheet, clause) if clause else None


def _not_held(question: Question, upper: Scope, level: str, nearest: tuple[Evidence, ...]) -> Finding:
    """Known but not held: named with its 文号, and nothing is said of what it says."""
    basis = [
        reference
        for document in upper.documents
        for reference in [f"《{document.title}》" + (f"（{document.number}）" if document.number else "")]
        if document.form is Form.FACT_SHEET and document.number
    ][:2]
    missing = f"{level}级文件对这一项的规定" + (f"（目录中有{'、'.join(basis)}，库内没有原文）" if basis else "")
    return Finding(Kind.UNANSWERABLE, question, reason=Reason.NOT_STATED, missing=missing, nearest=nearest)


@cache
def _catalog() -> Catalog:
    return Catalog.load(_SEEDS)
