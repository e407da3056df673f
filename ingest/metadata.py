"""Title, 文号, issuers, dates, level, region, addressees and validity, each with the span that proves it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.citation import official_number
from ingest.dates import iso_date
from ingest.document import Span, Status
from ingest.regions import place_of
from ingest.texts import NumberedText
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
    for one in _covers_and_main(texts):
        opening, signature = one.opening, one.division.signature
        for name, span in (
            ("title", opening.title),
            ("number", opening.number),
            ("addressees", opening.addressees),
            ("issued_on", signature.date if signature else None),
        ):
            if span:
                spans.setdefault(name, span)
        if signature and signature.issuers:
            spans.setdefault("issuer", Span(signature.issuers[0].start, signature.issuers[-1].end))
    title = _packed(text, spans.get("title"))
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


def _covers_and_main(texts: Sequence[NumberedText]) -> Iterable[NumberedText]:
    """The texts up to the first one with numbered clauses; an annex says nothing about the document."""
    for one in texts:
        if one.division.annex and one is not texts[0]:
            return
        yield one
        if one.headings:
            return


def _packed(text: str, span: Span | None) -> str:
    return "".join(span.of(text).split()) if span else ""


_TITLE_ISSUER = re.compile(
    r"^(?P<issuer>[\u4e00-\u9fff、等\d]{2,60}?(?:政府|办公厅|办公室|厅|局|委员会|委|部|院|小组|指挥部|总署|部门))(?:关于|印发|转发)"
)


def _issuer(text: str, texts: Sequence[NumberedText], title: str) -> str | None:
    """The bodies that signed, in order; without a signature those that the title names."""
    signature = next((one.division.signature for one in _covers_and_main(texts) if one.division.signature), None)
    if signature and signature.issuers:
        names = []
        for span in signature.issuers:
            parts = split_names(text, span.start, span.end)
            whole = parts and parts[0].start == span.start and parts[-1].end == span.end
            names += [part.of(text) for part in parts] if whole else [span.of(text)]
        return "、".join("".join(name.split()) for name in names)
    match = _TITLE_ISSUER.match(title)
    return match["issuer"] if match else None


_SEPARATOR = re.compile(r"[，,、；;\s]+(?![^（(]*[）)])")


def _addressees(written: str) -> tuple[str, ...]:
    return tuple(name for name in _SEPARATOR.split(written) if name)
