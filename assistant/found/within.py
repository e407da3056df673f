"""Follow-ups about the units and the form of what was just found: 财政在不在里面, 哪个是管证券的, 用一句话说, 它现在叫什么."""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.asked import wording
from assistant.asked.question import Question
from assistant.found import records
from assistant.found.finding import Evidence, Finding, Kind, Verdict
from ingest.matters import seeing_to

_AMONG = re.compile(
    r"^(?:那|那么)?(?P<stem>[\u4e00-\u9fff]{2,6}?)(?:部门|这边|那边|口|系统)?(?:呢|在不在|在(?:里头|里面|其中|内|名单|这里)|有没有(?:份|在)|算不算|参不参与|也?(?:在|有)(?:吗|么|不))"
)
_WHICH = re.compile(
    r"(?:哪|谁)(?:一)?(?:个|家)?(?:单位|部门)?(?:是)?(?:负责)?管(?P<stem>[\u4e00-\u9fff]{1,6}?)(?:的|这块|这一块|$|[?？])"
)
_WHOSE = re.compile(
    r"(?P<matter>[\u4e00-\u9fff]{2,6}?)(?:这一?块|那一?块|方面|的事)?(?:归|由|是)?(?:谁|哪(?:一)?(?:个|家)(?:单位|部门)?)(?:来)?(?:管|负责|主管|监管)"
)
_GENERAL = frozenset("市局委省部办湖北武汉国家管理务公分工作中会政府监督各区行")
"""Characters of many names; none of them tells one body from another."""


def again(question: Question, last: Finding) -> Finding | None:
    """用一句话说, 列成表, 再说一遍: what was found, once more; the form is the screen's matter."""
    if not question.formed or re.search(r"\w", wording.FILLER.sub("", question.text)) or last.refused:
        return None
    return replace(last, question=replace(last.question, asked=question.asked))


def named_shortly(question: Question, evidence: Sequence[Evidence]) -> Finding | None:
    """财政在不在里面: a unit by a part of its name that no other unit of the document has."""
    match = _AMONG.match(question.text.strip())
    if not match or question.units or question.numbers or not evidence or not evidence[0].units:
        return None
    stem, document = match["stem"], evidence[0].document
    known = dict.fromkeys(unit.name for held in document.responsibilities for unit in held.units)
    fitting = [name for name in known if stem in name]
    here = [name for name in fitting if name in evidence[0].unit_names]
    swapped = not here and (match[0].endswith("呢") or len(stem) > 3)  # a new subject, 那出口信用保险呢
    if swapped or (len(fitting) != 1 and len(here) != 1):
        return None
    name = (here or fitting)[0]
    asked = replace(question, units=(name,), yes_no=True)
    reasons = () if here else (f"责任单位里没有“{name}”",)
    return Finding(Kind.MEMBERSHIP, asked, tuple(evidence[:1]), (name,), verdict=Verdict(bool(here), reasons))


def by_matter(question: Question, evidence: Sequence[Evidence]) -> Finding | None:
    """哪个是管证券的, 这里面银行归谁管: which of the units just named sees to the matter, or has it in its name."""
    of_these = wording.AMONG.search(question.text)
    match = _WHICH.search(question.text) or (of_these and _WHOSE.search(question.text, of_these.end()))
    if not match or question.units or question.numbers or not evidence or not evidence[0].units:
        return None
    matter = match.groupdict().get("stem") or match["matter"]
    if fitting := seeing_to(matter, evidence[0].unit_names):
        return _seeing_to(question, evidence, matter, fitting)
    wanted = set(matter) - _GENERAL
    shares = {name: len(wanted & set(name)) for name in evidence[0].unit_names}
    best = max(shares.values())
    fitting = [name for name, share in shares.items() if share == best]
    if not best or len(fitting) != 1:
        return None
    return _seeing_to(question, evidence, matter, fitting)


def _seeing_to(question: Question, evidence: Sequence[Evidence], matter: str, names: Sequence[str]) -> Finding:
    said = f"按单位名称看，与“{matter}”对应的是{'、'.join(names)}。"
    return Finding(Kind.MEMBERSHIP, question, tuple(evidence[:1]), tuple(names), statement=said)


def about_unit(question: Question, last: Finding) -> str:
    """它现在叫什么 after one unit's list: the question with the unit's name; empty when it is none."""
    if question.units or len(last.units) != 1 or not records.asks(question.text):
        return ""
    return last.units[0] + wording.BACK_REFERENCE.sub("", question.text)
