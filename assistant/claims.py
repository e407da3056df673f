"""Somebody states a thing and asks for a yes: check it against the clause, word by word."""

import re
from collections.abc import Sequence

from assistant import wording
from assistant.finding import Evidence, Verdict
from assistant.question import Question
from index.segment import words
from ingest.document import Document
from ingest.fold import chinese_number, fold_text

_NUMBER = re.compile(
    r"(?:百分之[一二三四五六七八九十百]+|\d+(?:\.\d+)?\s*(?:%|个百分点|家|万家|年|月|日|项|个|万|亿|倍|元)?)"
)
_UNIVERSAL = re.compile(
    r"什么.{0,8}都|所有|全部|一律|任何|完全|统统|通通|全都|无条件|随便|都(?:不用|可以|能|免|不需要|给|有)|凡是|不管.{0,6}都"
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


def check(question: Question, evidence: Evidence) -> Verdict:
    """Whether the clause says what the question claims; the reasons are sentences for the user."""
    for judge in (_lead, _exclusive, _membership, _unit_count, _numbers, _counted, _universal):
        verdict = judge(question, evidence)
        if verdict is not None:
            return verdict
    return _content(question, evidence)


def check_all(question: Question, evidence: Sequence[Evidence]) -> Verdict:
    """The claim against every clause found: it fails where one of several named clauses fails it."""
    verdicts = [check(question, item) for item in evidence]
    failing = [(item, verdict) for item, verdict in zip(evidence, verdicts, strict=True) if verdict.holds is False]
    if len(evidence) < 2 or not question.numbers or not failing:
        return verdicts[0]
    reasons = tuple(f"{item.clause.label}：{reason}" for item, verdict in failing for reason in verdict.reasons)
    return Verdict(False, reasons)


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
    named, listed = set(question.units), evidence.unit_names
    if set(listed) == named:
        return Verdict(True)
    count = f"责任单位共{len(listed)}家，不是只有{'、'.join(question.units)}"
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
    return Verdict(not absent, tuple(f"责任单位里没有“{name}”" for name in absent))


def is_universal(text: str) -> bool:
    """Whether the words allow no exception: 什么都, 所有, 一律."""
    return bool(_UNIVERSAL.search(text))


def _unit_count(question: Question, evidence: Evidence) -> Verdict | None:
    """第2项是四家单位负责对吗."""
    match = re.search(r"(\d+|[一二两三四五六七八九十]+)(?:个|家)(?:责任|负责|主管)?(?:单位|部门)", question.text)
    if not match or not evidence.units:
        return None
    claimed = chinese_number(match.group(1))
    actual = len(evidence.units)
    return Verdict(claimed == actual, () if claimed == actual else (f"责任单位共{actual}家",))


def _says_absent(question: Question) -> bool:
    """The claim itself is a denial: 不包括市财政局吧."""
    if re.search(r"(?:有没有|在不在|是不是|包不包括|含不含)", question.text) and not question.claim:
        return False
    return bool(re.search(r"(?<!有)" + wording.ABSENT, question.text.replace("有没有", "")))


def _numbers(question: Question, evidence: Evidence) -> Verdict | None:
    claimed = question.text
    for reference in question.numbers:
        claimed = claimed.replace(reference.written, " ")
    stated = _values(evidence.document, evidence)
    wrong = [number for number in _claimed_numbers(claimed) if number not in stated]
    if not _claimed_numbers(claimed):
        return None
    if wrong:
        return Verdict(False, tuple(f"原文没有“{number}”这个数" for number in wrong))
    return None


def _claimed_numbers(text: str) -> list[str]:
    return [_digits(match.group(0)) for match in _NUMBER.finditer(text)]


def _digits(written: str) -> str:
    if written.startswith("百分之"):
        return f"{chinese_number(written[3:])}%"
    return re.sub(r"\s|以上|以下", "", written)


def _values(document: Document, evidence: Evidence) -> set[str]:
    """Every number of the clause, as written and without its measure word."""
    text = fold_text(evidence.quote)
    for repair in document.repairs:
        if evidence.extent.overlaps(repair.span):
            text += "\n" + fold_text(repair.repaired)
    found = {_digits(match.group(0)) for match in _NUMBER.finditer(text)}
    bare = {re.match(r"\d+(?:\.\d+)?", value).group(0) for value in found if value[:1].isdigit()}  # type: ignore[union-attr]
    return found | bare


_COUNTED = re.compile(r"([一二两三四五六七八九十]+)(级|大类|成|倍|方面|条|项)")


def _counted(question: Question, evidence: Evidence) -> Verdict | None:
    """两级审核 where the clause says 三级: another number before the same measure word."""
    held = dict.fromkeys(_COUNTED.findall(fold_text(evidence.quote)))
    for number, measure in _COUNTED.findall(question.text):
        stated = [written for written, unit in held if unit == measure]
        if stated and number not in stated and measure in ("级", "大类", "成", "倍"):
            return Verdict(False, (f"原文写的是“{stated[0]}{measure}”",))
    return None


def _universal(question: Question, evidence: Evidence) -> Verdict | None:
    if not _UNIVERSAL.search(question.text):
        return None
    conditions = list(dict.fromkeys(_CONDITIONS.findall(fold_text(evidence.quote))))
    if not conditions:
        return None
    return Verdict(False, ("原文有限定：" + "；".join(f"“{condition}”" for condition in conditions[:4]),))


def _content(question: Question, evidence: Evidence) -> Verdict:
    text = fold_text(evidence.quote)
    asserted = [word for word in words(question.topic or question.text) if len(word) > 1 and word not in _IGNORED]
    missing = [word for word in dict.fromkeys(asserted) if word not in text]
    if not missing:
        return Verdict(True)
    return Verdict(None, ("原文没有出现" + "、".join(f"“{word}”" for word in missing[:5]),))
