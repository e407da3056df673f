"""Opening questions: what the three kinds of user could ask of the documents that are really held."""

from collections.abc import Sequence

from assistant.matrix import matrix_of
from ingest.document import Document

Group = tuple[str, tuple[str, ...]]


def opening_questions(documents: Sequence[Document]) -> tuple[Group, ...]:
    """Two questions for each group of users, made from the first document's structure; empty groups are left out."""
    rows = matrix_of(documents[:1]).rows
    if not rows:
        titles = [clause.title for document in documents[:1] for clause in document.clauses if clause.title]
        return (("查条款", tuple(f"“{title}”讲什么？" for title in titles[:2])),) if titles else ()
    tasks = [row for row in rows if row.clause.title]
    units = list(matrix_of(documents[:1]).count_by_unit())
    middle, last = tasks[len(tasks) // 2], tasks[-1]
    groups = (
        ("企业", (f"{_wish(middle.clause.title)}，该找哪些单位？", f"{_wish(last.clause.title)}，由谁负责？")),
        ("工作人员", (f"{units[-1]}负责哪些任务？", f"{units[0]}和{units[1]}共同负责哪几项？")),
        ("热线", (f"{last.clause.label} 责任单位", f"{_wish(tasks[0].clause.title)} 哪条")),
    )
    return tuple((name, questions) for name, questions in groups if len(units) > 1)


def _wish(title: str) -> str:
    """The task's title as something that one wants: without its opening verb."""
    for verb in (
        "积极",
        "大力",
        "进一步",
        "加快",
        "支持",
        "加强",
        "强化",
        "提高",
        "培育",
        "推动",
        "推进",
        "发展",
        "开展",
    ):
        title = title.removeprefix(verb)
    return title
