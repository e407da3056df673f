"""Any file → RawText: what the bytes are is looked up in a table, and each format has one reader."""

import hashlib
from dataclasses import replace
from pathlib import Path

from ingest.document import RawText, Source
from ingest.errors import IngestError
from ingest.formats.extract import Blob, Extract, Reader
from ingest.formats.limits import MAX_FILE_BYTES, megabytes
from ingest.formats.markdown import read_markdown
from ingest.formats.text import read_text

READERS: dict[str, Reader] = {
    "txt": read_text,
    "md": read_markdown,
}
SUFFIXES = {".md": "md", ".markdown": "md"}


def read(path: Path) -> tuple[RawText, ...]:
    """The texts of one file, more than one for an archive. Raises IngestError."""
    return read_bytes(_bytes_of(path), str(path))


def read_bytes(data: bytes, name: str, url: str | None = None, *, charset: str | None = None) -> tuple[RawText, ...]:
    """The same for bytes in hand; ``name`` is shown as the path and gives the suffix."""
    _check_size(len(data), name)
    if not data.strip():
        raise IngestError(f"文件“{Path(name).name}”是空的，请检查后重新选择。")
    format_name = _format_of(data, name)
    extract = READERS[format_name](Blob(data, name, charset))
    return (_raw(extract, data, Source(name, format_name, extract.encoding, "", url)),)


def _bytes_of(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise IngestError(f"“{path}”是文件夹，请指定其中的文件。")
        if not path.exists():
            raise IngestError(f"找不到文件“{path}”，请检查路径。")
        if not path.is_file():
            raise IngestError(f"“{path}”不是普通文件，请指定一个文档文件。")
        _check_size(path.stat().st_size, path.name)
        return path.read_bytes()
    except PermissionError as error:
        raise IngestError(f"没有权限读取“{path}”，请修改文件权限或换一个文件。") from error
    except (OSError, ValueError) as error:
        raise IngestError(f"无法读取文件“{str(path)[:200]}”，请检查路径和磁盘。") from error


def _check_size(count: int, name: str) -> None:
    if count > MAX_FILE_BYTES:
        raise IngestError(f"文件“{Path(name).name}”超过 {megabytes(MAX_FILE_BYTES)}，请拆分或压缩图片后再导入。")


def _format_of(data: bytes, name: str) -> str:
    return SUFFIXES.get(Path(name).suffix.lower(), "txt")


def _raw(extract: Extract, data: bytes, source: Source) -> RawText:
    sha256 = hashlib.sha256(data).hexdigest()
    return RawText(extract.text, replace(source, sha256=sha256), extract.tables, extract.pages)
