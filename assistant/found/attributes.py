"""Deadlines, amounts, materials, telephones …: answered only by a clause that states one."""

import re

from assistant.asked import wording
from assistant.asked.question import Question
from assistant.found.finding import Finding, Kind, Reason

_NOT_FOR_UNITS = frozenset({"联系方式", "申报材料", "人员", "名单", "分到各区的数", "排列的理由"})
"""电话找谁要: what is wanted is not the unit."""


_QUANTITY = "具体数量"
_HOW_MANY = re.compile(
    r"(?:全国|全省|全市|武汉|现在|目前|已经?)[^,。?哪]{0,6}有了?几(?:个|家|座|所|处)(?!责任|单位|部门|局|任务|方面)|多少(?:个|家|座|名|人|位|户|场|次|所|亿|万|元|%)(?!责任|单位|部门|局|任务|方面|条)|(?:数量|总数|规模)(?:是|有|为|要|达到)?多少"
)
_HOW_MANY_OF = re.compile(
    r"(?:培育|引进|引育|新增|建设|建成|布局|争创|打造|培训|吸纳|认定|评选|扶持)[^,。?]{0,4}(?:(?<!哪)几|多少)(?:家|个|座|名|人|处)(?!责任|单位|部门|局|机构|委|衙门)"
    r"|(?:建|培育|引进|打造|布局|评|认定)(?:设)?(?:多少|(?<!哪)几)(?:个|家|座|处)(?!责任|单位|部门|局)|(?:率|占比|比例|比重)[^,。?]{0,6}(?:提高|提升|增长|增加|达到?)(?:到|了|至)?(?:多少|几)"
)
"""要培育几家龙头企业: of what the document does, not of who does it."""
_HAS_QUANTITY = re.compile(
    r"(?:\d|[一二三四五六七八九十百千万两])\s*(?:余|多|以上)?(?:个|家|座|名|人|位|户|场|次|所|项|亿|万|元|%|倍|成|台|套|亩|吨|公里|平方米)"
)


def _asks_quantity(question: Question) -> bool:
    asks = _HOW_MANY.search(question.text) or _HOW_MANY_OF.search(question.text)
    return bool(asks) and not question.units and not question.claim


def unless_missing(finding: Finding) -> Finding:
    """The finding, or a refusal that names what the clause does not state."""
    question = finding.question
    text = " ".join(evidence.quote for evidence in finding.evidence)
    lacking = [_QUANTITY] if _asks_quantity(question) and not _HAS_QUANTITY.search(text) else []
    lacking += [name for name in question.attributes if not wording.ATTRIBUTES[name][1].search(text)]
    others = _NOT_FOR_UNITS | ({_QUANTITY} if _HOW_MANY_OF.search(question.text) else set())
    if not lacking or (question.wants_any("units") and not others & set(lacking)):
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
