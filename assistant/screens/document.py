"""文件: a whole document with its outline, anchors, units and repairs, as HTML; every character of the text is shown once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

import gradio as gr

from assistant.said.export import source_of
from assistant.screens.context import Context
from assistant.screens.frame import QUIET, let_in, notice, said
from assistant.screens.markup import (
    Named,
    anchor,
    chip_list,
    link_button,
    marked,
    reader_link,
    reference_to,
    repair_list,
)
from assistant.screens.mentions import mention_list, mentions, named
from assistant.screens.places import shared_places
from index.search import Index
from ingest.document import Clause, Document, Form, Part, Span, Status
from ingest.errors import KnowledgeBaseError

_LISTED = 300
_NUMBERING = 12
"""Characters that may stand before a title at the head of its clause."""


@dataclass(frozen=True)
class Marks:
    """What is set apart in the text: places to highlight, other documents that are named."""

    places: Sequence[Span] = ()
    named: Sequence[Named] = ()


def document_page(index: Index, document_id: str, focus: str = "", query: str = "") -> str:
    """The document, or for an empty id the first one; ``focus`` is "start-end,…", places to highlight, else the query's words are."""
    cards = index.documents()
    if not cards:
        return '<p class="empty">知识库里还没有文件，请先运行 python -m index build。</p>'
    try:
        document = index.document(document_id or cards[0].id)
    except KnowledgeBaseError as error:
        return f'<p class="empty" role="alert">{escape(str(error))}</p>{_list(cards, "")}'
    found = mentions(document, cards)
    places = _places(focus) or (shared_places(document.text, query) if query else [])
    marks = Marks(places, named(found))
    return (
        f'<div class="reader"><aside>{_list(cards, document.id, is_open=not document_id)}{_outline(document)}</aside>'
        f'<article class="text">{_head(document)}{_hits(places)}{_body(document, marks)}'
        f"{mention_list(found)}{_repairs(document)}</article></div>"
    )


def _hits(places: Sequence[Span]) -> str:
    """Steps from one highlighted place to the next."""
    if not places:
        return ""
    return (
        '<div class="hits" role="group" aria-label="高亮处"><span class="hit-count" aria-live="polite"></span>'
        '<button type="button" class="copy" data-hit="-1">上一处</button>'
        '<button type="button" class="copy" data-hit="1">下一处</button></div>'
    )


def _list(cards: Sequence[Document], current: str, *, is_open: bool = False) -> str:
    """All documents; open where none was asked for."""
    lines = "".join(
        f'<li><a href="{reader_link(card.id)}"{_CURRENT if card.id == current else ""}>{escape(card.title)}</a>'
        f"{'' if card.form is Form.ORIGINAL else ' <small>要点</small>'}</li>"
        for card in sorted(cards, key=lambda card: card.form is not Form.ORIGINAL)[:_LISTED]
    )
    more = f"<p>另有 {len(cards) - _LISTED} 份，请用检索页查找。</p>" if len(cards) > _LISTED else ""
    opened = " open" if is_open else ""
    return f'<details class="files"{opened}><summary>换一份文件（共 {len(cards)} 份）</summary><ul>{lines}</ul>{more}</details>'


_VALIDITY = {Status.UNSTATED: "原文没有写明"}
_CURRENT = ' aria-current="page"'


def _outline(document: Document) -> str:
    lines = "".join(
        f'<li style="--depth:{len(clause.path)}"><a href="#{escape(anchor(clause.id))}">{escape(_name(clause))}</a></li>'
        for clause in document.clauses
        if document.form is Form.ORIGINAL or clause.part is not Part.FACT or clause.title
    )
    return f'<details class="toc"><summary>目录</summary><nav aria-label="目录"><ul>{lines}</ul></nav></details>'


def _name(clause: Clause) -> str:
    label = f"任务{clause.task}" if clause.task is not None else clause.label
    return f"{label} {clause.title}".strip()


def _head(document: Document) -> str:
    facts = (
        ("number", "文号", document.number or "原文没有写"),
        ("issuer", "发文机关", document.issuer),
        ("issued_on", "成文日期", document.issued_on or "原文没有写"),
        ("effective_on", "施行日期", document.effective_on),
        ("expires_on", "有效期至", document.expires_on),
        ("level", "层级", f"{document.level or '不详'}{f'（{document.region}）' if document.region else ''}"),
        ("status", "有效性", _VALIDITY.get(document.status, str(document.status))),
        ("addressees", "主送", "、".join(document.addressees)),
    )
    noted = {name: f"（编辑核实，依据：{_source(source)}）" for name, source in document.noted}
    lines = "".join(
        f"<div><dt>{shown}</dt><dd>{escape(value)}{noted.get(name, '')}</dd></div>"
        for name, shown, value in facts
        if value
    )
    lines += f"<div><dt>来源</dt><dd>{_source(source_of(document))}</dd></div>"
    derived = "<p class=empty>原文没有标题，这是暂用的名称。</p>" if document.title_derived else ""
    form = "" if document.form is Form.ORIGINAL else f' <span class="sheet">{escape(str(document.form))}</span>'
    audit = document.audit
    gaps = "".join(f"<li>{escape(each)}</li>" for each in audit.numbering_gaps)
    read = f"{audit.tasks} 项任务，{audit.tasks_with_units} 项写明责任单位，{audit.orphan_paragraphs} 段未归入条款"
    summary = f'<p class="count">{read}</p>{f"<ul class=gaps>{gaps}</ul>" if gaps else ""}' if audit.tasks else ""
    titled = f"<p class=empty>标题{noted['title']}</p>" if "title" in noted else derived
    return f'<h2 class="doc-title">{escape(document.title)}{form}</h2>{titled}<dl class="facts">{lines}</dl>{summary}'


def _source(place: str) -> str:
    """An address on the web can be followed, and tells the other side nothing about this page."""
    if not re.match(r"https?://", place):
        return escape(place)
    return f'<a href="{escape(place)}" rel="noopener noreferrer" target="_blank">{escape(place)}</a>'


def _body(document: Document, marks: Marks) -> str:
    """Clauses in the order of the text, and what lies between them."""
    clauses = sorted((clause for clause in document.clauses if clause.span.end > clause.span.start), key=_start)
    following = dict(pairwise(clauses))
    preceding = {later: earlier for earlier, later in following.items()}
    pieces, at = [], 0
    for clause in clauses:
        start = max(clause.span.start, at)
        pieces.append(_between(document, Span(at, start), marks))
        if clause.span.end > start:
            steps = _steps(preceding.get(clause), following.get(clause))
            pieces.append(_section(document, clause, Span(start, clause.span.end), marks, steps))
        at = max(at, clause.span.end)
    return "".join([*pieces, _between(document, Span(at, len(document.text)), marks)])


def _start(clause: Clause) -> tuple[int, int]:
    return (clause.span.start, -clause.span.end)


def _between(document: Document, span: Span, marks: Marks) -> str:
    return f'<p class="between">{_text(document, span, marks)}</p>' if span.of(document.text).strip() else ""


def _section(document: Document, clause: Clause, span: Span, marks: Marks, steps: str) -> str:
    badge = f"任务 {clause.task}" if clause.task is not None else clause.label
    chips = chip_list(document.units_of(clause), document.id)
    units = f'<ul class="chips" aria-label="责任单位">{chips}</ul>' if chips else ""
    kind = "task" if clause.task is not None else "part"
    return (
        f'<section class="clause {kind}" id="{escape(anchor(clause.id))}" tabindex="-1" aria-label="{escape(badge)}">'
        f'<header><span class="badge">{escape(badge)}</span>{steps}{_copies(document, clause)}</header>'
        f"<p>{_text(document, span, marks, clause.title)}</p>{units}</section>"
    )


def _copies(document: Document, clause: Clause) -> str:
    """The clause with its source, and its address, for the clipboard."""
    source = escape(reference_to(document.title, document.number, clause.label, clause.title))
    cite = f'<button type="button" class="copy" data-cite="{source}">复制引用</button>'
    return f'<span class="acts">{cite}{link_button(reader_link(document.id, clause.id))}</span>'


def _steps(earlier: Clause | None, later: Clause | None) -> str:
    links = [
        f'<a href="#{escape(anchor(clause.id))}" title="{escape(_name(clause))}">{text}</a>'
        for clause, text in ((earlier, "上一条"), (later, "下一条"))
        if clause is not None
    ]
    return f'<span class="steps">{"".join(links)}</span>'


def _text(document: Document, span: Span, marks: Marks, title: str = "") -> str:
    """The text without the empty lines around it: white space is all that is left out. The title at its head is set apart."""
    text = span.of(document.text)
    start, end = span.start + len(text) - len(text.lstrip()), span.start + len(text.rstrip())
    at = document.text.find(title, start, min(end, start + len(title) + _NUMBERING)) if title else -1
    cut = at + len(title) if at >= 0 else start
    inside = [
        place for place in marks.places if place.start > start
    ]  # one that holds the whole title may break behind it
    unbroken = [*(repair.span for repair in document.repairs), *(each.span for each in marks.named), *inside]
    if any(each.start < cut < each.end for each in unbroken):
        cut = start
    head, rest = (marked(document, each, marks.places, marks.named) for each in (Span(start, cut), Span(cut, end)))
    return (f'<b class="heading">{head}</b>' if head else "") + rest


def _repairs(document: Document) -> str:
    if not document.repairs:
        return ""
    sentence = "原文一字未改；下列地方有残缺，正文里用虚线标出，旁边是按规则读出的样子。"
    return f'<section class="mends"><h2>修复 {len(document.repairs)} 处</h2><p class="empty">{sentence}</p>{repair_list(document.repairs)}</section>'


def _places(focus: str) -> list[Span]:
    pairs = [Span(int(start), int(end)) for start, end in re.findall(r"(\d{1,9})-(\d{1,9})", focus)]
    return [span for span in pairs if span.start < span.end]


def page(context: Context, blocks: gr.Blocks) -> None:
    """文件: the reader; the address names the document and the clause: ?doc=…#任务7"""
    index = context.index

    reader = gr.HTML('<p class="empty">正在打开文件……</p>', elem_id="reader", apply_default_css=False)

    def arrive(request: gr.Request) -> str:
        return said(document_page, index, *(request.query_params.get(key, "") for key in ("doc", "focus", "q")))

    blocks.load(let_in(context.gate, arrive, notice), None, reader, **QUIET)
