"""Files made to harm: what they unpack to, declare, carry or point at."""

import io
import resource
import subprocess
import sys
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path

import docx
import openpyxl
import pytest

from ingest.errors import IngestError
from ingest.read import read_bytes

MEGABYTE = 1024 * 1024
LAUGHS = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 10))
BOMB = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'


def word() -> bytes:
    target, document = io.BytesIO(), docx.Document()
    document.add_paragraph("关于夜市的通知")
    document.save(target)
    return target.getvalue()


def sheet() -> bytes:
    target, book = io.BytesIO(), openpyxl.Workbook()
    book.active["A1"] = "关于夜市的通知"
    book.save(target)
    return target.getvalue()


def changed(package: bytes, changes: Mapping[str, bytes]) -> bytes:
    """The package with members exchanged or added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, content in changes.items():
            new.writestr(name, content)
    return target.getvalue()


def declaring(package: bytes, member: str, declaration: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        content = archive.read(member).decode()
    return changed(
        package,
        {member: (declaration + content.partition("?>")[2] if "?>" in content else declaration + content).encode()},
    )


@pytest.mark.parametrize("declaration", [BOMB, OUTSIDE], ids=["laughs", "outside"])
@pytest.mark.parametrize(
    ("name", "member"),
    [("a.docx", "word/document.xml"), ("a.xlsx", "xl/worksheets/sheet1.xml"), ("a.xlsx", "xl/workbook.xml")],
)
def test_entities_in_office_files_are_refused_at_once(name: str, member: str, declaration: str) -> None:
    content = declaring(word() if name.endswith("docx") else sheet(), member, declaration)
    began = time.process_time()
    with pytest.raises(IngestError, match="外部实体"):
        read_bytes(content, name)
    assert time.process_time() - began < 5


def test_entities_in_a_web_page_are_only_text() -> None:
    page = f"{OUTSIDE}<html><body><p>一、总则 &e; &l9;</p></body></html>".encode()
    assert "一、总则 &e; &l9;" in read_bytes(page, "a.html")[0].text


def nested(levels: int) -> bytes:
    content = bytes(20 * MEGABYTE)
    for level in range(levels):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for copy in range(10):
                archive.writestr(f"{level}-{copy}.{'zip' if level else 'txt'}", content)
        content = target.getvalue()
    return content


@pytest.mark.parametrize("levels", [1, 2, 3])
def test_archives_in_archives_never_unpack_beyond_measure(levels: int) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(IngestError):
        read_bytes(nested(levels), "a.zip")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400 * 1024


def test_an_archive_that_understates_its_contents_yields_no_more_than_it_says() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", bytes(30 * MEGABYTE))
    content = bytearray(target.getvalue())
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.index(signature) + offset
        content[at : at + 4] = (1000).to_bytes(4, "little")
    with pytest.raises(IngestError):
        read_bytes(bytes(content), "a.zip")


@pytest.mark.parametrize("name", ["/etc/cron.d/evil", "..\\..\\evil.txt", "C:\\evil.txt", "a/../../evil.txt"])
def test_a_path_in_an_archive_writes_nowhere(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16  # a symbolic link, its text the target
        archive.writestr(link, "/etc/hostname")
        archive.writestr(name, "一、总则".encode())
    texts = read_bytes(target.getvalue(), "a.zip")
    assert "一、总则" in [text.text for text in texts]
    assert "/etc/hostname" in [text.text for text in texts]  # the link is read as the text that it is
    assert list(tmp_path.rglob("*")) == []


MACRO = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"Attribute VB_Name = AutoOpen: Shell calc"


@pytest.mark.parametrize(
    ("package", "member", "name", "plain", "macro"),
    [
        (word(), "word/vbaProject.bin", "a.docm", b"wordprocessingml.document.main+xml", b"ms-word.document.macroEnabled.main+xml"),
        (sheet(), "xl/vbaProject.bin", "a.xlsm", b"spreadsheetml.sheet.main+xml", b"ms-excel.sheet.macroEnabled.main+xml"),
    ],
    ids=["docm", "xlsm"],
)  # fmt: skip
def test_macros_are_neither_run_nor_read(package: bytes, member: str, name: str, plain: bytes, macro: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        types = archive.read("[Content_Types].xml").replace(b"openxmlformats-officedocument." + plain, macro)
    (text,) = read_bytes(changed(package, {member: MACRO, "[Content_Types].xml": types}), name)
    assert "关于夜市的通知" in text.text
    assert "Shell" not in text.text


def test_a_sheet_that_claims_a_million_rows_is_read_in_little_memory() -> None:
    with zipfile.ZipFile(io.BytesIO(sheet())) as archive:
        content = archive.read("xl/worksheets/sheet1.xml")
    far = content.replace(b'<row r="1"', b'<row r="1048576"').replace(b'r="A1"', b'r="XFD1048576"')
    assert far != content
    attack = changed(sheet(), {"xl/worksheets/sheet1.xml": far.replace(b'ref="A1"', b'ref="A1:XFD1048576"')})
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))\n"
        "from ingest.read import read_bytes; from ingest.errors import IngestError\n"
        "try: print(len(read_bytes(sys.stdin.buffer.read(), 'a.xlsx')))\n"
        "except IngestError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], input=attack, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()


def test_a_page_nested_without_end_ends_in_a_sentence_or_a_text() -> None:
    page = b"<html><body>" + b"<div>" * 100_000 + "一、总则".encode()
    began = time.process_time()
    try:
        read_bytes(page, "a.html")
    except IngestError as error:
        assert str(error).endswith("。")
    assert time.process_time() - began < 10
