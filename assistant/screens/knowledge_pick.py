"""Choosing a document and one of its clauses, the same everywhere on the page 知识库."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.screens.knowledge_gate import Gate
from index.search import Index
from ingest.document import Clause, Document, Form
from ingest.errors import AssistantError

_SHOWN = 30


@dataclass(frozen=True)
class Pick:
    """Two dropdowns; the second follows the first."""

    document: Any
    clause: Any

    @property
    def both(self) -> list[Any]:
        return [self.document, self.clause]


def pick(gate: Gate, name: str) -> Pick:
    with gr.Row(elem_classes="filters"):
        document = gr.Dropdown([], value=None, label="文件", scale=3, min_width=220, elem_id=f"{name}-document")
        clause = gr.Dropdown([], value=None, label="条款", scale=3, min_width=220, elem_id=f"{name}-clause")

    def follow(_: str, document_id: str | None) -> tuple[None, Any]:
        return None, gr.Dropdown(choices=clauses(gate.index, document_id), value=None)

    gate.on([document.input], follow, [document], [clause])
    return Pick(document, clause)


def filled(index: Index, document_id: str | None) -> list[Any]:
    """Both dropdowns with what can be chosen now; what was chosen stays where it is still there."""
    here = at_hand(titles(index), document_id)
    return [gr.Dropdown(choices=titles(index), value=here), gr.Dropdown(choices=clauses(index, here), value=None)]


def at_hand(choices: Sequence[tuple[str, str]], document_id: str | None) -> str | None:
    """The document that was chosen, or the first where it is gone."""
    known = [value for _, value in choices]
    return document_id if document_id in known else next(iter(known), None)


def all_titles(index: Index) -> list[tuple[str, str]]:
    """Fact sheets too: (title, id)."""
    return [(card.title or card.id, card.id) for card in index.documents()]


def titles(index: Index) -> list[tuple[str, str]]:
    """Of the documents whose text is held."""
    return [(card.title or card.id, card.id) for card in index.documents() if card.form is Form.ORIGINAL]


def clauses(index: Index, document_id: str | None) -> list[tuple[str, str]]:
    if not document_id:
        return []
    document = index.document(document_id)
    return [(named(document, clause), clause.label) for clause in document.clauses]


def named(document: Document, clause: Clause) -> str:
    told = clause.title or " ".join(document.quote(clause).split())
    return f"{clause.label} {told[:_SHOWN]}{'……' if len(told) > _SHOWN else ''}".strip()


def chosen(document_id: str | None, label: str | None) -> tuple[str, str]:
    if not document_id or not label:
        raise AssistantError("还没有选择条款，请先选文件和条款。")
    return document_id, label
