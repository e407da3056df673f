"""Plain text: bytes → characters, by byte order mark, strict UTF-8, detection, and last GB18030.

The text is the file's own, character for character; only a byte order mark goes and Windows line ends become \\n, because
offsets into this text are compared with offsets into the file.
"""

import codecs
import re

from ingest.errors import IngestError
from ingest.formats.extract import Blob, Extract, too_long
from ingest.formats.limits import MAX_TEXT_CHARACTERS

# UTF-32-LE begins with the mark of UTF-16-LE, so it is asked first
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
CANDIDATES = ["gb18030", "big5", "big5hkscs", "utf_16_le", "utf_16_be"]
# older names that in practice announce the larger set
SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "big5": "big5hkscs", "ascii": "utf-8"}
SAMPLE_BYTES = 65_536
# above these shares the bytes are no text in that encoding
MAX_REPLACED = 0.02
MAX_CONTROL = 0.002
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


def read_text(blob: Blob) -> Extract:
    """A .txt file as it stands."""
    text, encoding = decode(blob.data, declared=blob.charset)
    return Extract(text, encoding)


def decode(data: bytes, *, declared: str | None = None) -> tuple[str, str]:
    """The characters and the encoding; ``declared`` (a server's or a page's word) counts after a mark and strict UTF-8."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _readable(data[len(mark) :].decode(encoding, "replace")), encoding
    for encoding in (*_broad_utf16(data), "utf-8", *_known(declared)):
        try:
            return _readable(data.decode(encoding)), encoding
        except UnicodeDecodeError:
            continue
    return _damaged_utf8(data) or _detected(data)


def _known(declared: str | None) -> tuple[str, ...]:
    if not declared:
        return ()
    try:
        name = codecs.lookup(declared.strip().strip("\"'")).name
    except (LookupError, ValueError):
        return ()
    return (SUPERSETS.get(name, name),)


def _broad_utf16(data: bytes) -> tuple[str, ...]:
    """UTF-16 without a mark: line ends and digits have a zero byte beside them, which UTF-8 text never has."""
    sample = data[:SAMPLE_BYTES]
    if len(data) % 2 or b"\0" not in sample:
        return ()
    low, high = sample[0::2].count(0), sample[1::2].count(0)
    return ("utf-16-le",) if high > low else ("utf-16-be",)


def _damaged_utf8(data: bytes) -> tuple[str, str] | None:
    """UTF-8 with a few bad bytes (a cut file) must not be taken for GB18030, which accepts almost anything."""
    text = data.decode("utf-8", "replace")
    lost, foreign = text.count("\ufffd"), sum(char > "\x7f" for char in text[:SAMPLE_BYTES])
    if foreign and lost <= max(1, MAX_REPLACED * foreign) and foreign > 2 * lost:
        return _readable(text), "utf-8"
    return None


def _detected(data: bytes) -> tuple[str, str]:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:SAMPLE_BYTES], cp_isolation=CANDIDATES).best()
    encoding = _known(best.encoding)[0] if best is not None else "gb18030"
    return _readable(data.decode(encoding, "replace")), encoding


def _readable(text: str) -> str:
    if len(text) > MAX_TEXT_CHARACTERS:
        raise too_long()
    controls = sum(1 for _ in CONTROL.finditer(text))
    if controls > MAX_CONTROL * len(text) or text.count("\ufffd") > MAX_REPLACED * len(text) + 1:
        raise IngestError("文件内容不是文字（可能是程序、压缩包或已损坏），请换成 txt、docx、pdf 等文档后再导入。")
    return _line_ends(text)


def _line_ends(text: str) -> str:
    if "\n" not in text:
        return text.replace("\r", "\n")
    return text.replace("\r\n", "\n")
