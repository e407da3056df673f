"""Headings by name and what stands below them: how many items, which ones, and claims about their number."""

import re
from dataclasses import replace

from assistant.asked.numbering import children
from assistant.asked.question import Question
from assistant.found.attributes import unless_missing
from assistant.found.evidence import cite
from assistant.found.finding import Evidence, Finding, Kind, Verdict
from assistant.found.scope import Scope
from ingest.document import Clause, Document
from ingest.fold import chinese_number, fold_text


def by_title(question: Question, scope: Scope) -> Finding | None:
    """发展目标是什么, 保障措施有哪些: a heading's own words and nothing else."""
    home, topic = scope.home, re.sub(r"\d+|[一二三四五六七八九十]+$|^共|共$", "", fold_text(question.topic))
    if home is None or len(topic) < 2 or question.units or question.attributes:
        return None
    named = [
        clause
        for clause in home.clauses
        if clause.task is None
        and (title := fold_text(clause.title))
        and (topic in title or title in topic)
        and len(topic) - len(title) <= 2
        and (len(topic) > 2 or title.endswith(topic))
    ]
    if len(named) != 1:
        return None
    below = children(home, named[0])
    listed = below if lists_items(question) and not _in_groups(home, named[0]) else []
    finding = Finding(Kind.CLAUSE_BY_NUMBER, question, tuple(cite(home, each) for each in (named[0], *listed)))
    count = len(below)
    claimed = re.search(r"(\d+|[一二两三四五六七八九十]+)(?:个|项|条|点|方面)", question.text)
    if question.claim and count and claimed:
        number = chinese_number(claimed[1])
        finding = replace(finding, verdict=Verdict(number == count, (f"“{named[0].title}”共{count}条",)))
    return unless_missing(finding)


def _in_groups(home: Document, heading: Clause) -> bool:
    """Whether the tasks stand in groups below the heading, which are named rather than quoted."""
    return any(children(home, each) for each in children(home, heading))


def wrong_total(question: Question, scope: Scope) -> Verdict | None:
    """保障措施一共四条，最后一条是…吧: the number of clauses under the heading is claimed too."""
    number, claimed = (
        question.numbers[0] if question.numbers else None,
        re.search(r"(?:一共|共有?|总共|有)(\d+|[一二两三四五六七八九十]+)(?:个|项|条|点|方面)", question.text),
    )
    if not (question.claim and number and number.style == "title" and claimed and scope.home):
        return None
    heading = next((each for each in scope.home.clauses if fold_text(each.title) == number.title), None)
    count = len(children(scope.home, heading)) if heading else 0
    wrong = heading is not None and chinese_number(claimed[1]) != count
    return Verdict(False, (f"“{number.title}”共{count}条",)) if wrong else None


def beyond(question: Question, home: Document) -> Finding | None:
    """保障措施第四条 where there are three: the heading, and how many stand below it."""
    number = next((each for each in question.numbers if each.style == "title"), None)
    heading = next((each for each in home.clauses if number and fold_text(each.title) == number.title), None)
    if number is None or heading is None:
        return None
    said = f"“{heading.title}”共{len(children(home, heading))}条，没有{number.written}"
    return Finding(Kind.CLAUSE_BY_NUMBER, question, (cite(home, heading),), verdict=Verdict(False, (said,)))


def counted(question: Question, evidence: Evidence) -> Finding | None:
    """第三部分有几条: how many clauses stand below, cited by the heading alone."""
    below = children(evidence.document, evidence.clause)
    if (
        not below
        or not re.search(r"(?:几|多少)(?:大)?(?:个|条|项|点|方面|部分)", question.text)
        or re.search(r"哪|是什么|分别|叫什么", question.text)
    ):
        return None
    tasks = [clause for clause in evidence.document.tasks() if evidence.extent.covers(clause.span)]
    parts = f"{evidence.clause.label}“{evidence.clause.title}”下有{len(below)}条"
    rest = f"，共{len(tasks)}项任务" if tasks and tasks != below else ""
    values = (str(len(below)), str(len(tasks)))
    return Finding(Kind.OVERVIEW, question, (evidence,), statement=f"{parts}{rest}。", values=values)


def lists_items(question: Question) -> bool:
    return bool(
        re.search(
            r"(?:哪|几|什么|全部|所有|列出)[^,。?]{0,4}(?:任务|项|条|点|措施)|(?:包括|包含|下面|下设|含)(?:有)?(?:哪|几|什么)",
            question.text,
        )
    )
