"""Before anything is shown: every unit, number, date, 文号 and quotation must stand in what is cited.

``verify`` works on lines, so that it runs the same over a composed answer and over a model's text while it streams. A line that
fails is withheld whole; what was wrong with it is returned for the journal.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.found.finding import Evidence
from assistant.found.standing import chinese_date
from ingest.directory import UnitDirectory
from ingest.fold import chinese_number, fold_text

_NUMBER = re.compile(r"\d+(?:\.\d+)?%?|百分之[一二三四五六七八九十百]+")
_COUNT = re.compile(
    r"(?<![第十百\d])(?!一(?:家|项|条|个|名|份|处|类|种)(?!(?:责任)?(?:单位|部门|任务)))"
    r"[一二两三四五六七八九十百]{1,4}(?:家|项|条|个|名|份|处|类|种)(?=$|[^\u4e00-\u9fff]|(?:责任|牵头|配合)?(?:单位|部门|任务)|负责|的|[均都共])"
)
_DOCUMENT_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,12}〔\d{4}〕\d+号")
_QUOTED = re.compile(r"“([^“”]+)”|「([^「」]+)」")
_SOURCE = re.compile(r"^> (?:(?:原文|要点（非原文）)〔[^〔〕]+〕：)?")


@dataclass(frozen=True)
class Line:
    """One line of an answer. ``echo`` lines may repeat the user's own words; quotation lines start with “> ”."""

    text: str
    echo: bool = False


@dataclass(frozen=True)
class Grounds:
    """What an answer may say: the cited text, the data of cited documents, and figures that were computed."""

    text: str
    computed: frozenset[str] = frozenset()
    question: str = ""

    @cached_property
    def numbers(self) -> frozenset[str]:
        return frozenset(_NUMBER.findall(self.text)) | self.computed

    @cached_property
    def squeezed(self) -> str:
        return _squeezed(self.text)


def grounds(
    evidence: Sequence[Evidence], *, also: Iterable[str] = (), computed: Iterable[str] = (), question: str = ""
) -> Grounds:
    """Everything that the cited clauses, their documents' data and ``also`` (directory records) hold, folded."""
    parts: list[str] = list(also)
    for item in evidence:
        document = item.document
        parts += [item.quote, item.clause.title, item.clause.label, *item.clause.path, *item.unit_names]
        parts += [document.title, document.number or "", document.issuer or "", *document.addressees]
        parts += [chinese_date(day) for day in (document.issued_on, document.effective_on, document.expires_on) if day]
        parts += [repair.repaired for repair in document.repairs if item.extent.overlaps(repair.span)]
        parts += [
            f"{reference.title} {reference.number or ''}"
            for reference in document.references
            if item.extent.covers(reference.span)
        ]
    return Grounds(fold_text("\n".join(parts)), frozenset(computed), fold_text(question))


def verify(lines: Sequence[Line], basis: Grounds, directory: UnitDirectory) -> tuple[list[Line], list[str]]:
    """The lines that hold, and one sentence for each that was withheld."""
    kept, withheld = [], []
    for line in lines:
        faults = faults_of(line, basis, directory)
        if faults:
            withheld.append(f"{line.text[:80]} — {'；'.join(faults)}")
        else:
            kept.append(line)
    return kept, withheld


def faults_of(line: Line, basis: Grounds, directory: UnitDirectory) -> list[str]:
    """What the line says without grounds; empty when all of it is proved."""
    asked, text = basis.question if line.echo else "", fold_text(line.text)
    faults = [
        f"单位“{unit}”不在引用中"
        for unit in _units(line.text, directory)
        if unit not in basis.text and unit not in asked
    ]
    faults += [
        f"文号“{number}”不在引用中"
        for number in _DOCUMENT_NUMBER.findall(text)
        if not _written(number, basis.text) and not _written(number, asked)
    ]
    numbers = basis.numbers | set(_NUMBER.findall(asked))
    faults += [f"数字“{number}”不在引用中" for number in _NUMBER.findall(text) if number not in numbers]
    faults += [f"数目“{count}”不在引用中" for count in _counts(text) if not _counted(count, basis, asked, numbers)]
    if line.text.startswith("> ") and _squeezed(fold_text(_SOURCE.sub("", line.text))) not in basis.squeezed:
        faults.append(f"引文“{line.text[2:22]}”与原文不一致")
    for quote in (_squeezed(one or other) for one, other in _QUOTED.findall(text)):
        if quote not in basis.squeezed and quote not in _squeezed(asked):
            faults.append(f"引文“{quote[:20]}”不在引用中")
    return faults


def _written(number: str, text: str) -> bool:
    """Whether the 文号 stands there; words of the sentence before it (文号是) are not taken for its issuer."""
    longest = number.index("〔") - 1
    starts = (match.start() for cut in range(longest) for match in re.finditer(re.escape(number[cut:]), text))
    return number in text or any(start == 0 or not "\u4e00" <= text[start - 1] <= "\u9fff" for start in starts)


def _counts(text: str) -> list[str]:
    """Counts written in characters, 九家 or 十五项; 一项 by itself is hardly ever a count, 一家单位 is one."""
    return [match.group(0) for match in _COUNT.finditer(text)]


def _counted(count: str, basis: Grounds, asked: str, numbers: Collection[str]) -> bool:
    """Whether the count stands in the text, or is a figure that was read or counted."""
    return count in basis.text or count in asked or str(chinese_number(count[:-1])) in numbers


def _units(text: str, directory: UnitDirectory) -> list[str]:
    return [fold_text(mention.written) for mention in directory.mentions(text) if mention.exact]


def _squeezed(text: str) -> str:
    return re.sub(r"[\s“”]", "", text)
