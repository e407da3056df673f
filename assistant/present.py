"""Answer → what people see: Markdown with marks that jump to their evidence, evidence cards in HTML, and three copy forms.

Everything that comes from a document or a user is escaped here, once.
"""

import re
from collections.abc import Sequence
from html import escape

from assistant.answer import Answer, Citation
from ingest.document import Role

_MARK = re.compile(r"〔([^〔〕\d][^〔〕]{0,20})〕")
_ROLES = {Role.LEAD: "牵头", Role.COOPERATING: "配合", Role.PARTICIPATING: "参与"}


def markdown(answer: Answer, turn: int = 0) -> str:
    """The answer for the chat; every mark is a link to its card. Notes stand below, refusals carry none."""
    anchors = {citation.label: _anchor(turn, number) for number, citation in enumerate(answer.citations)}

    def link(match: re.Match[str]) -> str:
        anchor = anchors.get(match.group(1))
        return f'<a class="mark" href="#{anchor}">{match.group(0)}</a>' if anchor else match.group(0)

    return _MARK.sub(link, escape(answer.answer, quote=False).replace("&gt; ", "> "))


def cards(answer: Answer, turn: int = 0) -> str:
    """The evidence beside the chat: one card a citation, what lies nearest under a heading of its own."""
    parts = [_warning(answer)] if not answer.refused else []
    parts += [_card(citation, _anchor(turn, number)) for number, citation in enumerate(answer.citations)]
    if answer.nearest and answer.refused:
        parts.append('<h3 class="nearest">最接近的条款（没有回答本问题）</h3>')
        parts += [_card(citation, f"near-{turn}-{number}") for number, citation in enumerate(answer.nearest)]
    if not answer.citations and not answer.nearest:
        parts.append('<p class="empty">这一问没有引用条款。</p>')
    if answer.notes:
        parts.append('<ul class="notes">' + "".join(f"<li>{escape(note)}</li>" for note in answer.notes) + "</ul>")
    if answer.as_of:
        parts.append(f'<p class="asof">{escape(answer.as_of)}</p>')
    return f'<section class="evidence" aria-label="依据">{"".join(parts)}</section>'


def plain(answer: Answer) -> str:
    """The answer without Markdown signs, to paste anywhere."""
    return re.sub(r"^> |\*\*", "", answer.answer, flags=re.MULTILINE)


def with_citations(answer: Answer) -> str:
    """The answer followed by its sources, to paste into a paper."""
    sources = [f"[{number}] {reference(citation)}" for number, citation in enumerate(answer.citations, 1)]
    return "\n".join([plain(answer), *(["", "依据："] if sources else []), *sources])


def reference(citation: Citation) -> str:
    """One source in a line: title, 文号, clause."""
    number = f"（{citation.number}）" if citation.number else ""
    form = "" if citation.form == "原文" else f"［{citation.form}］"
    title = f"“{citation.title}”" if citation.title else ""
    return f"《{citation.document_title}》{number}{citation.label}{title}{form}"


def _anchor(turn: int, number: int) -> str:
    return f"evidence-{turn}-{number}"


def _warning(answer: Answer) -> str:
    weak = answer.confidence < 0.6 and answer.citations
    return '<p class="weak" role="note">依据不够充分，请核对下面的原文。</p>' if weak else ""


def _card(citation: Citation, anchor: str) -> str:
    badge = f"任务 {citation.task}" if citation.task is not None else citation.label
    chips = "".join(
        f'<li class="chip">{escape(unit.name)}{f"<small>{_ROLES[unit.role]}</small>" if unit.role in _ROLES else ""}</li>'
        for unit in citation.units
    )
    units = f'<ul class="chips" aria-label="责任单位">{chips}</ul>' if chips else '<p class="nounit">未写明责任单位</p>'
    form = "" if citation.form == "原文" else f'<span class="form">{escape(citation.form)}</span>'
    number = f"（{escape(citation.number)}）" if citation.number else ""
    return (
        f'<article class="card" id="{anchor}" tabindex="-1"><header><span class="badge">{escape(badge)}</span>'
        f"<h3>{escape(citation.title or citation.label)}</h3>{form}</header>{units}"
        f"<details open><summary>原文</summary><blockquote>{_highlighted(citation)}</blockquote></details>"
        f"<footer>{escape(citation.document_title)}{number} · {escape(citation.section)}</footer></article>"
    )


def _highlighted(citation: Citation) -> str:
    """The quotation with the places that carry the answer marked."""
    pieces, at = [], 0
    for start, end in _inside(citation):
        pieces += [escape(citation.quote[at:start]), "<mark>", escape(citation.quote[start:end]), "</mark>"]
        at = end
    pieces.append(escape(citation.quote[at:]))
    return "".join(pieces).strip().replace("\n", "<br>")


def _inside(citation: Citation) -> Sequence[tuple[int, int]]:
    """The focus as offsets into the quotation, in order, without overlaps."""
    spans, at = [], 0
    for start, end in sorted((span[0] - citation.span[0], span[1] - citation.span[0]) for span in citation.focus):
        if at <= start < end <= len(citation.quote):
            spans.append((start, end))
            at = end
    return spans
