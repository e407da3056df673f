"""Who is responsible: every clause of a policy text that names responsible units (责任单位), wherever and however it stands."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.document import Span, Table, Unit
from ingest.names import Passage, split_names
from ingest.roles import Draft, read_clause
from ingest.unit_words import ANCHOR, ANCHOR_LABEL, FOOTER, LABEL, plain

__all__ = ["Found", "find_responsibilities", "split_names"]


def find_responsibilities(text: str, tables: Sequence[Table] = ()) -> "tuple[Found, ...]":
    """Every responsibility clause of the text, in its order, with the document-wide rules applied to what follows them."""
    spelled = plain(text)
    drafts = sorted(_in_brackets(text, spelled), key=lambda found: found[0])
    return tuple(Found(span, draft.units, draft.deadline, "；".join(draft.notes) or None) for span, draft in drafts)


@dataclass(frozen=True)
class Found:
    """A clause that names responsible units; ``span`` includes its brackets."""

    span: Span
    units: tuple[Unit, ...]
    deadline: str | None = None
    note: str | None = None


_RUN = r"(?:[^()\n]|\n(?![ ]*(?:\n|\d{1,2}[.、]|[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十\d]{1,3}\))))"
_BRACKET = re.compile(
    rf"\(({_RUN}{{0,500}}+(?:\((?:{_RUN}|\([^()\n]{{0,80}}+\)){{0,200}}+\){_RUN}{{0,500}}+){{0,12}}+)\)"
)
_CUE = re.compile(r"负责|牵头|落实|配合|参与|参加|单位|部门|责任")
_SENTENCE_END = re.compile(r"[。;!?！？”》)\s]|^")
_AFTER = re.compile(r"\s*[。;,.]?\s*(?:\n|$)|[。;]|\s{2}")


def _in_brackets(text: str, spelled: str) -> Iterator[tuple[Span, Draft]]:
    for match in _BRACKET.finditer(spelled):
        if not _CUE.search(match[1]):
            continue
        passage = Passage.of(text, match.start(1), match.end(1))
        draft = read_clause(passage, match.start(1), match.end(1))
        if draft and (draft.labelled or (draft.sure and draft.verbs)):
            yield Span(*match.span()), draft
