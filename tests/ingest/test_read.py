"""Any file → RawText: what is refused and how it is said; that every form of one document reads the same."""

import io
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from ingest.document import RawText
from ingest.errors import IngestError
from ingest.parse import parse
from ingest.read import read, read_bytes

FILES = Path(__file__).parent / "files"
SEED = Path(__file__).parents[2] / "seeds" / "wuhan-2021-service-outsourcing.txt"
TEXT = SEED.read_text(encoding="utf-8")
LINES = [line for line in TEXT.split("\n") if line.strip()]

needs_libreoffice = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
CHROMIUM = next((found for name in ("chromium", "google-chrome") if (found := shutil.which(name))), None)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


def lines_of(raw: RawText) -> list[str]:
    return [line for line in raw.text.split("\n") if line.strip()]


def outline_of(raw: RawText) -> list[object]:
    document = parse(raw)
    return [
        (clause.label, clause.task, clause.title, tuple(unit.name for unit in document.units_of(clause)))
        for clause in document.clauses
    ]


def zipped(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


def refusal(data: bytes, name: str) -> str:
    with pytest.raises(IngestError) as caught:
        read_bytes(data, name)
    return str(caught.value)


def printed(tmp_path: Path, html: str) -> RawText:
    """What Chromium prints of a page, read back."""
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    command = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    target = tmp_path / "page.pdf"
    subprocess.run(
        [*command, f"--print-to-pdf={target}", str(tmp_path / "page.html")], check=True, capture_output=True, timeout=60
    )
    return read(target)[0]


def paragraphs() -> str:
    return "".join(f"<p>{line}</p>" for line in LINES)


@pytest.mark.parametrize("name", ["seed.docx", "seed-libreoffice.pdf", "seed.ofd"])
def test_a_file_of_another_program_gives_the_lines_and_units_of_the_text_file(name: str) -> None:
    raw = read(FILES / name)[0]
    assert lines_of(raw) == LINES
    assert outline_of(raw) == outline_of(read(SEED)[0])


@needs_libreoffice
@pytest.mark.parametrize("name", ["seed.doc", "seed.wps"])
def test_older_word_files_are_read_through_libreoffice(name: str) -> None:
    raw = read_bytes((FILES / "seed.doc").read_bytes(), name)[0]
    assert lines_of(raw) == LINES
    assert outline_of(raw) == outline_of(read(SEED)[0])


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("seed.md", TEXT.encode()),
        ("seed.html", f"<html><meta charset=gb2312><body>{paragraphs()}</body></html>".encode("gb18030")),
        ("seed.txt", TEXT.encode("utf-16")),
    ],
)
def test_text_forms_give_the_same_outline_and_units(name: str, data: bytes) -> None:
    raw = read_bytes(data, name)[0]
    assert lines_of(raw) == LINES
    assert outline_of(raw) == outline_of(read(SEED)[0])


@needs_chromium
def test_a_printed_page_loses_its_line_ends_page_numbers_and_running_heads(tmp_path: Path) -> None:
    style = (
        "@page{size:A4;margin:37mm 26mm 35mm 28mm;@bottom-center{content:'— ' counter(page) ' —'}"
        "@top-left{content:'武汉市商务局文件'}}"
        "p{text-indent:2em;margin:0;line-height:28pt;font-size:16pt;text-align:justify}h1{font-size:22pt;text-align:center}"
    )
    title = "武汉市服务贸易发展工作领导小组关于推动服务外包加快转型升级的实施意见"
    raw = printed(tmp_path, f"<meta charset=utf-8><style>{style}</style><h1>{title}</h1>{paragraphs()}")
    assert lines_of(raw) == [title, *LINES]
    assert len(raw.pages) > 5
    assert raw.text[raw.pages[1] - 30 : raw.pages[1] + 30] in TEXT.replace("\n\n", "\n")


@needs_chromium
def test_a_printed_page_in_block_style_reads_the_same(tmp_path: Path) -> None:
    raw = printed(tmp_path, f"<meta charset=utf-8>{paragraphs()}")
    assert lines_of(raw) == LINES


def test_the_source_says_what_was_read() -> None:
    source = read(SEED)[0].source
    assert (source.path, source.format, source.encoding) == (str(SEED), "txt", "utf-8")
    assert len(source.sha256) == 64


def test_an_archive_gives_one_text_for_each_file() -> None:
    archive = zipped(**{"一.txt": "一、总则".encode(), "子/二.md": "# 二、附则".encode(), "__MACOSX/._一.txt": b"\0"})
    texts = read_bytes(archive, "包.zip")
    assert [(text.source.path, text.text) for text in texts] == [
        ("包.zip/一.txt", "一、总则"),
        ("包.zip/子/二.md", "二、附则"),
    ]


def test_names_in_archives_from_chinese_windows_are_decoded() -> None:
    archive = zipped(**{"aaaaaaaa.txt": "一、总则".encode()}).replace(b"aaaaaaaa", "工作方案".encode("gb18030"))
    assert read_bytes(archive, "a.zip")[0].source.path == "a.zip/工作方案.txt"


def test_a_path_inside_an_archive_is_only_a_label(tmp_path: Path) -> None:
    texts = read_bytes(zipped(**{"../../evil.txt": "一、总则".encode()}), str(tmp_path / "a.zip"))
    assert texts[0].text == "一、总则"
    assert list(tmp_path.parent.glob("evil.txt")) == []


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "a.txt", "是空的"),
        (b" \n\t\n", "a.txt", "是空的"),
        (bytes(range(256)) * 20, "a.txt", "不是文字"),
        (b"\x7fELF" + bytes(500), "a", "不是文字"),
        (b"%PDF-1.7 nothing else", "a.pdf", "损坏"),
        (b"plain words", "a.docx", "与扩展名 .docx 不符"),
        (b"PK\x03\x04 cut", "a.docx", "损坏"),
        ((FILES / "seed.docx").read_bytes()[:5000], "a.docx", "损坏"),
        ((FILES / "encrypted.pdf").read_bytes(), "a.pdf", "设有密码"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "a.docx", "设有密码"),
        (b"Rar!\x1a\x07", "a.rar", "不支持 rar"),
        (b'{"id": "1"}', "a.json", "--jsonl"),
        (b"<a/>", "a.xml", "不支持 XML"),
        (zipped(), "a.zip", "没有文件"),
        (zipped(**{"a.docx": b"words"}), "a.zip", "压缩包里的“a.docx”"),
        (zipped(**{"a.zip": zipped(**{"b.zip": zipped(**{"c.txt": b"x"})})}), "a.zip", "嵌套超过 2 层"),
        (zipped(**{f"{number}.txt": b"x" for number in range(600)}), "a.zip", "超过 500 个"),
        (b"x" * (51 * 1024 * 1024), "a.txt", "超过 50 MB"),
        ("字".encode() * 5_000_001, "a.txt", "超过 500 万字"),
    ],
    ids=range(19),
)
def test_what_cannot_be_read_is_refused_in_one_sentence(data: bytes, name: str, words: str) -> None:
    sentence = refusal(data, name)
    assert words in sentence
    assert sentence.endswith("。")
    assert "请" in sentence


def test_an_archive_with_a_file_without_a_name_is_damaged() -> None:
    archive = zipped(**{"zz.txt": "一、总则".encode()}).replace(b"zz.txt", b"\0z.txt")
    with pytest.raises(IngestError, match="已损坏"):
        read_bytes(archive, "a.zip")


def test_an_encrypted_archive_is_named_as_such() -> None:
    archive = bytearray(zipped(**{"a.txt": b"words"}))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        archive[archive.index(signature) + flags] |= 1
    assert "设有密码" in refusal(bytes(archive), "a.zip")


def test_an_archive_that_unpacks_without_measure_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", bytes(60 * 1024 * 1024))
    assert "膨胀" in refusal(target.getvalue(), "a.zip")


def test_places_that_are_no_file_are_named(tmp_path: Path) -> None:
    for place, words in ((tmp_path, "文件夹"), (tmp_path / "none.txt", "找不到"), (Path("a\0b"), "找不到|无法读取")):
        with pytest.raises(IngestError, match=words):
            read(place)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_without_permission_is_named(tmp_path: Path) -> None:
    locked = tmp_path / "a.txt"
    locked.write_text("一、总则", encoding="utf-8")
    locked.chmod(0)
    with pytest.raises(IngestError, match="没有权限"):
        read(locked)


def test_missing_libreoffice_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert "需要 LibreOffice" in refusal((FILES / "seed.doc").read_bytes(), "通知.doc")
