"""Answer → what people see: Markdown with marks that jump to their evidence, evidence cards in HTML, and three copy forms.

Everything that comes from a document or a user is escaped here, once.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from html import escape

from assistant.answer import Answer, Citation
from assistant.found.standing import WARNING
from assistant.model.explain import HEADING
from assistant.said.compose import WEAK as WEAK_LINE
from assistant.said.compose import repair_note
from assistant.screens.markup import chip_list, copy_button, link_button, marked, reader_link, reference_to, repair_list
from ingest.document import Document, Form, Repair, Status
from ingest.errors import KnowledgeBaseError

WEAK = 0.6
"""Confidence below which the user is told, above the answer, to check the text."""
_OPEN_CARDS = 4
_MOST_CARDS = 60
_MARK = re.compile(r"〔([^〔〕\d][^〔〕]{0,20})〕")
_ADDRESSES = re.compile(r"(?<=www)\.|(?<=http)s?:|(?<=ftp):|@", re.IGNORECASE)
_SIGNS = re.compile(r"([\\`_\[\]{}~$|])")
_WEAK_SENTENCE = "依据不够充分：下面的条款只是可能相关，请先核对原文再答复。"
Library = Callable[[str], Document]


def markdown(answer: Answer, turn: int = 0) -> str:
    """The answer for the chat; every mark is a link to its card. Weak evidence and a document that has ended are said above it."""
    text = _linked(_literal(answer.answer).replace("&gt; ", "> "), answer.citations, turn)
    composed = (
        f"**{_WEAK_SENTENCE}**\n\n{text}"
        if is_weak(answer) and text and not answer.answer.startswith(WEAK_LINE)
        else text
    )
    warned = [f"**{_literal(note)}**" for note in _warnings(answer)]
    return "\n\n".join([*warned, composed, *_explained(answer, turn)])


def _explained(answer: Answer, turn: int) -> list[str]:
    """What a language model adds, under its own heading: never to be taken for the answer."""
    if not (answer.explanation or answer.explanation_note):
        return []
    lines = [_linked(_literal(line), answer.citations, turn) for line in answer.explanation.split("\n") if line]
    return ["---", f"**{HEADING}**", *lines, *([_literal(answer.explanation_note)] if answer.explanation_note else [])]


def said(question: str) -> str:
    """A user's words for the chat: shown as typed, never read as Markdown."""
    return re.sub(r"(&#?\w+;)|([*#>+\-.!()])", lambda sign: sign.group(1) or f"\\{sign.group(2)}", _literal(question))


def is_weak(answer: Answer) -> bool:
    return bool(answer.citations) and not answer.refused and answer.confidence < WEAK


def cards(answer: Answer, turn: int, library: Library) -> str:
    """The evidence beside the chat: one card a citation; what lies nearest to a refusal stands under its own heading."""
    shown = [(citation, _as_cited(citation, library)) for citation in answer.citations[:_MOST_CARDS]]
    parts = [
        _card(_proving(citation, answer, document), _anchor(turn, number), document, is_open=number < _OPEN_CARDS)
        for number, (citation, document) in enumerate(shown)
    ]
    if len(answer.citations) > _MOST_CARDS:
        parts.append(
            f'<p class="empty">引用共 {len(answer.citations)} 条，这里列出前 {_MOST_CARDS} 条；全部条款见<a href="/matrix">分工表</a>。</p>'
        )
    if answer.nearest and answer.refused:
        parts.append('<div class="nearest"><h3>最接近的条款（没有回答本问题）</h3>')
        parts += [
            _card(replace(citation, focus=()), f"near-{turn}-{number}", _as_cited(citation, library))
            for number, citation in enumerate(answer.nearest)
        ]
        parts.append("</div>")
    if not answer.citations and not (answer.nearest and answer.refused):
        parts.append('<p class="empty">没有可以引用的条款。</p>')
    told = _noted_on_cards(answer, library)
    below = [note for note in answer.notes if note not in told and not note.startswith(WARNING)]
    lines = below + [answer.as_of] * bool(answer.as_of)
    if lines:
        listed = "".join(f"<li>{escape(line)}</li>" for line in lines)
        parts.append(f'<section class="notes"><h3>说明</h3><ul>{listed}</ul></section>')
    return "".join(parts)


def _proving(citation: Citation, answer: Answer, document: Document | None) -> Citation:
    """Where units are asserted and nothing narrower is quoted, the place that names them is highlighted."""
    if citation.focus or not answer.units or document is None:
        return citation
    named = [each.span for each in document.responsibilities if each.clause_id == citation.clause_id]
    return replace(citation, focus=tuple(span for span in named if citation.span.covers(span)))


def _noted_on_cards(answer: Answer, library: Library) -> set[str]:
    """Repairs that the cards tell of beside the damaged place itself."""
    found = set()
    for citation in answer.citations[:_MOST_CARDS]:
        document = _as_cited(citation, library)
        for repair in document.repairs if document else ():
            if citation.span.covers(repair.span):
                found.add(repair_note(citation.label, repair))
    return found


def panel(current: str, earlier: Sequence[tuple[str, str]] = ()) -> str:
    """The column beside the chat: this question's evidence, and below it that of earlier questions, folded away."""
    folded = "".join(
        f'<details class="earlier"><summary>前面的依据：{escape(question)}</summary>{body}</details>'
        for question, body in reversed(earlier)
    )
    return f'<section class="evidence" aria-label="依据"><h2>依据</h2>{current}{folded}</section>'


def notice(sentence: str, *, role: str = "status") -> str:
    """The column with one sentence in it: nothing asked yet, searching, or an error."""
    return panel(f'<p class="empty" role="{role}">{escape(sentence)}</p>')


def scope_line(documents: Iterable[Document]) -> str:
    """How many documents, as of when: what an answer can rest on."""
    every = list(documents)
    held = [document for document in every if document.form is Form.ORIGINAL]
    dates = sorted(document.issued_on for document in held if document.issued_on)
    latest = f"，最新成文 {dates[-1]}" if dates else ""
    sheets = f"，另有 {len(every) - len(held)} 份只有要点" if len(held) < len(every) else ""
    names = f"：{held[0].title}" if len(held) == 1 else ""
    return escape(f"库内原文 {len(held)} 份{names}{latest}{sheets}。只依据这些文件回答，不联网。")


def holdings(documents: Iterable[Document]) -> str:
    """What the collection holds, shown before anything is asked."""
    held: list[Document] = []
    sheets: list[Document] = []
    for document in documents:
        (held if document.form is Form.ORIGINAL else sheets).append(document)
    lists = [f'<p class="empty">答案引用的条款会显示在这里。</p><h3>库内原文 {len(held)} 份</h3>{_titles(held[:20])}']
    if sheets:
        lists.append(
            f"<details><summary>只有要点、没有原文的文件 {len(sheets)} 份</summary>{_titles(sheets[:60])}</details>"
        )
    return panel("".join(lists))


def copy_bar(answer: Answer) -> str:
    """Three buttons that put the answer on the clipboard."""
    forms = (("纯文本", plain(answer)), ("带出处", with_citations(answer)), ("热线短句", answer.hotline))
    buttons = "".join(copy_button(name, text) for name, text in forms if text)
    return f'<div class="copybar" role="group" aria-label="复制答案"><span class="bar-label">复制</span>{buttons}</div>'


def plain(answer: Answer) -> str:
    """The answer without Markdown signs, to paste anywhere; what has ended is said above it there, too."""
    return "\n\n".join([*_warnings(answer), re.sub(r"^> |\*\*", "", answer.answer, flags=re.MULTILINE)])


def _warnings(answer: Answer) -> list[str]:
    return [note for note in answer.notes if note.startswith(WARNING)]


def with_citations(answer: Answer) -> str:
    """The answer followed by its sources and their date, to paste into a paper."""
    sources = [f"[{number}] {reference(citation)}" for number, citation in enumerate(answer.citations, 1)]
    dated = [answer.as_of] if answer.as_of and sources else []
    return "\n".join([plain(answer), *(["", "依据："] if sources else []), *sources, *dated])


def reference(citation: Citation) -> str:
    """One source in a line: title, 文号, clause."""
    form = "" if citation.form == Form.ORIGINAL else f"［{citation.form}］"
    return reference_to(citation.document_title, citation.number, citation.label, citation.title) + form


def _literal(text: str) -> str:
    """Text in which nothing is Markdown or HTML, and no address becomes a link that leads off this machine."""
    plain_signs = _SIGNS.sub(r"\\\1", escape(text, quote=False))
    return _ADDRESSES.sub(lambda match: f"{match.group(0)[:-1]}&#{ord(match.group(0)[-1])};", plain_signs)


def _linked(text: str, citations: Sequence[Citation], turn: int) -> str:
    """Every mark leads to its card; where documents share a label, marks and cards stand in the same order."""
    anchors: dict[str, list[str]] = {}
    for number, citation in enumerate(citations[:_MOST_CARDS]):
        anchors.setdefault(citation.label, []).append(_anchor(turn, number))
    total = Counter(match.group(1) for match in _MARK.finditer(text))
    seen: Counter[str] = Counter()

    def link(match: re.Match[str]) -> str:
        label = match.group(1)
        targets = anchors.get(label)
        if targets is None:
            return match.group(0)
        target = targets[min(seen[label] * len(targets) // total[label], len(targets) - 1)]
        seen[label] += 1
        return f'<a class="mark" href="#{target}">{match.group(0)}</a>'

    return _MARK.sub(link, text)


def _anchor(turn: int, number: int) -> str:
    return f"evidence-{turn}-{number}"


def _titles(documents: Sequence[Document]) -> str:
    lines = []
    for document in documents:
        is_stated = document.status is not Status.UNSTATED
        status = str(document.status) if is_stated else "未注明是否有效" if document.form is Form.ORIGINAL else ""
        facts = "，".join(each for each in (document.number, document.issued_on, status) if each)
        link = f'<a href="{reader_link(document.id)}">{escape(document.title)}</a>'
        lines.append(f"<li>{link}<small>{escape(facts)}</small></li>")
    return f'<ul class="holdings">{"".join(lines)}</ul>'


def _card(citation: Citation, anchor: str, document: Document | None, *, is_open: bool = True) -> str:
    badge = f"任务 {citation.task}" if citation.task is not None else citation.label
    form = "" if citation.form == Form.ORIGINAL else f'<span class="sheet">{escape(citation.form)}</span>'
    number = f"（{escape(citation.number)}）" if citation.number else ""
    place = f" · {escape(citation.section)}" if citation.section != citation.label else ""
    if document is None:
        body, repairs = escape(citation.quote).replace("\n", "<br>"), list[Repair]()
        body += '<p class="empty">这份文件此后已更新或移出知识库，这里是当时引用的原文。</p>'
    else:
        repairs = [repair for repair in document.repairs if citation.span.covers(repair.span)]
        body = marked(document, citation.span, citation.focus)
    link = reader_link(citation.document_id, citation.clause_id, citation.focus)
    copied = f"{reference(citation)}\n{citation.quote.strip()}"
    return (
        f'<article class="card" id="{anchor}" tabindex="-1"><header><span class="badge">{escape(badge)}</span>'
        f"<h3>{escape(citation.title or citation.label)}</h3>{form}</header>{_units(citation)}"
        f"<details{' open' if is_open else ''}><summary>{'原文' if not form else '要点'}</summary><blockquote>{body}</blockquote>{repair_list(repairs)}</details>"
        f"<footer><p>{escape(citation.document_title)}{number}{place}</p>"
        f'<a class="open" href="{link}">在文件中查看</a>{copy_button("复制引用", copied)}'
        f"{link_button(reader_link(citation.document_id, citation.clause_id))}</footer></article>"
    )


def _as_cited(citation: Citation, library: Library) -> Document | None:
    """The document, where it still says at this place what was quoted."""
    try:
        document = library(citation.document_id)
    except KnowledgeBaseError:
        return None
    return document if citation.span.of(document.text) == citation.quote else None


def _units(citation: Citation) -> str:
    if not citation.units:
        return '<p class="nounit">这一条没有写明责任单位</p>' if citation.form == Form.ORIGINAL else ""
    chips = chip_list(citation.units, citation.document_id)
    return f'<p class="count">责任单位 {len(citation.units)} 家</p><ul class="chips" aria-label="责任单位">{chips}</ul>'
