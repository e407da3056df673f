"""Whether a document still stands today: what its own text says of that, and what newer documents held say of it.

A document ends when its text says so, when its term has run out, or when a newer one held repeals it by title or 文号.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.found.finding import Evidence
from ingest.document import Clause, Document, Form, Reference, Span, Status

_REPEALING = r"[^。；\n]{0,40}?(?:同时废止|即行废止|予以废止|自行废止|停止执行)"
_NUMBER = re.compile(rf"〔\d{{4}}〕\d+号(?:文件|文)?(?={_REPEALING})")
_ISSUED_BY = re.compile(r"[\u4e00-\u9fff]{2,12}$")
_TARGET = re.compile(r"(?:到|至|截至|力争)(20\d\d)年(?!\d)|(20\d\d)年(?:底|末|年底)?(?:前|以前|之前|，)")


@dataclass(frozen=True)
class Standing:
    """``ended`` says that it no longer stands; ``by`` is the held document that repealed it, ``at`` where that one says so."""

    document: Document
    ended: bool = False
    said: str = "未注明是否有效"
    by: Document | None = None
    at: Span | None = None

    @property
    def replaced(self) -> bool:
        return self.by is not None


def standings(documents: Iterable[Document], today: date) -> dict[str, Standing]:
    """Document id → whether it stands on this day."""
    found = {document.id: _own(document, today) for document in documents}
    held = [standing.document for standing in found.values() if standing.document.form is Form.ORIGINAL]
    for newer in held:
        for title, number, span in _repealed(newer):
            for older in held:
                if (
                    older.id != newer.id
                    and "status" not in dict(older.noted)  # an editor has looked
                    and _is(older, title, number)
                    and not _before(newer, older)
                    and _begun(newer, today)
                ):
                    found[older.id] = Standing(older, True, _replaced_by(newer), newer, span)
    return found


def _own(document: Document, today: date) -> Standing:
    """By the document's own words, or by an editor's."""
    if "status" in dict(document.noted) and document.status is Status.IN_FORCE:
        return Standing(document, False, str(document.status))
    if document.status is Status.REPEALED:
        return Standing(document, True, "已废止")
    if document.status is Status.EXPIRED:
        return Standing(document, True, "已失效")
    if document.expires_on and document.expires_on < today.isoformat()[: len(document.expires_on)]:
        return Standing(document, True, f"有效期至{chinese_date(document.expires_on)}，已过期")
    if document.effective_on and not _begun(document, today):
        return Standing(document, False, f"自{chinese_date(document.effective_on)}起施行，尚未施行")
    if document.expires_on:
        return Standing(document, False, f"有效期至{chinese_date(document.expires_on)}")
    return Standing(document) if document.status is Status.UNSTATED else Standing(document, False, str(document.status))


def _begun(document: Document, today: date) -> bool:
    return not document.effective_on or document.effective_on <= today.isoformat()


def _replaced_by(newer: Document) -> str:
    number = f"（{newer.number}）" if newer.number else ""
    begins = newer.effective_on or newer.issued_on
    since = f"，自{chinese_date(begins)}起" if begins else ""
    return f"已被《{newer.title}》{number}废止{since}"


def _repealed(document: Document) -> Iterable[tuple[str, str | None, Span]]:
    """What the document repeals: title, 文号, and where it says so."""
    for reference in document.references:
        if reference.relation == "废止" and _says_so(document, reference):
            yield reference.title, reference.number, reference.span
    for match in _NUMBER.finditer(document.text) if "废止" in document.text or "停止执行" in document.text else ():
        issuer = _ISSUED_BY.search(document.text, max(0, match.start() - 12), match.start())
        number = match[0].removesuffix("文").removesuffix("文件")
        if issuer:
            yield "", issuer[0] + number, Span(issuer.start(), match.end())


def _says_so(document: Document, reference: Reference) -> bool:
    """废止 and 停止执行, not 失效: a text may say of another that it lapses some day."""
    return bool(
        re.match(_REPEALING, document.text[reference.span.end : reference.span.end + 80])
        or _chained(document, reference)
    )


def _chained(document: Document, reference: Reference) -> bool:
    """《甲》《乙》同时废止."""
    behind = re.match(
        r"(?:[、，和及与以\s]{0,3}《[^《》\n]{2,120}》(?:[（(][^（）()]{0,40}[）)])?)+",
        document.text[reference.span.end :],
    )
    return bool(behind and re.match(_REPEALING, document.text[reference.span.end + behind.end() :][:80]))


def _is(document: Document, title: str, number: str | None) -> bool:
    """By 文号 where both have one; else by title, whole or behind the issuer."""
    if number and document.number:
        return _letters(number).endswith(_letters(document.number)) or _letters(document.number).endswith(
            _letters(number)
        )
    own, said = _letters(document.title), _letters(title)
    return len(said) >= 6 and (own == said or own.endswith(said) or (said.endswith(own) and len(own) >= 6))


def _before(one: Document, other: Document) -> bool:
    """Whether ``one`` is known to be older."""
    if not one.issued_on or not other.issued_on:
        return False
    length = min(len(one.issued_on), len(other.issued_on))
    return one.issued_on[:length] < other.issued_on[:length]


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text)


def clause_of(standing: Standing) -> Clause | None:
    """The newer document's clause that repeals."""
    if standing.by is None or standing.at is None:
        return None
    at = standing.at
    return next((clause for clause in standing.by.clauses if clause.span.covers(at)), None)


# ---- in words


def as_of(evidence: Sequence[Evidence], known: Mapping[str, Standing]) -> str:
    """The date and the validity of what is cited."""
    said = []
    for document in {item.document.id: item.document for item in evidence}.values():
        issued = f"{chinese_date(document.issued_on)}成文" if document.issued_on else "成文日期不详"
        standing = known.get(document.id, Standing(document))
        said.append(f"《{document.title}》{'（暂名）' if document.title_derived else ''}{issued}，{standing.said}")
    return "；".join(said)


WARNING = "请注意："
"""How a note begins that comes before everything else that is said."""


def warnings(evidence: Sequence[Evidence], known: Mapping[str, Standing]) -> list[str]:
    """The cited documents that no longer stand."""
    return [f"{WARNING}《{each.document.title}》{each.said}" for each in _ended(evidence, known)]


def spoken(hotline: str, evidence: Sequence[Evidence], known: Mapping[str, Standing]) -> str:
    """The short form to read aloud, with what has ended said in its first sentence."""
    ended, cited = _ended(evidence, known), {item.document.id for item in evidence}
    named = [f"《{each.document.title}》{each.said}" if len(cited) > 1 else f"所据文件{each.said}" for each in ended]
    return f"{'，'.join(named)}。{hotline}" if named and hotline else hotline


def _ended(evidence: Sequence[Evidence], known: Mapping[str, Standing]) -> list[Standing]:
    ids = dict.fromkeys(item.document.id for item in evidence)
    return [known[each] for each in ids if each in known and known[each].ended]


def notes(evidence: Sequence[Evidence], known: Mapping[str, Standing], today: date) -> list[str]:
    """What a cited document replaced, and targets whose year has passed."""
    cited = {item.document.id for item in evidence}
    said = [
        f"《{older.document.title}》{older.said}，没有据以回答"
        for older in known.values()
        if older.by is not None and older.by.id in cited and older.document.id not in cited
    ]
    return said + _past_targets(evidence, today)


def _past_targets(evidence: Sequence[Evidence], today: date) -> list[str]:
    notes = []
    for item in evidence:
        years = [int(year) for pair in _TARGET.findall(item.quote) for year in pair if year]
        if re.search(r"目标", item.clause.title):
            years += [int(year) for year in re.findall(r"(20\d\d)年", item.quote)]
        if years and max(years) < today.year:
            notes.append(f"目标年份{max(years)}年已过，文件没有写后续安排")
    return notes


def chinese_date(written: str) -> str:
    """2021-02-08 → 2021年2月8日; shorter forms keep what is known."""
    parts = [str(int(part)) for part in written.split("-") if part.isdigit()]
    return "".join(part + unit for part, unit in zip(parts, "年月日", strict=False)) or written
