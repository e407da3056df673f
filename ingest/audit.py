"""What the reader is sure of and what it is not, in words for the editor."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.directory import UnitDirectory
from ingest.document import Audit, Certainty, Clause, Document, Repair, Responsibility, Span
from ingest.frame import paragraphs
from ingest.texts import NumberedText


@dataclass(frozen=True)
class Reading:
    """What was read from one text, for the audit to look at."""

    text: str
    title: str
    texts: tuple[NumberedText, ...]
    clauses: tuple[Clause, ...]
    responsibilities: tuple[Responsibility, ...]
    repairs: tuple[Repair, ...]


def audit(reading: Reading, directory: UnitDirectory | None = None) -> Audit:
    """Counts and warnings for one document; with a directory also the units that it does not know."""
    tasks = [clause for clause in reading.clauses if clause.task is not None]
    served = _served(reading)
    without = [clause.label for clause in tasks if clause.id not in served]
    warnings = [*_structure_warnings(reading, without, served), *_damage_warnings(reading)]
    if directory is not None:
        warnings += _unknown_units(reading.responsibilities, directory)
    return Audit(
        tasks=len(tasks),
        tasks_with_units=len(tasks) - len(without),
        numbering_gaps=tuple(_gaps(reading)),
        orphan_paragraphs=_orphans(reading),
        warnings=tuple(warnings),
    )


def audit_sentence(document: Document) -> str:
    """15 项任务，15 项写明责任单位，0 段未归入条款."""
    found = document.audit
    if not found.tasks:
        named = len({each.clause_id for each in document.responsibilities})
        return f"{len(document.clauses)} 个条款（没有连续编号的任务），{named} 处写明责任单位，{found.orphan_paragraphs} 段未归入条款"
    return f"{found.tasks} 项任务，{found.tasks_with_units} 项写明责任单位，{found.orphan_paragraphs} 段未归入条款"


def gaps(document: Document) -> tuple[str, ...]:
    """What an editor should look at before publishing."""
    found = document.audit
    orphans = [f"{found.orphan_paragraphs}段没有归入任何条款"] if found.orphan_paragraphs else []
    return (*found.numbering_gaps, *orphans, *found.warnings)


def _served(reading: Reading) -> set[str]:
    """The clauses that name units, themselves or in what stands below them."""
    named = {responsibility.clause_id for responsibility in reading.responsibilities}
    served: set[str] = set()
    above: list[Clause] = []
    for clause in reading.clauses:
        while above and len(above[-1].path) >= len(clause.path):
            above.pop()
        above.append(clause)
        if clause.id in named:
            served |= {one.id for one in above}
    return served


def _gaps(reading: Reading) -> Iterator[str]:
    """Numbers that are missing in a sequence: 缺任务3, 三(二)之后缺1项."""
    by_start = {clause.span.start: clause for clause in reading.clauses}
    for one in reading.texts:
        previous: dict[int, tuple[int, str]] = {}  # run → its last number and label
        for heading in one.headings:
            clause = by_start.get(heading.marker.span.start)
            if clause is None:
                continue
            number = heading.marker.number
            last, label = previous.get(heading.run, (0, ""))
            if clause.task is not None:
                yield from (f"缺任务{missing}" for missing in range(last + 1, number))
            elif number > last + 1:
                yield f"{label}之后缺{number - last - 1}项" if label else f"{clause.label}之前缺{number - 1}项"
            previous[heading.run] = (number, clause.label)


def _orphans(reading: Reading) -> int:
    """Paragraphs that no clause holds."""
    count, at = 0, 0
    for clause in [*reading.clauses, None]:
        end = clause.span.start if clause else len(reading.text)
        count += sum(1 for _ in paragraphs(reading.text, Span(at, end))) if at < end else 0
        at = clause.span.end if clause else at
    return count


def _structure_warnings(reading: Reading, without: Sequence[str], served: set[str]) -> Iterator[str]:
    if not any(one.headings for one in reading.texts) and all(clause.task is None for clause in reading.clauses):
        yield "没有找到编号的条款，已按段落切分"
    if not reading.title:
        yield "原文没有标题"
    if without and served:
        yield f"{len(without)}项任务没有写明责任单位：{_some(without)}"
    repeated = [clause.label for clause in reading.clauses if "·" in clause.label]
    if repeated:
        yield f"{len(repeated)}个编号重复，已加序号区分：{_some(repeated)}"


def _damage_warnings(reading: Reading) -> Iterator[str]:
    for name, certainty in (("已修复", Certainty.SURE), ("疑似损坏", Certainty.PROBABLE)):
        rules = Counter(repair.rule for repair in reading.repairs if repair.certainty is certainty)
        if rules:
            yield f"{name}{rules.total()}处：" + "、".join(f"{rule}{count}处" for rule, count in rules.items())
    mended = {sign for repair in reading.repairs for sign in repair.repaired}
    for opener, closer in ("《》", "〔〕", "“”"):
        difference = reading.text.count(opener) - reading.text.count(closer)
        if difference and opener not in mended:
            yield f"“{opener}”与“{closer}”不配对，相差{abs(difference)}个，原文可能缺字"


def _unknown_units(responsibilities: Sequence[Responsibility], directory: UnitDirectory) -> Iterator[str]:
    """Units that the directory does not know: with the nearest name where one is near, otherwise counted."""
    names = dict.fromkeys(
        unit.name
        for one in responsibilities
        for unit in one.units
        if not unit.collective and _is_unknown(unit.name, directory)
    )
    far = []
    for name in names:
        near = [known for mention in directory.mentions(name) if not mention.exact for known in mention.names]
        if near:
            yield f"“{name}”不在单位名录中，最接近的是“{near[0]}”"
        else:
            far.append(name)
    if far:
        yield f"{len(far)}个单位不在单位名录中：{_some(far)}"


def _is_unknown(name: str, directory: UnitDirectory) -> bool:
    if directory.record(name) is not None:
        return False
    return not any(mention.exact and mention.span == (0, len(name)) for mention in directory.mentions(name))


def _some(labels: Sequence[str]) -> str:
    """The first ten, in one line."""
    return "、".join(labels[:10]) + ("等" if len(labels) > 10 else "")
