"""Title, 文号, issuers, dates, level, region, addressees and validity, each with the span that proves it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.citation import NUMBER, official_number
from ingest.dates import DATE, iso_date
from ingest.document import Span, Status
from ingest.regions import place_of
from ingest.texts import NumberedText, main_text
from ingest.units import split_names
from ingest.validity import read_validity


@dataclass(frozen=True)
class Metadata:
    """What the text says about itself; ``spans`` maps field names to the place that says so."""

    title: str = ""
    number: str | None = None
    issuer: str | None = None
    issued_on: str | None = None
    level: str | None = None
    region: str | None = None
    addressees: tuple[str, ...] = ()
    status: Status = Status.UNSTATED
    effective_on: str | None = None
    expires_on: str | None = None
    spans: tuple[tuple[str, Span], ...] = ()


def read_metadata(text: str, texts: Sequence[NumberedText]) -> Metadata:
    """Metadata of the first text in the file; a notice without a title takes that of the plan it carries."""
    spans: dict[str, Span] = {}
    for one in _covers_and_main(text, texts):
        opening, signature = one.opening, one.division.signature
        for name, span in (
            ("title", opening.title),
            ("number", opening.number),
            ("addressees", opening.addressees),
            ("issued_on", signature.date if signature else opening.date),
        ):
            if span:
                spans.setdefault(name, span)
        if signature and signature.issuers:
            spans.setdefault("issuer", Span(signature.issuers[0].start, signature.issuers[-1].end))
    title = _packed(text, spans.get("title"))
    if "number" not in spans and (stated := _STATED_NUMBER.search(text, 0, _PAGE_HEAD)):
        spans["number"] = Span(*stated.span("number"))
    if "issued_on" not in spans and (dated := _STATED_DATE.search(text, 0, _PAGE_HEAD)):
        spans["issued_on"] = Span(*dated.span("date"))
    number = official_number(spans["number"].of(text)) if "number" in spans else None
    issuer = _issuer(text, texts, title)
    issued_on = iso_date(spans["issued_on"].of(text)) if "issued_on" in spans else None
    validity = read_validity(text, issued_on)
    level, region = place_of(issuer or "", title, number or "")
    return Metadata(
        title=title,
        number=number,
        issuer=issuer,
        issued_on=issued_on,
        level=level,
        region=region,
        addressees=_addressees(spans["addressees"].of(text)) if "addressees" in spans else (),
        status=validity.status,
        effective_on=validity.effective_on,
        expires_on=validity.expires_on,
        spans=(*spans.items(), *validity.spans),
    )


_PAGE_HEAD = 1200
# the table above the text on a web page: 文 号: | 甲政办〔2031〕1号
_STATED_NUMBER = re.compile(rf"(?:文\s{{0,6}}号|发文字号)[\s:：|]{{1,6}}(?P<number>{NUMBER})")

_STATED_DATE = re.compile(
    rf"(?:成文|发文|印发|生成)(?:日期|时间)[\s:：|]{{1,6}}(?P<date>{DATE}|(?:19|20)\d\d[-/.]\d{{1,2}}[-/.]\d{{1,2}})"
)


def _covers_and_main(text: str, texts: Sequence[NumberedText]) -> Iterable[NumberedText]:
    """The texts up to the main one; an annex says nothing about the document."""
    main = main_text(text, texts)
    for at, one in enumerate(texts):
        if one.division.annex and at:
            return
        yield one
        if at == main:
            return


def _packed(text: str, span: Span | None) -> str:
    return "".join(span.of(text).split()) if span else ""


_TITLE_ISSUER = re.compile(
    r"^(?P<issuer>[\u4e00-\u9fff、等\d]{2,60}?(?:政府|办公厅|办公室|厅|局|委员会|委|部|院|小组|指挥部|总署|部门))(?:关于|印发|转发)"
)


def _issuer(text: str, texts: Sequence[NumberedText], title: str) -> str | None:
    """The bodies that signed, in order; without a signature those that the title names."""
    signature = next((one.division.signature for one in _covers_and_main(text, texts) if one.division.signature), None)
    if signature and signature.issuers:
        names = []
        for span in signature.issuers:
            parts = split_names(text, span.start, span.end)
            whole = parts and parts[0].start == span.start and parts[-1].end == span.end
            names += [part.of(text) for part in parts] if whole else [span.of(text)]
        return "、".join("".join(name.split()) for name in names)
    match = _TITLE_ISSUER.match(title)
    if not match:
        return None
    parts = split_names(title, *match.span("issuer"))  # several bodies one after another in one title
    return "、".join(part.of(title) for part in parts) or match["issuer"]


_SEPARATOR = re.compile(r"(?:[，,；;]|\s(?![（(]))+(?![^（(]*[）)])")


def _addressees(written: str) -> tuple[str, ...]:
    """One by one; 各省、自治区、直辖市人民政府 and 市政府各委、办、局 are one each."""
    names: list[str] = []
    for part in filter(None, map(str.strip, _SEPARATOR.split(written))):
        names += [span.of(part) for span in split_names(part, 0, len(part))] or [part]
    return tuple("".join(name.split()) for name in names)
