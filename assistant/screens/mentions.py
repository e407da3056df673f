"""Other documents that a document names: which of them the collection holds, and where they stand in the reader."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from assistant.screens.markup import Named, reader_link
from ingest.document import Document, Form, Reference
from ingest.fold import fold_text

_LEAST_TITLE = 8


@dataclass(frozen=True)
class Mention:
    """A reference, and the document of the collection that it means, if it is there."""

    reference: Reference
    document: Document | None

    @property
    def link(self) -> str:
        return reader_link(self.document.id) if self.document else ""

    @property
    def said(self) -> str:
        """What is held of it, where that is less than the text."""
        if self.document is None:
            return "（已知，未收录）"
        return "" if self.document.form is Form.ORIGINAL else "（只有要点）"


def mentions(document: Document, cards: Sequence[Document]) -> list[Mention]:
    """Every reference of the document, in the order of the text."""
    others = [card for card in cards if card.id != document.id]
    ordered = sorted(document.references, key=lambda reference: reference.span)
    return [Mention(reference, _meant(reference, others)) for reference in ordered]


def named(found: Sequence[Mention]) -> list[Named]:
    return [Named(each.reference.span, each.link, each.said) for each in found]


def mention_list(found: Sequence[Mention]) -> str:
    """The documents named, each once, with relation and 文号; empty when there are none."""
    lines: dict[tuple[str, str | None], str] = {}
    for each in found:
        reference = each.reference
        name = f"《{escape(reference.title)}》" if reference.title else escape(reference.number or "")
        number = f"（{escape(reference.number)}）" if reference.number and reference.title else ""
        shown = f'<a href="{each.link}">{name}</a>' if each.link else name
        lines.setdefault(
            (reference.title, reference.number), f"<li>{escape(reference.relation)}：{shown}{number}{each.said}</li>"
        )
    if not lines:
        return ""
    return f'<section class="mentions"><h2>提到的文件 {len(lines)} 份</h2><ul>{"".join(lines.values())}</ul></section>'


def _meant(reference: Reference, others: Sequence[Document]) -> Document | None:
    number, title = _plain(reference.number), _plain(reference.title)
    for card in others:
        if number and number == _plain(card.number):
            return card
    for card in others:
        own = _plain(card.title)
        if title and (own == title or (min(len(own), len(title)) >= _LEAST_TITLE and _ends_alike(own, title))):
            return card
    return None


def _ends_alike(one: str, other: str) -> bool:
    """The same title with and without its issuer in front: 国务院关于…的意见, 关于…的意见."""
    return one.endswith(other) or other.endswith(one)


def _plain(text: str | None) -> str:
    return re.sub(r"[\W_]", "", fold_text(text or ""))
