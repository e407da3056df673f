"""What the assistant answers: the frozen types shown on the screens and sent over every interface."""

from dataclasses import asdict, dataclass, field

from ingest.document import Span, Unit


@dataclass(frozen=True)
class Citation:
    """One clause that proves the answer. ``quote`` is the document's own text at ``span``, never altered."""

    document_id: str
    document_title: str
    number: str | None
    clause_id: str
    label: str
    task: int | None
    section: str
    title: str
    units: tuple[Unit, ...]
    quote: str
    span: Span
    document_sha256: str
    form: str = "原文"
    focus: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Answer:
    """One answer. ``units`` holds the names asserted as responsible, in the document's order.

    ``refused`` answers carry no citations; what lies nearest stands in ``nearest``, under its own heading.
    ``hotline`` is the short form to read aloud, at most two sentences.
    ``explanation`` is what the language model ``model`` says of the cited clauses, checked line by line and shown below the answer,
    never instead of it; ``explanation_note`` says in one line what of it is missing and why.
    """

    answer: str
    kind: str
    refused: bool = False
    units: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Citation, ...] = ()
    notes: tuple[str, ...] = ()
    followups: tuple[str, ...] = ()
    hotline: str = ""
    rewritten_question: str = ""
    as_of: str = ""
    confidence: float = 1.0
    elapsed_ms: float = 0.0
    model: str | None = None
    trace: dict[str, str] = field(default_factory=dict)
    explanation: str = ""
    explanation_note: str = ""


def to_json(answer: Answer) -> dict[str, object]:
    """The answer in the form that every interface sends; spans as [start, end]."""
    row = asdict(answer)
    for key in ("citations", "nearest"):
        row[key] = [_citation_json(citation) for citation in getattr(answer, key)]
    row["trace"] = dict(answer.trace)
    return row


def _citation_json(citation: Citation) -> dict[str, object]:
    row = asdict(citation)
    row["units"] = [{"name": unit.name, "role": str(unit.role)} for unit in citation.units]
    row["span"] = list(citation.span)
    row["focus"] = [list(span) for span in citation.focus]
    return row
