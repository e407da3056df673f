"""Tables, previews and charts of the page 知识库, as HTML."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from html import escape
from urllib.parse import urlsplit

from assistant.editing import Draft, HistoryEntry, KeptCorrection, KeptDetail, Stage, UnitEntry, Usage, Vetted
from assistant.editing.records import STAGES
from assistant.found.roles import written
from assistant.screens.markup import reader_link
from index.details import SHOWN
from index.search import Index
from ingest.catalog import Mark
from ingest.directory import Successor, UnitRecord
from ingest.document import Clause, Document

_PREVIEWED = 30
_ORIGINS = {"seed": "文件原文"}
_MENDED = "已修复"  # how the audit begins what is no fault of the reading
_KINDS = {
    "measure_to_unit": "办事找单位",
    "unit_to_tasks": "单位的任务",
    "joint_units": "几家共同的任务",
    "membership": "是否由某单位负责",
    "clause_by_number": "按编号查条款",
    "clause_by_phrase": "按原句查条款",
    "fact": "事实与数字",
    "overview": "概览",
    "doc_meta": "文件信息",
    "cross_level": "上下级文件",
    "small_talk": "寒暄",
    "unanswerable": "没有答案",
}


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], empty: str) -> str:
    """Cells are HTML; on a narrow screen every cell names its column."""
    lines = [
        "<tr>"
        + "".join(f'<td data-head="{escape(head)}">{cell}</td>' for head, cell in zip(heads, row, strict=True))
        + "</tr>"
        for row in rows
    ]
    if not lines:
        return f'<p class="empty">{escape(empty)}</p>'
    top = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    return (
        f'<table class="kept"><caption>{escape(caption)}</caption><thead><tr>{top}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table>"
    )


def progress(stages: Mapping[str, Stage]) -> str:
    """One line a file: the stages it has come through, and what is wrong."""
    rows = []
    for name, stage in stages.items():
        failed = stage.name not in STAGES
        at = -1 if failed else STAGES.index(stage.name)
        steps = "".join(
            f'<li class="{"done" if step < at or at == len(STAGES) - 1 else "now" if step == at else "open"}">{each}</li>'
            for step, each in enumerate(STAGES)
        )
        way = f'<span class="bad">{escape(stage.name)}</span>' if failed else f'<ol class="stages">{steps}</ol>'
        rows.append((escape(name), way, f'<span class="{"bad" if failed else ""}">{escape(stage.detail)}</span>'))
    return table("读取进度", ("文件", "进度", "说明"), rows, "") if rows else ""


def drafts(found: Sequence[Draft]) -> str:
    """What was read, with gaps and duplicates before the outline; the first ones are open."""
    shown = "".join(_draft(each, is_open=at < 2) for at, each in enumerate(found[:_PREVIEWED]))
    more = f'<p class="empty">另有 {len(found) - _PREVIEWED} 份没有列出预览。</p>' if len(found) > _PREVIEWED else ""
    return shown + more


def _draft(draft: Draft, *, is_open: bool) -> str:
    document = draft.document
    gaps = [each for each in draft.gaps if not each.startswith(_MENDED)]
    warnings = "".join(f"<li>{escape(each)}</li>" for each in (*draft.duplicates, *gaps))
    mended = "".join(f'<p class="quiet">{escape(each)}</p>' for each in draft.gaps if each.startswith(_MENDED))
    known = (document.number, document.issuer, document.issued_on, document.level, str(document.status))
    return (
        f'<details class="draft"{" open" if is_open else ""}><summary><strong>{escape(document.title or draft.source)}</strong> '
        f"<span>{escape(draft.source)}</span></summary>"
        f'<p class="audit">{escape(draft.audit)}</p>'
        f"{f'<ul class=gaps aria-label=请核对>{warnings}</ul>' if warnings else ''}"
        f'{mended}<p class="quiet">{escape(" · ".join(each for each in known if each))} · {len(document.text)} 字</p>'
        f"{outline(document)}</details>"
    )


def outline(document: Document) -> str:
    rows = "".join(
        f'<li style="--depth:{len(each.path)}"><b>{escape(each.label)}</b> {escape(each.title or _opening(document, each))}'
        f"{_units(document, each)}</li>"
        for each in document.clauses
    )
    return f'<ul class="outline">{rows}</ul>' if rows else '<p class="empty">没有读出条款。</p>'


def _opening(document: Document, clause: Clause) -> str:
    text = " ".join(document.quote(clause).split())
    return text[:40] + ("……" if len(text) > 40 else "")


def _units(document: Document, clause: Clause) -> str:
    names = written(document.units_of(clause))
    return f' <span class="named">{escape(names)}</span>' if names else ""


def documents(index: Index, similar: Mapping[str, int]) -> str:
    rows = [
        (
            f'<a href="{reader_link(card.id)}">{escape(card.title or card.id)}</a>',
            escape(card.number or ""),
            escape(card.issued_on or ""),
            escape(card.level or ""),
            escape(str(card.form)),
            escape(str(card.status)),
            str(similar.get(card.id, 0)),
        )
        for card in index.documents()[:500]
    ]
    return table(
        f"文件 {len(index.documents())} 份",
        ("标题", "文号", "日期", "层级", "形式", "有效性", "相似问"),
        rows,
        "知识库里还没有文件。",
    )


def corrections(found: Sequence[KeptCorrection], titles: Mapping[str, str]) -> str:
    rows = [
        (
            escape(titles.get(each.document_id, each.document_id)),
            escape(each.label),
            escape(each.what),
            escape(f"{each.editor} {each.made_on}"),
            "有效" if each.applies else '<span class="bad">原文位置已不在，没有套用</span>',
        )
        for each in found
    ]
    return table("已有的更正", ("文件", "条款", "更正", "谁", "状态"), rows, "还没有更正。")


def noted(document: Document) -> str:
    """What of a document's data an editor has put right, and on what grounds."""
    told = "；".join(f"{SHOWN[name]}，依据 {_origin(source)}" for name, source in document.noted)
    return f'<p class="quiet">已由编辑更正：{told}</p>' if told else ""


def details(found: Sequence[KeptDetail], titles: Mapping[str, str]) -> str:
    rows = [
        (
            escape(titles.get(each.document, f"{each.document}（不在库里）")),
            escape(f"{SHOWN[each.field]} {each.value or '没有写明'}"),
            _origin(each.source),
            escape(f"{each.editor} {each.made_on}"),
        )
        for each in found
    ]
    return table("更正过的文件信息", ("文件", "更正", "依据", "谁"), rows, "还没有更正过文件信息。")


def vetted(found: Sequence[Vetted], titles: Mapping[str, str], holding: Mapping[str, bool]) -> str:
    rows = [
        (
            escape(each.question),
            escape(each.answer),
            escape(f"{titles.get(each.document_id, each.document_id)} {each.label}"),
            escape(f"{each.editor} {each.on}"),
            "使用中" if holding[each.id] else '<span class="bad">条款已变或不在，没有使用</span>',
        )
        for each in found
    ]
    return table("核定答案", ("问题", "答案", "条款", "谁", "状态"), rows, "还没有核定答案。")


def units(found: Sequence[UnitEntry]) -> str:
    rows = [
        (
            escape(each.unit),
            each.field.shown,
            escape(each.value),
            escape(each.since),
            escape(each.source),
            escape(f"{each.editor} {each.made_on}"),
        )
        for each in found
    ]
    return table("编辑登记的单位信息", ("单位", "类别", "内容", "自何时", "来源", "谁"), rows, "还没有登记。")


def directory(records: Sequence[UnitRecord]) -> str:
    """What is known of the units already: short names, today's names, each with where it was found."""
    known = [each for each in records if each.aliases or each.former or each.successors]
    rows = [
        (
            f"{escape(each.name)}<small>{escape(each.full_name if each.full_name != each.name else '')}</small>",
            escape("、".join((*each.aliases, *each.former))),
            "<br>".join(map(_successor, each.successors)),
            "<br>".join(
                dict.fromkeys(map(_origin, (*each.source, *(u for one in each.successors for u in one.source))))
            ),
        )
        for each in known
    ]
    inner = table(f"{len(rows)} 家", ("单位", "别名、旧称", "现名", "来源"), rows, "还没有写明别名或现名的单位。")
    more = len(records) - len(known)
    rest = f'<p class="quiet">另有 {more} 家责任单位只见于文件，没有登记别名、旧称和现名。</p>' if more else ""
    return f"<h2>名录里已有的</h2>{inner}{rest}"


def _successor(successor: Successor) -> str:
    sure = "可能" if successor.mark is Mark.LIKELY else "已核实"
    return f"{escape(successor.name)}（{sure}{f'，{escape(successor.on)}起' if successor.on else ''}）"


def _origin(url: str) -> str:
    """A source on the web by its host; whatever else it is, as it is written."""
    try:
        host = urlsplit(url).hostname if url.startswith(("http://", "https://")) else None
    except ValueError:  # words behind the address, without a blank
        host = None
    if host is None:
        return escape(_ORIGINS.get(url, url))
    return f'<a href="{escape(url)}" rel="noopener noreferrer" target="_blank">{escape(host)}</a>'


def history(found: Sequence[HistoryEntry]) -> str:
    rows = [
        (
            str(each.id),
            when(each.at),
            escape(each.editor),
            f"{escape(each.what)}<details><summary>改动前后</summary><pre>{escape(each.before)}\n→\n{escape(each.after)}</pre></details>",
            f"已由第 {each.undone_by} 号撤销" if each.undone_by else "",
        )
        for each in found
    ]
    return table("最近的改动", ("号", "时间", "谁", "改动", "状态"), rows, "还没有改动。")


def usage(found: Usage) -> str:
    """Figures, then bars; the words carry everything that the bars show."""
    share = f"{found.unanswered / found.asked:.0%}" if found.asked else "—"
    figures = "".join(
        f"<div><dt>{name}</dt><dd>{value}</dd></div>"
        for name, value in (
            ("提问", found.asked),
            ("没有答案", found.unanswered),
            ("没有答案的比例", share),
            ("评价为有误", found.complaints),
        )
    )
    most = max((asked for _, asked, _ in found.by_day), default=0)
    days = "".join(
        f'<li title="{day}：{asked} 个问题，{refused} 个没有答案"><span class="day">{day[5:]}</span>'
        f'<span class="bar"><i style="width:{_share(asked, most)}"></i><i class="refused" style="width:{_share(refused, most)}"></i></span>'
        f'<span class="value">{asked}（{refused}）</span></li>'
        for day, asked, refused in found.by_day
        if asked or found.days <= 7
    )
    daily = f'<ol class="bars">{days}</ol>' if days else '<p class="empty">这段时间没有人提问。</p>'
    return (
        f'<dl class="figures">{figures}</dl><h2>每天的提问（括号里是没有答案的）</h2>{daily}'
        f"<h2>问题种类</h2>{_bars([(_KINDS.get(name, name), count) for name, count in found.by_kind])}"
        f"<h2>答案里的责任单位</h2>{_bars(found.by_unit)}"
    )


def _bars(counts: Sequence[tuple[str, int]]) -> str:
    most = max((count for _, count in counts), default=0)
    rows = "".join(
        f'<li><span class="day">{escape(name)}</span><span class="bar"><i style="width:{_share(count, most)}"></i></span>'
        f'<span class="value">{count}</span></li>'
        for name, count in counts
    )
    return f'<ol class="bars wide">{rows}</ol>' if rows else '<p class="empty">还没有。</p>'


def _share(count: int, most: int) -> str:
    return f"{100 * count / most:.1f}%" if most else "0"


def when(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone().strftime("%m-%d %H:%M")


def clause_text(document: Document, clause: Clause) -> str:
    return (
        f'<section class="clause-shown"><h3>{escape(clause.label)} {escape(clause.title)}</h3>'
        f"<p>{escape(document.quote(clause).strip()) or '（只有标题）'}</p>"
        f'<p class="quiet">责任单位：{escape(written(document.units_of(clause)) or "没有写明")}</p></section>'
    )
