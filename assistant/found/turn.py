"""Several questions in one turn: taken apart where each part asks for something of its own, answered in their order."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.asked import wording
from assistant.asked.question import Question
from assistant.found.finding import Finding, Reason

_NEXT = (
    r"(?:另外|此外|顺便|顺带|还有(?=就是|个|一个|我|想|请|问|[,，]|[^效没用谁哪什几多别其任吗呢])|再问|再就是|还想(?=问|知道)|接着(?=问|说)|然后(?:再)?(?=问)"
    r"|再(?=(?:帮我)?(?:查|看|说)))"
)
_BREAK = re.compile(
    rf"(?<=[?？!！;；。\n])|[,，;；。\s]*(?={_NEXT})"
    r"|(?:^|(?<=[\s,，;；。?？:：]))(?:[(（]?[1-9１-９][)）]?[.、．:：]\s*|[①②③④⑤]|(?:第?[一二三四五]是)|(?:其[一二三四五])[,，:：是])"
)
_LEADS_ON = re.compile(
    rf"^[\s,，]*{_NEXT}(?:就是|一?个(?:问题|是)?)?(?:我)?(?:还)?(?:想|请|要)?(?:再)?(?:问|查|说|看|知道|请教)?(?:一)?下?(?:子)?[,，:：\s]*"
)
_COMMA = re.compile(r"[,，、]\s*")
_HANGING = re.compile(
    r"^(?:其中|里面|它|这|那(?!市|省)|还(?!有)|也|都|共同|和|跟|同|与|以及|各|分别|一起|对不对|对吧|对吗|是吧|是吗|是不是|没错|谢谢|好吗|行吗|可以吗)"
)
_MOST_PIECES = 60
"""Pieces that are read; a text of more is no list of questions."""
_MOST = 6
"""Parts that are answered; who asks more in one breath is answered as one question."""


def parts(text: str, read: Callable[[str], Question]) -> list[str]:
    """The questions in a turn, at least two, each with something of its own; empty where it is one question."""
    stretches = _BREAK.split(text)
    if len(stretches) + len(_COMMA.findall(text)) > _MOST_PIECES:
        return []
    found: list[str] = []
    for stretch in _joined(stretches, read, _stands_alone):
        pieces = _COMMA.split(stretch)
        mixed = len(pieces) > 1 and any(read(piece).attributes for piece in pieces)
        found += _joined(pieces, read, _is_structural_or_asks_who if mixed else _is_structural)
    found = [_LEADS_ON.sub("", part) or part for part in found]
    return found if 1 < len(found) <= _MOST else []


def _joined(pieces: Sequence[str], read: Callable[[str], Question], stands: Callable[[Question], bool]) -> list[str]:
    """The pieces with those that do not stand alone put to the one before; what comes before the first goes with it."""
    found: list[str] = []
    pending = ""
    for piece in filter(str.strip, pieces):
        question = read(_LEADS_ON.sub("", piece))
        same = bool(found and question.meta and not question.topic and _of_upper(read(found[-1])) and not question.own)
        if (
            not same
            and not _HANGING.match(piece.strip())
            and (stands(question) or (found and _asks_more(read(found[-1]), question)))
        ):
            found.append(pending + piece)
            pending = ""
        elif found:
            found[-1] += ("，" if found[-1][-1:].isalnum() else "") + piece
        else:
            pending += piece + ("，" if piece[-1:].isalnum() else "")
    whole = "" if stands is _stands_alone else "，"
    return found if len(found) > 1 else [whole.join(filter(str.strip, pieces))]


def _of_upper(before: Question) -> bool:
    """国家那份叫什么, after which 几号文 is of the same upper document."""
    return bool(before.upper_level and before.meta)


_ASKS = re.compile(r"什么|怎么|哪|谁|几|多少|吗|呢|如何|是否|为何|啥|咋|么$")


def _stands_alone(question: Question) -> bool:
    """It asks, and says by itself of what."""
    asks = _ASKS.search(question.text) or question.wants or question.claim or question.yes_no
    own = question.numbers or question.units or question.phrases or len(_NO_MATTER.sub("", question.topic)) > 1
    return bool(question.meta or (asks and own))


_NO_MATTER = re.compile(
    r"政策|文件|规定|意见|条款|部门|单位|里头|里面|上面|下面|[里上中下里]|按照?|依据?|现在|目前|以后|办理?|对接|联系|牵扯|涉及|到底|答复|回复|事情|情况|手续|上头|市里|人家|对方|他们|别人|主要|支持|扶持|管用|清楚|知道|说法|落实|具体|算|行|好|真|假"
)
"""Words without a matter of their own: 政策里归哪几家管 goes on about what was said before."""


def _is_structural(question: Question) -> bool:
    """Commas part questions only where numbers, units, a place or what the document states are asked for on both sides."""
    if question.meta or question.attributes:
        return True
    named = question.numbers or question.units or (question.wants_any("place") and len(question.topic) > 1)
    return bool(named and question.wants and not question.claim and not wording.TOGETHER.search(question.text))


def _is_structural_or_asks_who(question: Question) -> bool:
    """Beside a deadline or an amount, which documents seldom state, who is responsible is a question of its own."""
    return _is_structural(question) or (question.wants_any("units") and len(question.topic) > 1)


def _asks_more(before: Question, question: Question) -> bool:
    """要什么材料？找谁办？ — what documents seldom state, and who is responsible, are two questions about one matter."""
    if before.attributes:
        return question.wants_any("units") and not question.attributes
    return bool(question.attributes) and before.wants_any("units")


def together(question: Question, asked: Sequence[str], findings: Sequence[Finding]) -> Finding | None:
    """One finding of several, in their order; None where they come to the same or none of them is answered."""
    told = [
        replace(finding, question=replace(finding.question, asked=part))
        for part, finding in zip(asked, findings, strict=True)
        if not _says_nothing(finding)
    ]
    answered = [finding for finding in told if not finding.refused]
    if not answered or len({_content(finding) for finding in told}) < 2:
        return None
    return replace(
        answered[0],
        question=question,
        evidence=tuple(dict.fromkeys(item for finding in answered for item in finding.evidence)),
        units=tuple(dict.fromkeys(name for finding in answered for name in finding.units)),
        statement="".join(finding.statement for finding in answered),
        verdict=None,
        nearest=(),
        notes=tuple(dict.fromkeys(note for finding in answered for note in finding.notes)),
        confidence=min(finding.confidence for finding in answered),
        parts=tuple(told),
    )


def _says_nothing(finding: Finding) -> bool:
    return finding.reason in (Reason.EMPTY, Reason.ORDER_TO_THE_MACHINE)


def _content(finding: Finding) -> tuple[object, ...]:
    return (finding.reason, finding.missing, finding.statement, tuple(item.clause.id for item in finding.evidence))
