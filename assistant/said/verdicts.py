"""What became of a claim or a yes/no question, in the one line that comes first."""

from assistant.found.finding import Finding, Kind
from assistant.found.saying import part_of
from assistant.said.verify import Line

_LISTS = (Kind.UNIT_TO_TASKS, Kind.JOINT_UNITS)


def lines(finding: Finding) -> list[Line]:
    """The direct answer to a claim or a yes/no question, first."""
    verdict = finding.verdict
    if verdict is None:
        return []
    reasons = "；".join(verdict.reasons)
    named = "、".join(finding.question.units)
    if verdict.holds is True and reasons:
        return [Line(f"是的，{reasons}。", echo=True)]
    if verdict.holds is True:
        listed = (
            named and finding.kind not in _LISTS and set(finding.question.units) <= set(finding.evidence[0].unit_names)
        )
        return [Line(_listed_as(finding, named) if listed else "是的，与原文一致。", echo=True)]
    if verdict.holds is False:
        return [Line(f"不是。{reasons}。" if reasons else "不是这样。", echo=True)]
    return [Line(f"不能直接这样说：{reasons}，请以原文为准。", echo=True)]


def _listed_as(finding: Finding, named: str) -> str:
    """A unit that leads or only takes part is not called simply responsible."""
    parts = {part_of(name, finding.evidence[0]) for name in finding.question.units}
    if parts == {"责任"} or len(parts) != 1:
        return f"是的，{named}在责任单位之列。"
    return f"是的，{named}是这一项的{parts.pop()}单位。"
