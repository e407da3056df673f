"""Questions about the document itself: 文号, issuer, date, addressees, basis, title, validity, how many tasks."""

import re
from collections.abc import Callable

from assistant.asked.numbering import numbered
from assistant.asked.question import Question
from assistant.found.evidence import cite
from assistant.found.finding import Evidence, Finding, Kind, Reason, Verdict
from assistant.found.scope import Scope
from assistant.found.standing import Standing, chinese_date, clause_of
from ingest.document import Document, Part, Reference
from ingest.fold import chinese_number

_NAMES = {
    "number": "文号",
    "expires_on": "有效期",
    "addressees": "主送单位",
    "issuer": "发文单位",
    "issued_on": "成文日期",
    "effective_on": "施行日期",
    "basis": "依据",
    "title": "标题",
}


def find(question: Question, scope: Scope) -> Finding | None:
    """The document's own data, each value with the place that proves it; a refusal for what it does not state."""
    document = scope.home
    if document is None:
        return None
    if counted := _counts(question, document) or _all_tasks(question, document):
        return counted
    fields = [field for field in question.meta if _about_document(field, question)]
    if not fields and _NUMBER.search(question.text) and (question.upper_level or question.own) and question.claim:
        fields = ["number"]
    if not fields:
        return None
    if _about_reference(question, fields):
        return _reference(question, document, fields)
    field = fields[0]
    noted = dict(document.noted)
    if field == "expires_on" and (grounds := noted.get("status") or noted.get("expires_on")):
        return _held_to(question, document, scope.standings.get(document.id, Standing(document)), grounds)
    if field in noted:
        return _put_right(question, document, field, noted[field])
    if field == "expires_on" and (known := scope.standings.get(document.id)) and (proof := _proof_of(known)):
        verdict = Verdict(not known.ended, (known.said,)) if question.claim or question.yes_no else None
        statement = f"《{document.title}》{known.said}。"
        return Finding(Kind.DOC_META, question, proof, statement=statement, values=(field,), verdict=verdict)
    return _FIELDS[field](question, document)


def _about_document(field: str, question: Question) -> bool:
    """Whether the wording is about the document rather than about a topic in it."""
    if field == "basis" and question.units:
        return False
    leftover = re.sub(
        r"等\d*|文件|东西|意见|通知|政策|方案|文号|日期|时间|年份|字号|单位|名义|正式|全称|原|国家|商务厅|商务部|省级|省里|省|湖北|武汉|市|上面|层面|一级|指导|实施|发|印|出|文|本|自己|作为|当时|最初|最终|它|年|月|日|什么时候|何时|哪天",
        "",
        question.topic,
    )
    if field in ("number", "addressees", "basis", "expires_on"):
        return len(leftover) <= 6 or question.own
    return len(leftover) <= 1 or question.own


def _about_reference(question: Question, fields: list[str]) -> bool:
    if question.upper_level and not question.own:
        return True
    return "basis" in fields and bool({"number", "title"} & set(fields))


def _reference(question: Question, document: Document, fields: list[str]) -> Finding:
    """文号 or title of a document that this one cites as its basis."""
    basis = _basis_references(document)
    wanted = [reference for reference in basis if _of_level(reference, question.upper_level)]
    told = ("number", "title", "basis", "issuer") if question.claim else ("number", "title", "basis")
    asked = [field for field in fields if field in told]
    if not wanted or not asked:
        missing = "、".join(_NAMES[field] for field in fields)
        return Finding(Kind.UNANSWERABLE, question, reason=Reason.NOT_STATED, missing=missing)
    evidence = {clause.clause.id: clause for reference in wanted if (clause := _clause_at(document, reference))}
    written = _NUMBER.findall(re.sub(r"\s", "", question.text))
    verdict = (
        Verdict(set(written) <= {reference.number for reference in wanted}) if question.claim and written else None
    )
    if question.claim and "issuer" in asked:
        figures = re.findall(r"\d+", question.text)
        verdict = Verdict(all(figure in re.findall(r"\d+", wanted[0].title) for figure in figures))
    statement = "；".join(
        f"《{reference.title}》" + (f"（{reference.number}）" if reference.number else "（文中未写文号）")
        for reference in wanted
    )
    return Finding(
        Kind.DOC_META,
        question,
        tuple(evidence.values()),
        statement=f"文中引用的依据文件：{statement}。",
        values=("basis",),
        verdict=verdict,
    )


_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,12}?发?〔\d{4}〕\d+号")


def _basis_references(document: Document) -> list[Reference]:
    """What the whole document rests on: cited in its preamble; where there is none, anywhere."""
    basis = [reference for reference in document.references if reference.relation in ("依据", "落实")]
    opening = [clause.span for clause in document.clauses if clause.part is Part.PREAMBLE]
    return [reference for reference in basis if any(span.covers(reference.span) for span in opening)] or basis


def _of_level(reference: Reference, level: str | None) -> bool:
    if level is None:
        return True
    provincial = bool(re.match(r"(?:湖北)?省|.{2,3}省", reference.title)) or bool(
        re.match(r"[鄂]", reference.number or "")
    )
    return provincial if level == "省" else not provincial


def _clause_at(document: Document, reference: Reference) -> Evidence | None:
    clause = next((clause for clause in document.clauses if clause.span.covers(reference.span)), None)
    return cite(document, clause) if clause else None


def _proof(document: Document, field: str, *parts: Part) -> tuple[Evidence, ...]:
    """The clause where the field is stated: by its recorded span, else by the part where such a thing stands."""
    span = dict(document.spans).get(field)
    for clause in document.clauses:
        if (span and clause.span.covers(span)) or (not span and clause.part in parts):
            return (cite(document, clause, (span,) if span else ()),)
    return ()


def _proof_of(known: Standing) -> tuple[Evidence, ...]:
    """Where it is said that the document has ended or until when it holds: in itself, or in the one that repealed it."""
    if known.by is not None:
        clause = clause_of(known)
        return (cite(known.by, clause, (known.at,) if known.at else ()),) if clause else ()
    document = known.document
    return _proof(document, "expires_on") or _proof(document, "effective_on") or _proof(document, "status")


def _stated(field: str, sentence: str, *parts: Part) -> Callable[[Question, Document], Finding]:
    def answer(question: Question, document: Document) -> Finding:
        value = getattr(document, field)
        proof = _proof(document, field, *parts)
        if not value or (not proof and field not in ("status",)):
            return _not_stated(question, document, field)
        shown = "、".join(value) if isinstance(value, tuple) else str(value)
        shown = chinese_date(shown) if field.endswith("_on") else shown
        verdict = _claim_about(question, shown) if question.claim else None
        return Finding(
            Kind.DOC_META, question, proof, statement=sentence.format(shown), values=(field,), verdict=verdict
        )

    return answer


def _put_right(question: Question, document: Document, field: str, grounds: str) -> Finding:
    """What an editor knows better than the text: told as the editor's, with the grounds."""
    value = getattr(document, field)
    if not value:
        return _not_stated(question, document, field)
    shown = chinese_date(value) if field.endswith("_on") else str(value)
    verdict = _claim_about(question, shown) if question.claim else None
    return _by_an_editor(question, document, field, f"{_NAMES[field]}：{shown}。", grounds, verdict)


def _held_to(question: Question, document: Document, known: Standing, grounds: str) -> Finding:
    """Whether the document still stands, where an editor has said so."""
    verdict = Verdict(not known.ended, (known.said,)) if question.claim or question.yes_no else None
    return _by_an_editor(question, document, "expires_on", f"《{document.title}》{known.said}。", grounds, verdict)


def _by_an_editor(
    question: Question, document: Document, field: str, statement: str, grounds: str, verdict: Verdict | None
) -> Finding:
    """The evidence says only which document it is: its text proves nothing here."""
    opening = _proof(document, "title") or tuple(cite(document, clause) for clause in document.clauses[:1])
    note = f"{_NAMES[field]}由编辑核实，依据：{grounds}"
    return Finding(
        Kind.DOC_META, question, opening, statement=statement, values=(field,), verdict=verdict, notes=(note,)
    )


def _claim_about(question: Question, value: str) -> Verdict:
    """这个文件是市政府发的吧, 2020年发的吧: the claim holds when its figures, or the value itself, agree."""
    figures = re.findall(r"\d+", question.text)
    if figures and re.search(r"\d", value):
        return Verdict(all(figure in re.findall(r"\d+", value) for figure in figures))
    core = re.sub(r"^武汉市|^湖北省|^市|^省", "", value)
    return Verdict(core in question.text)


def _not_stated(question: Question, document: Document, field: str) -> Finding:
    nearest = _proof(document, "issued_on", Part.SIGNATURE)
    return Finding(
        Kind.UNANSWERABLE, question, reason=Reason.NOT_STATED, missing=_NAMES.get(field, field), nearest=nearest
    )


def _title(question: Question, document: Document) -> Finding:
    if document.title_derived:
        return _not_stated(question, document, "title")
    return _stated("title", "这份文件的标题是《{}》。")(question, document)


def _basis(question: Question, document: Document) -> Finding:
    return _reference(question, document, ["basis"])


_FIELDS: dict[str, Callable[[Question, Document], Finding]] = {
    "number": _stated("number", "这份文件的文号是{}。"),
    "expires_on": _stated("expires_on", "文件写明有效期至{}。"),
    "addressees": _stated("addressees", "主送单位：{}。", Part.ADDRESS),
    "issuer": _stated("issuer", "发文单位（落款）：{}。", Part.SIGNATURE),
    "issued_on": _stated("issued_on", "成文日期：{}。", Part.SIGNATURE),
    "effective_on": _stated("effective_on", "文件写明自{}起施行。"),
    "basis": _basis,
    "title": _title,
}

_COUNT_TASKS = re.compile(
    r"(?:总共|一共|共有|共|总计|合计|有|多少|几).{0,10}(?:项|条|个|点).{0,6}(?:任务|工作)|(?:任务|工作任务|措施).{0,8}(?:多少|几)(?:项|条|个)|任务[^,。?]{0,6}(?:\d+|[一二三四五六七八九十]+)(?:项|条|个)|(?:多少|几)(?:个|大)?(?:方面|部分|大类|板块|组)"
)


def _counts(question: Question, document: Document) -> Finding | None:
    """任务一共有几项: counted from the outline, cited by the heading that holds them."""
    text = question.text
    if question.units or question.unknown_body or not _COUNT_TASKS.search(text) or not numbered(document):
        return None
    if not (re.search(r"多少|几", text) or (question.claim and not re.search(r"第", text))):
        return None
    if re.search(r"单位|部门|家|哪|谁|保障", text) or len(_bare(question.topic)) > 3:
        return None
    tasks = numbered(document)
    holders = dict.fromkeys(task.path[0] for task in tasks if task.path)
    groups = list(dict.fromkeys(task.path[:2] for task in tasks if len(task.path) > 1))
    heading = next((clause for clause in document.clauses if clause.span.of(document.text).strip() in holders), None)
    if heading is None:
        return None
    parts = f"，分{len(groups)}个方面：{'；'.join(path[1] for path in groups)}" if groups else ""
    statement = f"{heading.title or '任务'}共{len(tasks)}项{parts}。"
    claimed = _claimed_count(question) if question.claim else None
    verdict = Verdict(claimed in (len(tasks), len(groups))) if claimed else None
    values = (str(len(tasks)), str(len(groups)))
    return Finding(
        Kind.OVERVIEW, question, (cite(document, heading),), statement=statement, values=values, verdict=verdict
    )


_ALL_TASKS = re.compile(
    r"任务(?:都|一共|总共|分别)?(?:有|是|包括)(?:哪|什么)|(?:全部|所有|各项|整个)(?:的)?(?:工作|重点|主要)?任务|任务(?:清单|列表|一览|目录)"
)


def _all_tasks(question: Question, document: Document) -> Finding | None:
    """工作任务有哪些: each by its number and name, cited by the heading and the tasks themselves."""
    tasks = document.tasks()
    narrowed = (
        question.units
        or question.unknown_body
        or question.claim
        or question.numbers
        or question.phrases
        or question.upper_level
    )
    if narrowed or _bare(question.topic) or not tasks or not _ALL_TASKS.search(question.text):
        return None
    if re.search(r"单位|部门|谁|最|家|方面|没有", question.text):
        return None
    named = "；".join(f"{task.task}.{task.title}" for task in tasks)
    evidence = tuple(cite(document, task) for task in tasks)
    values = tuple(str(task.task) for task in tasks)
    statement = f"任务共{len(tasks)}项：{named}。"
    return Finding(Kind.OVERVIEW, question, evidence, statement=statement, values=(str(len(tasks)), *values))


def _claimed_count(question: Question) -> int | None:
    match = re.search(r"(\d+|[一二三四五六七八九十]+)(?:大)?(?:项|条|个|点|方面)", question.text)
    return chinese_number(match.group(1)) if match else None


def _bare(topic: str) -> str:
    return re.sub(r"工作|任务|文件|意见|方面|部分|大类|板块|措施|\d+|[一二三四五六七八九十分总计合成大]", "", topic)
