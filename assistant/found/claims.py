"""Somebody states a thing and asks for a yes: check it against the clause, word by word."""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.asked import wording
from assistant.asked.question import Question, denied
from assistant.found import figures, roles
from assistant.found.finding import Evidence, Finding, Kind, Reason, Verdict
from index.segment import words
from ingest.document import Role
from ingest.fold import fold_text

_UNIVERSAL = re.compile(
    r"什么.{0,8}都|所有|全部|一律|任何|完全|统统|通通|全都|无条件|随便|都(?:不用|可以|能|免|不需要|给|有)|凡是|(?:是个|只要|但凡)[^,。?]{1,14}?(?:就|都)(?:能|可以|会|给|有|行|享受)|(?:谁|人人|家家|个个|哪[家个])(?:都|有份)|不管.{0,6}都"
)
_CONDITIONS = re.compile(
    r"除[^,，。]{2,40}外|符合[^,，。]{0,8}(?:条件|要求|规定)|经[^,，。]{1,14}(?:批准|认定|同意|审核)|依法|在[^,，。]{2,14}前提下|根据[^,，。]{2,12}(?:情况|实际)|用于[^,，。]{2,20}的|期间"
)
_IGNORED = frozenset(
    [
        "文件",
        "意见",
        "任务",
        "工作任务",
        "责任",
        "责任单位",
        "单位",
        "部门",
        "第",
        "项",
        "条",
        "点",
        "里面",
        "其中",
        "规定",
        "要求",
        "明确",
        "提出",
        "写",
        "说",
        "讲",
        "包括",
        "包含",
        "含",
        "是不是",
        "对不对",
        "没错",
        "这样",
        "真的",
        "目标",
        "以上",
        "以下",
        "左右",
        "大概",
        "大约",
        "就是",
        "应该",
        "现在",
        "已经",
        "可以",
        "不用",
        "需要",
        "只有",
        "就",
        "都",
        "市里",
        "政府",
        "这个",
        "那个",
        "我们",
        "你们",
        "他们",
        "我",
        "你",
        "吗",
        "吧",
        "呢",
        "是",
        "有",
        "在",
        "由",
        "的",
        "了",
        "和",
        "与",
        "及",
        "我记得",
        "记得",
        "听说",
        "据说",
    ]
)


def judged(finding: Finding) -> Finding:
    """The finding with what became of the question's claim, or of what it takes for granted."""
    question, evidence = finding.question, finding.evidence
    if finding.verdict is not None or not evidence or finding.refused or finding.kind is Kind.UNIT_RECORD:
        return finding
    named = bool(question.units or (question.unknown_body and evidence[0].units))
    each = finding.kind is Kind.MEMBERSHIP
    if asks_sameness(question) and len(evidence) > 1:
        return replace(finding, verdict=_same_units(evidence))
    if question.claim or (question.yes_no and (named or is_universal(question.text))):
        return replace(finding, verdict=check_all(question, evidence, each=each))
    if question.yes_no and (counted := figures.units_counted(question, evidence[0])):
        return replace(finding, verdict=counted)
    if question.yes_no and figures.claims_one(question):
        return replace(finding, verdict=figures.verdict_of(question, evidence[0]))
    if false := premise(question, evidence[0]):
        return replace(finding, verdict=false)
    years = _unwritten_years(finding)
    if years and _told_by_meaning(finding) and _YEAR.search(" ".join(item.quote for item in evidence)):
        missing = "、".join(f"{year}年的情况" for year in years)
        return Finding(Kind.UNANSWERABLE, question, reason=Reason.NOT_STATED, missing=missing, nearest=evidence[:2])
    said = "、".join(f"“{year}年”" for year in years)
    return replace(finding, verdict=Verdict(None, (f"引用的条款没有写{said}",))) if years else finding


_YEAR = re.compile(r"(20\d\d)年")


def _told_by_meaning(finding: Finding) -> bool:
    """Whether the clause was taken for its subject, not for a number that the question gives."""
    return finding.kind is Kind.FACT or (finding.kind is Kind.CLAUSE_BY_NUMBER and not finding.question.numbers)


def _unwritten_years(finding: Finding) -> list[str]:
    """Years in the question that the clauses found do not hold: 2030年目标 where the text says 2025."""
    asked = _YEAR.findall(finding.question.text)
    text = " ".join(item.quote for item in finding.evidence)
    dates = " ".join(item.document.issued_on or "" for item in finding.evidence)
    return [year for year in asked if year not in text and year not in dates]


def check(question: Question, evidence: Evidence) -> Verdict:
    """Whether the clause says what the question claims; the reasons are sentences for the user."""
    for judge in (
        _lead,
        _exclusive,
        _membership,
        _unknown,
        figures.units_counted,
        figures.stated,
        figures.counted,
        _universal,
        _crossed,
    ):
        verdict = judge(question, evidence)
        if verdict is not None:
            return verdict
    return _content(question, evidence)


def check_all(question: Question, evidence: Sequence[Evidence], *, each: bool = False) -> Verdict:
    """The claim against every clause found: it fails where one of several clauses that are named (``each``) fails it."""
    verdicts = [check(question, item) for item in evidence]
    failing = [(item, verdict) for item, verdict in zip(evidence, verdicts, strict=True) if verdict.holds is False]
    if len(evidence) < 2 or not (question.numbers or each) or not failing:
        return verdicts[0]
    reasons = tuple(f"{item.clause.label}：{reason}" for item, verdict in failing for reason in verdict.reasons)
    return Verdict(False, reasons)


_SAME = re.compile(
    r"(?:一样|相同|一致|一模一样|没(?:有)?(?:区别|差别))的?(?:吗|吧|么|嘛|对吗|是吗|是吧|对不对|没错)|(?:是不是|是否)(?:都|完全)?(?:一样|相同|一致)|(?:一样|相同|一致)不(?:一样|相同|一致)|[一相]不(?:一样|相同)"
)


def asks_sameness(question: Question) -> bool:
    """A和B一样吗."""
    return bool(_SAME.search(question.text)) and not re.search(r"哪|有没有", question.text)


def _same_units(evidence: Sequence[Evidence]) -> Verdict:
    """Whether the clauses name the same units, with what each has more."""
    shared = set(evidence[0].unit_names).intersection(*(item.unit_names for item in evidence[1:]))
    more = [
        f"{item.clause.label}还有{'、'.join(others)}"
        for item in evidence
        if (others := [name for name in item.unit_names if name not in shared])
    ]
    return Verdict(not more, tuple(more) or ("单位相同",))


def premise(question: Question, evidence: Evidence) -> Verdict | None:
    """A false premise before the question proper: 第9项是市商务局牵头的，具体找谁."""
    asserted = [segment for segment in re.split(r"[,;。，；]", question.text) if not _ASKING.search(segment)]
    named = [segment for segment in asserted if any(mention.written in segment for mention in question.mentions)]
    stated = [segment for segment in named if _ASSIGNS.search(segment)]
    if not stated or len(asserted) == len(re.split(r"[,;。，；]", question.text)):
        return None
    names = tuple(name for mention in question.mentions if mention.written in stated[0] for name in mention.names[:1])
    verdict = check(replace(question, text=stated[0], units=names), evidence)
    return verdict if verdict.holds is False else None


_ASKING = re.compile(r"谁|哪|什么|几|多少|吗|怎么|如何|呢")
_ASSIGNS = re.compile(rf"负责|牵头|主管|主办|承担|是.{{2,12}}(?:管|的)$|归.{{2,12}}管|{wording.ABSENT}")


def _lead(question: Question, evidence: Evidence) -> Verdict | None:
    if not wording.LEAD.search(question.text) or not question.units:
        return None
    leads = {unit.name for unit in evidence.units if unit.role == "lead"}
    if not leads:
        return Verdict(False, ("文件没有写明牵头单位，列在第一位不等于牵头",))
    wrong = [name for name in question.units if name not in leads]
    return Verdict(not wrong, tuple(f"“{name}”没有被写为牵头单位" for name in wrong))


def _exclusive(question: Question, evidence: Evidence) -> Verdict | None:
    if not question.units or not wording.ONLY.search(question.text) or not evidence.units:
        return None
    without = denied(question, question.units)
    if there := [name for name in without if name in evidence.unit_names]:
        return Verdict(False, tuple(f"责任单位里有“{name}”" for name in there))
    named, listed = set(question.units) - set(without), evidence.unit_names
    if set(listed) == named:
        return Verdict(True)
    count = f"责任单位共{len(listed)}家，不是只有{'、'.join(name for name in question.units if name in named)}"
    return Verdict(False, (count,))


def _membership(question: Question, evidence: Evidence) -> Verdict | None:
    if not question.units or not evidence.units:
        return None
    listed = set(evidence.unit_names)
    absent = [name for name in question.units if name not in listed]
    denied = _says_absent(question)
    if denied:
        present = [name for name in question.units if name in listed]
        if not present:
            return Verdict(True, ("责任单位里没有" + "、".join(f"“{name}”" for name in absent),))
        return Verdict(False, tuple(f"责任单位里有“{name}”" for name in present))
    if not absent and (helper := _only_helps(question, evidence)):
        return helper
    return Verdict(not absent, tuple(f"责任单位里没有“{name}”" for name in absent))


def _only_helps(question: Question, evidence: Evidence) -> Verdict | None:
    """由市商务局负责吧 where it only cooperates: in charge is another."""
    leads = [unit.name for unit in evidence.units if unit.role is Role.LEAD]
    helping = [unit for unit in evidence.units if unit.name in question.units and unit.role in _HELPING]
    if not leads or not helping or not re.search(r"负责|主管|主办|归|由", question.text):
        return None
    said = "、".join(f"{unit.name}是{roles.NAMES[unit.role]}单位" for unit in helping)
    return Verdict(None, (f"{said}，牵头单位是{'、'.join(leads)}",))


_HELPING = (Role.COOPERATING, Role.PARTICIPATING)


def _unknown(question: Question, evidence: Evidence) -> Verdict | None:
    """A body that no document names is not among the units."""
    body = question.unknown_body
    if not body or not evidence.units or _says_absent(question):
        return None
    return Verdict(False, (f"责任单位里没有“{body}”",))


def is_universal(text: str) -> bool:
    """Whether the words allow no exception: 什么都, 所有, 一律."""
    return bool(_UNIVERSAL.search(text))


def _says_absent(question: Question) -> bool:
    """The claim itself is a denial: 不包括市财政局吧."""
    if re.search(r"(?:有没有|在不在|是不是|包不包括|含不含)", question.text) and not question.claim:
        return False
    asked = _OR_NOT.sub("", question.text.replace("有没有", ""))
    return bool(re.search(r"(?<!有)" + wording.ABSENT, asked))


_OR_NOT = re.compile(r"(?<=[\u4e00-\u9fff])没有?(?=[?？。!\s]*$)")
"""第14项有财政局没有: asks, and denies nothing."""


def _universal(question: Question, evidence: Evidence) -> Verdict | None:
    if not _UNIVERSAL.search(question.text):
        return None
    conditions = list(dict.fromkeys(_CONDITIONS.findall(fold_text(evidence.quote))))
    if not conditions:
        return None
    return Verdict(False, ("原文有限定：" + "；".join(f"“{condition}”" for condition in conditions[:4]),))


_SAID_OF = re.compile(r"(?P<what>.{2,20}?)(?:是|为|包括|有|指)(?P<value>[^是]{2,30}?)(?:[,，。?]|是?[对没]|吧|吗|$)")
_LISTED_AS = re.compile(
    r"(?:把|将)?(?P<value>[^,，。?把将]{2,14}?)(?:被)?(?:[列算归划当定](?:为|作|入|进|成|是|到)|属于|算(?![了得上不账]))(?P<what>[^,，。?]{2,20}?)(?:[,，。?]|是?[对没]|吧|吗|$)"
)


def _said(text: str) -> list[tuple[str, str]]:
    """(kind, members) as the claim may mean it: 新兴市场是美国 and 美国是新兴市场 say the same."""
    if match := _LISTED_AS.search(text):
        return [(match["what"], match["value"])]
    match = _SAID_OF.match(text)
    return [(match["what"], match["value"]), (match["value"], match["what"])] if match else []


def _crossed(question: Question, evidence: Evidence) -> Verdict | None:
    """新兴市场是美国 where the clause says it of 传统市场: what is claimed stands beside another of the same kind."""
    stretches = re.split(r"[,。;，；]", fold_text(evidence.quote))
    for what, value in _said(question.text):
        heads = [word for word in words(what) if len(word) > 1]
        values = [word for word in words(value) if len(word) > 1 and word not in _IGNORED]
        beside = [stretch for stretch in stretches if values and all(each in stretch for each in values)]
        about = [stretch for stretch in stretches if heads and all(head in stretch for head in heads[-2:])]
        if not beside or not about or set(beside) & set(about):
            continue
        kinds = {head[-2:] for head in heads if len(head) > 2} | {heads[-1]}
        if any(kind in stretch for kind in kinds for stretch in beside):
            return Verdict(False, (f"原文写的是“{about[-1].strip()}”，另有“{beside[0].strip()}”",))
    return None


def _content(question: Question, evidence: Evidence) -> Verdict:
    text = fold_text(evidence.quote)
    asserted = [word for word in words(question.topic or question.text) if len(word) > 1 and word not in _IGNORED]
    missing = [word for word in dict.fromkeys(asserted) if word not in text]
    if not missing:
        return Verdict(True)
    return Verdict(None, ("原文没有出现" + "、".join(f"“{word}”" for word in missing[:5]),))
