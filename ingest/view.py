"""A document as an outline for people: clauses, units, repairs, audit."""

from ingest.document import Certainty, Document

_CERTAINTY = {Certainty.SURE: "确定", Certainty.PROBABLE: "可能"}


def outline_view(document: Document) -> str:
    """Plain text, one line a clause, indented by depth."""
    lines = [document.title or "（原文没有标题）"]
    lines += [f"  {name}：{value}" for name, value in _facts(document)]
    lines.append("")
    for clause in document.clauses:
        units = "、".join(unit.name for unit in document.units_of(clause))
        opening = clause.title or " ".join(document.quote(clause)[:40].split())
        lines.append(f"{'  ' * len(clause.path)}{clause.label}  {opening}" + (f"  〔{units}〕" if units else ""))
    lines += ["", "修复：" if document.repairs else "修复：无"]
    for repair in document.repairs:
        lines.append(f"  {_CERTAINTY[repair.certainty]}  {repair.rule}：{repair.found} → {repair.repaired}")
    audit = document.audit
    lines.append(
        f"审计：{audit.tasks} 项任务，{audit.tasks_with_units} 项写明责任单位，{audit.orphan_paragraphs} 段未归入条款"
    )
    lines += [f"  {line}" for line in (*audit.numbering_gaps, *audit.warnings)]
    return "\n".join(lines)


def _facts(document: Document) -> list[tuple[str, str]]:
    facts = (
        ("文号", document.number),
        ("发文机关", document.issuer),
        ("成文日期", document.issued_on),
        ("层级", document.level),
        ("地区", document.region),
        ("主送", "、".join(document.addressees)),
    )
    return [(name, value) for name, value in facts if value]
