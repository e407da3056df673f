"""Word (.docx): paragraphs with their generated numbers, tables cell by cell, footnotes at the end.

Text that Word shows is taken, text it does not (deletions, hidden runs, field codes, the generated table of contents) is
not. A footnote's mark is left out of the running text, where it would stand inside unit lists and numbers.
"""

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.errors import IngestError
from ingest.formats.docx_numbering import Numbering, W, read_numbering
from ingest.formats.extract import Blob, Extract, Writer
from ingest.formats.package import DAMAGED, UNREADABLE, Package, check_prolog, open_package, repacked

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.oxml.xmlchemy import BaseOxmlElement as Element

MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
# never shown, or shown elsewhere
SKIPPED = {f"{W}del", f"{W}moveFrom", f"{W}pPr", f"{W}tblPr", f"{W}instrText", f"{W}txbxContent", f"{W}rt", FALLBACK}
SIGNS = {f"{W}tab": " ", f"{W}ptab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
CONTENTS_STYLE = re.compile(r"^(toc ?\d|目录 ?\d)$", re.IGNORECASE)
TRUE = (None, "1", "true", "on")


_TYPES = "[Content_Types].xml"
_MAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_KIN = (
    b"application/vnd.ms-word.document.macroEnabled.main+xml",
    b"application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
    b"application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
)


def read_docx(blob: Blob) -> Extract:
    """The body in reading order."""
    package = open_package(blob.data)
    for name in package.names():
        if name.lower().endswith((".xml", ".rels")):
            check_prolog(package.read(name))
    document = _opened(_plain(package, blob.data))
    numbering = read_numbering(_part(document, "numbering"), _part(document, "styles"))
    writer = Writer()
    for block in _blocks(document.element.body):
        _write(block, numbering, writer)
    notes = [text for kind in ("footnote", "endnote") for text in _notes(document, kind)]
    writer.lines(f"注{number}：{text}" for number, text in enumerate(notes, 1))
    return writer.extract()


def _plain(package: Package, data: bytes) -> bytes:
    """A document with macros, or a template, under the content type of a plain document: python-docx opens no other."""
    types = package.read(_TYPES) if _TYPES in package.names() else b""
    kin = next((each for each in _KIN if each in types), None)
    return repacked(package, ("",), {_TYPES: types.replace(kin, _MAIN)}) if kin else data


def _opened(data: bytes) -> "WordDocument":
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        return docx.Document(io.BytesIO(data))
    except (*UNREADABLE, PackageNotFoundError, SyntaxError, AttributeError, TypeError, AssertionError) as error:
        raise IngestError(DAMAGED) from error


def _part(document: "WordDocument", kind: str) -> "Element | None":
    """The root of a related part, or None where the file has none."""
    from docx.oxml.parser import parse_xml

    for relation in document.part.rels.values():
        if relation.reltype == RELATIONS + kind and not relation.is_external:
            try:
                return parse_xml(relation.target_part.blob)
            except SyntaxError as error:
                raise IngestError(DAMAGED) from error
    return None


def _blocks(parent: "Element") -> Iterator["Element"]:
    """Paragraphs and tables, also inside content controls and tracked insertions."""
    for child in parent:
        if child.tag in (f"{W}p", f"{W}tbl"):
            yield child
        elif isinstance(child.tag, str) and child.tag not in SKIPPED:
            yield from _blocks(child)


def _write(block: "Element", numbering: Numbering, writer: Writer) -> None:
    if block.tag == f"{W}tbl":
        writer.table(_rows(block, numbering))
        return
    if _is_contents_entry(block, numbering):
        return
    text = _text(block)
    writer.line((numbering.label(block) if text.strip() else "") + text.strip())
    for box in _boxes(block):
        for inner in _blocks(box):
            _write(inner, numbering, writer)


def _is_contents_entry(paragraph: "Element", numbering: Numbering) -> bool:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    if style is None:
        return False
    named = numbering.styles.get(style.get(f"{W}val", ""))
    name = named.find(f"{W}name") if named is not None else None
    return name is not None and CONTENTS_STYLE.match(name.get(f"{W}val", "")) is not None


def _boxes(paragraph: "Element") -> Iterator["Element"]:
    """Text boxes anchored here, each once: Word writes every box twice, the second time for old versions."""
    for box in paragraph.iter(f"{W}txbxContent"):
        ancestors = {ancestor.tag for ancestor in box.iterancestors()}
        if FALLBACK not in ancestors and f"{W}txbxContent" not in ancestors:
            yield box


def _text(element: "Element") -> str:
    return "".join(_pieces(element))


def _pieces(element: "Element") -> Iterator[str]:
    for child in element:
        if child.tag in SKIPPED or _is_hidden(child):
            continue
        if child.tag in (f"{W}t", MATH_TEXT):
            yield child.text or ""
        elif child.tag in SIGNS:
            yield SIGNS[child.tag]
        elif isinstance(child.tag, str):
            yield from _pieces(child)


def _is_hidden(element: "Element") -> bool:
    if element.tag != f"{W}r":
        return False
    hidden = element.find(f"{W}rPr/{W}vanish")
    return hidden is not None and hidden.get(f"{W}val") in TRUE


def _rows(table: "Element", numbering: Numbering) -> list[list[str]]:
    """Cells with a merged cell's text repeated downwards, so that every row stands for itself."""
    rows: list[list[str]] = []
    above: dict[int, str] = {}
    for row in (block for block in table.iter(f"{W}tr") if _owner(block) is table):
        cells: list[str] = []
        for cell in (block for block in row.iter(f"{W}tc") if _owner(block) is table):
            text, column = _cell_text(cell, numbering), len(cells)
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            if merge is not None and merge.get(f"{W}val") != "restart":
                text = text or above.get(column, "")
            above[column] = text
            cells += [text] + [""] * (_width(cell) - 1)
        rows.append(cells)
    return rows


def _owner(element: "Element") -> "Element | None":
    return next(element.iterancestors(f"{W}tbl"), None)


def _width(cell: "Element") -> int:
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    written = span.get(f"{W}val", "1") if span is not None else "1"
    return min(max(int(written), 1), 64) if written.isdecimal() else 1


def _cell_text(cell: "Element", numbering: Numbering) -> str:
    """Paragraphs of a cell in one line; a table inside a cell is read as its text."""
    pieces = []
    for paragraph in cell.iter(f"{W}p"):
        text = _text(paragraph).strip()
        if text:
            pieces.append(numbering.label(paragraph) + text)
    return " ".join(pieces)


def _notes(document: "WordDocument", kind: str) -> Iterator[str]:
    """The notes that the body refers to, in the order of their marks."""
    root = _part(document, f"{kind}s")
    found = {note.get(f"{W}id"): note for note in (root if root is not None else ())}
    for mark in document.element.body.iter(f"{W}{kind}Reference"):
        note = found.get(mark.get(f"{W}id"))
        if note is not None:
            yield " ".join(_text(paragraph).strip() for paragraph in note.iter(f"{W}p")).strip()
