"""Plain text: bytes → characters, by byte order mark, strict UTF-8, what was declared, and what makes common Chinese.

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
# pairs of bytes that are signs or common characters; detectors that count languages need far longer texts
COMMON_GB = re.compile(rb"[\xa1-\xa3\xb0-\xd7][\xa1-\xfe]")
COMMON_BIG5 = re.compile(rb"[\xa1-\xc6][\x40-\x7e\xa1-\xfe]")
DOUBLE = re.compile(rb"[\x81-\xfe][\x40-\xfe]")
SURE = 0.8
# what a declared charset may be, and the larger set that older names announce in practice; others (the default of
# servers is Latin-1) say nothing about a Chinese text
DECLARABLE = {
    **dict.fromkeys(("gb2312", "gbk", "cp936", "gb18030"), "gb18030"),
    **dict.fromkeys(("big5", "cp950", "big5hkscs"), "big5hkscs"),
    **{name: name for name in ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "hz")},
}
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
    # a zero byte stands in no text of another encoding; without one, UTF-8 is the surer guess
    zeros = b"\0" in data[:SAMPLE_BYTES]
    candidates = (*(_utf16(data) if zeros else ()), "utf-8", *_known(declared), *(() if zeros else _utf16(data)))
    for encoding in candidates:
        try:
            return _readable(data.decode(encoding)), encoding
        except UnicodeDecodeError:
            continue
    return _damaged_utf8(data) or _detected(data)


def _known(declared: str | None) -> tuple[str, ...]:
    try:
        name = codecs.lookup((declared or "").strip("\"' ")).name
    except (LookupError, ValueError):
        return ()
    return (DECLARABLE[name],) if name in DECLARABLE else ()


def _utf16(data: bytes) -> tuple[str, ...]:
    """UTF-16 without a mark, if one byte order gives Chinese, figures and Latin letters nearly throughout."""
    if len(data) % 2:
        return ()
    sample = data[:SAMPLE_BYTES]
    shares = {encoding: _plain_share(sample.decode(encoding, "replace")) for encoding in ("utf-16-le", "utf-16-be")}
    best = max(shares, key=lambda encoding: shares[encoding])
    return (best,) if shares[best] > SURE else ()


def _plain_share(text: str) -> float:
    plain = sum(
        "\u4e00" <= char <= "\u9fff"
        or "\u3000" <= char <= "\u303f"
        or "\uff00" <= char <= "\uffef"
        or " " <= char <= "~"
        for char in text
        if char not in "\r\n\t"
    )
    return plain / max(sum(char not in "\r\n\t" for char in text), 1)


def _damaged_utf8(data: bytes) -> tuple[str, str] | None:
    """UTF-8 with a few bad bytes (a cut file) must not be taken for GB18030, which accepts almost anything."""
    text = data.decode("utf-8", "replace")
    lost, foreign = text.count("\ufffd"), sum(char > "\x7f" for char in text[:SAMPLE_BYTES])
    if foreign and lost <= max(1, MAX_REPLACED * foreign) and foreign > 2 * lost:
        return _readable(text), "utf-8"
    return None


def _detected(data: bytes) -> tuple[str, str]:
    """GB18030 unless another encoding makes clearly better Chinese of the same bytes."""
    pairs = DOUBLE.findall(data[:SAMPLE_BYTES])
    common_gb = sum(COMMON_GB.fullmatch(pair) is not None for pair in pairs)
    common_big5 = sum(COMMON_BIG5.fullmatch(pair) is not None for pair in pairs)
    is_big5 = common_gb < SURE * len(pairs) and common_big5 > common_gb
    encoding = "big5hkscs" if is_big5 else "gb18030"
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
