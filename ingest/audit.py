"""What the reader is sure of and what it is not, in words for the editor."""

from collections.abc import Sequence

from ingest.document import Audit, Certainty, Clause, Part, Repair, Responsibility, Span
from ingest.frame import paragraphs


def audit(
    text: str, clauses: Sequence[Clause], responsibilities: Sequence[Responsibility], repairs: Sequence[Repair]
) -> Audit:
    """Counts and warnings for one document."""
    tasks = [clause for clause in clauses if clause.task is not None]
    served = {responsibility.clause_id for responsibility in responsibilities}
    without = [clause.label for clause in tasks if clause.id not in served]
    return Audit(
        tasks=len(tasks),
        tasks_with_units=len(tasks) - len(without),
        numbering_gaps=_gaps(tasks),
        orphan_paragraphs=_orphans(text, clauses),
        warnings=tuple(_warnings(clauses, without, served, repairs)),
    )


def _gaps(tasks: Sequence[Clause]) -> tuple[str, ...]:
    numbers = [clause.task for clause in tasks if clause.task is not None]
    missing = sorted(set(range(1, max(numbers, default=0) + 1)) - set(numbers))
    return tuple(f"缺任务{number}" for number in missing)


def _orphans(text: str, clauses: Sequence[Clause]) -> int:
    """Paragraphs that no clause holds."""
    count, at = 0, 0
    for clause in [*clauses, None]:
        end = clause.span.start if clause else len(text)
        count += sum(1 for _ in paragraphs(text, Span(at, end))) if text[at:end].strip() else 0
        at = clause.span.end if clause else at
    return count


def _warnings(
    clauses: Sequence[Clause], without: Sequence[str], served: set[str], repairs: Sequence[Repair]
) -> list[str]:
    warnings = []
    if not any(clause.part in (Part.SECTION, Part.TASK) for clause in clauses):
        warnings.append("没有找到编号的条款，已按段落切分")
    if without and served:
        warnings.append(f"{len(without)} 项任务没有写明责任单位：{'、'.join(without[:10])}")
    for name, certainty in (("修复", Certainty.SURE), ("疑似损坏", Certainty.PROBABLE)):
        count = sum(repair.certainty is certainty for repair in repairs)
        if count:
            warnings.append(f"{name} {count} 处")
    return warnings
