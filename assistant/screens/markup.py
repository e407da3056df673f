"""A stretch of a document as HTML: cited places highlighted, damaged places shown as they stand, with the repair beside them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from urllib.parse import quote, urlencode

from assistant.found.roles import BESIDE
from ingest.document import Certainty, Document, Repair, Span, Unit

_MOST_PLACES, _LONGEST_QUERY = 40, 200
_READ = {Certainty.SURE: "应为", Certainty.PROBABLE: "疑为"}
_CERTAINTY = {Certainty.SURE: "确定", Certainty.PROBABLE: "可能"}


@dataclass(frozen=True)
class Named:
    """Another document named at ``span``: its address in the reader, or none; ``said`` tells what is held of it."""

    span: Span
    link: str
    said: str


def marked(document: Document, span: Span, focus: Iterable[Span] = (), named: Iterable[Named] = ()) -> str:
    """``document.text`` at ``span``; every character of it is shown, and what is added is set apart as 〔应为…〕 or 〔疑为…〕.

    Documents that the text names become links; where one is not held, that is said behind its name.
    """
    pieces, at = [], span.start
    for each in sorted(named, key=lambda each: each.span):
        if each.span.start < at or each.span.end > span.end:
            continue
        pieces.append(_highlighted(document, Span(at, each.span.start), focus))
        inner = _highlighted(document, each.span, focus)
        name = (
            f'<a class="named" href="{each.link}">{inner}</a>' if each.link else f'<span class="named">{inner}</span>'
        )
        pieces.append(f'{name}<span class="held">{escape(each.said)}</span>')
        at = each.span.end
    return "".join([*pieces, _highlighted(document, Span(at, span.end), focus)])


def _highlighted(document: Document, span: Span, focus: Iterable[Span]) -> str:
    places = [place for place in focus if place.overlaps(span)]
    repairs = [repair for repair in document.repairs if span.covers(repair.span)]
    cuts = {span.start, span.end}
    for place in (*places, *(repair.span for repair in repairs)):
        cuts |= {min(max(place.start, span.start), span.end), min(max(place.end, span.start), span.end)}
    edges = sorted(cuts)
    pieces = []
    for start, end in pairwise(edges):
        pieces.append(_piece(document.text, Span(start, end), places, repairs))
    return "".join(pieces)


def repair_list(repairs: Sequence[Repair]) -> str:
    """The repairs in words, with rule and certainty; empty when there are none."""
    lines = "".join(
        f"<li>“{escape(repair.found)}”{_READ[repair.certainty]}“{escape(repair.repaired)}”"
        f"<small>规则：{escape(repair.rule)}，{_CERTAINTY[repair.certainty]}</small></li>"
        for repair in repairs
    )
    return f'<ul class="repairs" aria-label="修复说明">{lines}</ul>' if lines else ""


def reader_link(document_id: str, clause_id: str = "", focus: Sequence[Span] = (), query: str = "") -> str:
    """The address of a document in the reader, at a clause and with a place highlighted when they are named."""
    places = ",".join(f"{span.start}-{span.end}" for span in focus[:_MOST_PLACES])
    place = f"&amp;focus={places}" if places else ""
    place += f"&amp;q={quote(query[:_LONGEST_QUERY], safe='')}" if query else ""
    return f"/document?doc={quote(document_id, safe='')}{place}" + (f"#{quote(anchor(clause_id))}" if clause_id else "")


def copy_button(label: str, text: str) -> str:
    """A button that puts ``text`` on the clipboard."""
    return f'<button type="button" class="copy" data-copy="{escape(text)}">{escape(label)}</button>'


def link_button(link: str) -> str:
    """A button that copies the whole address of this place, to paste into a paper."""
    return f'<button type="button" class="copy" data-link="{link}">复制链接</button>'


def anchor(clause_id: str) -> str:
    """A clause's place in the reader: its id without the document's."""
    return clause_id.rsplit("#", 1)[-1]


def matrix_link(document_id: str = "", unit: str = "") -> str:
    """The address of the matrix, at a document and a unit when they are named."""
    given = {name: value for name, value in (("doc", document_id), ("unit", unit)) if value}
    return escape("/matrix" + (f"?{urlencode(given)}" if given else ""))


def unit_link(name: str, document_id: str) -> str:
    """A unit's name that leads to its duties in this document."""
    return f'<a href="{matrix_link(document_id, name)}" title="{escape(name)}的全部任务">{escape(name)}</a>'


def chip_list(units: Iterable[Unit], document_id: str = "") -> str:
    """Units as chips, the role said only where it is not plain responsibility; with a document, links."""
    return "".join(
        f'<li class="chip"><span class="name">{unit_link(unit.name, document_id) if document_id else escape(unit.name)}</span>'
        f"{f'<small>{BESIDE[unit.role]}</small>' if unit.role in BESIDE else ''}</li>"
        for unit in units
    )


def reference_to(title: str, number: str | None, label: str, clause_title: str = "") -> str:
    """One source in a line: title, 文号, clause."""
    written = f"（{number}）" if number else ""
    return f"《{title}》{written}{label}" + (f"“{clause_title}”" if clause_title else "")


def _piece(text: str, piece: Span, places: Sequence[Span], repairs: Sequence[Repair]) -> str:
    shown = escape(piece.of(text)).replace("\n", "<br>")
    repair = next((each for each in repairs if each.span.covers(piece)), None)
    if repair is not None:
        shown = f'<span class="damaged">{shown}</span>'
        if repair.span.end == piece.end:
            shown += f'<span class="mended">〔{_READ[repair.certainty]}“{escape(repair.repaired)}”〕</span>'
    return f"<mark>{shown}</mark>" if any(place.covers(piece) for place in places) else shown
