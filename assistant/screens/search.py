"""检索: passages found, as HTML; every place that shares words with the query is highlighted."""

from collections.abc import Sequence
from html import escape

import gradio as gr

from assistant.screens.context import Context
from assistant.screens.markup import chip_list, marked, reader_link
from assistant.screens.narrowing import Fields, Narrowing, narrowed, originals
from assistant.screens.places import shared_places
from assistant.screens.query import query_page
from index.search import Hit, Index
from ingest.document import Clause, Document, Form
from ingest.errors import KnowledgeBaseError

_SHOWN = 20
_LEGS = {"structure": "编号、单位、原句", "words": "字词", "vectors": "语义", "similar": "常见问法"}


def search_page(index: Index, query: str, fields: Fields) -> str:
    """What the collection holds on ``query``; without one, every clause that the filters leave."""
    try:
        narrowing = narrowed(fields, index)
        if not query.strip() and narrowing.is_any:
            return _note("输入词语、句子、任务编号或单位名称；也可以只选筛选条件，列出符合的条款。")
        if not query.strip():
            return _listed(index, narrowing)
        hits = index.search(query, filters=narrowing.filters, limit=_SHOWN if narrowing.task is None else 200)
    except KnowledgeBaseError as error:
        return _note(str(error), role="alert")
    found = [hit for hit in hits if hit.found_by and narrowing.task in (None, hit.task)][:_SHOWN]
    if not found:
        return _note("没有找到。可以减少筛选条件，或换一个说法。")
    rows = "".join(_hit(hit, query, index.document(hit.document_id)) for hit in found)
    return f'<section class="results" aria-label="检索结果"><p class="count">找到 {len(found)} 处</p>{rows}</section>'


def _hit(hit: Hit, query: str, document: Document) -> str:
    clause = document.clause(hit.clause_id)
    legs = "，".join(f"{_LEGS.get(leg, leg)}第 {rank}" for leg, rank in hit.found_by.items())
    body = marked(document, hit.span, shared_places(hit.text, query, hit.span.start))
    return _card(document, clause, hit.label, body, f"命中：{legs}")


def _listed(index: Index, narrowing: Narrowing) -> str:
    filters = narrowing.filters
    found = [
        (document, clause)
        for document in originals(index)
        if filters.documents is None or document.id in filters.documents
        if filters.level in (None, document.level) and filters.status in (None, document.status)
        for clause in document.clauses
        if narrowing.task in (None, clause.task) and _has(document, clause, filters.unit)
    ]
    if not found:
        return _note("没有符合条件的条款。")
    rows = "".join(_card(document, each, each.label, marked(document, each.span), "") for document, each in found[:60])
    more = "，先列出 60 条，请再加条件" if len(found) > 60 else ""
    return f'<section class="results" aria-label="条款"><p class="count">符合条件的条款 {len(found)} 条{more}</p>{rows}</section>'


def _has(document: Document, clause: Clause, unit: str | None) -> bool:
    return unit is None or any(each.name == unit for each in document.units_of(clause))


def _card(document: Document, clause: Clause | None, label: str, body: str, said: str) -> str:
    badge = f"任务 {clause.task}" if clause and clause.task is not None else label
    title = clause.title if clause and clause.title else document.title
    units: Sequence[tuple[str, str]] = [(unit.name, "") for unit in document.units_of(clause)] if clause else []
    chips = f'<ul class="chips" aria-label="责任单位">{chip_list(units)}</ul>' if units else ""
    form = "" if document.form is Form.ORIGINAL else f'<span class="sheet">{escape(str(document.form))}</span>'
    link = reader_link(document.id, clause.id if clause else "")
    return (
        f'<article class="card"><header><span class="badge">{escape(badge)}</span><h3>{escape(title)}</h3>{form}</header>'
        f"{chips}<blockquote>{body}</blockquote><footer><p>{escape(document.title)}</p>"
        f'<a class="open" href="{link}">在文件中查看</a><span class="said">{escape(said)}</span></footer></article>'
    )


def _note(sentence: str, *, role: str = "status") -> str:
    return f'<section class="results"><p class="empty" role="{role}">{escape(sentence)}</p></section>'


def page(context: Context, blocks: gr.Blocks) -> None:
    """检索: words and filters, hits highlighted."""
    query_page(context, blocks, search_page, "词语、句子、任务编号或单位，例如：上云率")
