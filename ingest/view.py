"""A document as an outline for people: clauses, units, repairs, audit."""

from ingest.document import Certainty, Clause, Document, Role, Status, Unit

_CERTAINTY = {Certainty.SURE: "确定", Certainty.PROBABLE: "可能"}
_ROLES = {Role.LEAD: "牵头", Role.COOPERATING: "配合", Role.PARTICIPATING: "参与", Role.RESPONSIBLE: ""}
_CONTEXT = 8


def outline_view(document: Document) -> str:
    """Plain text: what the document says about itself, a line a clause, then repairs and audit."""
    sections = (_heading(document), _clauses(document), _repairs(document), _audit(document))
    return "\n\n".join("\n".join(lines) for lines in sections) + "\n"


def _heading(document: Document) -> list[str]:
    title = document.title + ("（暂名，原文没有标题）" if document.title_derived else "")
    facts = (
        ("文号", document.number),
        ("发文机关", document.issuer),
        ("成文日期", document.issued_on),
        ("施行日期", document.effective_on),
        ("有效期至", document.expires_on),
        ("效力", document.status if document.status is not Status.UNSTATED else None),
        ("层级", document.level),
        ("地区", document.region),
        ("主送", "、".join(document.addressees)),
        ("引用", "；".join(_reference(one.title, one.number, one.relation) for one in document.references[:12])),
    )
    return [title, *(f"  {name}：{value}" for name, value in facts if value)]


def _reference(title: str, number: str | None, relation: str) -> str:
    return f"{relation}《{title}》" + (f"（{number}）" if number else "")


def _clauses(document: Document) -> list[str]:
    return [_line(document, clause) for clause in document.clauses]


def _line(document: Document, clause: Clause) -> str:
    opening = clause.title or " ".join(document.quote(clause)[:40].split())
    units = "、".join(_unit(unit) for unit in document.units_of(clause))
    return "  " * len(clause.path) + f"{clause.label}  {opening}" + (f"  〔{units}〕" if units else "")


def _unit(unit: Unit) -> str:
    return unit.name + (f"（{_ROLES[unit.role]}）" if _ROLES[unit.role] else "")


def _repairs(document: Document) -> list[str]:
    lines = [f"修复：{len(document.repairs)}处" if document.repairs else "修复：无"]
    for repair in document.repairs:
        start, end = repair.span
        before = document.text[max(0, start - _CONTEXT) : start].rsplit("\n", 1)[-1]
        after = document.text[end : end + _CONTEXT].split("\n", 1)[0]
        mended = f"{before}【{repair.found} → {repair.repaired}】{after}"
        lines.append(f"  {_CERTAINTY[repair.certainty]}  {repair.rule}：{mended}")
    return lines


def _audit(document: Document) -> list[str]:
    audit = document.audit
    counts = f"审计：{audit.tasks}项任务，{audit.tasks_with_units}项写明责任单位，{audit.orphan_paragraphs}段未归入条款"
    return [counts, *(f"  {line}" for line in (*audit.numbering_gaps, *audit.warnings))]
