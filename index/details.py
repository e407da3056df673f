"""What editors put right about a whole document: title, 文号, issuer, dates, validity. Kept beside it, applied whenever it is read.

A text seldom says that it has been repealed, and a pasted one has often lost its 文号. What an editor knows better stands with the
grounds for it, so that nobody has to take it on trust.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
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


@dataclass(frozen=True)
class Noted:
    """One thing put right about a document, and on what grounds."""

    field: str
    value: str
    source: str


def details_of(library: Library, document_id: str) -> list[Noted]:
    """What editors have put right about a document, in the order in which they did."""
    rows = library.rows("select field, value, source from details where document = ? order by id", (document_id,))
    return [Noted(str(name), str(value), str(source)) for name, value, source in rows]


def detailed(document: Document, noted: Sequence[Noted]) -> Document:
    """The document with what was put right; the places in the text that said otherwise prove nothing any more."""
    given: dict[str, Any] = {each.field: each.value or None for each in noted}
    if "status" in given:
        given["status"] = Status(given["status"])
    return replace(
        document,
        **given,
        title_derived=document.title_derived and "title" not in given,
        spans=tuple((name, span) for name, span in document.spans if name not in given),
        noted=tuple((each.field, each.source) for each in noted),
    )


def checked(document: Document, details: Details) -> Details:
    """What differs from what is known, without blanks around it, dates as ISO dates; IndexingError when it cannot be right."""
    written = {name: value.strip() for name, value in details.given.items()}
    read = {name: _date(SHOWN[name], value) if name in _DATES else value for name, value in written.items()}
    fresh: dict[str, Any] = {name: value for name, value in read.items() if value != (getattr(document, name) or "")}
    if not fresh:
        raise IndexingError("没有改动任何一项，或与现在的相同；请至少改动一项。")
    if fresh.get("title") == "":
        raise IndexingError("标题不能空着，请填写标题；没有更正。")
    if not details.source.strip():
        raise IndexingError("请写明依据，如公布的网址、废止它的文件的文号，或核实的经过；没有更正。")
    if "status" in fresh:
        fresh["status"] = Status(fresh["status"])
    right = Details(**fresh, source=details.source.strip())
    _check_order(detailed(document, [Noted(name, value, right.source) for name, value in right.given.items()]))
    return right


def _check_order(document: Document) -> None:
    """A document that ended before it began has been mistyped."""
    last = document.expires_on
    for name in ("issued_on", "effective_on"):
        first: str | None = getattr(document, name)
        if first and last and last < first[: len(last)]:
            raise IndexingError(f"{SHOWN['expires_on']}（{last}）早于{SHOWN[name]}（{first}），请核对；没有更正。")


def _date(name: str, written: str) -> str:
    """2021-3-5, 2021.3.5, 2021/3, 20210305, 2021年3月5日 → ISO; "" as it is."""
    parts = re.split(r"[-/.]", written)
    spelled = "".join(part + unit for part, unit in zip(parts, "年月日", strict=False))
    is_plain = len(parts) < 4 and len(parts[0]) == 4 and all(part.isdecimal() for part in parts)
    found = iso_date(spelled if is_plain else written) if written else ""
    if found is None:
        raise IndexingError(f"{name}“{written}”不是日期，请写成 2021-03-05、2021-03 或 2021；没有更正。")
    return found
