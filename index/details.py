"""What editors put right about a whole document: title, 文号, issuer, dates, validity. Kept beside it, applied whenever it is read.

A text seldom says that it has been repealed, and a pasted one has often lost its 文号. What an editor knows better stands with the
grounds for it, so that nobody has to take it on trust.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from index.library import Library
from ingest.dates import iso_date
from ingest.document import Document, Status
from ingest.errors import IndexingError

SHOWN = {
    "title": "标题",
    "number": "文号",
    "issuer": "发文机关",
    "issued_on": "成文日期",
    "effective_on": "施行日期",
    "expires_on": "有效期至",
    "status": "有效性",
}
"""What can be put right, and what it is called."""
_DATES = ("issued_on", "effective_on", "expires_on")


@dataclass(frozen=True)
class Details:
    """What is right for one document; None leaves a part as it was read, "" says that it has none. ``source`` is on what grounds."""

    title: str | None = None
    number: str | None = None
    issuer: str | None = None
    issued_on: str | None = None
    effective_on: str | None = None
    expires_on: str | None = None
    status: Status | None = None
    source: str = ""

    @property
    def given(self) -> dict[str, str]:
        """What is put right, by the name of the field."""
        return {name: str(value) for name in SHOWN if (value := getattr(self, name)) is not None}

    @property
    def told(self) -> str:
        """In one phrase, for the history."""
        return "，".join(f"{SHOWN[name]}改为“{value or '没有写明'}”" for name, value in self.given.items())


def details_of(library: Library, document_id: str) -> Details | None:
    """What editors have put right about a document, or None."""
    names = [each.name for each in fields(Details)]
    found = library.rows(f"select {', '.join(names)} from details where document = ?", (document_id,))  # nosec B608  # own names
    return next((from_row(dict(zip(names, row, strict=True))) for row in found), None)


def from_row(row: Mapping[str, Any]) -> Details:
    """From the values of the table ``details``."""
    told = {each.name: row[each.name] for each in fields(Details)}
    return Details(**told | {"status": None if told["status"] is None else Status(told["status"])})


def detailed(document: Document, details: Details) -> Document:
    """The document with what was put right; the places in the text that said otherwise prove nothing any more."""
    given: dict[str, Any] = {name: getattr(details, name) or None for name in details.given}
    return replace(
        document,
        **given,
        title_derived=document.title_derived and "title" not in given,
        spans=tuple((name, span) for name, span in document.spans if name not in given),
        noted=tuple((name, details.source) for name in given),
    )


def checked(document: Document, details: Details) -> Details:
    """With dates as ISO dates; IndexingError when there is nothing to put right, or it cannot be."""
    if not details.given:
        raise IndexingError("没有改动任何一项，或与现在的相同；请至少改动一项。")
    if details.title is not None and not details.title.strip():
        raise IndexingError("标题不能空着，请填写标题；没有更正。")
    if not details.source.strip():
        raise IndexingError("请写明依据，如公布的网址、废止它的文件的文号，或核实的经过；没有更正。")
    dates: dict[str, Any] = {name: _date(SHOWN[name], getattr(details, name)) for name in _DATES}
    right = replace(details, **dates)
    _check_order(detailed(document, right))
    return right


def _check_order(document: Document) -> None:
    """A document that ended before it began has been mistyped."""
    last = document.expires_on
    for name in ("issued_on", "effective_on"):
        first: str | None = getattr(document, name)
        if first and last and last < first[: len(last)]:
            raise IndexingError(f"{SHOWN['expires_on']}（{last}）早于{SHOWN[name]}（{first}），请核对；没有更正。")


def _date(name: str, written: str | None) -> str | None:
    """2021-3-5, 2021.3.5, 2021/3, 2021年3月5日 → ISO; None and "" as they are."""
    if not written:
        return written
    parts = [part for part in written.strip().replace("/", "-").replace(".", "-").split("-") if part]
    spelled = "".join(part + unit for part, unit in zip(parts, "年月日", strict=False)) if len(parts) < 4 else written
    found = iso_date(spelled if all(part.isdecimal() for part in parts) else written)
    if found is None:
        raise IndexingError(f"{name}“{written}”不是日期，请写成 2021-03-05、2021-03 或 2021；没有更正。")
    return found
