"""PDF: the text layer, read line by line with positions; pages without one are recognised as images where that is installed."""

import ctypes
import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.errors import IngestError
from ingest.formats.extract import Blob, Extract, too_long
from ingest.formats.layout import COLUMN_GAP, Line, Sheet, paragraphs, rows_of
from ingest.formats.limits import MAX_OCR_PAGES, MAX_OCR_PIXELS, MAX_PAGES, MAX_TEXT_CHARACTERS
from ingest.formats.ocr import is_installed, recognise, require
from ingest.formats.package import DAMAGED

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdfium2 import PdfDocument, PdfPage, PdfTextPage

# print programs write some characters as radicals that merely look the same
RADICALS = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")
LINE_ENDS = "\r\n"
# a page with fewer characters than this has no text layer worth the name (a stamp, a page number)
MIN_PAGE_TEXT = 8
# spaces that the library adds: where Chinese meets a figure they are none, between columns they are kept and counted
NARROW, WIDE = "\0", "\1"
NARROW_GAP = 0.6
BESIDE_CHINESE = re.compile("(?<=[^\x00-\x7f])\0|\0(?=[^\x00-\x7f])")
UNSHOWN = "\0\1\ufffe\uffff"
OCR_SCALE = 200 / 72


def read_pdf(blob: Blob) -> Extract:
    """Paragraphs with the offset of every page."""
    document = _opened(blob.data)
    try:
        return _read(document)
    finally:
        document.close()


def _opened(data: bytes) -> "PdfDocument":
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise IngestError("PDF 设有密码，请解除密码后再导入。") from error
        raise IngestError(DAMAGED) from error
    if not count:
        raise IngestError(DAMAGED)
    if count > MAX_PAGES:
        raise IngestError(f"PDF 超过 {MAX_PAGES} 页，请拆成几个文件后分别导入。")
    return document


def _read(document: "PdfDocument") -> Extract:
    sheets: list[Sheet] = []
    length = 0
    for index in range(len(document)):
        sheets.append(_sheet(document, index))
        length += sum(len(line.text) for line in sheets[-1].lines)
        if length > MAX_TEXT_CHARACTERS:
            raise too_long()
    empty = [index for index, sheet in enumerate(sheets) if _is_empty(sheet)]
    if len(empty) == len(sheets):
        require("这份 PDF 是扫描件，没有文字层")
    if len(empty) > MAX_OCR_PAGES and is_installed():
        raise IngestError(f"扫描页超过 {MAX_OCR_PAGES} 页，请拆成几个文件后分别导入。")
    for index in empty:
        sheets[index] = _recognised(document, index, sheets[index])
    extract = paragraphs(sheets)
    if not extract.text.strip():
        raise IngestError("PDF 里没有文字，也没有识别出文字，请检查文件是否为空白页。")
    return extract


def _is_empty(sheet: Sheet) -> bool:
    return sum(len(line.text.strip()) for line in sheet.lines) < MIN_PAGE_TEXT


def _sheet(document: "PdfDocument", index: int) -> Sheet:
    import pypdfium2

    try:
        page = document[index]
    except pypdfium2.PdfiumError as error:
        raise IngestError(DAMAGED) from error
    textpage = page.get_textpage()
    try:
        width, height = page.get_size()
        return Sheet(tuple(rows_of(list(_lines(textpage, height)))), width, height)
    finally:
        textpage.close()
        page.close()


def _lines(textpage: "PdfTextPage", height: float) -> Iterator[Line]:
    """Runs of characters between the line ends that the library marks."""
    import pypdfium2.raw as pdfium

    pieces: list[str] = []
    first = last = -1
    for index in range(textpage.count_chars()):
        char = chr(min(pdfium.FPDFText_GetUnicode(textpage, index), 0x10FFFF))
        if char in LINE_ENDS:
            if first >= 0:
                yield _line(textpage, pieces, first, last, height)
            pieces, first = [], -1
        elif char == " " and first >= 0:
            pieces.append(_gap(textpage, index))
        elif char not in UNSHOWN:
            pieces.append(RADICALS.sub(_unified, char))
            if not char.isspace():
                first, last = (index if first < 0 else first), index
    if first >= 0:
        yield _line(textpage, pieces, first, last, height)


def _gap(textpage: "PdfTextPage", index: int) -> str:
    """What a space is: typed, added by the library between words, or the space between two columns."""
    import pypdfium2.raw as pdfium

    if pdfium.FPDFText_IsGenerated(textpage, index) != 1 or index + 1 >= textpage.count_chars():
        return " "
    before, after = _box(textpage, index - 1), _box(textpage, index + 1)
    width, size = after[0] - before[2], before[3] - before[1]
    return WIDE if width > COLUMN_GAP * size else NARROW if width < NARROW_GAP * size else " "


def _unified(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match[0])


def _line(textpage: "PdfTextPage", pieces: list[str], first: int, last: int, height: float) -> Line:
    joined = BESIDE_CHINESE.sub("", "".join(pieces))
    text = joined.translate({0: " ", 1: " "}).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    start, end = _box(textpage, first), _box(textpage, last)
    top, bottom = height - max(start[3], end[3]), height - min(start[1], end[1])
    return Line(text, start[0], top, end[2], bottom, joined.count(WIDE))


def _box(textpage: "PdfTextPage", index: int) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of a character's cell, the same for full stops and for tall signs."""
    import pypdfium2.raw as pdfium

    box = pdfium.FS_RECTF()
    if pdfium.FPDFText_GetLooseCharBox(textpage, index, ctypes.byref(box)):
        return box.left, box.bottom, box.right, box.top
    return 0.0, 0.0, 0.0, 0.0


def _recognised(document: "PdfDocument", index: int, sheet: Sheet) -> Sheet:
    """A page that is only a picture; without the means to read it the text says so at its place."""
    page = document[index]
    try:
        if not _has_picture(page):
            return sheet
        if not is_installed():
            remark = f"〔第{index + 1}页是图片，未识别〕"
            return Sheet((), sheet.width, sheet.height, remark)
        lines, width, height = recognise(_rendered(page))
        return Sheet(tuple(rows_of(lines)), width, height)
    finally:
        page.close()


def _has_picture(page: "PdfPage") -> bool:
    import pypdfium2.raw as pdfium

    return next(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3), None) is not None


def _rendered(page: "PdfPage") -> "Image":
    width, height = page.get_size()
    scale = min(OCR_SCALE, (MAX_OCR_PIXELS / max(width * height, 1)) ** 0.5)
    picture: Image = page.render(scale=scale).to_pil()
    return picture
