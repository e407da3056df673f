"""Text → clauses: headings nested and named, with the frame around them."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.closing import closing_start
from ingest.covered import Covered
from ingest.document import Clause, Part, Span
from ingest.frame import Division, paragraphs, trim
from ingest.markers import Heading, Style
from ingest.task_tables import TaskRow
from ingest.tasks import TaskRun, task_run
from ingest.texts import NumberedText, main_text
from ingest.wording import title_of


def outline(
    text: str,
    texts: Sequence[NumberedText],
    document_id: str,
    responsible: Sequence[int] = (),
    rows: Sequence[TaskRow] = (),
) -> tuple[Clause, ...]:
    """The clauses of a text in order, none overlapping. ``responsible`` holds where responsibilities start, ``rows`` are
    those of its task tables."""
    rows = sorted(rows, key=lambda row: row.span)  # those of a clause are looked up
    starts = [row.span.start for row in rows]
    tabled = Covered([row.span for row in rows])
    outside = [start for start in responsible if not tabled.meets(Span(start, start + 1))]
    run = task_run([part.headings for part in texts], [part.division.body_end for part in texts], outside)
    main = main_text(text, texts)
    clauses: list[Clause] = []
    for at, part in enumerate(texts):
        names = _names(texts, at, main)
        tasks = run if run is not None and run.division == at else None
        if main is None and at == 0 and not part.division.annex:
            clauses += _unnumbered(text, part, names, rows)
        elif main is None or at <= main or not _is_remainder(part):
            for clause in _division(text, part, names, tasks):
                near = rows[bisect_left(starts, clause.span.start) : bisect_left(starts, clause.span.end)]
                own = [row for row in near if clause.span.covers(row.span)]
                clauses += _tabulated(text, clause, own, _Table.of(names, tasks, clause)) if own else [clause]
    return _unique(document_id, clauses)


def _is_remainder(part: NumberedText) -> bool:
    """A few words of the web page after the sign-off; they belong to no clause."""
    division = part.division
    structured = part.headings or division.annex or division.signature or division.footer
    return not structured and division.span.end - division.span.start < _SHORT


_SHORT = 150


@dataclass(frozen=True)
class _Names:
    """How the parts of one division are labelled: ``prefix`` stands before every label of an annex, ``numbers`` before
    the numbers of a notice, because the plan it carries has the same."""

    prefix: str = ""
    numbers: str = ""
    address: str = "抬头"
    preamble: str = "序言"
    signature: str = "落款"


def _names(texts: Sequence[NumberedText], at: int, main: int | None) -> _Names:
    """A notice that only carries a plan keeps 抬头; the plan itself has the numbers that people quote."""
    annex = texts[at].division.annex
    if main is None or at < main:
        return _Names(numbers="通知", preamble="通知", signature="通知落款") if main else _Names(prefix=annex or "")
    if at == main:
        return _Names(prefix=annex if annex and annex != "附件" else "", address="标题" if at else "抬头")
    return _Names(prefix=annex or "附文", address="标题")


def _division(text: str, part: NumberedText, names: _Names, run: TaskRun | None) -> list[Clause]:
    clauses = _front(text, part, names) + _body(text, part, names, run) + _tail(part.division, names)
    return [clause for clause in clauses if clause.span.start < clause.span.end]


def _tail(division: Division, names: _Names) -> list[Clause]:
    """List of annexes, sign-off and distribution note."""
    tail = []
    if division.annex_list:
        tail.append(_plain(Part.ANNEX, names.prefix + "附件清单", division.annex_list))
    if division.signature:
        tail.append(_plain(Part.SIGNATURE, names.prefix + names.signature, division.signature.span, "落款"))
    if division.footer:
        tail.append(_plain(Part.SIGNATURE, names.prefix + "版记", division.footer))
    return tail


def _plain(part: Part, label: str, span: Span, section: str | None = None, title: str = "") -> Clause:
    return Clause("", label, part, span, section or label, title)


def _front(text: str, numbered: NumberedText, names: _Names) -> list[Clause]:
    """Title block and preamble."""
    opening, front = numbered.opening, numbered.front
    head, preamble = trim(text, front.start, opening.end), trim(text, opening.end, front.end)
    part, label = (Part.ANNEX, names.prefix) if names.prefix else (Part.ADDRESS, names.address)
    title = "".join(opening.title.of(text).split()) if opening.title else ""
    return [
        _plain(part, label, head, None if part is Part.ANNEX else names.prefix + "抬头", title),
        _plain(Part.PREAMBLE, names.prefix + names.preamble, preamble, names.prefix + "序言"),
    ]


@dataclass(frozen=True)
class _Named:
    """What the headings below a heading need to know about it."""

    label: str
    section: str
    path: tuple[str, ...]  # headings above and its own
    names_children: bool  # 任务7, 第七条: what stands below is cited under this label, not under the section
    prefix: str


def _body(text: str, part: NumberedText, names: _Names, run: TaskRun | None) -> list[Clause]:
    """One clause a heading, from its number to the next heading, and the closing words after the last."""
    clauses: list[Clause] = []
    above: list[_Named] = []
    seen: Counter[str] = Counter()
    prefix = names.prefix or names.numbers
    root = _Named(prefix, prefix, (prefix,) if prefix else (), False, prefix)
    groups = {heading.parent for heading in part.headings}
    found, body_end = part.headings, part.division.body_end
    ends = [*(heading.marker.span.start for heading in found[1:]), body_end][: len(found)]
    for at, (heading, end) in enumerate(zip(found, ends, strict=True)):
        span = trim(text, heading.marker.span.start, end)
        parent = root if heading.parent is None else above[heading.parent]
        section = _repeated(_joined(parent.section, heading), seen)
        clause = _clause(text, heading, span, parent, section, run is not None and at in run.members)
        if at in groups and clause.part is Part.ITEM and heading.marker.style is not Style.ARTICLE:
            clause = replace(clause, part=Part.SECTION)
        number = text[heading.marker.span.start : heading.marker.span.end].strip()
        path = (*parent.path, number + clause.title)
        named = clause.task is not None or heading.marker.style is Style.ARTICLE or parent.names_children
        above.append(_Named(clause.label, section, path, named, prefix))
        clauses.append(clause)
    if clauses and (cut := closing_start(text, [clause.span for clause in clauses])) is not None:
        last = clauses[-1]
        clauses[-1] = replace(last, span=trim(text, last.span.start, cut))
        clauses.append(_plain(Part.CLOSING, prefix + "结语", trim(text, cut, last.span.end)))
    return clauses


def _repeated(section: str, seen: Counter[str]) -> str:
    """A section that is there already gets a count, so that what stands below it can be told apart."""
    seen[section] += 1
    return section if seen[section] == 1 else f"{section}·{seen[section]}"


def _clause(text: str, heading: Heading, span: Span, parent: _Named, section: str, is_task: bool) -> Clause:
    marker = heading.marker
    article = marker.style is Style.ARTICLE
    if article:
        label = parent.prefix + marker.written
    elif is_task:
        label = f"{parent.prefix}任务{marker.number}"
    else:
        label = _joined(parent.label, heading) if parent.names_children else section
    part = (
        Part.TASK
        if is_task
        else (Part.SECTION if marker.style < Style.ARTICLE or marker.style in (Style.WHOLE, Style.COMMA) else Part.ITEM)
    )
    return Clause(
        id="",
        label=label,
        part=part,
        span=span,
        section=parent.section or section if is_task else section,
        title=title_of(text, Span(marker.span.end, span.end), article=article),
        task=marker.number if is_task else None,
        path=parent.path,
    )


def _joined(above: str, heading: Heading) -> str:
    """The numbers joined as people cite them: 三(二)5; a point keeps two numbers apart (任务12.1), and 3.2.1 says 3.2 itself."""
    written = heading.marker.written
    repeated = written.rpartition(".")[0]
    if repeated and above.endswith(repeated):
        return above.removesuffix(repeated) + written
    return f"{above}.{written}" if above[-1:].isdigit() and written[:1].isdigit() else above + written


@dataclass(frozen=True)
class _Table:
    """How the rows of a table are labelled and where they stand."""

    prefix: str
    section: str
    path: tuple[str, ...]

    @classmethod
    def of(cls, names: _Names, run: TaskRun | None, holder: Clause) -> "_Table":
        """Below its heading; beside tasks of the text's own, the heading's number keeps the rows apart from them."""
        if holder.part in (Part.ADDRESS, Part.PREAMBLE, Part.ANNEX):
            return cls(names.prefix, names.prefix or "表", (names.prefix,) if names.prefix else ())
        path = (*holder.path, holder.label + holder.title)
        return cls(names.prefix if run is None else holder.label, holder.section, path)


def _tabulated(text: str, block: Clause, rows: Sequence[TaskRow], table: _Table) -> list[Clause]:
    """The rows of a task table, taken out of the clause that holds them; what stands before them stays that clause."""
    before = replace(block, span=trim(text, block.span.start, rows[0].span.start))
    after = _plain(Part.ITEM, table.prefix + "表后", trim(text, rows[-1].span.end, block.span.end))
    clauses = [before, *(_row(row, table) for row in rows), replace(after, path=table.path)]
    return [clause for clause in clauses if clause.span.start < clause.span.end]


def _row(row: TaskRow, table: _Table) -> Clause:
    if row.number is None:
        return replace(
            _plain(Part.ITEM, table.prefix + ("表格行" if row.title else "表头"), row.span, title=row.title),
            path=table.path,
        )
    label = f"{table.prefix}任务{row.number}"
    return Clause("", label, Part.TASK, row.span, table.section, row.title, row.number, table.path)


def _unnumbered(text: str, numbered: NumberedText, names: _Names, rows: Sequence[TaskRow]) -> list[Clause]:
    """A text without any numbers: the frame, and one clause a paragraph."""
    head, *_ = _front(text, numbered, names)
    whole = trim(text, numbered.opening.end, numbered.front.end)
    rows = [row for row in rows if whole.covers(row.span)]
    tabled = Covered([row.span for row in rows])
    body = [span for span in paragraphs(text, whole) if not tabled.meets(span)]
    clauses = [_plain(Part.ITEM, f"第{at}段", span) for at, span in enumerate(body, 1)]
    clauses += [_row(row, _Table(names.prefix, names.prefix or "表", ())) for row in rows]
    clauses = [head, *sorted(clauses, key=lambda clause: clause.span)]
    clauses += _tail(numbered.division, names)
    return [clause for clause in clauses if clause.span.start < clause.span.end]


def _unique(document_id: str, clauses: Sequence[Clause]) -> tuple[Clause, ...]:
    """Ids from labels; a label that is there twice gets its first heading, then a count."""
    seen: Counter[str] = Counter()
    named: list[Clause] = []
    for clause in clauses:
        label = clause.label
        if seen[label]:
            label = f"{clause.label}·{seen[label] + 1}"
        seen[clause.label] += 1
        named.append(replace(clause, label=label, id=f"{document_id}#{label}"))
    return tuple(named)
