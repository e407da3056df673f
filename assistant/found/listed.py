"""Follow-ups to a list or to two answers: 第二个归谁, 后面那个, 一共几项, 其中哪项有…, 两个都有的是."""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.asked import wording
from assistant.asked.numbering import resolve
from assistant.asked.question import Question
from assistant.found.evidence import cite
from assistant.found.finding import Evidence, Finding, Kind
from ingest.fold import chinese_number

LISTS = frozenset({Kind.UNIT_TO_TASKS, Kind.JOINT_UNITS})
_NTH = re.compile(
    r"第([一二三四五六七八九十\d]+)(?:个|家|样|条)|([前头]一个|前面那个|前一个)|(最后一?个|最后(?:一|那)(?:项|条)|后面?(?:一|那)(?:个|条|项)|末一个)"
)
_BOTH = re.compile(
    r"(?:两|二|这两|这几|三)(?:个|家|者|项|条|边|份)[^,。?]{0,6}(?:都|共同|一样|相同|重合|同时)|(?:都|共同)(?:有|包括|负责|参与)的|共同的"
)


def follow(question: Question, findings: Sequence[Finding]) -> Finding | None:
    """The finding that a follow-up to earlier lists asks for; None when it is not one."""
    for rule in (_excepted, _more, _both, _all_of, _among, _nth, _again):
        finding = rule(question, findings)
        if finding is not None:
            return finding
    return None


_EXCEPT = re.compile(r"除(?:了|去|开|掉)?(?=第|任务)|(?:以外|之外)")


def _excepted(question: Question, findings: Sequence[Finding]) -> Finding | None:
    """除了第12项还有哪些 after a list: what was listed without the clauses named."""
    last = findings[-1]
    if last.kind not in LISTS or not question.numbers or question.units or not _EXCEPT.search(question.text):
        return None
    home = last.evidence[0].document if last.evidence else None
    named = {clause.id for number in question.numbers for clause in (resolve(number, home) if home else ())}
    kept = tuple(item for item in last.evidence if item.clause.id not in named)
    if not kept:
        return None
    subject = last.statement or f"{'、'.join(last.units)}的任务"
    written = "、".join(number.written for number in question.numbers)
    return Finding(last.kind, question, kept, last.units, statement=f"除{written}外，{subject}")


_ALL_OF = re.compile(
    r"(?:(?P<count>[两二三四234])|(?<=[这那上前])几)(?:个|件|项|条|头|边|样|块|桩)(?!责任|主管|单位|部门|局)(?:事情?|问题|任务|政策)?"
)
_AGAIN = re.compile(r"再|列|遍|把|说|念|发|合并|汇总|总结|清楚|上面|前面|刚才|分开|齐")
_ASKS_ANEW = re.compile(r"再|一起|一并|一块|都|分别|各|合|汇总|总结|列|发|说|单位|部门|责任|谁|哪")


def _all_of(question: Question, findings: Sequence[Finding]) -> Finding | None:
    """这两件事的单位再列一遍: the clauses of the last answers together."""
    match = _ALL_OF.search(question.text)
    own = question.units or question.numbers or question.phrases or question.meta
    if not match or own or len(_AGAIN.sub("", question.topic)) > 2 or not _ASKS_ANEW.search(question.text):
        return None
    wanted = chinese_number(match["count"]) if match["count"] else len(findings)
    told = [finding for finding in findings if finding.evidence and finding.kind not in LISTS and not finding.refused]
    first = {finding.evidence[0].clause.id: finding.evidence[0] for finding in told[-(wanted or 2) :]}
    if len(first) < 2 or (wanted and match["count"] and len(first) != wanted):
        return None
    return Finding(Kind.MEASURE_TO_UNIT, question, tuple(first.values()))


_COMPARES = re.compile(r"(?:谁|哪|比|更|还是)[^,。?]{0,8}[多少]|[多少](?:一?些|一?点)?[?？。]?$")
_COMPARING = re.compile(r"比起?来?|相比|一些|一点|[更还来看算多少]")


def _more(question: Question, findings: Sequence[Finding]) -> Finding | None:
    """哪个多 after the lists of two bodies: both set side by side."""
    told = [finding for finding in findings[-2:] if finding.kind in LISTS and len(finding.units) == 1]
    own = question.units or question.numbers or question.phrases or len(_COMPARING.sub("", question.topic)) > 1
    if len(told) < 2 or own or not _COMPARES.search(question.text) or told[0].units == told[1].units:
        return None
    found = dict.fromkeys(item for finding in told for item in finding.evidence)
    evidence = tuple(sorted(found, key=lambda item: (item.document.id, item.clause.span)))
    names = (*told[0].units, *told[1].units)
    return Finding(Kind.JOINT_UNITS, question, evidence, names, values=("separately",))


def _both(question: Question, findings: Sequence[Finding]) -> Finding | None:
    """两个都有的是 after two units, or after two clauses."""
    last = findings[-1]
    together = question.units and last.kind in LISTS and last.units and wording.TOGETHER.search(question.text)
    if together and wording.BACK_REFERENCE.search(question.text):
        names = tuple(dict.fromkeys(last.units + question.units))
        kept = tuple(item for item in last.evidence if set(names) <= set(item.unit_names))
        return Finding(Kind.JOINT_UNITS, question, kept, names, statement=f"{'、'.join(names)}同为责任单位的任务")
    if question.units or question.numbers or len(findings) < 2 or not _BOTH.search(question.text):
        return None
    before, last = findings[-2:]
    if before.kind in LISTS and last.kind in LISTS and before.units and last.units:
        names = tuple(dict.fromkeys(before.units + last.units))
        kept = tuple(item for item in last.evidence if set(names) <= set(item.unit_names))
        return Finding(Kind.JOINT_UNITS, question, kept, names, statement=f"{'、'.join(names)}同为责任单位的任务")
    if before.evidence and last.evidence and before.kind not in LISTS:
        pair = (before.evidence[0], last.evidence[0])
        return (
            shared(Finding(Kind.CLAUSE_BY_NUMBER, question, pair)) if pair[0].clause.id != pair[1].clause.id else None
        )
    return None


_SHARED = re.compile(
    r"(?:都有|都包括|都涉及|都在|共同|相同|一样|重合|同时)[^,。?]{0,4}(?:的)?(?:单位|部门|是谁|是哪|有哪|的是|$)|都有的"
    r"|都[^,。?不没哪什]{1,4}的(?:责任)?(?:单位|部门)"
)


def shared(finding: Finding) -> Finding:
    """The clauses with only the units that all of them name, where just those are asked for."""
    question = finding.question
    if not (_SHARED.search(question.text) and question.wants_any("units") and len(finding.evidence) > 1):
        return finding
    first, *others = (item.unit_names for item in finding.evidence)
    names = tuple(name for name in first if all(name in other for other in others))
    return replace(finding, units=names, values=("shared",))


def _among(question: Question, findings: Sequence[Finding]) -> Finding | None:
    """其中哪项有市税务局: filter what was listed."""
    last = findings[-1]
    if not (question.units and len(last.evidence) > 1 and wording.AMONG.search(question.text)) or question.yes_no:
        return None
    kept = tuple(item for item in last.evidence if set(question.units) <= set(item.unit_names))
    return Finding(Kind.UNIT_TO_TASKS, question, kept, question.units, values=("among",))


def _nth(question: Question, findings: Sequence[Finding]) -> Finding | None:
    """第二个的责任单位, 后面那个原文发我: one clause of the list."""
    match, listed = _NTH.search(question.text), findings[-1].evidence
    if len(listed) > 1 and all(listed[0].extent.covers(each.extent) for each in listed):
        listed = listed[1:]  # the heading itself is none of what it lists
    if not match or len(listed) < 2 or question.units:
        return None
    counted = (chinese_number(match.group(1)) or 0) - 1 if match.group(1) else None
    at = counted if counted is not None else 0 if match.group(2) else len(listed) - 1
    if not 0 <= at < len(listed):
        return None
    kind = Kind.MEASURE_TO_UNIT if question.wants_any("units") else Kind.CLAUSE_BY_NUMBER
    return Finding(kind, question, (_whole(listed[at]),))


def _again(question: Question, findings: Sequence[Finding]) -> Finding | None:
    """一共几项, 分别是什么 after a list: the list once more, with its count."""
    last = findings[-1]
    if last.kind not in LISTS or question.units or question.numbers or question.phrases or len(question.topic) > 1:
        return None
    if not question.wants_any("count", "tasks", "title") or question.wants_any("units"):
        return None
    return Finding(last.kind, question, last.evidence, last.units, statement=last.statement, values=last.values)


def _whole(evidence: Evidence) -> Evidence:
    return cite(evidence.document, evidence.clause)
