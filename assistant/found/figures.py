"""Figures in a claim against the figures of the clause: 2000家 where it says 1500家, 10% where it says 10%以上."""

import re

from assistant.asked.question import Question
from assistant.found.finding import Evidence, Verdict
from index.segment import words
from ingest.document import Document
from ingest.fold import chinese_number, fold_text, in_figures

_NUMBER = re.compile(
    r"(?:百分之[一二三四五六七八九十百]+|\d+(?:\.\d+)?\s*(?:%|个百分点|家|万家|年|月|日|项|个|万|亿|倍|元)?)"
)


def units_counted(question: Question, evidence: Evidence) -> Verdict | None:
    """第2项是四家单位负责对吗."""
    match = re.search(r"(\d+|[一二两三四五六七八九十]+)(?:个|家)(?:责任|负责|主管)?(?:单位|部门)", question.text)
    if not match or not evidence.units:
        return None
    claimed = chinese_number(match.group(1))
    actual = len(evidence.units)
    return Verdict(claimed == actual, () if claimed == actual else (f"责任单位共{actual}家",))


def stated(question: Question, evidence: Evidence) -> Verdict | None:
    claimed = question.text
    for reference in question.numbers:
        claimed = claimed.replace(reference.written, " ")
    numbers, held = _claimed_numbers(claimed), _values(evidence.document, evidence)
    wrong = [number for number in numbers if number not in held]
    if wrong:
        return Verdict(False, tuple(f"原文没有“{number}”这个数{_instead(number, evidence)}" for number in wrong))
    bounds = [bound for number in numbers if (bound := _bound(number, claimed, evidence))]
    return bounds[0] if bounds else None


def claims_one(question: Question) -> bool:
    """要达到2000家吗: a figure put up for a yes."""
    text = question.text
    for reference in question.numbers:
        text = text.replace(reference.written, " ")
    asks = re.search(r"多少|几(?!乎)|哪|什么|怎么|谁", text)
    return not asks and any(
        re.search(r"\D$", number) for number in _claimed_numbers(text) if number[-1] not in "年月日"
    )


def verdict_of(question: Question, evidence: Evidence) -> Verdict | None:
    """The figure put up against the clause; a yes only where the same stretch of the clause is about it."""
    verdict = stated(question, evidence)
    if verdict is not None:
        return verdict
    topics = [word for word in words(question.topic) if len(word) > 1 and not re.search(r"\d", word)]
    numbers = _claimed_numbers(question.text)
    stretches = re.split(r"[,。;，；]", fold_text(evidence.quote))
    told = any(
        all(number in stretch for number in numbers[-1:]) and any(word in stretch for word in topics)
        for stretch in stretches
    )
    return Verdict(True) if told else None


def _instead(number: str, evidence: Evidence) -> str:
    """What the clause says in place of a wrong figure, where only one figure of its kind stands there."""
    measure = re.sub(r"[\d.]+", "", number)
    same = {found for found in _claimed_numbers(fold_text(evidence.quote)) if measure and found.endswith(measure)}
    return f"，写的是“{same.pop()}”" if len(same) == 1 else ""


_AT_LEAST = re.compile(r"以上|(?<!不)超过|不低于|不少于|至少|(?<!不)高于|(?<!不)大于|起码|往上")
_AT_MOST = re.compile(r"以下|不超过|不高于|不大于|(?<!不)低于|(?<!不)少于|以内|至多|最多|不到")


def _bound(number: str, claimed: str, evidence: Evidence) -> Verdict | None:
    """10% where the clause says 10%以上: not the same."""
    written = set(re.findall(rf"(?<![\d.]){re.escape(number)}(以上|以下|以内)?", fold_text(evidence.quote)))
    if len(written) != 1 or not (bound := written.pop()):
        return None
    fits, opposite = (_AT_LEAST, _AT_MOST) if bound == "以上" else (_AT_MOST, _AT_LEAST)
    if fits.search(claimed):
        return None
    return Verdict(False if opposite.search(claimed) else None, (f"原文写的是“{number}{bound}”",))


def _claimed_numbers(text: str) -> list[str]:
    return [_digits(match.group(0)) for match in _NUMBER.finditer(text)]


def _digits(written: str) -> str:
    if written.startswith("百分之"):
        return f"{chinese_number(written[3:])}%"
    return re.sub(r"\s|以上|以下", "", written)


def _values(document: Document, evidence: Evidence) -> set[str]:
    """Every number of the clause, as written and without its measure word."""
    text = in_figures(fold_text(evidence.quote))
    for repair in document.repairs:
        if evidence.extent.overlaps(repair.span):
            text += "\n" + fold_text(repair.repaired)
    found = {_digits(match.group(0)) for match in _NUMBER.finditer(text)}
    bare = {re.match(r"\d+(?:\.\d+)?", value).group(0) for value in found if value[:1].isdigit()}  # type: ignore[union-attr]
    return found | bare


_COUNTED = re.compile(r"([一二两三四五六七八九十]+)(级|大类|成|倍|方面|条|项)")


def counted(question: Question, evidence: Evidence) -> Verdict | None:
    """两级审核 where the clause says 三级: another number before the same measure word."""
    held = dict.fromkeys(_COUNTED.findall(fold_text(evidence.quote)))
    for number, measure in _COUNTED.findall(question.text):
        stated = [written for written, unit in held if unit == measure]
        if stated and number not in stated and measure in ("级", "大类", "成", "倍"):
            return Verdict(False, (f"原文写的是“{stated[0]}{measure}”",))
    return None
