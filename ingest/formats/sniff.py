"""What a file is: by its first bytes, by what its container holds, and only then by its name."""

import re
from collections.abc import Callable
from pathlib import PurePosixPath, PureWindowsPath

from ingest.errors import IngestError
from ingest.formats.package import open_package

Rule = Callable[[bytes], bool]

HTML_START = re.compile(rb"\s*(<!--.{0,2000}?-->\s*)*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
IMAGE_STARTS = (b"\x89PNG", b"\xff\xd8\xff", b"BM", b"II*\0", b"MM\0*", b"GIF8")
OTHER_ARCHIVES = {b"Rar!": "rar", b"7z\xbc\xaf": "7z", b"\x1f\x8b": "gz", b"BZh": "bz2", b"\xfd7zXZ": "xz"}

SUFFIXES = {
    **dict.fromkeys((".md", ".markdown"), "md"),
    **dict.fromkeys((".html", ".htm", ".shtml", ".xhtml", ".jsp", ".aspx", ".php"), "html"),
    **dict.fromkeys((".csv", ".tsv"), "csv"),
    **dict.fromkeys((".rtf",), "rtf"),
    **dict.fromkeys((".docx", ".docm"), "docx"),
    **dict.fromkeys((".xlsx", ".xlsm"), "xlsx"),
    **{".pdf": "pdf", ".ofd": "ofd", ".zip": "zip", ".doc": "doc", ".wps": "wps", ".xls": "xls", ".et": "xls"},
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".gif", ".webp"), "image"),
}
# these formats begin with known bytes, so text under such a name is a file of another kind
BINARY = {"docx", "xlsx", "pdf", "ofd", "zip", "doc", "wps", "xls", "image"}
ENTRIES = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "OFD.xml": "ofd"}
OPEN_DOCUMENT_TEXT = b"application/vnd.oasis.opendocument.text"
REFUSED = {
    **dict.fromkeys((".json", ".jsonl"), "这是数据文件，批量文本请用 python -m index build --jsonl 导入。"),
    **dict.fromkeys((".xml", ".svg"), "不支持 XML 数据文件，请另存为 docx、pdf 或 txt 后再导入。"),
    **dict.fromkeys((".ppt", ".pptx", ".dps"), "不支持演示文稿，请另存为 PDF 后再导入。"),
    **dict.fromkeys((".caj", ".ceb", ".cebx", ".gd", ".sep"), "不支持这种版式文件，请另存为 PDF 后再导入。"),
}


def format_of(data: bytes, name: str) -> str:
    """A key of the table of readers, or "zip". Raises IngestError for kinds that cannot be read."""
    suffix = suffix_of(name)
    if suffix in REFUSED:
        raise IngestError(REFUSED[suffix])
    for kind, archive in OTHER_ARCHIVES.items():
        if data.startswith(kind):
            raise IngestError(f"不支持 {archive} 压缩包，请解压后导入其中的文件，或改用 zip。")
    found = _by_content(data, suffix)
    if found:
        return found
    named = SUFFIXES.get(suffix, "txt")
    if named in BINARY:
        raise IngestError(f"文件内容与扩展名 {suffix} 不符或已损坏，请用原来的软件打开后另存再导入。")
    return named


def suffix_of(name: str) -> str:
    """Names from Windows archives hold backslashes, URLs a query."""
    if "://" in name:
        name = name.partition("?")[0].partition("#")[0]
    return PurePosixPath(PureWindowsPath(name).name).suffix.lower()


def _by_content(data: bytes, suffix: str) -> str | None:
    for matches, answer in RULES:
        if matches(data):
            return answer(data, suffix)
    return None


def _is_pdf(data: bytes) -> bool:
    return b"%PDF-" in data[:1024]


def _is_image(data: bytes) -> bool:
    return (data.startswith(IMAGE_STARTS) and not data[:32].isascii()) or data[:4] + data[8:12] == b"RIFFWEBP"


def _container(data: bytes, suffix: str) -> str:
    package = open_package(data)
    names = set(package.names())
    for entry, found in ENTRIES.items():
        if entry in names:
            return found
    if "mimetype" in names and package.read("mimetype").startswith(OPEN_DOCUMENT_TEXT):
        return "odt"
    named = SUFFIXES.get(suffix)
    if named in ENTRIES.values():
        raise IngestError(f"文件不是完整的 {suffix[1:]}，请用原来的软件打开后另存再导入。")
    return "zip"


def _compound(data: bytes, suffix: str) -> str:
    """The older Office container; the names of its streams say what it holds."""
    if _stream("EncryptedPackage") in data:
        raise IngestError("文件设有密码，请解除密码后再导入。")
    if _stream("WordDocument") in data:
        return "wps" if suffix == ".wps" else "doc"
    if _stream("Workbook") in data or _stream("Book") in data:
        return "xls"
    if suffix in (".doc", ".wps", ".xls", ".et"):
        return SUFFIXES[suffix]
    raise IngestError("不支持这种办公文件，请另存为 docx、xlsx 或 pdf 后再导入。")


def _stream(name: str) -> bytes:
    return name.encode("utf-16-le")


RULES: tuple[tuple[Rule, Callable[[bytes, str], str]], ...] = (
    (_is_pdf, lambda data, suffix: "pdf"),
    (lambda data: data.startswith((b"PK\x03\x04", b"PK\x05\x06")), _container),
    (lambda data: data.startswith(COMPOUND), _compound),
    (lambda data: data.startswith(b"{\\rtf"), lambda data, suffix: "rtf"),
    (_is_image, lambda data, suffix: "image"),
    (lambda data: HTML_START.match(data[:4096]) is not None, lambda data, suffix: "html"),
)
