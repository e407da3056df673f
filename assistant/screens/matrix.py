"""分工表: units × tasks of one document, one unit's duties, and how many tasks each unit has, as HTML."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any
from urllib.parse import urlencode

import gradio as gr

from assistant.found.matrix import Matrix, Row, matrix_of
from assistant.found.roles import BESIDE
from assistant.said.export import CONTENT_TYPES, heading, rendered, table
from assistant.screens.context import Context
from assistant.screens.frame import QUIET, let_in, notice, said
from assistant.screens.markup import chip_list, copy_button, matrix_link, reader_link, unit_link
from assistant.screens.narrowing import ANY, unit_named, whole_matrix
from index.search import Index
from ingest.document import Document, Form, Role
from ingest.errors import KnowledgeBaseError

_SIGNS = {**BESIDE, Role.RESPONSIBLE: "●"}
FORMATS = {"xlsx": "Excel", "docx": "Word", "csv": "CSV"}


def matrix_page(index: Index, document_id: str, unit: str, group: str = "") -> str:
    """The table of one document or of one group of its tasks, or with a unit its duties there or, for 全部, in every document."""
    try:
        matrix = chosen(index, document_id, group)
        name = unit_named(unit, index, matrix.units) if unit.strip() else None
    except KnowledgeBaseError as error:
        return f'<p class="empty" role="alert">{escape(str(error))}</p>'
    if not matrix.rows:
        return '<p class="empty">这里没有写明责任单位的条款；可以换一份文件，或在“文件”页看它的全文。</p>'
    shown = _duties(index, matrix, name) if name else "".join(_grid(matrix, each) for each in _documents(matrix))
    return f"{_exports(document_id, name, group)}{shown}{_units_chart(matrix, name)}"


def chosen(index: Index, document_id: str, group: str = "") -> Matrix:
    """The matrix of one document, or of all for 全部; ``group`` is a section's number, such as 三(一)."""
    matrix = whole_matrix(index) if document_id in ("", ANY) else matrix_of([index.document(document_id)])
    return matrix if group in ("", ANY) else Matrix(tuple(row for row in matrix.rows if row.clause.section == group))


def groups(matrix: Matrix) -> list[tuple[str, str]]:
    """The sections that the clauses stand in, as name and number; none where there is but one, or more than one document."""
    found: dict[str, str] = {}
    for row in matrix.rows:
        heading = row.document.clause(row.clause.section)
        found.setdefault(row.clause.section, f"{row.clause.section} {heading.title if heading else ''}".strip())
    several = len(found) > 1 and len(_documents(matrix)) == 1
    return [(name, section) for section, name in found.items()] if several else []


@dataclass(frozen=True)
class Download:
    """A file to save."""

    name: str
    content: bytes
    content_type: str


def matrix_download(index: Index, ending: str, document_id: str, unit: str, group: str = "") -> Download:
    """The matrix, or one unit's duties, as xlsx, docx or csv. KnowledgeBaseError for what does not exist."""
    matrix = chosen(index, document_id, group)
    name = unit_named(unit, index, matrix.units) if unit else None
    content = rendered(table(matrix, name), ending, heading(matrix, name, date.today()))
    return Download(f"{name or '责任单位'}分工表.{ending}", content, CONTENT_TYPES[ending])


def with_units(index: Index) -> list[Document]:
    """The documents that name responsible units, in the collection's order."""
    return _documents(whole_matrix(index))


def _documents(matrix: Matrix) -> list[Document]:
    return list({row.document.id: row.document for row in matrix.rows}.values())


def _exports(document_id: str, unit: str | None, group: str) -> str:
    query = escape(urlencode({"doc": document_id, "unit": unit or "", "group": group}))
    links = "".join(
        f'<a class="copy" href="/export/matrix.{ending}?{query}" download>{name}</a>'
        for ending, name in FORMATS.items()
    )
    return f'<p class="exports"><span class="bar-label">导出</span>{links}</p>'


def _grid(matrix: Matrix, document: Document) -> str:
    own = matrix.only([document])
    counts = own.count_by_unit()
    heads = "".join(f'<th scope="col">{_link(row, _short(row))}</th>' for row in own.rows)
    lines = "".join(
        f'<tr><th scope="row">{unit_link(name, document.id)}</th>{"".join(_cell(row, name) for row in own.rows)}<td class="sum">{count}</td></tr>'
        for name, count in counts.items()
    )
    sums = "".join(f"<td>{len(row.units)}</td>" for row in own.rows)
    form = "" if document.form is Form.ORIGINAL else f"（{document.form}）"
    return (
        f'<h2>{escape(document.title)}{form}</h2><p class="count">{len(counts)} 家责任单位，{len(own.rows)} 条写明责任单位的条款。'
        f"点圆点打开条款，点单位看它的全部任务。</p>"
        f'<div class="beside"><div class="grid" tabindex="0" role="region" aria-label="责任单位与任务">'
        f'<table><thead><tr><th scope="col">责任单位</th>{heads}<th scope="col">合计</th></tr></thead>'
        f'<tbody>{lines}</tbody><tfoot><tr><th scope="row">单位数</th>{sums}<td></td></tr></tfoot></table></div>'
        f"{_tasks_chart(own)}</div>"
    )


def _cell(row: Row, name: str) -> str:
    unit = next((unit for unit in row.units if unit.name == name), None)
    if unit is None:
        return "<td></td>"
    title = f"{name}：{row.clause.label}{row.clause.title}"
    return f"<td>{_link(row, _SIGNS[unit.role], title)}</td>"


def _link(row: Row, text: str, title: str = "") -> str:
    said = escape(title or row.clause.title or row.clause.label)
    return (
        f'<a href="{reader_link(row.document.id, row.clause.id)}" title="{said}" aria-label="{said}">{escape(text)}</a>'
    )


def _short(row: Row) -> str:
    return str(row.clause.task) if row.clause.task is not None else row.clause.label


def _duties(index: Index, matrix: Matrix, name: str) -> str:
    rows = matrix.tasks_of(name)
    items = "".join(
        f'<li class="card"><header><span class="badge">{escape(_badge(row))}</span><h3>{_link(row, row.clause.title or row.clause.label)}</h3>'
        f"</header>{_role(row, name)}{_others(row, name)}<footer><p>{escape(row.document.title)}</p></footer></li>"
        for row in rows
    )
    acts = f'{copy_button("复制清单", _listed(rows, name))}<a class="copy" href="{matrix_link()}">回到全表</a>'
    head = f'<h2>{escape(name)}：{len(rows)} 条</h2>{_today(index, name)}<p class="exports">{acts}</p>'
    return f'{head}<ul class="duties">{items}</ul>'


def _listed(rows: Sequence[Row], name: str) -> str:
    """A unit's duties as lines of text, to paste into a paper."""
    lines = [f"{name}的任务（{len(rows)} 条）"]
    for before, row in zip((None, *rows), rows, strict=False):
        document = row.document
        if before is None or before.document.id != document.id:
            lines.append(f"《{document.title}》" + (f"（{document.number}）" if document.number else ""))
        others = [each for each in row.names if each != name]
        lines.append(
            f"{row.clause.label} {row.clause.title}（{'同列：' + '、'.join(others) if others else '仅此一家'}）"
        )
    return "\n".join(lines)


def _badge(row: Row) -> str:
    return f"任务 {row.clause.task}" if row.clause.task is not None else row.clause.label


def _role(row: Row, name: str) -> str:
    role = next(unit.role for unit in row.units if unit.name == name)
    return "" if role is Role.RESPONSIBLE else f"<p>本单位{_SIGNS[role]}。</p>"


def _others(row: Row, name: str) -> str:
    others = [unit for unit in row.units if unit.name != name]
    if not others:
        return '<p class="count">只有这一家责任单位</p>'
    chips = chip_list(others, row.document.id)
    return f'<p class="count">同列的单位 {len(others)} 家</p><ul class="chips" aria-label="同列的单位">{chips}</ul>'


def _today(index: Index, name: str) -> str:
    """What the unit is called today, where that is known; each with its certainty and date."""
    record = index.directory.record(name)
    lines = "".join(
        f"<li>现为{escape(each.name)}（{'可能' if each.mark == 'L' else '已核实'}{f'，{each.on}起' if each.on else ''}）{escape(each.note)}</li>"
        for each in (record.successors if record else ())
    )
    return f'<ul class="repairs" aria-label="现名">{lines}</ul>' if lines else ""


def _units_chart(matrix: Matrix, name: str | None) -> str:
    counts = matrix.count_by_unit()
    return _chart("各单位承担的条款数", [(escape(each), each == name, count) for each, count in counts.items()])


def _tasks_chart(matrix: Matrix) -> str:
    """What the numbers at the head of the table stand for, and how many units each has."""
    named = [
        (_link(row, f"{row.clause.label} {row.clause.title}".strip()), False, len(row.units)) for row in matrix.rows
    ]
    return _chart("各条款的责任单位数", named)


def _chart(title: str, counts: Sequence[tuple[str, bool, int]]) -> str:
    """Bars drawn with plain HTML, names given as HTML: nothing to load, and read aloud as a list."""
    most = max(count for *_, count in counts)
    bars = "".join(
        f'<li{" class=chosen" if is_chosen else ""}><span class="name">{name}</span>'
        f'<span class="bar" style="--share:{count / most:.3f}"></span><span class="value">{count}</span></li>'
        for name, is_chosen, count in counts
    )
    return f'<section><h2>{escape(title)}</h2><ol class="chart">{bars}</ol></section>'


def page(context: Context, blocks: gr.Blocks) -> None:
    """分工表: units × tasks; the address may name the document, the group and the unit: ?doc=…&group=…&unit=…"""
    index = context.index

    def choices() -> list[tuple[str, str]]:
        return [*((document.title, document.id) for document in with_units(index)), (ANY, ANY)]

    def group_choices(document_id: str) -> list[tuple[str, str]]:
        return [(ANY, ANY), *groups(chosen(index, document_id))]

    first = choices()[0][1]
    with gr.Row(elem_classes="filters"):
        document = gr.Dropdown(choices(), value=first, label="文件", scale=3, min_width=220)
        group = gr.Dropdown(group_choices(first), value=ANY, label="任务分组", scale=2, min_width=180, elem_id="group")
        unit = gr.Textbox(label="责任单位（简称、旧称也可，留空看全表）", scale=2, min_width=220, elem_id="unit")
        go = gr.Button("查看", variant="primary", scale=0, min_width=76)
    shown = gr.HTML(matrix_page(index, first, ""), elem_id="matrix", apply_default_css=False)

    def show(document_id: str | None, section: str | None, name: str) -> str:
        return said(matrix_page, index, document_id or ANY, name, section or "")

    def narrow(_: gr.Request, document_id: str | None, section: str | None, name: str) -> str:
        return show(document_id, section, name)

    def change(_: gr.Request, document_id: str | None, name: str) -> tuple[Any, str]:
        """Another document has other groups."""
        return gr.Dropdown(choices=group_choices(document_id or ANY), value=ANY), show(document_id, ANY, name)

    def arrive(request: gr.Request) -> tuple[Any, Any, Any, Any]:
        document_id, section, name = (request.query_params.get(key, "") for key in ("doc", "group", "unit"))
        offered = choices()
        if not (document_id or name or section):
            return gr.Dropdown(choices=offered), gr.skip(), gr.skip(), gr.skip()
        picked = document_id if document_id in [value for _, value in offered] else offered[0][1]
        sections = group_choices(picked)
        section = section if section in [value for _, value in sections] else ANY
        listed = gr.Dropdown(choices=offered, value=picked), gr.Dropdown(choices=sections, value=section)
        return *listed, name, show(picked, section, name)

    def busy(sentence: str) -> list[Any]:
        return [gr.skip(), gr.skip(), gr.skip(), notice(sentence)]

    changing = let_in(context.gate, change, lambda sentence: busy(sentence)[2:])
    document.input(changing, [document, unit], [group, shown], **QUIET)
    for trigger in (group.input, unit.submit, go.click):
        trigger(let_in(context.gate, narrow, notice), [document, group, unit], shown, **QUIET)
    blocks.load(let_in(context.gate, arrive, busy), None, [document, group, unit, shown], **QUIET)
