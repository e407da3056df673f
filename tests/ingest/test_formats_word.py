"""Word: generated numbers, tables, notes; what Word does not show stays out."""

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from ingest.errors import IngestError
from ingest.formats.numerals import numeral
from ingest.read import read, read_bytes

FILES = Path(__file__).parent / "files"
NUMBERED = [
    *("一、总体要求", "二、工作任务", "（一）加快转型", "1.培育新业态。（责任单位：市商务局）", "2.发展外包。"),
    *("（一）支持领域", "3.强化集聚。", "第一条为规范管理，制定本办法。", "第二条本办法自发布之日起施行。"),
]
SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def with_member(name: str, data: bytes) -> bytes:
    """numbered.docx with one part replaced."""
    target = io.BytesIO()
    with zipfile.ZipFile(FILES / "numbered.docx") as source, zipfile.ZipFile(target, "w") as archive:
        for other in source.namelist():
            archive.writestr(other, data if other == name else source.read(other))
    return target.getvalue()


def body(xml: str) -> str:
    """The text of a document with this body."""
    document = f"<w:document {SPACE}><w:body>{xml}</w:body></w:document>"
    return read_bytes(with_member("word/document.xml", document.encode()), "a.docx")[0].text


def numbered_body(levels: str, numbers: str, paragraphs: list[tuple[int, int, str]]) -> list[str]:
    """The lines of paragraphs (number, level, text) under list definitions, packed by hand."""
    numbering = (
        f'<w:numbering {SPACE}><w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>{numbers}</w:numbering>'
    )
    listed = "".join(
        f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr></w:pPr>'
        f"<w:r><w:t>{text}</w:t></w:r></w:p>"
        for number, level, text in paragraphs
    )
    document = f"<w:document {SPACE}><w:body>{listed}</w:body></w:document>"
    target = io.BytesIO()
    packed = with_member("word/document.xml", document.encode())
    with zipfile.ZipFile(io.BytesIO(packed)) as source, zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            archive.writestr(name, numbering if name == "word/numbering.xml" else source.read(name))
    return read_bytes(target.getvalue(), "a.docx")[0].text.split("\n")


def level(index: int, pattern: str, style: str = "decimal", extra: str = "") -> str:
    return f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{style}"/>{extra}<w:lvlText w:val="{pattern}"/></w:lvl>'


ONE = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'


def test_numbers_that_word_generates_stand_in_the_text() -> None:
    assert read(FILES / "numbered.docx")[0].text.split("\n")[:9] == NUMBERED


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_generated_numbers_agree_with_libreoffice(tmp_path: Path) -> None:
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(tmp_path), str(FILES / "numbered.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    shown = (tmp_path / "numbered.txt").read_text(encoding="utf-8-sig").split("\n")[:9]
    # LibreOffice writes a space after each number and the figure of the footnote
    assert ["".join(line.split()) for line in shown] == [
        line + "1" if line == "3.强化集聚。" else line for line in NUMBERED
    ]


def test_table_cells_have_spans_and_merged_cells_speak_for_every_row() -> None:
    raw = read(FILES / "numbered.docx")[0]
    cells = [[cell.of(raw.text) for cell in row] for row in raw.tables[0].rows]
    assert cells == [["序号", "任务", "责任单位"], ["1", "建设 平台", "市商务局"], ["2", "引进人才", "市商务局"]]
    assert "序号\t任务\t责任单位\n1\t建设 平台\t市商务局\n2\t引进人才\t市商务局\n" in raw.text


def test_footnotes_follow_the_text_and_leave_no_mark_in_it() -> None:
    assert read(FILES / "numbered.docx")[0].text.endswith("\n注1：集聚指园区。")


def test_levels_count_inside_their_parent_and_restart_under_the_next() -> None:
    levels = level(0, "第%1章", "chineseCounting") + level(1, "%1.%2", extra="<w:isLgl/>")
    lines = numbered_body(levels, ONE, [(1, 0, "甲"), (1, 1, "子"), (1, 1, "丑"), (1, 0, "乙"), (1, 1, "寅")])
    assert lines == ["第一章 甲", "1.1 子", "1.2 丑", "第二章 乙", "2.1 寅"]


def test_a_level_that_never_restarts_counts_through() -> None:
    levels = level(0, "（%1）", "chineseCounting") + level(1, "%2.", extra='<w:lvlRestart w:val="0"/>')
    lines = numbered_body(levels, ONE, [(1, 0, "甲"), (1, 1, "子"), (1, 0, "乙"), (1, 1, "丑")])
    assert lines == ["（一）甲", "1.子", "（二）乙", "2.丑"]


def test_a_second_list_may_start_again() -> None:
    again = '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    lines = numbered_body(level(0, "%1、"), ONE + again, [(1, 0, "甲"), (1, 0, "乙"), (2, 0, "丙"), (2, 0, "丁")])
    assert lines == ["1、甲", "2、乙", "1、丙", "2、丁"]


def test_bullets_and_number_zero_print_nothing() -> None:
    lines = numbered_body(level(0, "●", "bullet"), ONE, [(1, 0, "甲"), (0, 0, "乙")])
    assert lines == ["甲", "乙"]


@pytest.mark.parametrize(
    ("value", "style", "printed"),
    [
        (12, "chineseCounting", "十二"),
        (20, "chineseCountingThousand", "二十"),
        (105, "taiwaneseCountingThousand", "一百零五"),
        (110, "japaneseCounting", "一百一十"),
        (3, "chineseLegalSimplified", "叁"),
        (4, "ideographTraditional", "丁"),
        (9, "decimalEnclosedCircle", "⑨"),
        (21, "decimalEnclosedCircle", "21"),
        (3, "decimalFullWidth", "３"),
        (28, "upperLetter", "BB"),
        (14, "lowerRoman", "xiv"),
        (7, "a style to come", "7"),
    ],
)
def test_numerals(value: int, style: str, printed: str) -> None:
    assert numeral(value, style) == printed


def test_deleted_and_hidden_text_is_not_read_and_inserted_text_is() -> None:
    runs = (
        "<w:p><w:r><w:t>市商务局</w:t></w:r><w:del><w:r><w:delText>、市财政局</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>、市科技局</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>密</w:t></w:r></w:p>"
    )
    assert body(runs) == "市商务局、市科技局"


def test_text_in_content_controls_is_read_and_field_codes_are_not() -> None:
    control = "<w:sdt><w:sdtContent><w:p><w:r><w:t>一、总则</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    coded = "<w:p><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>正文</w:t></w:r></w:p>"
    assert body(control + coded) == "一、总则\n正文"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entity_bombs_are_refused(encoding: str) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
    with pytest.raises(IngestError, match="实体声明"):
        read_bytes(with_member("word/document.xml", bomb.encode(encoding)), "a.docx")


def test_a_document_nested_without_end_is_refused() -> None:
    deep = f"<w:document {SPACE}><w:body>" + "<w:sdt>" * 50_000
    with pytest.raises(IngestError, match="损坏"):
        read_bytes(with_member("word/document.xml", deep.encode()), "a.docx")
