"""Deadlines, amounts, materials, telephones …: answered only by a clause that states one."""

from assistant import wording
from assistant.finding import Finding, Kind, Reason

_NOT_FOR_UNITS = frozenset({"联系方式", "申报材料", "人员", "名单", "分到各区的数", "排列的理由"})
"""电话找谁要: what is wanted is not the unit."""


def unless_missing(finding: Finding) -> Finding:
    """The finding, or a refusal that names what the clause does not state."""
    question = finding.question
    text = " ".join(evidence.quote for evidence in finding.evidence)
    lacking = [name for name in question.attributes if not wording.ATTRIBUTES[name][1].search(text)]
    if not lacking or (question.wants_any("units") and not _NOT_FOR_UNITS & set(lacking)):
        return finding
    return Finding(
        Kind.UNANSWERABLE,
        question,
        reason=Reason.NOT_STATED,
        missing="、".join(lacking),
        nearest=finding.evidence[:2],
        confidence=finding.confidence,
        searched=finding.searched,
    )
