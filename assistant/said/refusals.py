"""What is said when nothing is answered: what was not found, what lies nearest, and where to ask."""

from assistant.found.finding import Evidence, Finding, Reason
from assistant.said.verify import Line

_OPENING = {
    Reason.NOT_IN_COLLECTION: "库内文件没有回答这个问题。",
    Reason.NOT_STATED: "文件没有写明{missing}，不能据此答复。",
    Reason.NO_SUCH_NUMBER: "文件没有{missing}：{values}。",
    Reason.NO_SUCH_PHRASE: "库内文件的原文没有出现{missing}。",
    Reason.ELSEWHERE: "库内没有{missing}的文件，不能答复外地政策。",
    Reason.NOT_A_POLICY_QUESTION: "这不是政策问题，我只根据库内文件回答。",
    Reason.ORDER_TO_THE_MACHINE: "这句话没有要查的政策内容，我只根据库内文件回答。",
    Reason.UNSAFE: "这件事违反规定，不能提供帮助。",
    Reason.EMPTY: "请输入要查的事情、任务编号或单位名称。",
}


_NOBODY_TO_ASK = (Reason.EMPTY, Reason.ORDER_TO_THE_MACHINE, Reason.NOT_A_POLICY_QUESTION, Reason.UNSAFE)


def lines(finding: Finding) -> tuple[Line, ...]:
    """The refusal in words; the nearest clauses stand under their own heading and are not offered as proof."""
    said = [Line(opening(finding), echo=True)]
    if finding.searched:
        said.append(Line("已检索库内全部条款、条款的常见问法和责任单位名单。"))
    if finding.nearest:
        said.append(Line("**最接近的条款（仅供参考，并未回答本问题）**"))
        said += [Line(f"- {_named(evidence)}") for evidence in finding.nearest]
    if finding.reason not in _NOBODY_TO_ASK:
        said.append(Line(_where_to_ask(finding)))
    return tuple(said)


def opening(finding: Finding) -> str:
    assert finding.reason is not None
    return _OPENING[finding.reason].format(missing=finding.missing, values="；".join(finding.values))


def hotline(finding: Finding) -> str:
    """At most two sentences to read aloud."""
    return opening(finding) + ("建议拨打12345咨询。" if finding.reason not in _NOBODY_TO_ASK else "")


def _named(evidence: Evidence) -> str:
    clause = evidence.clause
    title = f"“{clause.title}”" if clause.title else ""
    return (f"第{clause.task}项任务" if clause.task is not None else clause.label) + title


def _where_to_ask(finding: Finding) -> str:
    units = [name for evidence in finding.nearest[:1] for name in evidence.unit_names]
    its_matter = finding.reason is Reason.NOT_STATED or finding.question.attributes
    if units and its_matter:  # a clause that is merely similar is nobody's address
        return f"可以向最接近条款的责任单位（{'、'.join(units)}）或12345咨询。"
    return "可以拨打12345政务服务热线咨询。"
