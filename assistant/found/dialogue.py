"""What a follow-up refers to: the earlier turns turn 那市科技局呢, 找谁, 换成人才培训呢 into a question that stands alone."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.asked import wording
from assistant.asked.numbering import Reference, numbered
from assistant.asked.numbering import resolve as clauses_of
from assistant.asked.question import Question
from assistant.found import listed, within
from assistant.found.attributes import unless_missing
from assistant.found.claims import check
from assistant.found.evidence import cite, focus_of, topical
from assistant.found.finding import Evidence, Finding, Kind, Reason

_CLAUSE_KINDS = frozenset(
    {Kind.MEASURE_TO_UNIT, Kind.CLAUSE_BY_NUMBER, Kind.CLAUSE_BY_PHRASE, Kind.FACT, Kind.MEMBERSHIP}
)
_ASKS = {
    "units": "由哪些单位负责",
    "content": "讲什么",
    "place": "在哪一条",
    "title": "标题是什么",
    "tasks": "有哪些任务",
}


@dataclass(frozen=True)
class Turn:
    """One earlier turn, as it was understood and what it found."""

    question: Question
    finding: Finding


@dataclass(frozen=True)
class Resolved:
    """A question that stands alone, or directly the finding that the turns give.

    ``focus`` are clause ids in mind; ``narrower`` is the same question without what was told earlier, which goes first
    where it is clear by itself.
    """

    question: Question
    finding: Finding | None = None
    focus: tuple[str, ...] = ()
    narrower: Question | None = None


Read = Callable[[str], Question]


def resolve(question: Question, turns: Sequence[Turn], read: Read) -> Resolved:
    """The question in the light of the earlier turns; unchanged when it needs none of them."""
    turns = [turn for turn in turns if turn.finding.kind is not Kind.SMALL_TALK]
    if not turns or question.abandons or question.greeting:
        return Resolved(question)
    for rule in _RULES:
        resolved = rule(question, turns, read)
        if resolved is not None:
            return resolved
    last = turns[-1].finding
    focus = tuple(evidence.clause.id for evidence in last.evidence) if last.kind in _CLAUSE_KINDS else ()
    return Resolved(question, focus=focus)


def _listed(question: Question, turns: Sequence[Turn], read: Read) -> Resolved | None:
    finding = listed.follow(question, [turn.finding for turn in turns])
    return Resolved(question, finding) if finding else None


def _unit_swapped(question: Question, turns: Sequence[Turn], read: Read) -> Resolved | None:
    """那市财政局呢 after 市司法局负责哪些任务: the same question about the other unit."""
    last = turns[-1].question
    swaps = (
        bool(question.units or question.unknown_body)
        and not question.numbers
        and len(question.topic) <= 1
        and not question.wants_any("units", "tasks", "count")
    )
    if (
        not swaps
        or turns[-1].finding.kind not in listed.LISTS
        or not last.mentions
        or (question.yes_no and not _bare_swap(question))
    ):
        return None
    start, end = last.mentions[0].span.start, last.mentions[-1].span.end
    names = "、".join(question.units) or question.unknown_body or ""
    text = last.text[:start] + names + last.text[end:]
    return Resolved(read(text))


def _joined(question: Question, turns: Sequence[Turn], read: Read) -> Resolved | None:
    """跟市科技局共同的是哪些 after 市教育局有哪些任务: the tasks that both have."""
    last = turns[-1]
    if last.finding.kind not in listed.LISTS or not last.finding.units or not question.units:
        return None
    beside = _BESIDE_UNIT.match(question.text) and not wording.SEPARATELY.search(question.text)
    if not (beside or _ADDED.match(question.text)) or question.claim or question.topic[4:]:
        return None
    names = "、".join(dict.fromkeys((*last.finding.units, *question.units)))
    return Resolved(read(f"{names}共同负责的任务有哪些"))


_ADDED = re.compile(r"^(?:那|如果|要是)?(?:再|还)?(?:加上|算上|连上|带上)")
_BESIDE_UNIT = re.compile(r"^(?:那|那么|其中|里面)?(?:它|他们)?(?:们)?(?:哪(?:些|几项)(?:是)?)?[跟和与同]")


def _bare_swap(question: Question) -> bool:
    return not re.search(r"在不在|有没有|是不是|包|含", question.text)


def _unit_inside(question: Question, turns: Sequence[Turn], read: Read) -> Resolved | None:
    """卫健委在不在里面: is the unit responsible for what was just found?"""
    last = turns[-1].finding
    if (
        not question.units
        or question.numbers
        or len(question.topic) > 2
        or last.kind not in _CLAUSE_KINDS
        or not last.evidence
    ):
        return None
    if question.wants_any("tasks", "count") and not question.yes_no:
        return None
    evidence = last.evidence[:1]
    if re.search(r"除了?.{0,12}(?:还有|另外|其他|之外|以外)", question.text):
        return Resolved(question, Finding(Kind.MEASURE_TO_UNIT, question, evidence))
    asks_what = question.wants_any("content") and not question.claim
    if asks_what or not evidence[0].units:
        document, clause = evidence[0].document, evidence[0].clause
        told = cite(document, clause, focus_of(document, clause, question.text))
        return Resolved(question, Finding(Kind.FACT, question, (told,)))
    finding = Finding(Kind.MEMBERSHIP, question, evidence, question.units)
    return Resolved(question, replace(finding, verdict=check(question, evidence[0])))


def _stranger(question: Question, turns: Sequence[Turn], read: Read) -> Resolved | None:
    """市水务局有哪些任务, 市水务局在不在里面: a body that no document names is asked about, not what was found before."""
    if not question.unknown_body or question.units or question.numbers or len(_own_words(question)) > 3:
        return None
    last = turns[-1].finding
    inside = question.yes_no or not question.wants
    if inside and last.kind in _CLAUSE_KINDS and last.evidence and last.evidence[0].units:
        finding = Finding(Kind.MEMBERSHIP, question, last.evidence[:1])
        return Resolved(question, replace(finding, verdict=check(question, last.evidence[0])))
    return Resolved(question) if question.wants else None


def _step(question: Question, turns: Sequence[Turn], read: Read) -> Resolved | None:
    """下一项, 上一条: the neighbour of the clause just found."""
    match = wording.STEP.search(question.text)
    evidence = turns[-1].finding.evidence
    if not match or not evidence or question.numbers:
        return None
    if re.search(r"上一?个(?:问题|回答)", question.text):
        return None
    document, clause = evidence[0].document, evidence[0].clause
    series = numbered(document)
    series = series if clause in series else list(document.clauses)
    at = series.index(clause) + (1 if re.search("[下后]", match.group(1)) else -1)
    if not 0 <= at < len(series):
        return None
    return Resolved(question, Finding(Kind.CLAUSE_BY_NUMBER, question, (cite(document, series[at]),)))


def _same_clause(question: Question, turns: Sequence[Turn], read: Read) -> Resolved | None:
    """找谁, 责任单位, 原文呢, 它要交什么材料: nothing of its own, so the clause just found is meant."""
    if question.units or question.numbers or question.phrases or question.parts or question.meta:
        return None
    if _is_statement(turns[-1].question):
        return None
    evidence = _last_evidence(turns)
    if not evidence or not (
        question.wants or question.attributes or question.yes_no or wording.BACK_REFERENCE.search(question.text)
    ):
        return None
    own = _own_words(question)
    if len(own) > 3 or topical(own, evidence[0].document):
        return None
    kind = Kind.MEASURE_TO_UNIT if question.wants_any("units") else Kind.CLAUSE_BY_NUMBER
    finding = unless_missing(Finding(kind, question, evidence))
    return Resolved(question, finding, tuple(item.clause.id for item in evidence))


def _last_evidence(turns: Sequence[Turn]) -> tuple[Evidence, ...]:
    """What the last turn found; where it was the right clause that did not state what was asked, that clause."""
    last = turns[-1].finding
    return (last.evidence or last.nearest[:1]) if not last.refused or last.reason is Reason.NOT_STATED else ()


def _own_words(question: Question) -> str:
    """What the question is about beside attributes, back references and fillers."""
    text = question.topic
    for asks, _ in wording.ATTRIBUTES.values():
        text = asks.sub("", text)
    text = wording.BACK_REFERENCE.sub("", text)
    text = re.sub(
        r"归在|哪?一?(?:大|小)?(?:块|类|部分|板块|章|方面)(?:下面|里面|下|里)?|[发看给念读贴抄]|复制|一遍|年|材料|电话|时间|截止|流程|条件|金额|申请|办理|申报|标准|联系|地址|交|去|来|说|再|还|需|为|因|那|这|其|它|完|整|全|下",
        "",
        text,
    )
    return text if len(text) > 1 else ""


def _is_statement(question: Question) -> bool:
    """我们是搞检测的: tells something, asks nothing yet."""
    asks = question.wants or question.yes_no or question.claim or question.meta or question.attributes
    return not (
        asks or question.numbers or question.phrases or question.units or question.greeting or question.parts
    ) and bool(question.topic)


def _statement(question: Question, turns: Sequence[Turn], read: Read) -> Resolved | None:
    """The turns before only told the situation: they belong to this question."""
    if question.numbers or question.phrases or question.parts or (question.units and not question.topic):
        return None
    told: list[str] = []
    for turn in reversed(turns):
        if not _is_statement(turn.question):
            break
        told.insert(0, turn.question.text.rstrip("。.,;? "))
    if not told:
        return None
    recent = told[-1:] if not _own_words(question) else []
    return Resolved(read(",".join([*told, question.text])), narrower=read(",".join([*recent, question.text])))


def _number_swapped(question: Question, turns: Sequence[Turn], read: Read) -> Resolved | None:
    """那第5项呢: the same is wanted of another clause."""
    if not question.numbers or question.topic or question.units:
        return None
    last = turns[-1].question
    numbers = tuple(_under(last.numbers[-1], number) if last.numbers else number for number in question.numbers)
    if numbers == question.numbers and question.wants:
        return None
    return Resolved(replace(question, numbers=numbers, wants=question.wants or last.wants))


def _under(last: Reference, number: Reference) -> Reference:
    """第二条呢 after 保障措施第一条, （二）呢 after 四(一): the number belongs under the same heading."""
    if last.style == "title" and number.style == "task":
        return replace(number, style="title", title=last.title)
    if last.style == "section" and len(last.section) == 2 and number.style == "group":
        return replace(number, style="section", section=(last.section[0], number.section[0]))
    return number


def _compared(question: Question, turns: Sequence[Turn], read: Read) -> Resolved | None:
    """这条跟第7条有哪些相同的单位, 和第1项比有什么不同: the clause in mind beside the one named."""
    evidence = _last_evidence(turns)[:1]
    refers = wording.BACK_REFERENCE.search(question.text) or _BESIDE.match(question.text)
    if not (evidence and refers and re.search(r"[跟和与同比]", question.text)):
        return None
    document, task = evidence[0].document, evidence[0].clause.task
    if not question.numbers:
        if task is None or not _THAT_ONE.search(question.text):
            return None
        return Resolved(replace(question, numbers=(Reference("task", (task,), written="这条"),)))
    others = [clause for number in question.numbers for clause in clauses_of(number, document)]
    both = evidence + tuple(cite(document, clause) for clause in others if clause.id != evidence[0].clause.id)
    return Resolved(question, Finding(Kind.CLAUSE_BY_NUMBER, question, both)) if len(both) > 1 else None


_BESIDE = re.compile(r"^(?:那|那么)?(?:它)?(?:和|跟|与|同|比)(?=第|任务)")
_THAT_ONE = re.compile(r"[跟和与同].{2,14}?那(?:一)?(?:条|项|个|点)")


def _topic_swapped(question: Question, turns: Sequence[Turn], read: Read) -> Resolved | None:
    """换成人才培训呢: the same is wanted for another topic."""
    last = turns[-1].question
    match = wording.SWAP.match(question.text)
    fits = wording.FOLLOW_UP.search(question.text) or question.text.startswith("换")
    if not match or not fits or question.wants or question.units or not question.topic or not last.wants:
        return None
    asks = next((phrase for want, phrase in _ASKS.items() if want in last.wants), "")
    return Resolved(read(f"{match.group(1)}{asks}"))


def _once_more(question: Question, turns: Sequence[Turn], read: Read) -> Resolved | None:
    finding = within.again(question, turns[-1].finding)
    return Resolved(question, finding) if finding else None


def _among_units(question: Question, turns: Sequence[Turn], read: Read) -> Resolved | None:
    """财政在不在里面, 哪个是管证券的: about the units just named."""
    evidence = turns[-1].finding.evidence
    if turns[-1].finding.kind not in _CLAUSE_KINDS:
        return None
    finding = within.named_shortly(question, evidence) or within.by_matter(question, evidence)
    return Resolved(question, finding) if finding else None


def _about_unit(question: Question, turns: Sequence[Turn], read: Read) -> Resolved | None:
    text = within.about_unit(question, turns[-1].finding)
    return Resolved(read(text)) if text else None


def _upper_level(question: Question, turns: Sequence[Turn], read: Read) -> Resolved | None:
    """国家文件怎么说 after a clause: what the upper document says on its subject."""
    evidence = _last_evidence(turns)
    if not (question.upper_level and evidence and evidence[0].clause.title) or question.own or len(question.topic) > 3:
        return None
    return Resolved(read(f"{question.text.rstrip('?？。')}，{evidence[0].clause.title}"))


def _level_swapped(question: Question, turns: Sequence[Turn], read: Read) -> Resolved | None:
    """省里的呢 after 国家那份文件的文号: the same of the document of another level."""
    last = turns[-1].question
    if turns[-1].finding.kind is not Kind.DOC_META or not (question.upper_level and last.upper_level):
        return None
    if question.wants or question.meta or question.units or len(question.topic) > 3:
        return None
    return Resolved(read(wording.UPPER_LEVEL[last.upper_level].sub(f"{question.upper_level}级", last.text, count=1)))


_RULES: tuple[Callable[[Question, Sequence[Turn], Read], Resolved | None], ...] = (
    _once_more,
    _about_unit,
    _level_swapped,
    _among_units,
    _upper_level,
    _joined,
    _stranger,
    _listed,
    _compared,
    _unit_swapped,
    _unit_inside,
    _step,
    _same_clause,
    _statement,
    _number_swapped,
    _topic_swapped,
)
