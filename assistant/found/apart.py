"""Several documents named in one question: each is asked for itself, and the answers stand side by side."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.asked.named import Named
from assistant.asked.numbering import references
from assistant.asked.question import Part, Question
from assistant.found.finding import Finding, Kind
from ingest.document import Document, Status

_JOINED = re.compile(r"^\s*(?:[、,，和与及跟]|以及)\s*|\s*(?:[、,，和与及跟]|以及)\s*$")


def without_names(text: str, named: Sequence[Named]) -> str:
    """The question with the names of documents taken out, so that their words are not read as anything else."""
    kept, at = "", 0
    for number, each in enumerate(named):
        between = text[at : each.span.start]
        kept += _JOINED.sub("", between) if number else between
        kept += "" if number and not _JOINED.sub("", between).strip() else each.instead
        at = each.span.end
    return kept + text[at:]


def meant(named: Sequence[Named]) -> tuple[Document, ...]:
    """Each document named, once; of several of the same name the newest that is not repealed or lapsed."""
    found: dict[str, Document] = {}
    for each in named:
        best = max(each.documents, key=_standing)
        found[best.id] = best
    return tuple(found.values())


def parts(text: str, named: Sequence[Named]) -> list[Part]:
    """What is asked of each document: its own number where each has one, else the same of all."""
    documents = [max(each.documents, key=_standing) for each in named]
    starts = [each.span.end for each in named]
    ends = [each.span.start for each in named[1:]] + [len(text)]
    stretches = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    if not all(references(stretch) for stretch in stretches):
        common = without_names(text, named)
        return [Part(document, common) for document in documents]
    last = references(stretches[-1])[-1].written
    tail = stretches[-1].partition(last)[2]
    head = text[: named[0].span.start]
    own = [_JOINED.sub("", stretch) + tail for stretch in stretches[:-1]] + [stretches[-1]]
    return [
        Part(document, head + one.instead + each) for document, one, each in zip(documents, named, own, strict=True)
    ]


def together(question: Question, asked: Sequence[Part], ask: Callable[[Part], Finding]) -> Finding:
    """One finding from one for each document; what a document does not answer is said in a note."""
    findings = [(part.document, ask(part)) for part in asked]
    answered = [finding for _, finding in findings if not finding.refused]
    if not answered:
        return replace(findings[0][1], question=question)
    first = answered[0]
    notes = tuple(_silent(document, finding) for document, finding in findings if not finding.evidence)
    statements = [finding.statement for finding in answered if finding.statement]
    stated = first.kind in (Kind.DOC_META, Kind.OVERVIEW)
    return replace(
        first,
        question=question,
        evidence=tuple(dict.fromkeys(item for finding in answered for item in finding.evidence)),
        units=tuple(dict.fromkeys(name for finding in answered for name in finding.units)),
        statement="".join(statements) if stated else first.statement,
        values=tuple(dict.fromkeys(value for finding in answered for value in finding.values)),
        verdict=first.verdict if len(answered) == 1 else None,
        nearest=(),
        notes=tuple(dict.fromkeys((*(note for finding in answered for note in finding.notes), *notes))),
    )


def _silent(document: Document, finding: Finding) -> str:
    if finding.units and not finding.refused:
        return f"《{document.title}》的责任单位名单里没有{'、'.join(finding.units)}"
    return f"《{document.title}》没有回答这一问"


def _standing(document: Document) -> tuple[bool, str]:
    return (document.status not in (Status.REPEALED, Status.EXPIRED), document.issued_on or "")
