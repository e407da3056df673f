"""Is an answer to a generated question right: exactly these clauses, exactly these units, the document and the roles said."""

import re
from collections.abc import Iterator

from assistant.answer import Answer
from bench.scoring import plain
from bench.wordings import Asking, Row
from ingest.document import Role

_ROLE_WORDS = {Role.LEAD: "牵头", Role.COOPERATING: "配合", Role.PARTICIPATING: "参"}


def faults(asking: Asking, answer: Answer, *, several: bool) -> list[str]:
    """What is wrong; ``several`` says that the collection holds several documents, so that the answer must name its own."""
    if answer.refused:
        return ["refused, should answer"]
    return list(dict.fromkeys(_faults(asking, answer, several)))


def _faults(asking: Asking, answer: Answer, several: bool) -> Iterator[str]:
    if {(each.document_id, each.clause_id) for each in answer.citations} != {row.key for row in asking.rows}:
        yield "wrong clauses"
    text = plain(answer.answer)
    if asking.units is not None and answer.units != asking.units:
        yield "units not exact"
    if asking.units is not None and any(plain(unit) not in text for unit in asking.units):
        yield "unit not in the answer's text"
    if several and any(plain(row.document.title) not in text for row in asking.rows):
        yield "document not named"
    if asking.verdict is not None and bool(re.match(r"是的", answer.answer)) is not asking.verdict:
        yield "wrong verdict"
    if any(not _role_said(row, text) for row in asking.rows):
        yield "role not shown"


def _role_said(row: Row, text: str) -> bool:
    """A unit that leads, cooperates or takes part stands behind that word and is not called simply responsible."""
    for unit in row.units:
        word = _ROLE_WORDS.get(unit.role)
        if word and not re.search(rf"{word}[^:;。]{{0,6}}:[^:;。]*{re.escape(plain(unit.name))}", text):
            return False
    return True
