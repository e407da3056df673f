"""文件: a whole document with its outline, anchors, units and repairs, as HTML; every character of the text is shown once."""

import re
from collections.abc import Sequence
from html import escape
from itertools import pairwise

import gradio as gr

from assistant.screens.context import Context
from assistant.screens.frame import QUIET, said
from assistant.screens.markup import anchor, chip_list, marked, reader_link, repair_list
from index.search import Index
from ingest.document import Clause, Document, Form, Part, Role, Span
from ingest.errors import KnowledgeBaseError

_ROLES = {Role.LEAD: "牵头", Role.COOPERATING: "配合", Role.PARTICIPATING: "参与"}
_LISTED = 300


def document_page(index: Index, document_id: str, focus: str = "") -> str:
    """The document, or for an empty id the first one; ``focus`` is "start-end", a place to highlight."""
    cards = index.documents()
    if not cards:
        return '<p class="empty">知识库里还没有文件，请先运行 python -m index build。</p>'
    try:
        document = index.document(document_id or cards[0].id)
    except KnowledgeBaseError as error:
        return f'<p class="empty" role="alert">{escape(str(error))}</p>{_list(cards, "")}'
    return (
        f'<div class="reader"><aside>{_list(cards, document.id)}{_outline(document)}</aside>'
        f'<article class="text">{_head(document)}{_body(document, _places(focus))}{_repairs(document)}</article></div>'
    )


def _list(cards: Sequence[Document], current: str) -> str:
    lines = "".join(
        f'<li><a href="{reader_link(card.id)}"{_CURRENT if card.id == current else ""}>{escape(card.title)}</a>'
        f"{'' if card.form is Form.ORIGINAL else ' <small>要点</small>'}</li>"
        for card in cards[:_LISTED]
    )
    more = f"<p>另有 {len(cards) - _LISTED} 份，请用检索页查找。</p>" if len(cards) > _LISTED else ""
    return f'<details class="files"><summary>换一份文件（共 {len(cards)} 份）</summary><ul>{lines}</ul>{more}</details>'


_CURRENT = ' aria-current="page"'


def _outline(document: Document) -> str:
    lines = "".join(
        f'<li style="--depth:{len(clause.path)}"><a href="#{escape(anchor(clause.id))}">{escape(_name(clause))}</a></li>'
        for clause in document.clauses
        if document.form is Form.ORIGINAL or clause.part is not Part.FACT or clause.title
    )
    return f'<nav aria-label="目录"><h2>目录</h2><ul>{lines}</ul></nav>'


def _name(clause: Clause) -> str:
    label = f"任务{clause.task}" if clause.task is not None else clause.label
    return f"{label} {clause.title}".strip()


def _head(document: Document) -> str:
    source = document.source
    facts = (
        ("文号", document.number or "原文没有写"),
        ("发文机关", document.issuer),
        ("成文日期", document.issued_on or "原文没有写"),
        ("层级", f"{document.level or '不详'}{f'（{document.region}）' if document.region else ''}"),
        ("有效性", str(document.status)),
        ("主送", "、".join(document.addressees)),
        ("来源", source.url or re.split(r"[/\\]", source.path)[-1]),
    )
    lines = "".join(f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>" for name, value in facts if value)
    derived = "<p class=empty>标题是根据正文拟的，原文没有标题。</p>" if document.title_derived else ""
    form = "" if document.form is Form.ORIGINAL else f' <span class="sheet">{escape(str(document.form))}</span>'
    audit = document.audit
    gaps = "".join(f"<li>{escape(each)}</li>" for each in audit.numbering_gaps)
    read = f"{audit.tasks} 项任务，{audit.tasks_with_units} 项写明责任单位，{audit.orphan_paragraphs} 段未归入条款"
    summary = f'<p class="count">{read}</p>{f"<ul class=gaps>{gaps}</ul>" if gaps else ""}' if audit.tasks else ""
    return f'<h2 class="doc-title">{escape(document.title)}{form}</h2>{derived}<dl class="facts">{lines}</dl>{summary}'


def _body(document: Document, places: Sequence[Span]) -> str:
    """Clauses in the order of the text, and what lies between them."""
    clauses = sorted((clause for clause in document.clauses if clause.span.end > clause.span.start), key=_start)
    following = dict(pairwise(clauses))
    preceding = {later: earlier for earlier, later in following.items()}
    pieces, at = [], 0
    for clause in clauses:
        start = max(clause.span.start, at)
        pieces.append(_between(document, Span(at, start), places))
        if clause.span.end > start:
            steps = _steps(preceding.get(clause), following.get(clause))
            pieces.append(_section(document, clause, Span(start, clause.span.end), places, steps))
        at = max(at, clause.span.end)
    return "".join([*pieces, _between(document, Span(at, len(document.text)), places)])


def _start(clause: Clause) -> tuple[int, int]:
    return (clause.span.start, -clause.span.end)


def _between(document: Document, span: Span, places: Sequence[Span]) -> str:
    return f'<p class="between">{_text(document, span, places)}</p>' if span.of(document.text).strip() else ""


def _section(document: Document, clause: Clause, span: Span, places: Sequence[Span], steps: str) -> str:
    badge = f"任务 {clause.task}" if clause.task is not None else clause.label
    chips = chip_list((unit.name, _ROLES.get(unit.role, "")) for unit in document.units_of(clause))
    units = f'<ul class="chips" aria-label="责任单位">{chips}</ul>' if chips else ""
    kind = "task" if clause.task is not None else "part"
    return (
        f'<section class="clause {kind}" id="{escape(anchor(clause.id))}" tabindex="-1" aria-label="{escape(badge)}">'
        f'<header><span class="badge">{escape(badge)}</span>{steps}</header>'
        f"<p>{_text(document, span, places)}</p>{units}</section>"
    )


def _steps(earlier: Clause | None, later: Clause | None) -> str:
    links = [
        f'<a href="#{escape(anchor(clause.id))}" title="{escape(_name(clause))}">{text}</a>'
        for clause, text in ((earlier, "上一条"), (later, "下一条"))
        if clause is not None
    ]
    return f'<span class="steps">{"".join(links)}</span>'


def _text(document: Document, span: Span, places: Sequence[Span]) -> str:
    """The text without the empty lines around it: white space is all that is left out."""
    text = span.of(document.text)
    start = span.start + len(text) - len(text.lstrip())
    return marked(document, Span(start, span.start + len(text.rstrip())), places)


def _repairs(document: Document) -> str:
    if not document.repairs:
        return ""
    sentence = "原文一字未改；下列地方有残缺，正文里用虚线标出，旁边是按规则读出的样子。"
    return f'<section class="mends"><h2>修复 {len(document.repairs)} 处</h2><p class="empty">{sentence}</p>{repair_list(document.repairs)}</section>'


def _places(focus: str) -> list[Span]:
    match = re.fullmatch(r"(\d{1,9})-(\d{1,9})", focus)
    return (
        [Span(int(match.group(1)), int(match.group(2)))] if match and int(match.group(1)) < int(match.group(2)) else []
    )


def page(context: Context, blocks: gr.Blocks) -> None:
    """文件: the reader; the address names the document and the clause: ?doc=…#任务7"""
    index = context.index

    reader = gr.HTML('<p class="empty">正在打开文件……</p>', elem_id="reader", apply_default_css=False)

    def arrive(request: gr.Request) -> str:
        return said(document_page, index, *(request.query_params.get(key, "") for key in ("doc", "focus")))

    blocks.load(arrive, None, reader, **QUIET)
