"""Opening questions: what the three kinds of user could ask of the documents that are really held, each one tried first."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from assistant.ask import Assistant
from assistant.found.matrix import Matrix, Row, matrix_of
from assistant.screens.present import WEAK
from ingest.document import Document, Form
from ingest.fold import fold_text

Group = tuple[str, tuple[str, ...]]
_TRIES = 4
_LONGEST = 24
_ASKS_WHOM = re.compile("谁|哪几?[个家]|归口|找哪|部门")
_VERBS = ("积极", "大力", "进一步", "加快", "支持", "加强", "强化", "提高", "培育", "推动", "推进", "发展", "开展")


def opening_questions(assistant: Assistant) -> tuple[Group, ...]:
    """Two questions for each group of users, from the first document that names units; what is not answered is left out."""
    home = _home(assistant)
    if home is None:
        return ()
    # tried against their own document: what the whole of a large collection says to each may take long
    assistant = Assistant(assistant.index, (home.id,), assistant.today)
    matrix = matrix_of([home])
    rows = [row for row in matrix.rows if row.clause.title]
    if not rows:
        titles = [f"“{clause.title}”讲什么？" for clause in home.clauses if clause.title]
        return (("查条款", tuple(_answered(assistant, titles, 2))),) if titles else ()
    spread = [rows[(len(rows) * at) // 4] for at in range(4)]
    groups = (
        ("企业", [_wanted(assistant, row) for row in spread[:2]]),
        ("工作人员", [_one_unit(matrix), _two_units(matrix)]),
        ("热线", [_keywords(assistant, spread[2]), [f"{spread[3].clause.label} 责任单位"]]),
    )
    found = ((name, tuple(q for slot in slots for q in _answered(assistant, slot, 1))) for name, slots in groups)
    return tuple((name, questions) for name, questions in found if questions)


def _home(assistant: Assistant) -> Document | None:
    held = [summary.id for summary in assistant.index.documents() if summary.form is Form.ORIGINAL]
    documents = [assistant.index.document(document_id) for document_id in held[:20]]
    return next((document for document in documents if document.responsibilities), next(iter(documents), None))


def _wanted(assistant: Assistant, row: Row) -> Iterator[str]:
    """What an enterprise would say: wordings from the library first, then the task's own title."""
    yield from _library(assistant, row, "企业")
    yield f"{_wish(row.clause.title)}，该找哪些单位？"


def _keywords(assistant: Assistant, row: Row) -> Iterator[str]:
    yield from _library(assistant, row, "热线")
    yield f"{_wish(row.clause.title)} 哪条"


def _library(assistant: Assistant, row: Row, voice: str) -> list[str]:
    """Stored wordings for the clause in this voice that read well on a button: first those that ask whom to turn to."""
    near = assistant.index.similar_questions(row.clause.title, limit=400)
    found = [
        each.question
        for each in near
        if each.voice == voice
        and each.document_id == row.document.id
        and row.clause.label in each.labels
        and 6 <= len(each.question) <= _LONGEST
        and fold_text(each.question) == each.question.lower()
    ]
    return sorted(found, key=lambda question: _ASKS_WHOM.search(question) is None)


def _one_unit(matrix: Matrix) -> list[str]:
    """A unit with a handful of tasks is a better example than the one with nearly all."""
    counts = matrix.count_by_unit()
    return [f"{name}负责哪些任务？" for name, count in counts.items() if 2 <= count <= 6] or [
        f"{name}负责哪些任务？" for name in counts
    ]


def _two_units(matrix: Matrix) -> list[str]:
    shared = [(len(matrix.tasks_of(*pair)), pair) for pair in combinations(list(matrix.count_by_unit())[:8], 2)]
    best = sorted((each for each in shared if each[0] >= 2), key=lambda each: -each[0])
    return [f"{first}和{second}共同负责哪几项？" for _, (first, second) in best]


def _answered(assistant: Assistant, questions: Iterable[str], count: int) -> list[str]:
    """The first ``count`` that the assistant answers with evidence it is sure of."""
    found: list[str] = []
    for question in list(_first(questions, _TRIES * count)):
        answer = assistant.ask(question)
        if not answer.refused and answer.citations and answer.confidence >= WEAK:
            found.append(question)
        if len(found) == count:
            break
    return found


def _first(questions: Iterable[str], limit: int) -> Sequence[str]:
    return [question for _, question in zip(range(limit), questions, strict=False)]


def _wish(title: str) -> str:
    """The task's title as something that one wants: without its opening verb."""
    for verb in _VERBS:
        title = title.removeprefix(verb)
    return title
