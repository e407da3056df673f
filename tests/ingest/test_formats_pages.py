"""Formats with pages: lines become paragraphs; scans need an extra that says so when it is missing."""

import importlib.util
from pathlib import Path

import pypdfium2
import pytest

from ingest.errors import IngestError
from ingest.formats.layout import Line, Sheet, paragraphs, rows_of
from ingest.read import read

FILES = Path(__file__).parent / "files"
HAS_OCR = importlib.util.find_spec("rapidocr") is not None
EM, WIDTH = 10.0, 20


def sheet(*texts: str, top: float = 200.0, height: float = 1000.0) -> Sheet:
    """Lines of ten points a character; a leading ideographic space is an indent, "^" sets the line into the top margin."""
    lines = []
    for text in texts:
        shown = text.lstrip("　^")
        left = EM * text.count("　")
        at = 20.0 if text.startswith("^") else top
        lines.append(Line(shown, left, at, left + EM * len(shown), at + EM))
        top += 1.5 * EM
    return Sheet(tuple(lines), WIDTH * EM, height)


FULL = "推动服务外包加快转型升级完善公共服务平台"


def test_full_lines_are_joined_and_short_and_indented_ones_part_paragraphs() -> None:
    page = sheet("　　" + FULL[:18], FULL, "支持企业。", "　　" + FULL[:18], FULL, FULL)
    assert paragraphs([page]).text == f"{FULL[:18]}{FULL}支持企业。\n{FULL[:18]}{FULL}{FULL}"


def test_a_paragraph_runs_over_the_page_and_the_page_begins_inside_it() -> None:
    extract = paragraphs([sheet("　　" + FULL[:18], FULL), sheet(FULL, "完。")])
    assert extract.text == FULL[:18] + FULL + FULL + "完。"
    assert extract.pages == (0, 38)


def test_running_heads_and_page_numbers_are_dropped_and_a_damaged_date_is_not() -> None:
    pages = [sheet("^某市文件", f"^— {number} —", "　　" + FULL[:18], "完。") for number in (1, 2)]
    last = Sheet((*pages[1].lines, Line("202128", 100, 960, 160, 970)), 200, 1000)
    assert paragraphs([pages[0], last]).text == f"{FULL[:18]}完。\n{FULL[:18]}完。\n202128"


def test_latin_words_keep_their_space_at_a_line_end() -> None:
    page = sheet("international service", "outsourcing", FULL, FULL)
    assert paragraphs([page]).text.startswith("international service outsourcing")


def test_pieces_of_a_line_are_put_in_order() -> None:
    pieces = [Line("丙", 60, 0, 70, 10), Line("甲", 0, 0, 10, 10), Line("乙", 10, 1, 20, 11), Line("丁", 0, 15, 10, 25)]
    assert [line.text for line in rows_of(pieces)] == ["甲乙 丙", "丁"]


def test_numbers_beside_chinese_have_no_added_spaces() -> None:
    text = read(FILES / "seed-libreoffice.pdf")[0].text
    assert "商务部等8部门" in text
    assert "达到1500家" in text


def scanned() -> Path:
    return FILES / "scan.png"


def scanned_pdf(tmp_path: Path, *, with_text: bool) -> Path:
    """A PDF of one scanned page, after a page with text if asked."""
    from PIL import Image

    Image.open(scanned()).convert("RGB").save(tmp_path / "scan.pdf", resolution=200)
    document = pypdfium2.PdfDocument.new()
    if with_text:
        document.import_pages(pypdfium2.PdfDocument(FILES / "numbered.pdf"))
    document.import_pages(pypdfium2.PdfDocument(tmp_path / "scan.pdf"))
    document.save(tmp_path / "made.pdf")
    return tmp_path / "made.pdf"


@pytest.mark.skipif(HAS_OCR, reason="the recognition extra is installed")
def test_scans_name_the_extra_that_reads_them(tmp_path: Path) -> None:
    for path in (scanned(), scanned_pdf(tmp_path, with_text=False)):
        with pytest.raises(IngestError, match="pip install -r requirements-ocr"):
            read(path)


@pytest.mark.skipif(HAS_OCR, reason="the recognition extra is installed")
def test_a_scanned_page_among_others_is_marked_at_its_place(tmp_path: Path) -> None:
    raw = read(scanned_pdf(tmp_path, with_text=True))[0]
    assert raw.text.endswith("\n〔第2页是图片，未识别〕")
    assert len(raw.pages) == 2


@pytest.mark.skipif(not HAS_OCR, reason="rapidocr (requirements-ocr.txt) is not installed")
def test_scans_are_read_offline(tmp_path: Path) -> None:
    for path in (scanned(), scanned_pdf(tmp_path, with_text=False), scanned_pdf(tmp_path, with_text=True)):
        text = read(path)[0].text
        assert "市服务贸易发展工作领导小组成员单位" in text
        assert "\n一、指导思想\n" in text
