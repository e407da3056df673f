"""Title, 文号, issuers, dates, level, region, addressees and validity, each with the span that proves it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.dates import iso_date
from ingest.document import Span
from ingest.frame import Division
from ingest.opening import read_opening
from ingest.regions import place_of


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
    spans: tuple[tuple[str, Span], ...] = ()


def read_metadata(text: str, divisions: Sequence[Division], first_heading: int) -> Metadata:
    """Metadata of the first text in the file; a notice without a title takes that of the plan it carries."""
    spans: dict[str, Span] = {}
    for division in divisions:
        opening = read_opening(
            text, Span(division.span.start, max(division.span.start, min(division.body_end, first_heading)))
        )
        for name, span in (("title", opening.title), ("number", opening.number), ("addressees", opening.addressees)):
            if span:
                spans.setdefault(name, span)
        if first_heading <= division.body_end:
            break
    signature = next((division.signature for division in divisions if division.signature), None)
    issuer = None
    if signature:
        issuer = "、".join("".join(span.of(text).split()) for span in signature.issuers) or None
        spans["issued_on"] = signature.date
        if issuer:
            spans["issuer"] = Span(signature.issuers[0].start, signature.issuers[-1].end)
    title = "".join(spans["title"].of(text).split()) if "title" in spans else ""
    number = "".join(spans["number"].of(text).split()) if "number" in spans else None
    level, region = place_of(issuer or "", title, number or "")
    return Metadata(
        title=title,
        number=number,
        issuer=issuer,
        issued_on=iso_date(spans["issued_on"].of(text)) if "issued_on" in spans else None,
        level=level,
        region=region,
        addressees=_addressees(spans["addressees"].of(text)) if "addressees" in spans else (),
        spans=tuple(spans.items()),
    )


_SEPARATOR = re.compile(r"[，,、；;\s]+(?![^（(]*[）)])")


def _addressees(written: str) -> tuple[str, ...]:
    return tuple(name for name in _SEPARATOR.split(written) if name)
