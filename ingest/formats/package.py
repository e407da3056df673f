"""Zip containers, guarded: how many files, how large unpacked, how far they expand; and XML without entities.

Nothing is ever written to disk and names inside a container are only labels, so a path in a name can do no harm.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from ingest.errors import IngestError
from ingest.formats.limits import MAX_ARCHIVE_BYTES, MAX_ARCHIVE_FILES, MAX_ARCHIVE_RATIO, MAX_XML_DEPTH, megabytes

ENCRYPTED_FLAG = 0x1
UTF8_NAME_FLAG = 0x800
DAMAGED = "文件已损坏或没有下载完整，请重新获取后再导入。"
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    ValueError,
    KeyError,
    RuntimeError,
    OverflowError,
)


@dataclass(frozen=True)
class Package:
    """An opened container whose declared sizes are within the limits; ``zipfile`` never yields more than is declared."""

    archive: zipfile.ZipFile

    def names(self) -> list[str]:
        return [info.filename for info in self.archive.infolist() if not info.is_dir()]

    def read(self, name: str) -> bytes:
        """One member. Raises IngestError when it is damaged or not there."""
        try:
            return self.archive.read(name)
        except UNREADABLE as error:
            raise IngestError(DAMAGED) from error

    def members(self) -> Iterator[tuple[str, bytes]]:
        """Every file with the name to show for it, in the container's order."""
        for info in self.archive.infolist():
            if not info.is_dir():
                try:
                    yield _shown_name(info), self.archive.read(info)
                except UNREADABLE as error:
                    raise IngestError(DAMAGED) from error


def open_package(data: bytes) -> Package:
    """The container, once its table of contents is known to be harmless."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        infos = archive.infolist()
    except UNREADABLE as error:
        raise IngestError(DAMAGED) from error
    if not all(info.filename for info in infos):  # zipfile itself stumbles over it
        raise IngestError(DAMAGED)
    if len(infos) > MAX_ARCHIVE_FILES * 10:
        raise IngestError(f"压缩包里的文件超过 {MAX_ARCHIVE_FILES * 10} 个，请分成几个包后再导入。")
    if any(info.flag_bits & ENCRYPTED_FLAG for info in infos):
        raise IngestError("文件设有密码，请解除密码后再导入。")
    total = sum(info.file_size for info in infos)
    if total > MAX_ARCHIVE_BYTES:
        raise IngestError(f"文件解压后超过 {megabytes(MAX_ARCHIVE_BYTES)}，请拆分后再导入。")
    if total > MAX_ARCHIVE_RATIO * max(len(data), 65_536):
        raise IngestError(f"文件解压后膨胀 {MAX_ARCHIVE_RATIO} 倍以上，疑似压缩炸弹，请换用正常的文件。")
    return Package(archive)


def repacked(package: Package, keep: tuple[str, ...], changes: Mapping[str, bytes] = MappingProxyType({})) -> bytes:
    """The members ending in ``keep``, some of them exchanged, in a new container, for readers that trust a stream over its declared size."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in dict.fromkeys(package.names()):
            if name.endswith(keep):
                archive.writestr(name, changes[name] if name in changes else package.read(name))
    return target.getvalue()


def parse_xml(data: bytes) -> Element:
    """The root of an XML part; namespaces stay as ``{uri}name``. Document types and deep nesting are refused."""
    builder, depth = TreeBuilder(), 0
    parser = _strict_parser()

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_XML_DEPTH:
            raise IngestError(f"文件内部结构嵌套超过 {MAX_XML_DEPTH} 层，请用办公软件另存后再导入。")
        builder.start(_braced(name), attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_braced(name))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    _feed(parser, data)
    return builder.close()


def check_prolog(data: bytes) -> None:
    """Refuse an XML part that declares a document type: that is where entity bombs and outside files hide."""
    parser = _strict_parser()

    def root_reached(name: str, attributes: dict[str, str]) -> None:
        raise _RootReachedError

    parser.StartElementHandler = root_reached
    try:
        _feed(parser, data)
    except _RootReachedError:
        return


class _RootReachedError(Exception):
    """The prolog is over; what follows cannot declare entities."""


def _strict_parser() -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator="}")

    def refuse(*declaration: object) -> None:
        raise IngestError("文件内部含有外部实体声明，可能有害，请用办公软件另存后再导入。")

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser


def _feed(parser: expat.XMLParserType, data: bytes) -> None:
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise IngestError(DAMAGED) from error


def _braced(name: str) -> str:
    return "{" + name if "}" in name else name


def _shown_name(info: zipfile.ZipInfo) -> str:
    """Chinese Windows writes names in GBK without saying so."""
    if info.flag_bits & UTF8_NAME_FLAG:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return info.filename
