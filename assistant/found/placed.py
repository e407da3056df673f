"""A claim about where something stands: 股权激励是第11项里说的吧 → it stands in another clause, which is shown."""

import re
from collections.abc import Callable, Sequence

from assistant.asked import wording
from assistant.asked.numbering import named_parts, part_start
from assistant.asked.question import Question
from assistant.found.evidence import containing
from assistant.found.finding import Evidence, Finding, Kind, Verdict
from assistant.found.rank import Candidate
from assistant.found.saying import name_of
from assistant.found.scope import Scope
from ingest.document import Clause

_STANDS = re.compile(
    r"^(?:我?(?:记得|听说|印象中))?[“\"]?(?P<what>[^,。;?]{2,24}?)[”\"]?(?:这(?:个|句|件事|一条)|的(?:事|要求|内容|话|说法|提法))?(?:都|就|也)?"
    r"(?:是|属于|算是|(?:写|放|列|规定|出现|提|说|讲|归)?在|出自|见于|来自|归)(?:文件|意见)?(?:里|中)?(?:的)?$"
)
_MOST_PLACES = 4
_SURE, _FAR = 0.6, 0.5
"""Score from which a clause found by meaning is the place, and the share of it that the claimed one must stay below."""


def judged(
    question: Question, named: Sequence[Clause], scope: Scope, search: Callable[[str], list[Candidate]]
) -> Finding | None:
    """The places where the thing stands and whether the claimed one is among them; None where no place is claimed."""
    what = _claimed(question)
    if not what or scope.home is None:
        return None
    places = containing([scope.home], what)
    here = [each for each in places if each.clause in named]
    if here:
        return Finding(Kind.CLAUSE_BY_PHRASE, question, tuple(here), values=(what,), verdict=Verdict(True))
    if 0 < len(places) <= _MOST_PLACES:
        return _elsewhere(question, what, tuple(places))
    found = search(what) if not places else []
    best = found[0] if found else None
    if best is None or min(best.score, best.confidence) < _SURE:
        return None
    near = [each for each in found if each.evidence.clause in named and each.score >= _FAR * best.score]
    return None if near else _elsewhere(question, what, (best.evidence,), literally=False)


def _claimed(question: Question) -> str:
    """What is said to stand at a number or in a part; empty where the question claims something else."""
    if not question.claim or question.units or question.meta or re.search(r"哪|谁|几|什么", question.text):
        return ""
    places = [question.text.find(number.written) for number in question.numbers]
    start = min(places) if places else part_start(question.text) if named_parts(question.text) else -1
    match = _STANDS.match(question.text[: max(start, 0)].strip())
    what = match["what"].strip('“”" ') if match else ""
    return what if len(wording.FILLER.sub("", what)) > 1 else ""


def _elsewhere(question: Question, what: str, places: tuple[Evidence, ...], *, literally: bool = True) -> Finding:
    if literally:
        claimed = "、".join((*(number.written for number in question.numbers), *question.parts))
        verdict = Verdict(False, (f"“{what}”不在{claimed}",))
        return Finding(Kind.CLAUSE_BY_PHRASE, question, places, values=(what,), verdict=verdict)
    verdict = Verdict(False, (f"与“{what}”对应的是{name_of(places[0])}",))
    return Finding(Kind.CLAUSE_BY_NUMBER, question, places, verdict=verdict)
