"""Any file → RawText: what the bytes are is looked up, and each format has one reader in one table."""

import hashlib
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath

from ingest.document import RawText, Source
from ingest.errors import IngestError
from ingest.formats.docx import read_docx
from ingest.formats.extract import Blob, Reader
from ingest.formats.html import read_html
from ingest.formats.limits import MAX_ARCHIVE_DEPTH, MAX_ARCHIVE_FILES, MAX_FILE_BYTES, megabytes
from ingest.formats.markdown import read_markdown
from ingest.formats.ocr import read_image
from ingest.formats.ofd import read_ofd
from ingest.formats.office import read_office
from ingest.formats.package import open_package
from ingest.formats.pdf import read_pdf
from ingest.formats.sheets import read_csv, read_xls, read_xlsx
from ingest.formats.sniff import format_of
from ingest.formats.text import read_text

READERS: dict[str, Reader] = {
    "txt": read_text,
    "md": read_markdown,
    "html": read_html,
    "docx": read_docx,
    "doc": read_office,
    "wps": read_office,
    "rtf": read_office,
    "odt": read_office,
    "pdf": read_pdf,
    "image": read_image,
    "xlsx": read_xlsx,
    "xls": read_xls,
    "csv": read_csv,
    "ofd": read_ofd,
}
# what systems put into archives on their own
ARCHIVE_LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


def read(path: Path) -> tuple[RawText, ...]:
    """The texts of one file, more than one for a zip archive. Raises IngestError."""
    return read_named(path, str(path))


def read_named(path: Path, name: str) -> tuple[RawText, ...]:
    """The same for a file that is known by another name than its path."""
    return read_bytes(bytes_of(path), name)


def read_bytes(data: bytes, name: str, url: str | None = None, *, charset: str | None = None) -> tuple[RawText, ...]:
    """The same for bytes in hand; ``name`` is shown as the path and gives the suffix, ``charset`` is a server's word."""
    return tuple(_texts(Blob(data, name, charset), url, 0))


def _texts(blob: Blob, url: str | None, depth: int) -> Iterator[RawText]:
    shown = PureWindowsPath(blob.name).name
    _check_size(len(blob.data), shown)
    if not blob.data.strip():
        raise IngestError(f"文件“{shown}”是空的，请检查后重新选择。")
    format_name = format_of(blob.data, blob.name)
    if format_name == "zip":
        yield from _archive(blob, url, depth)
        return
    extract = READERS[format_name](blob)
    if not extract.text.strip():
        raise IngestError(f"文件“{shown}”里没有文字，请检查后重新选择。")
    sha256 = hashlib.sha256(blob.data).hexdigest()
    source = Source(blob.name, format_name, extract.encoding, sha256, url)
    yield RawText(extract.text, source, extract.tables, extract.pages)


def _archive(blob: Blob, url: str | None, depth: int) -> Iterator[RawText]:
    if depth == MAX_ARCHIVE_DEPTH:
        raise IngestError(f"压缩包嵌套超过 {MAX_ARCHIVE_DEPTH} 层，请解压后导入其中的文件。")
    members = [(name, data) for name, data in open_package(blob.data).members() if not _is_litter(name)]
    if not members:
        raise IngestError("压缩包里没有文件，请检查后重新选择。")
    if len(members) > MAX_ARCHIVE_FILES:
        raise IngestError(f"压缩包里的文件超过 {MAX_ARCHIVE_FILES} 个，请分成几个包后再导入。")
    for name, data in members:
        try:
            yield from _texts(Blob(data, f"{blob.name}/{name}"), url, depth + 1)
        except IngestError as error:
            raise IngestError(f"压缩包里的“{PureWindowsPath(name).name}”不能导入：{error}") from error


def _is_litter(name: str) -> bool:
    return name.startswith(ARCHIVE_LITTER[0]) or name.endswith(ARCHIVE_LITTER[1:])


def bytes_of(path: Path) -> bytes:
    """A file's content, within the size that is read. Raises IngestError."""
    shown = str(path)[:200]
    try:
        if path.is_dir():
            raise IngestError(f"“{shown}”是文件夹，请指定其中的文件。")
        if not path.exists():
            raise IngestError(f"找不到文件“{shown}”，请检查路径。")
        if not path.is_file():
            raise IngestError(f"“{shown}”不是普通文件，请指定一个文档文件。")
        _check_size(path.stat().st_size, path.name)
        return path.read_bytes()
    except PermissionError as error:
        raise IngestError(f"没有权限读取“{shown}”，请修改文件权限或换一个文件。") from error
    except (OSError, ValueError) as error:
        raise IngestError(f"无法读取文件“{shown}”，请检查路径和磁盘。") from error


def _check_size(count: int, shown: str) -> None:
    if count > MAX_FILE_BYTES:
        raise IngestError(f"文件“{shown}”超过 {megabytes(MAX_FILE_BYTES)}，请拆分或压缩图片后再导入。")
