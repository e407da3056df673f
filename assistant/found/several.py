"""Two measures in one question: 股权激励和出口信用保险分别归谁管 → one clause for each part."""

import re
from collections.abc import Callable, Iterator
from itertools import islice

from assistant.asked import wording
from assistant.asked.question import Question, masked
from assistant.found.evidence import letters_only
from assistant.found.finding import Finding, Kind
from assistant.found.rank import Candidate

_ASKS = re.compile(
    r"(?:各自?|分别|都)?(?:归|由|找|是|问|靠)?(?:谁|哪些|哪几?个|哪几?家|什么)(?:单位|部门|局|家|的任务)?(?:来)?(?:负责|管|主管|支持|争创|牵头|抓)?|(?:各|分别)(?:归|由|找|是)|对口的?|责任单位"
)
_PREFACE = re.compile(r"^[^:]{0,12}(?:两|二|三|2|3|几)(?:件|个|样|桩|种)[^:]{0,8}:\s*")
"""两件事一起问: says only how many follow."""
_MARKS = re.compile(r"[,，;；。?？!！+]|顺便|另外|还(?:想|要)|以及|同时|又(?=找|是|归|由|该)")
_POINTING = re.compile(r"这(?:两|几|二|三)(?:头|边|样|块|件事?|个事?|桩事?|项)|[两二三](?:件事|个事|头|边|样)")
_JOINTS = re.compile(r"[、和与及跟]|还有|又(?=管|负责|是|抓|做)")
_ON_DUTY = re.compile(r"负责|参与|参加|承担|牵头|管|抓|责任|任务|有份|沾边|在里|在内|归|由|都有|都是|有没有")
"""What says that a body is spoken of as in charge, not as a place: 样本卡在海关."""
_SURE, _ALONE = 0.45, 0.3
_CLEAR, _NEAR = 0.7, 0.35
"""Where nothing says that several things are asked: score of every part, and the share that another part's clause stays below."""
_AS_WELL = 0.2
"""Share of the best score that the clause of each part has for the question as a whole."""
_MOST_PARTS, _KEYWORD = 4, 4
_MOST_ASKED, _WAYS = 6, 8
"""Parts that one breath asks for, and ways to part it, each of which is searched for; more is no question of a person's."""


def asks_several(question: Question) -> bool:
    """Whether the wording sets several things side by side."""
    text = question.text
    asked_twice = (
        len(re.findall(r"找谁|找哪|归谁|归哪|谁管|谁负责|哪些(?:单位|部门)|哪几?家|谁给|谁帮|由谁|又找谁", text)) > 1
    )
    return (
        asked_twice
        or bool(wording.SEVERAL.search(text))
        or bool(re.search(r"各(?:归|由|找|是|该|自)|各是(?:谁|哪)", text))
    )


def find(question: Question, rank: Callable[[str], list[Candidate]]) -> Finding | None:
    """A clause for each part, in the order of the parts; None when the parts are not clear by themselves."""
    asserts = bool(question.units) and bool(_ON_DUTY.search(question.text))
    claimed = asserts and (question.claim or question.yes_no) and len(question.topic) > 3
    if side_by_side := _side_by_side(question, rank, said=asks_several(question)):
        return side_by_side
    if not (asks_several(question) or claimed):
        return None
    best: tuple[float, list[Candidate]] = (0.0, [])
    for parts in _divisions(masked(question.text, question.mentions)):
        chosen = [found[0] for part in parts if (found := [each for each in rank(part) if each.evidence.units])]
        clauses = {each.evidence.clause.id for each in chosen}
        if len(chosen) < 2 or len(clauses) < 2:
            continue
        weakest = min(min(each.score, each.confidence) for each in chosen)
        if weakest > best[0]:
            best = (weakest, chosen)
    if best[0] < _ALONE or (best[0] < _SURE and not re.search(r"分别|各|两|[?？].+[?？谁]", question.text)):
        return None
    if claimed and best[0] < _SURE:
        return None
    unique = {each.evidence.clause.id: each.evidence for each in best[1]}
    if claimed:
        return Finding(Kind.MEMBERSHIP, question, tuple(unique.values()), question.units, searched=question.text)
    return Finding(Kind.MEASURE_TO_UNIT, question, tuple(unique.values())[:4], searched=question.text)


def _side_by_side(question: Question, rank: Callable[[str], list[Candidate]], *, said: bool) -> Finding | None:
    """设计外包和医药研发外包的责任单位: a clause for every part.

    Where nothing says that they are several (``said``), each must clearly mean one clause, and none of the others'.
    """
    least, clear = (3, _SURE) if said else (2, _CLEAR)
    if not question.wants_any("units") or question.claim or question.units or question.numbers:
        return None
    for parts in islice(_enumerations(question.text), _WAYS):
        if not least <= len(parts) <= _MOST_ASKED:
            continue
        found = [[each for each in rank(part) if each.evidence.units] for part in parts]
        if not all(found):
            continue
        chosen = [each[0] for each in found]
        ids = [each.evidence.clause.id for each in chosen]
        sure = min(min(each.score, each.confidence) for each in chosen) >= clear and len(set(ids)) == len(ids)
        apart = said or _literal(parts, chosen) or not any(_shared(own, set(ids)) for own in found)
        if sure and apart and (said or _meant_by_all(rank(question.text), set(ids))):
            return Finding(
                Kind.MEASURE_TO_UNIT,
                question,
                tuple(each.evidence for each in chosen)[:_MOST_PARTS],
                searched=question.text,
            )
    return None


def _meant_by_all(found: list[Candidate], ids: set[str]) -> bool:
    """Whether the question as a whole means each of the clauses, too, and no single one far more."""
    near = {each.evidence.clause.id for each in found if each.score >= _AS_WELL * found[0].score}
    return ids <= near


def _literal(parts: list[str], chosen: list[Candidate]) -> bool:
    """Whether each part stands word for word in its own clause and in none of the others'."""
    texts = [letters_only(each.evidence.quote) for each in chosen]
    return all(
        [part in text for text in texts] == [at == own for own in range(len(texts))] for at, part in enumerate(parts)
    )


def _shared(found: list[Candidate], ids: set[str]) -> bool:
    """Whether what one part means may be what another part means."""
    return any(each.evidence.clause.id in ids and each.score >= _NEAR * found[0].score for each in found[1:])


def _enumerations(text: str) -> Iterator[list[str]]:
    """The parts that stand side by side: keywords typed apart, all between 、, two around a joint."""
    if not re.search(r"[,，。、;；]", text):
        typed = _wanted(re.split(r"\s+", text))
        if all(len(part) >= _KEYWORD for part in typed):
            yield typed
    stretch = max(_MARKS.split(_PREFACE.sub("", text)), key=len)
    yield _wanted(stretch.split("、"))
    for joint in _JOINTS.finditer(stretch):
        yield _wanted([stretch[: joint.start()], stretch[joint.end() :]])


def _divisions(text: str) -> Iterator[list[str]]:
    """Ways to take the question apart: at its marks, and at each 和 or 、."""
    text = _PREFACE.sub("", text)
    by_marks = _wanted(_MARKS.split(text))
    if len(by_marks) > 1:
        yield by_marks
    for joint in _JOINTS.finditer(text):
        halves = _wanted([text[: joint.start()], text[joint.end() :]])
        if len(halves) == 2:
            yield halves


def _wanted(parts: list[str]) -> list[str]:
    """The parts that name something beside asking who."""
    bare = [_POINTING.sub(" ", _ASKS.sub(" ", part)).strip().removesuffix("的") for part in parts]
    return [part for part in bare if len(wording.FILLER.sub("", part)) >= 2]
