"""Finding → words. One template a kind of answer; every line is checked by verify.py before it is shown.

Marks like 〔任务7〕 name the citation that proves a line. A quotation is the document's own text, never mended; what was mended
stands in a note.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.asked.numbering import children
from assistant.found.finding import Evidence, Finding, Kind
from assistant.found.saying import called, duties_of, listing, mark, name_of, part_counts, titled, units_phrase
from assistant.said import refusals, verdicts
from assistant.said.verify import Line
from ingest.document import Certainty, Document, Form, Repair, Role, Span

WHOLE_CLAUSE = 420
"""Clauses up to this many characters are quoted whole; of longer ones the sentences around the focus."""


@dataclass(frozen=True)
class Draft:
    """An answer's lines before the check. ``computed`` are figures that were counted, not read."""

    lines: tuple[Line, ...]
    computed: tuple[str, ...] = ()
    hotline: str = ""


def compose(finding: Finding) -> Draft:
    """The answer's text for a finding; what is read aloud has at most two sentences."""
    if finding.parts:
        return _each(finding)
    if finding.refused:
        return Draft(refusals.lines(finding), _figures(finding), refusals.hotline(finding))
    draft = _TEMPLATES[finding.kind](finding)
    if finding.is_weak:
        draft = replace(draft, lines=(Line(WEAK), *draft.lines), hotline=WEAK + draft.hotline)
    return replace(draft, hotline=_first_sentences(draft.hotline, 2))


WEAK = "问的说法与原文不同，以下是意思最接近的条款，把握不大，请对照原文核对。"
"""Above an answer, and before it where it is read aloud, when neither words nor known questions speak for the clause."""


def _first_sentences(text: str, most: int) -> str:
    """The first sentences, whole."""
    return "".join(re.findall(r"[^。！？]+[。！？]?", text)[:most])


def _each(finding: Finding) -> Draft:
    """Several questions: each is repeated and answered; what is not answered is said in one sentence."""
    drafts = [(part, compose(part)) for part in finding.parts]
    lines: list[Line] = []
    for part, draft in drafts:
        lines.append(Line(f"**{part.question.asked.strip(_ENDS)}？**", echo=True))
        lines += draft.lines[:1] if part.refused else draft.lines
    computed = {figure for _, draft in drafts for figure in draft.computed}
    spoken = "".join(_first_sentences(draft.hotline, 1) for _, draft in drafts[:2])
    return Draft(tuple(lines), tuple(sorted(computed)), spoken)


_ENDS = "?？!！。;；,， \n"


def quote_lines(evidence: Evidence, *, whole: bool) -> list[Line]:
    """The clause, or of a long clause (or where only the point is wanted) the sentences that answer."""
    document = evidence.document
    spans = [evidence.clause.span if evidence.extent.end - evidence.extent.start > WHOLE_CLAUSE else evidence.extent]
    if evidence.focus and (not whole or spans[0].end - spans[0].start > WHOLE_CLAUSE):
        spans = [_sentence_around(document, focus, spans[0]) for focus in evidence.focus[:2]]
    source = "要点（非原文）" if document.form is Form.FACT_SHEET else "原文"
    texts = dict.fromkeys(part.strip() for span in spans for part in span.of(document.text).split("\n") if part.strip())
    lines = [
        Line(f"> {source}{mark(evidence)}：{text}" if number == 0 else f"> {text}") for number, text in enumerate(texts)
    ]
    return lines + [Line(f"（原文残缺处“{found}”按规则读作“{read}”）") for found, read in _read_as(document, spans)]


def _read_as(document: Document, spans: Sequence[Span]) -> list[tuple[str, str]]:
    """Damaged figures inside the quotation, with what they must have been; lost punctuation is told in a note only."""
    return [
        (repair.found, repair.repaired)
        for repair in document.repairs
        if repair.certainty is Certainty.SURE
        and re.search(r"\d", repair.repaired)
        and any(span.covers(repair.span) for span in spans)
    ]


def _sentence_around(document: Document, focus: Span, within: Span) -> Span:
    start = max((document.text.rfind(stop, within.start, focus.start) + 1 for stop in "。！？\n"), default=within.start)
    ends = [end for stop in "。！？\n" if (end := document.text.find(stop, focus.end - 1, within.end)) >= 0]
    return Span(max(start, within.start), min(ends) + 1 if ends else within.end)


def _measure(finding: Finding) -> Draft:
    lines = verdicts.lines(finding)
    for evidence in finding.evidence:
        if evidence.units:
            lines.append(Line(f"对应{name_of(evidence)}，{units_phrase(evidence)}。{mark(evidence)}"))
        else:
            lines.append(Line(f"对应{name_of(evidence)}，文件没有为这一条写明责任单位。{mark(evidence)}"))
        lines += _lead_note(finding, evidence)
        lines += quote_lines(evidence, whole=not finding.question.wants_any("units") or finding.verdict is not None)
    return Draft(tuple(lines), _figures(finding), _short(finding))


def _clauses(finding: Finding) -> Draft:
    lines = verdicts.lines(finding)
    if finding.missing:
        lines.append(
            Line(
                f"原文没有出现{finding.missing}，最接近的写法如下。"
                if not finding.values
                else f"原文没有出现{finding.missing}。",
                echo=True,
            )
        )
    if finding.kind is Kind.CLAUSE_BY_PHRASE and finding.values:
        shown = "、".join(f"“{value}”" for value in finding.values)
        lines.append(
            Line(
                f"{shown}见于{len(finding.evidence)}处："
                + "；".join(name_of(item) + mark(item) for item in finding.evidence)
                + "。",
                echo=True,
            )
        )
    single = len(finding.evidence) == 1
    counted = _counted_below(finding)
    lines += counted
    for evidence in finding.evidence:
        asks_units = finding.question.wants_any("units") and bool(evidence.units)
        if finding.kind is not Kind.CLAUSE_BY_PHRASE or not finding.values:
            said = f"，{units_phrase(evidence)}。" if asks_units else f"{_place(evidence)}："
            lines.append(Line(f"{name_of(evidence)}{said}{mark(evidence)}"))
        below = children(evidence.document, evidence.clause)
        if below and single:
            lines.append(
                Line("包括：" + "；".join(_child_name(evidence, child.label, child.title) for child in below) + "。")
            )
        lines += quote_lines(evidence, whole=single or finding.kind is Kind.CLAUSE_BY_NUMBER)
        if evidence.units and not asks_units:
            lines.append(Line(f"{units_phrase(evidence)}。{mark(evidence)}"))
        lines += _lead_note(finding, evidence)
    several = len(finding.evidence) > 1
    compares = re.search(r"都有的|相同|共同|一样|重合|区别|不同|对比|比较|两(?:个|项|条|家)都", finding.question.text)
    if "shared" in finding.values or (several and compares):
        lines.insert(0, Line(_shared_units(finding.evidence)))
    items = (str(len(finding.evidence) - 1),) if counted else ()
    return Draft(tuple(lines), (*_figures(finding), *items), _short(finding))


def _counted_below(finding: Finding) -> list[Line]:
    """保障措施有几条，分别是什么: the number before the items, where heading and items are shown together."""
    head, *items = finding.evidence
    held = bool(items) and all(head.extent.covers(each.extent) for each in items)
    if not held or finding.verdict or len(items) != len(children(head.document, head.clause)):
        return []
    names = "、".join(each.clause.title or each.clause.label for each in items)
    return [Line(f"“{head.clause.title}”下共{len(items)}条：{names}。{mark(head)}")]


def _place(evidence: Evidence) -> str:
    """Where the clause stands, by the headings above it."""
    return f"（{' › '.join(evidence.clause.path)}）" if evidence.clause.path else ""


def _lead_note(finding: Finding, evidence: Evidence) -> list[Line]:
    """Who leads is said only where the document says it."""
    asked = re.search(r"牵头|主责|领头|为主", finding.question.text)
    if not asked or not evidence.units or finding.verdict or any(unit.role is Role.LEAD for unit in evidence.units):
        return []
    return [Line("文件没有写明牵头单位，列在第一位不等于牵头。")]


def _shared_units(evidence: Sequence[Evidence]) -> str:
    """What the responsible units of several clauses have in common."""
    shared = [name for name in evidence[0].unit_names if all(name in item.unit_names for item in evidence[1:])]
    clauses = "、".join(mark(item) for item in evidence)
    return f"{clauses}共同的责任单位：{'、'.join(shared)}。" if shared else f"{clauses}没有共同的责任单位。"


def _child_name(evidence: Evidence, label: str, title: str) -> str:
    return f"{label} {title}" if title else label


def _tasks(finding: Finding) -> Draft:
    if "separately" in finding.values:
        return _separately(finding)
    subject = "、".join(finding.units)
    count = len(finding.evidence)
    listed = listing(finding.evidence)
    if not count:
        head = f"没有：{finding.statement}一项也没有。" if finding.statement else f"文件的责任单位名单里没有{subject}。"
        return Draft((Line(head, echo=True),), _figures(finding), head)
    if "extreme" in finding.values:
        head = (
            f"{subject}各有{finding.values[1]}项任务：{listed}。"
            if len(finding.units) > 1
            else f"{subject}共有{finding.values[1]}项任务：{listed}。"
        )
    elif "few" in finding.values:
        head = f"任务数为{finding.values[1]}的单位共{len(finding.units)}家：{subject}。"
    elif "ranking" in finding.values:
        head = finding.statement
    elif "among" in finding.values:
        head = f"其中有{subject}的共{count}项：{listed}。"
    elif finding.statement:
        head = f"{finding.statement}共{count}项：{listed}。"
    else:
        head = duties_of(subject, finding.units, finding.evidence)
    lines = [*verdicts.lines(finding), Line(head, echo=True)]
    for before, item in zip((None, *finding.evidence), finding.evidence, strict=False):
        is_same = before is not None and before.document.id == item.document.id  # named once, above its tasks
        name = called(item) if is_same else name_of(item)
        lines.append(Line(f"- {name}{mark(item)}（{units_phrase(item)}）"))
    return Draft(tuple(lines), _figures(finding), head)


def _separately(finding: Finding) -> Draft:
    """Two units set side by side, what they share said at the end."""
    lines, common = [], [item for item in finding.evidence if set(finding.units) <= set(item.unit_names)]
    for name in finding.units:
        own = [item for item in finding.evidence if name in item.unit_names]
        lines.append(Line(f"{name}共{len(own)}项：" + "、".join(f"{name_of(item)}{mark(item)}" for item in own) + "。"))
    lines += _more(finding)
    shared = "、".join(mark(item) for item in common) or "没有"
    lines.append(Line(f"共同负责的：{shared}。"))
    return Draft(
        tuple(lines),
        _figures(finding),
        first_words([Line("；".join(line.text.rstrip("。") for line in lines[: len(finding.units)]) + "。")]),
    )


def _more(finding: Finding) -> list[Line]:
    """Which of the units has most or fewest, where that is asked."""
    fewest = bool(re.search(r"(?<!多)少", finding.question.text))
    if not (fewest or re.search(r"多(?!少)|比", finding.question.text)):
        return []
    counts = {name: sum(name in item.unit_names for item in finding.evidence) for name in finding.units}
    edge = (min if fewest else max)(counts.values())
    named = [name for name in finding.units if counts[name] == edge]
    if len(named) == len(counts):
        return [Line(f"任务数一样多，各{edge}项。")]
    return [Line(f"任务最{'少' if fewest else '多'}的是{'、'.join(named)}（{edge}项）。")]


def _membership(finding: Finding) -> Draft:
    lines = verdicts.lines(finding)
    if finding.statement:
        lines.append(Line(finding.statement, echo=True))
    for evidence in finding.evidence:
        said = f"的{units_phrase(evidence)}" if evidence.units else "没有写明责任单位"
        lines.append(Line(f"{name_of(evidence)}{said}。{mark(evidence)}"))
    return Draft(tuple(lines), _figures(finding), lines[0].text)


def _about(finding: Finding) -> Draft:
    lines = verdicts.lines(finding)
    source = "".join(dict.fromkeys(titled(item) for item in finding.evidence))
    lines.append(
        Line(
            (f"{source}：" if source and not finding.statement.startswith("《") else "")
            + finding.statement
            + "".join(map(mark, finding.evidence))
        )
    )
    if finding.kind is Kind.DOC_META:
        for evidence in finding.evidence:
            lines += quote_lines(evidence, whole=True)
    return Draft(tuple(lines), _figures(finding), finding.statement)


def _cross_level(finding: Finding) -> Draft:
    lines = []
    for evidence in finding.evidence:
        document = evidence.document
        source = "目前只有要点，非原文" if document.form is Form.FACT_SHEET else "原文在库"
        lines.append(Line(f"《{document.title}》（{document.number or '文号不详'}，{source}）：{mark(evidence)}"))
        lines += quote_lines(evidence, whole=True)
        if evidence.units:
            lines.append(Line(f"{units_phrase(evidence)}。{mark(evidence)}"))
    return Draft(tuple(dict.fromkeys(lines)), _figures(finding), _short(finding))


def _small_talk(finding: Finding) -> Draft:
    thanks = re.search(r"谢|辛苦|再见|拜拜", finding.question.text)
    text = (
        "不客气，有政策问题随时问我。"
        if thanks
        else "您好！请直接说您想办的事或想查的条款，我来找对应的任务和责任单位。"
    )
    return Draft((Line(text),), (), text)


def _figures(finding: Finding) -> tuple[str, ...]:
    """Counts that the templates may state."""
    counts = {
        str(len(finding.evidence)),
        str(len(finding.units)),
        "12345",
        *re.findall(r"\d+(?:\.\d+)?", " ".join(finding.values)),
    }
    for evidence in (*finding.evidence, *finding.nearest):
        counts |= {str(len(evidence.units)), *re.findall(r"\d+", evidence.clause.label)}
    for reason in finding.verdict.reasons if finding.verdict else ():
        counts |= set(re.findall(r"\d+", reason))
    counts |= part_counts(finding.units[:1], finding.evidence)
    for name in finding.units:
        counts.add(str(sum(name in item.unit_names for item in finding.evidence)))
    return tuple(sorted(counts))


def _short(finding: Finding) -> str:
    """One line to read aloud."""
    said = []
    for evidence in finding.evidence[:2]:
        units = f"，责任单位：{'、'.join(evidence.unit_names)}" if evidence.units else f"：{_point(evidence)}"
        said.append(f"{name_of(evidence)}{units}")
    return "；".join(said).rstrip("。；") + "。"


def _point(evidence: Evidence) -> str:
    """The sentence that answers, or the clause's first sentences, never cut inside one."""
    document = evidence.document
    if evidence.focus:
        return re.sub(r"\s+", "", _sentence_around(document, evidence.focus[0], evidence.extent).of(document.text))
    text, said = re.sub(r"\s+", "", evidence.clause.span.of(document.text)), ""
    for sentence in re.findall(r"[^。！？]+[。！？]?", text):
        if said and len(said) + len(sentence) > 90:
            break
        said += sentence
    return said


def first_words(lines: Sequence[Line]) -> str:
    """What is read aloud when the short form did not pass the check: the answer's own first line."""
    return re.sub(r"〔[^〔〕\d][^〔〕]*〕|\*\*|^> ", "", lines[0].text)


_TEMPLATES: dict[Kind, Callable[[Finding], Draft]] = {
    Kind.MEASURE_TO_UNIT: _measure,
    Kind.CLAUSE_BY_NUMBER: _clauses,
    Kind.CLAUSE_BY_PHRASE: _clauses,
    Kind.FACT: _clauses,
    Kind.UNIT_TO_TASKS: _tasks,
    Kind.JOINT_UNITS: _tasks,
    Kind.MEMBERSHIP: _membership,
    Kind.DOC_META: _about,
    Kind.OVERVIEW: _about,
    Kind.UNIT_RECORD: _about,
    Kind.CROSS_LEVEL: _cross_level,
    Kind.SMALL_TALK: _small_talk,
}


def repair_notes(evidence: Iterable[Evidence]) -> list[str]:
    """What was mended in the cited places, so that a quotation never silently differs from the source."""
    notes = []
    for item in evidence:
        for repair in item.document.repairs:
            if item.extent.overlaps(repair.span) and item.extent.end - item.extent.start <= 2 * WHOLE_CLAUSE:
                notes.append(repair_note(item.clause.label, repair))
    return list(dict.fromkeys(notes))


def repair_note(label: str, repair: Repair) -> str:
    """One repair in a sentence."""
    sure = "确定" if repair.certainty == "sure" else "可能"
    return f"{label}原文残缺：“{repair.found}”应为“{repair.repaired}”（规则：{repair.rule}，{sure}）"


def followups(finding: Finding, known: Sequence[str] = ()) -> list[str]:
    """Questions that the structure itself suggests, at most three; none that the answer has just answered."""
    suggestions: list[str] = []
    for evidence in (finding.evidence or [item for item in finding.nearest if item.clause.task is not None])[:1]:
        clause = evidence.clause
        others = [name for name in evidence.unit_names if name not in finding.units]
        if finding.refused and clause.task is not None:
            suggestions.append(f"第{clause.task}项由哪些单位负责？")
        elif finding.kind is Kind.MEMBERSHIP and clause.task is not None:
            suggestions.append(f"第{clause.task}项的原文是什么？")
        suggestions += [f"{name}还负责哪些任务？" for name in others[:1]]
        if clause.task is not None and finding.kind is not Kind.CROSS_LEVEL:
            suggestions.append(f"国家文件对“{clause.title}”怎么说？" if clause.title else "国家文件怎么说？")
        elif len(others) > 1:
            suggestions.append(f"{others[0]}和{others[1]}共同负责哪几项？")
    return [text for text in dict.fromkeys(suggestions) if text not in known][:3]
