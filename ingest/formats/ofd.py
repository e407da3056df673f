"""OFD (GB/T 33190), the national fixed-layout format: a zip of XML pages with text at positions."""

import posixpath
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from ingest.errors import IngestError
from ingest.formats.extract import Blob, Extract
from ingest.formats.layout import Line, Sheet, paragraphs, rows_of
from ingest.formats.limits import MAX_PAGES
from ingest.formats.package import DAMAGED, Package, open_package, parse_xml

# A4 in millimetres, for files that give no size
DEFAULT_BOX = (0.0, 0.0, 210.0, 297.0)
DEFAULT_SIZE = 4.0


def read_ofd(blob: Blob) -> Extract:
    """The text of every page in reading order. Pages that are only pictures have none."""
    package = open_package(blob.data)
    if len(names := set(package.names())) and "OFD.xml" not in names:
        raise IngestError(DAMAGED)
    sheets = [sheet for root in _document_roots(package) for sheet in _sheets(package, root)]
    extract = paragraphs(sheets)
    if not extract.text.strip():
        raise IngestError("OFD 里没有文字层（可能是扫描件），请另存为 PDF 后用识别组件导入。")
    return extract


def _document_roots(package: Package) -> Iterator[str]:
    for node in parse_xml(package.read("OFD.xml")).iter():
        if _name(node) == "DocRoot" and node.text:
            yield _resolved("", node.text)


def _sheets(package: Package, root: str) -> Iterator[Sheet]:
    document = parse_xml(package.read(root))
    default = _first_box(document) or DEFAULT_BOX
    pages = [node for node in document.iter() if _name(node) == "Page" and node.get("BaseLoc")]
    if len(pages) > MAX_PAGES:
        raise IngestError(f"OFD 超过 {MAX_PAGES} 页，请拆成几个文件后分别导入。")
    for page in pages:
        content = parse_xml(package.read(_resolved(posixpath.dirname(root), page.get("BaseLoc", ""))))
        box = _first_box(content) or default
        yield Sheet(tuple(rows_of([line for node in content.iter() for line in _lines(node)])), box[2], box[3])


def _lines(node: Element) -> Iterator[Line]:
    """The TextCodes of one TextObject; a TextCode is one run along a line."""
    if _name(node) != "TextObject":
        return
    left, top, width, height = _numbers(node.get("Boundary")) or (0.0, 0.0, 0.0, 0.0)
    # some writers spell the attribute in small letters
    size = (_numbers_of(node.get("Size") or node.get("size")) or [height or DEFAULT_SIZE])[0]
    codes = [code for code in node if _name(code) == "TextCode" and (code.text or "").strip()]
    for code in codes:
        # X and Y give the base line inside the boundary
        start = left + (_numbers_of(code.get("X")) or [0.0])[0]
        base = top + (_numbers_of(code.get("Y")) or [size])[0] if len(codes) > 1 else top + height
        text = (code.text or "").strip()
        right = start + size * len(text) if len(codes) > 1 or not width else left + width
        yield Line(text, start, base - size, right, base)


def _first_box(root: Element) -> tuple[float, float, float, float] | None:
    return next((box for node in root.iter() if _name(node) == "PhysicalBox" and (box := _numbers(node.text))), None)


def _numbers(written: str | None) -> tuple[float, float, float, float] | None:
    numbers = _numbers_of(written)
    return (numbers[0], numbers[1], numbers[2], numbers[3]) if len(numbers) == 4 else None


def _numbers_of(written: str | None) -> list[float]:
    try:
        return [float(number) for number in (written or "").split()]
    except ValueError:
        return []


def _resolved(folder: str, location: str) -> str:
    """A location inside the package: absolute from its root, else from the folder of the file that names it."""
    location = location.strip()
    return posixpath.normpath(location.lstrip("/") if location.startswith("/") else posixpath.join(folder, location))


def _name(node: Element) -> str:
    return node.tag.rpartition("}")[2]
