"""检验: how a query is answered by the index, as HTML: every leg's rank and value, the fused score, what filters took away, timings."""

from collections.abc import Mapping
from html import escape

import gradio as gr

from assistant.screens.context import Context
from assistant.screens.markup import reader_link
from assistant.screens.narrowing import Fields, narrowed
from assistant.screens.query import query_page
from index.hit import LEGS, NO_FILTERS
from index.search import Explained, Filters, Hit, Index
from ingest.document import Document
from ingest.errors import KnowledgeBaseError

_SHOWN = 15
_NAMES = {"structure": "结构", "words": "字词", "vectors": "语义", "similar": "相似问"}
_FEATURES = {
    "label": "编号相符",
    "phrase": "原句相符",
    "number": "文号相符",
    "unit": "单位相符",
    "words": "字词",
    "words_cover": "字词覆盖",
    "document_words": "整篇字词",
    "document_words_cover": "整篇字词覆盖",
    "title_words_cover": "标题字词覆盖",
    "pairs": "字对",
    "pairs_cover": "字对覆盖",
    "document_pairs": "整篇字对",
    "document_pairs_cover": "整篇字对覆盖",
    "title_pairs_cover": "标题字对覆盖",
    "elsewhere": "说的是别处",
    "run": "连续相同的字",
    "similar": "相似问",
    "vectors": "语义",
}
_STAGES = {"terms": "分词", "run": "逐字比对", "fuse": "融合", "hits": "取条款", **_NAMES}


def trace_page(index: Index, query: str, fields: Fields) -> str:
    """A table of hits with every leg's share in them, and beneath it what the filters left out and why."""
    if not query.strip():
        return '<p class="empty">输入一个问题，看每一路检索的名次和分值、融合后的名次、各阶段用时。</p>'
    try:
        filters = narrowed(fields, index).filters
        explained = index.explain(query, filters=filters, limit=_SHOWN)
        everything = explained if filters == NO_FILTERS else index.explain(query, limit=_SHOWN)
    except KnowledgeBaseError as error:
        return f'<p class="empty" role="alert">{escape(str(error))}</p>'
    return f"{_summary(explained)}{_table(explained)}{_left_out(index, explained, everything, filters)}{_similar(index, query)}"


def _summary(explained: Explained) -> str:
    laps = "".join(
        f"<li><span>{escape(_STAGES.get(stage, stage))}</span> <b>{value:.1f}</b> 毫秒</li>"
        for stage, value in explained.timings.items()
    )
    total = sum(explained.timings.values())
    return (
        f'<p class="count">检索用语：{escape(explained.understood)}；总用时 {total:.1f} 毫秒；'
        f'筛选条件排除了 {explained.filtered} 段</p><ul class="laps" aria-label="各阶段用时">{laps}</ul>'
    )


def _table(explained: Explained) -> str:
    if not explained.hits:
        return '<p class="empty">没有命中。</p>'
    heads = "".join(f'<th scope="col">{_NAMES[leg]}<small>名次 / 分值</small></th>' for leg in LEGS)
    rows = "".join(
        f'<tr><td>{rank}</td><th scope="row">{_link(hit)}<small>{escape(hit.document_title)}</small></th>'
        f"<td><b>{hit.score:.3f}</b></td>{''.join(_leg(hit, features, leg) for leg in LEGS)}"
        f"<td><details><summary>全部</summary>{_features(features)}</details></td></tr>"
        for rank, (hit, features) in enumerate(zip(explained.hits, explained.features, strict=True), 1)
    )
    return (
        '<div class="grid" tabindex="0" role="region" aria-label="命中"><table class="trace"><thead><tr>'
        '<th scope="col">名次</th><th scope="col">条款</th><th scope="col">融合分</th>'
        f'{heads}<th scope="col">各项分值</th></tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _leg(hit: Hit, features: Mapping[str, float], leg: str) -> str:
    if leg not in hit.found_by:
        return "<td>—</td>"
    value = sum(features.get(name, 0.0) for name in LEGS[leg])
    return f"<td>第 {hit.found_by[leg]}<small>{value:.3f}</small></td>"


def _features(features: Mapping[str, float]) -> str:
    return (
        "<ul>"
        + "".join(
            f"<li>{escape(_FEATURES.get(name, name))} {value:.3f}</li>" for name, value in features.items() if value
        )
        + "</ul>"
    )


def _link(hit: Hit) -> str:
    return f'<a href="{reader_link(hit.document_id, hit.clause_id)}">{escape(hit.label or hit.clause_id)}</a>'


def _left_out(index: Index, explained: Explained, everything: Explained, filters: Filters) -> str:
    """Hits that would have been among the best without the filters."""
    kept = {(hit.document_id, hit.clause_id) for hit in explained.hits}
    missing = [hit for hit in everything.hits if (hit.document_id, hit.clause_id) not in kept]
    lines = "".join(
        f"<li>{_link(hit)}（不筛选时融合分 {hit.score:.3f}）：{escape(_reason(index.document(hit.document_id), hit, filters))}</li>"
        for hit in missing
    )
    return f'<h2>被筛掉的命中</h2><ul class="left-out">{lines}</ul>' if lines else ""


def _reason(document: Document, hit: Hit, filters: Filters) -> str:
    clause = document.clause(hit.clause_id)
    units = [unit.name for unit in document.units_of(clause)] if clause else []
    faults = (
        ("不在所选文件里", filters.documents is not None and document.id not in filters.documents),
        (f"层级是{document.level or '未注明'}", filters.level not in (None, document.level)),
        (f"地区是{document.region or '未注明'}", filters.region not in (None, document.region)),
        (f"有效性是{document.status}", filters.status not in (None, document.status)),
        (f"责任单位里没有{filters.unit}", filters.unit is not None and filters.unit not in units),
    )
    return "，".join(text for text, applies in faults if applies) or "名次被别的条款挤到后面"


def _similar(index: Index, query: str) -> str:
    lines = "".join(
        f"<li>{escape(each.question)}<small>{escape('、'.join(each.labels) or '库内没有答案：' + each.reason)}，相近 {each.likeness:.2f}</small></li>"
        for each in index.similar_questions(query, limit=5)
    )
    return f'<h2>最相近的常见问法</h2><ul class="left-out">{lines}</ul>' if lines else ""


def page(context: Context, blocks: gr.Blocks) -> None:
    """检验: what every leg of the search makes of a question."""
    query_page(context, blocks, trace_page, "输入一个问题，看它是怎样被检索的")
