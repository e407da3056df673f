"""Questions to the unit × task matrix: one unit's tasks, tasks in common, counts and comparisons, units of a topic."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from assistant.asked import wording
from assistant.asked.numbering import resolve
from assistant.asked.question import Question, denied
from assistant.found import ranking, roles
from assistant.found.evidence import cite, topical
from assistant.found.finding import Evidence, Finding, Kind, Reason, Verdict
from assistant.found.matrix import Matrix, Row
from assistant.found.scope import Scope
from index.segment import words
from ingest.document import Role
from ingest.fold import chinese_number, fold_text

_WHICH_TASKS = re.compile(
    r"(?:哪|什么|几|多少|第几)[^,。?]{0,6}(?:任务|项|条|点)|任务(?:是|有)哪|有(?:没有|　有|无)[^,。?]{0,14}(?:任务|项|条)"
)


def find(question: Question, scope: Scope, search: Callable[[str], list[Evidence]]) -> Finding | None:
    """Answers from the matrix; None when the question is about a topic rather than about units."""
    if question.units:
        return _of_units(question, scope, search)
    return _of_unknown(question, scope) or ranking.find(question, scope)


def of_unit_by_number(question: Question, scope: Scope) -> Finding | None:
    """教育局管的第一项, 武汉海关只负责第15项吧: the number is about the unit's own list."""
    behind = question.text[question.mentions[-1].span.end :]
    only = question.claim and re.match(r"[^,。?]{0,4}(?:只|仅|就)(?:是|负责|管|承担|有|参与|牵头|出现|在)", behind)
    only = only or _EXCEPT.search(question.text)
    return _of_units(question, scope, lambda _text: []) if _ordinal(question) or only else None


def _of_unknown(question: Question, scope: Scope) -> Finding | None:
    """市公安局负责哪些任务: a body that nothing names has no task; it is not looked up by similarity."""
    body = question.unknown_body
    if body is None or not (question.wants_any("tasks", "count", "place") or question.yes_no):
        return None
    if _topic_of(question, scope):
        return None
    return Finding(Kind.UNIT_TO_TASKS, question, (), (body,))


def _of_units(question: Question, scope: Scope, search: Callable[[str], list[Evidence]]) -> Finding | None:
    if re.search(
        r"怎么(?:样)?(?:地)?(?:做|办|落实|推进|执行|配合|要求|规定)|什么(?:新)?要求|如何(?:做|落实|推进)", question.text
    ):
        return None
    topic = _topic_of(question, scope)
    compares = bool(wording.SEPARATELY.search(question.text)) and len(question.units) > 1
    asks_tasks = compares or question.wants_any("tasks", "count", "place", "content", "title") or not question.wants
    asks_tasks = asks_tasks or (
        len(question.units) > 1 and bool(re.search(r"的(?:任务|工作|事项|条款)", question.text))
    )
    if question.attributes and not question.wants_any("tasks") and not topic:
        return Finding(Kind.UNANSWERABLE, question, reason=Reason.NOT_STATED, missing="、".join(question.attributes))
    if question.claim and len(question.units) == 1 and not question.numbers and _NOTHING_ELSE.search(question.text):
        matrix = _matrix(question, scope)
        verdict = _claimed(question, matrix, question.units[0])
        return replace(_listed(question, matrix.tasks_of(*question.units), list(question.units)), verdict=verdict)
    if _foreign(question, scope):
        return Finding(Kind.UNANSWERABLE, question, reason=Reason.NOT_IN_COLLECTION, searched=question.text)
    if not topic and len(_leftover(question)) > 5 and not _asks_duty(question):
        return None
    if topic:
        return _in_topic(question, scope, search) if _asks_duty(question) else None
    if not asks_tasks and not question.yes_no and not question.claim:
        return None
    matrix = _matrix(question, scope)
    known = [name for name in question.units if matrix.tasks_of(name)]
    absent = [name for name in question.units if name not in known] + (
        [question.unknown_body] if question.unknown_body else []
    )
    if known and absent and not wording.SEPARATELY.search(question.text):
        names = [*known, *absent]
        return Finding(Kind.JOINT_UNITS, question, (), tuple(names), statement=f"{'、'.join(names)}同为责任单位的任务")
    if len(known) >= 2:
        return _joint(question, matrix, known)
    if not known:
        return _unknown_unit(question)
    if ordinal := _ordinal(question):
        rows = matrix.tasks_of(known[0])
        chosen = rows[ordinal - 1 : ordinal] if ordinal > 0 else rows[ordinal:][:1]
        place = f"第{ordinal}项" if ordinal > 0 else "最后一项"
        return _listed(question, chosen, known, f"{known[0]}列为责任单位的{place}任务") if chosen else None
    if (
        _EXCEPT.search(question.text)
        and question.numbers
        and not re.search(r"一起列|一并|连同|都列|全列", question.text)
    ):
        return _except(question, scope, matrix, known[0])
    if question.claim and (verdict := _claimed(question, matrix, known[0])):
        return replace(_listed(question, matrix.tasks_of(known[0]), known), verdict=verdict)
    if re.search(r"每(?:一)?(?:项|条|个任务)|所有|全部|(?:十五|15)项", question.text) and (
        question.claim or question.yes_no
    ):
        return _everywhere(question, matrix, known[0])
    if _excludes(question):
        return _listed(question, matrix.tasks_without(known), known, f"没有{known[0]}的任务")
    if role := roles.asked_behind(question.text[question.mentions[-1].span.end :]):
        return _of_role(question, matrix, known[0], role)
    return _listed(question, matrix.tasks_of(known[0]), known)


def _of_role(question: Question, matrix: Matrix, name: str, role: Role) -> Finding:
    """Only the clauses where the document gives the unit this role; where it gives none to anybody, that is said."""
    rows, word = matrix.tasks_of(name), roles.NAMES[role]
    with_role = [row for row in rows if any(unit.name == name and unit.role is role for unit in row.units)]
    if with_role or any(unit.role is role for row in matrix.rows for unit in row.units):
        return _listed(question, with_role, [name], f"{name}{word}的任务")
    said = f"文件没有写明哪家{word}" + ("，列在第一位不等于牵头" if role is Role.LEAD else "")
    return replace(_listed(question, rows, [name]), verdict=Verdict(None, (said,)))


def _claimed(question: Question, matrix: Matrix, name: str) -> Verdict | None:
    """市司法局负责两项任务没错吧, 武汉海关只负责第15项对吧: against the unit's whole list."""
    rows = matrix.tasks_of(name)
    if _NOTHING_ELSE.search(question.text):
        return Verdict(len(rows) == 1, () if len(rows) == 1 else (f"{name}共有{len(rows)}项任务",))
    if question.numbers:
        named = {number for reference in question.numbers for number in reference.numbers}
        return Verdict(named == {row.clause.task for row in rows}, (f"{name}共有{len(rows)}项任务",))
    match = re.search(r"(\d+|[一二两三四五六七八九十]+)(?:个|项|条)", question.text)
    if not match:
        return None
    claimed = chinese_number(match.group(1))
    return Verdict(claimed == len(rows), () if claimed == len(rows) else (f"{name}共有{len(rows)}项任务",))


_NOTHING_ELSE = re.compile(
    r"(?:别的|其他|其它|另外)[^,。?]{0,4}(?:没有|没)(?:了|它)?|没(?:有)?(?:别的|其他|其它)|(?:只|就|仅)(?:出现)?(?:在|有|这|那)[^,。?]{0,14}(?:那|这)?一(?:条|项|处|个地方)"
)
_EXCEPT = re.compile(r"除(?:了|去|开|掉)?(?:第|任务|上面|这|那|前|最后)")


def _except(question: Question, scope: Scope, matrix: Matrix, name: str) -> Finding:
    """除第7项外，市教育局还负责哪几项: the list without the clauses named; all of it where nothing else is left."""
    home = scope.home
    named = {clause.id for number in question.numbers for clause in (resolve(number, home) if home else ())}
    rows, written = matrix.tasks_of(name), "、".join(number.written for number in question.numbers)
    others = [row for row in rows if row.clause.id not in named]
    if others:
        return _listed(question, others, [name], f"除{written}外，{name}的任务")
    return replace(_listed(question, rows, [name]), verdict=Verdict(False, (f"除{written}外，{name}没有别的任务",)))


def _everywhere(question: Question, matrix: Matrix, name: str) -> Finding:
    """是不是每项都有商务局: the exceptions are the answer."""
    absent, present = matrix.tasks_without([name]), matrix.tasks_of(name)
    shown = absent if 0 < len(absent) <= len(present) else present
    reasons = (f"没有{name}的任务有{len(absent)}项",) if absent else ()
    subject = f"没有{name}的任务" if shown is absent else f"有{name}的任务"
    return replace(_listed(question, shown, [name], subject), verdict=Verdict(not absent, reasons))


_ORDINAL = r"(第[一二三四五六七八九十\d]+|最后一|最末一?)(?:个|项|条)"


def _ordinal(question: Question) -> int:
    """教育局管的第一项: the place in the unit's own list, from 1, -1 for the last; 0 when it is not asked so."""
    if len(question.units) != 1:
        return 0
    behind = question.text[question.mentions[-1].span.end :]
    match = re.match(
        r"(?P<own>(?:要|所)?(?:负责|管|承担|做|干|牵头|参与|任务)?的?(?:任务)?(?:里|中)?的?)" + _ORDINAL, behind
    )
    if match and question.claim and "的" not in match["own"]:
        return 0  # 市财政局负责第2条吧: a clause of the document
    return (chinese_number(match.group(2).removeprefix("第")) or -1) if match else 0


_MATRIX_WORDS = re.compile(
    r"列为|作为|职能|清单|目前|当前|这块|名下|头上|份内|身上|落实|完成|执行|推进|抓|唯一|里头|里面|当中|没有|不含|除了|合计|责任主体|文中|整个|全文|比较|对比"
    r"|分工表|完整|本局|我局|我委|还是|出现|参加|联合|协同|配合|合作|重合|交集|之间|独立|单独|对应|原文件?|十五|[\d一二三四五六七八九十]+(?=项|条|个|家)"
    r"|[负责更最多少任务列查看说帮哪项同都干要两数比相谁各自次今后起所]"
)


def _leftover(question: Question) -> str:
    """What is asked about beside the units themselves."""
    topic = re.sub(r"\d+|以前|现在|原来|叫|里", "", question.topic)
    for name in question.units:
        for length in range(len(name), 1, -1):
            for start in range(len(name) - length + 1):
                topic = topic.replace(name[start : start + length], "")
    return _MATRIX_WORDS.sub("", topic)


def _topic_of(question: Question, scope: Scope) -> str:
    """What is asked about beside the units: words of the document in focus that not every clause holds."""
    if scope.home is None:
        return _leftover(question) if len(_leftover(question)) > 2 else ""
    leftover = _leftover(question)
    named = "".join(question.units)
    return " ".join(word for word in topical(leftover, scope.home) if word not in named)


_DUTY = re.compile(
    r"负责|承担|管|牵头|参与|任务|职责|责任|分工|配合|[里中内]|列入|名单|[项条]|出现|涉及|别的|其他|份|干|做|抓|扶|帮|支持|推|单位|部门|对接|找"
)


def _foreign(question: Question, scope: Scope) -> bool:
    """市商务局周末上班吗: what is asked of the unit is no duty, and its words stand nowhere in the document."""
    before = question.text[: question.mentions[0].span.start] if question.mentions else ""
    if len(_leftover(question)) < 2 or question.numbers or scope.home is None or wording.FILLER.sub("", before):
        return False
    asks = question.yes_no or question.claim or re.search(r"为什么|为何|怎么|什么|几点|谁", question.text)
    if not asks or _DUTY.search(question.text) or question.wants_any("tasks", "count", "place", "content"):
        return False
    return not any(word in fold_text(scope.home.text) for word in words(question.topic) if len(word) > 1)


def _asks_duty(question: Question) -> bool:
    return bool(
        re.search(
            r"(?:负责|承担|管|做|干|要|有|职责|分工|任务)(?:些)?(?:什么|哪|几|啥)|(?:名下|头上|份内)的|(?:参与|负责|承担|有关|涉及|牵头|配合)的(?:全部|所有|各项)?(?:任务|工作|事项)|(?:任务|职责|分工)(?:全部|全|都|清单|一览)|哪(?:些|几|一)?(?:项|条|任务|事)|第几|(?:几|多少)(?:项|条|个任务)",
            question.text,
        )
    )


def _in_topic(question: Question, scope: Scope, search: Callable[[str], list[Evidence]]) -> Finding | None:
    """市教育局在人才培养方面负责什么: clauses on the topic in which the unit is responsible."""
    if question.yes_no or question.claim or question.wants_any("units"):
        return None
    wanted = set(question.units)
    found = [evidence for evidence in search(question.text)[:4] if wanted <= set(evidence.unit_names)]
    return Finding(Kind.UNIT_TO_TASKS, question, tuple(found[:1]), question.units) if found else None


_EVERYWHERE = re.compile(r"(?:所有|全部|各份?|各个|每份|哪些|库里|几份|多份)[^,。?]{0,4}文件")


def _matrix(question: Question, scope: Scope) -> Matrix:
    """The document in focus when it is sure and names the units, else the whole collection."""
    home = scope.home_matrix
    if not scope.sure or _EVERYWHERE.search(question.text):
        return scope.matrix
    return home if any(home.tasks_of(name) for name in question.units) else scope.matrix


def _excludes(question: Question) -> bool:
    """哪些任务里没有市经信局, 市商务局没有参与的是哪几项."""
    text, start = question.text.replace("有没有", "有　有"), question.mentions[0].span.start
    before, behind = text[:start], text[question.mentions[-1].span.end :]
    if re.search(wording.WITHOUT + r"[^,。?]{0,2}$", before) and (
        _WHICH_TASKS.search(before) or _WHICH_TASKS.search(behind) or re.match("的(?:任务|项|条|有|是)", behind)
    ):
        return True
    if re.match(r"[都也]?[不没无][^,。?是]{1,4}(?:的|[?。!]|$)", behind) and _WHICH_TASKS.search(before):
        return True
    return bool(
        re.match(r"[^,。?]{0,2}" + wording.WITHOUT + r"[^,。?]{0,8}(?:任务|项|条|的|出现|列入|参与|哪)", behind)
    ) and bool(_WHICH_TASKS.search(text))


def _listed(question: Question, rows: Iterable[Row], names: list[str], subject: str = "") -> Finding:
    evidence = tuple(_evidence(row) for row in rows)
    return Finding(Kind.UNIT_TO_TASKS, question, evidence, tuple(names), statement=subject)


def _evidence(row: Row) -> Evidence:
    return cite(row.document, row.clause)


def _joint(question: Question, matrix: Matrix, names: list[str]) -> Finding:
    """Two or more units: together unless the question sets them against each other."""
    if re.search(
        r"恰好|正好|刚好|只有(?![一二两三四五六七八九十\d]+[项条个])|仅有|只由|仅由|有且只有|就(?:是|只)|(?:两|三|几|2|3)家单独|单独由|独自(?:负责|承担)",
        question.text,
    ):
        rows, subject = matrix.tasks_of_exactly(*names), f"责任单位只有{'、'.join(names)}的任务"
    elif re.search(r"都不|均不|都没|均没", question.text):
        rows, subject = matrix.tasks_without(names), f"没有{'、'.join(names)}的任务"
    elif excluded := _excluded_names(question, names):
        kept = [name for name in names if name not in excluded]
        rows = tuple(row for row in matrix.tasks_of(*kept) if not set(excluded) & set(row.names))
        subject = f"有{'、'.join(kept)}、没有{'、'.join(excluded)}的任务"
        evidence = tuple(_evidence(row) for row in rows)
        return Finding(Kind.JOINT_UNITS, question, evidence, tuple(kept), statement=subject)
    elif (wording.SEPARATELY.search(question.text) or re.search(r"[,;?].{0,12}呢", question.text)) and not re.search(
        r"共同|同时|一起|都", question.text
    ):
        rows, subject = matrix.tasks_of_any(names), ""
        return Finding(
            Kind.JOINT_UNITS, question, tuple(_evidence(row) for row in rows), tuple(names), values=("separately",)
        )
    elif re.search(r"或者?|任一|任何一个|其中(?:一|任)", question.text):
        rows, subject = matrix.tasks_of_any(names), f"有{'或'.join(names)}的任务"
    else:
        rows, subject = matrix.tasks_of(*names), f"{'、'.join(names)}同为责任单位的任务"
    verdict = None
    claimed = re.search(r"(\d+|[一二两三四五六七八九十]+)(?:个|项|条)", question.text)
    if claimed and (question.claim or question.yes_no):
        number = chinese_number(claimed[1])
        verdict = Verdict(number == len(rows), () if number == len(rows) else (f"{subject}共有{len(rows)}项",))
    evidence = tuple(_evidence(row) for row in rows)
    return Finding(Kind.JOINT_UNITS, question, evidence, tuple(names), statement=subject, verdict=verdict)


def _excluded_names(question: Question, names: list[str]) -> list[str]:
    """The units that the question says are not there, unless that would be all."""
    excluded = denied(question, names)
    return excluded if len(set(excluded)) < len(names) else []


def _unknown_unit(question: Question) -> Finding | None:
    """A body that the directory knows but no clause names: say so, do not search by similarity."""
    if not question.units or question.wants_any("units"):
        return None
    return Finding(Kind.UNIT_TO_TASKS, question, (), question.units)
