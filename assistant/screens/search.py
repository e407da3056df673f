"""检索: passages found, as HTML; every place that shares words with the query is highlighted."""

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

import gradio as gr

from assistant.screens.context import Context
from assistant.screens.markup import chip_list, link_button, marked, reader_link
from assistant.screens.narrowing import Fields, Narrowing, narrowed, originals, whole_matrix
from assistant.screens.places import shared_places
from assistant.screens.query import query_page
from index.search import Hit, Index
from ingest.document import Clause, Document, Form
from ingest.errors import KnowledgeBaseError
from ingest.fold import fold_text

_SHOWN = 20
_LONGEST = 2000
_CLEAR = 0.45
"""Calibrated confidence below which a passage is only possibly related."""
_NOTHING = "没有找到。可以减少筛选条件、换一个说法，或到“问答”页直接提问。"
_HINT = "输入词语、句子、任务编号或单位名称；也可以只选筛选条件，列出符合的条款。"


def search_page(index: Index, query: str, fields: Fields) -> str:
    """What the collection holds on ``query``; without one, every clause that the filters leave."""
    if len(query) > _LONGEST:
        return _note(
            f"检索词有 {len(query)} 字，太长了；请缩短到 {_LONGEST} 字以内，原来的文字还在框里。", role="alert"
        )
    try:
        narrowing = narrowed(fields, index)
        if not query.strip() and narrowing.is_any:
            return f'<section class="results"><p class="empty" role="status">{_HINT}</p>{_examples(index)}</section>'
        if not query.strip():
            return _listed(index, narrowing)
        hits = index.search(query, filters=narrowing.filters, limit=_SHOWN if narrowing.task is None else 200)
    except KnowledgeBaseError as error:
        return _note(str(error), role="alert")
    found = [hit for hit in hits if hit.found_by and narrowing.task in (None, hit.task)][:_SHOWN]
    return _found(index, found, query) if found else _note(_NOTHING)


def _examples(index: Index) -> str:
    """What one can look for, each a link: a task, a sentence's words and a unit that the collection has."""
    every = whole_matrix(index).rows
    if not every:
        return ""
    rows = [row for row in every if row.document.id == every[0].document.id]
    row = rows[len(rows) // 2]
    wanted = (row.clause.title, row.clause.label, row.units[-1].name)
    links = "".join(
        f'<li><a class="copy" href="/search?q={quote(each)}">{escape(each)}</a></li>' for each in wanted if each
    )
    return f'<p class="count">例如：</p><ul class="chips">{links}</ul>'


def _found(index: Index, hits: Sequence[Hit], query: str) -> str:
    """What is there in so many words first, then what means the same; the rest is folded away."""
    exact = [hit for hit in hits if is_exact(hit, query)]
    clear = [hit for hit in hits if hit not in exact and hit.score >= _CLEAR]
    weak = [hit for hit in hits if hit not in exact and hit not in clear]
    parts = [_group(index, name, group, query) for name, group in (("正好相符", exact), ("意思相近", clear)) if group]
    if not parts:
        parts.append('<p class="empty" role="status">没有直接相符的条款，下面的只是可能相关。</p>')
    if weak:
        inner = "".join(_hit(hit, query, index.document(hit.document_id)) for hit in weak)
        folded = "" if parts and (exact or clear) else " open"
        parts.append(f'<details class="weak"{folded}><summary>可能相关 {len(weak)} 处</summary>{inner}</details>')
    return f'<section class="results" aria-label="检索结果">{"".join(parts)}</section>'


def is_exact(hit: Hit, query: str) -> bool:
    """The hit carries the number or the unit that was asked for, or the query stands in it letter for letter."""
    wanted = fold_text(query).strip()
    return "structure" in hit.found_by or (len(wanted) > 1 and wanted in fold_text(hit.text))


def _group(index: Index, name: str, hits: Sequence[Hit], query: str) -> str:
    inner = "".join(_hit(hit, query, index.document(hit.document_id)) for hit in hits)
    return f"<h2>{name} {len(hits)} 处</h2>{inner}"


def _hit(hit: Hit, query: str, document: Document) -> str:
    clause = document.clause(hit.clause_id)
    body = marked(document, hit.span, shared_places(hit.text, query, hit.span.start))
    return _card(document, clause, hit.label, body, query)


def _listed(index: Index, narrowing: Narrowing) -> str:
    filters = narrowing.filters
    found = [
        (document, clause)
        for document in originals(index)
        if filters.documents is None or document.id in filters.documents
        if filters.level in (None, document.level)
        and filters.region in (None, document.region)
        and filters.status in (None, document.status)
        for clause in document.clauses
        if narrowing.task in (None, clause.task) and _has(document, clause, filters.unit)
    ]
    if not found:
        return _note("没有符合条件的条款。")
    rows = "".join(_card(document, each, each.label, marked(document, each.span)) for document, each in found[:60])
    more = "，先列出 60 条，请再加条件" if len(found) > 60 else ""
    return f'<section class="results" aria-label="条款"><h2>符合条件的条款 {len(found)} 条{more}</h2>{rows}</section>'


def _has(document: Document, clause: Clause, unit: str | None) -> bool:
    return unit is None or any(each.name == unit for each in document.units_of(clause))


def _card(document: Document, clause: Clause | None, label: str, body: str, query: str = "") -> str:
    badge = f"任务 {clause.task}" if clause and clause.task is not None else label or "全文"
    title = clause.title if clause and clause.title else document.title
    units = document.units_of(clause) if clause else ()
    chips = f'<ul class="chips" aria-label="责任单位">{chip_list(units, document.id)}</ul>' if units else ""
    form = "" if document.form is Form.ORIGINAL else f'<span class="sheet">{escape(str(document.form))}</span>'
    link = reader_link(document.id, clause.id if clause else "", query=query)
    return (
        f'<article class="card"><header><span class="badge">{escape(badge)}</span><h3>{escape(title)}</h3>{form}</header>'
        f"{chips}<blockquote>{body}</blockquote><footer><p>{escape(document.title)}</p>"
        f'<a class="open" href="{link}">在文件中查看</a>{link_button(link)}</footer></article>'
    )


def _note(sentence: str, *, role: str = "status") -> str:
    return f'<section class="results"><p class="empty" role="{role}">{escape(sentence)}</p></section>'


def page(context: Context, blocks: gr.Blocks) -> None:
    """检索: words and filters, hits highlighted."""
    query_page(context, blocks, search_page, "词语、句子、任务编号或单位")
