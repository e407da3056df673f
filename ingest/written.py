"""A document written down where it was read: kept and passed on as it is, and opened only by those who look into it.

A document can have ten thousands of clauses. Making values of them, and text of the values again, would hold up whoever else works
in the same process.
"""

import json
from dataclasses import dataclass, field, replace
from typing import Any

from ingest.audit import audit_sentence, gaps
from ingest.document import Document
from ingest.errors import IngestError
from ingest.exchange import from_json, to_json
from ingest.typed import is_a

_HANGING = ("clauses", "responsibilities", "references", "repairs", "spans")


@dataclass(frozen=True)
class Written:
    """``head`` is the document without its clauses and what hangs on them, ``body`` all of it but the text, as JSON.

    ``audit`` says what was read, ``gaps`` what to look at before publishing.
    """

    head: Document
    body: str
    audit: str
    gaps: tuple[str, ...]
    opened: Document | None = field(default=None, repr=False, compare=False)

    @classmethod
    def of(cls, document: Document) -> "Written":
        body = {name: value for name, value in to_json(document).items() if name != "text"}
        return cls(
            head_of(document),
            json.dumps(body, ensure_ascii=False),
            audit_sentence(document),
            gaps(document),
            opened=document,
        )

    @property
    def document(self) -> Document:
        """All of it. IngestError where the body is none of a document."""
        return self.opened or opened(self.body, self.head.text)


def opened(body: str, text: str) -> Document:
    """The document with this body and this text. Raises IngestError."""
    try:
        row: Any = json.loads(body)
    except (ValueError, RecursionError) as fault:
        raise IngestError(f"读出的内容不完整（{type(fault).__name__}），请重新读取这份文件。") from fault
    if not isinstance(row, dict):
        raise IngestError("读出的内容不是一份文件，请重新读取这份文件。")
    document = from_json(row | {"text": text})
    if not is_a(document, Document):
        raise IngestError("读出的内容不是一份文件，请重新读取这份文件。")
    return document


def head_of(document: Document) -> Document:
    nothing: dict[str, Any] = dict.fromkeys(_HANGING, ())
    return replace(document, **nothing)


def is_body_of(body: str, head: Document) -> bool:
    """Whether this is JSON, and says of the document itself what its head says. ValueError, TypeError or IngestError where it is none.

    What hangs on the document is looked at when it is opened.
    """
    row = json.loads(body, parse_constant=_refused)
    told = from_json({name: value for name, value in row.items() if name not in _HANGING} | {"text": head.text})
    return (
        told == head and is_a(head, Document) and body.startswith(f'{{"id": {json.dumps(head.id, ensure_ascii=False)},')
    )


def _refused(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")
