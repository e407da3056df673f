"""URL → bytes, guarded: http(s) only, public addresses only, within size and time.

The host name is resolved here, every address is checked, and the connection goes to a checked address, so that a name
cannot point elsewhere between check and use. Redirects are followed by hand and checked the same way.
"""

import builtins
import ipaddress
import posixpath
import queue
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import Message
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

from ingest.document import RawText
from ingest.errors import IngestError
from ingest.formats.limits import DOWNLOAD_SECONDS, MAX_DOWNLOAD_BYTES, MAX_REDIRECTS, megabytes
from ingest.formats.sniff import SUFFIXES, suffix_of
from ingest.read import read_bytes

if TYPE_CHECKING:
    import httpx

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

NAT64 = ipaddress.ip_network("64:ff9b::/96")
# inside all the same, though the standard library calls them global: protocol assignments (a cloud's metadata server among them),
# IPv4 addresses written into IPv6 ones of old and of translators
NEVER = [
    ipaddress.ip_network(each)
    for each in ("192.0.0.0/24", "192.88.99.0/24", "::/96", "::ffff:0:0:0/96", "64:ff9b:1::/48", "5f00::/16")
]
PORTS = {"http": 80, "https": 443}
REDIRECTS = {301, 302, 303, 307, 308}
STEP_SECONDS = 10.0
HEADERS = {"User-Agent": "policy-assistant", "Accept-Encoding": "identity", "Connection": "close"}
ZIP_FAMILY = "application/vnd.openxmlformats-officedocument."
# content type → suffix for names that have none; "" leaves it to the bytes
CONTENT_TYPES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "application/pdf": ".pdf",
    "application/msword": ".doc",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "application/vnd.ms-works": ".wps",
    "application/wps-office.wps": ".wps",
    "application/vnd.ms-excel": ".xls",
    "application/ofd": ".ofd",
    "application/zip": ".zip",
    "application/x-zip-compressed": ".zip",
    f"{ZIP_FAMILY}wordprocessingml.document": ".docx",
    f"{ZIP_FAMILY}spreadsheetml.sheet": ".xlsx",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/tiff": ".tif",
    "image/bmp": ".bmp",
    "image/webp": ".webp",
    "application/octet-stream": "",
    "application/x-download": "",
    "": "",
}
STATUS_SENTENCES = {
    401: "网页需要登录，请下载后上传文件。",
    403: "网站拒绝访问，请在浏览器中下载后上传文件。",
    404: "网页不存在，请检查网址。",
    410: "网页已被撤下，请检查网址。",
    429: "网站限制了访问频率，请稍后再试。",
}


@dataclass(frozen=True)
class Fetched:
    """What a URL gave. ``charset`` as the server said, ``final_url`` after redirects."""

    bytes: builtins.bytes
    content_type: str
    charset: str | None
    final_url: str

    @property
    def name(self) -> str:
        """A file name for the bytes: the last part of the path, with the suffix of the content type if it has none."""
        last = unquote(posixpath.basename(urlsplit(self.final_url).path)) or "index"
        return last if suffix_of(last) in SUFFIXES else last + CONTENT_TYPES.get(self.content_type, "")


@dataclass(frozen=True)
class _Target:
    """A URL whose address has been checked."""

    url: str
    host: str
    port: int
    address: Address


def fetch(url: str, *, allow_private: bool = False) -> Fetched:
    """``allow_private`` lets intranet addresses through. Raises IngestError."""
    ended: queue.SimpleQueue[Fetched | IngestError] = queue.SimpleQueue()

    def work() -> None:
        try:
            ended.put(_followed(url, allow_private=allow_private))
        except IngestError as error:
            ended.put(error)

    # neither a name server nor headers that come byte by byte keep to the time limits of a single step
    threading.Thread(target=work, daemon=True, name="fetch").start()
    try:
        result = ended.get(timeout=DOWNLOAD_SECONDS + 1)
    except queue.Empty as error:
        raise _too_slow() from error
    if isinstance(result, IngestError):
        raise result
    return result


def read_url(url: str, *, allow_private: bool = False) -> tuple[RawText, ...]:
    """The texts behind a URL."""
    return read_fetched(fetch(url, allow_private=allow_private), url)


def read_fetched(fetched: Fetched, url: str) -> tuple[RawText, ...]:
    """The texts in what ``url`` gave."""
    texts = read_bytes(fetched.bytes, fetched.name, fetched.final_url, charset=fetched.charset)
    return tuple(replace(text, source=replace(text.source, path=url)) for text in texts) if len(texts) == 1 else texts


def _followed(url: str, *, allow_private: bool) -> Fetched:
    deadline = time.monotonic() + DOWNLOAD_SECONDS
    for _ in range(MAX_REDIRECTS + 1):
        target = _checked(url, allow_private=allow_private)
        answer = _request(target, deadline)
        if isinstance(answer, Fetched):
            return answer
        url = urljoin(url, answer)
    raise IngestError(f"网址跳转超过 {MAX_REDIRECTS} 次，请直接使用最终网址。")


def _checked(url: str, *, allow_private: bool) -> _Target:
    try:
        parts = urlsplit(url.strip())
        port = parts.port or PORTS.get(parts.scheme, 0)
        host = (parts.hostname or "").encode("idna").decode("ascii") if parts.hostname else ""
    except (ValueError, UnicodeError) as error:
        raise IngestError("网址格式不对，请检查后重新输入。") from error
    if parts.scheme not in PORTS or not host:
        raise IngestError("只能导入 http 或 https 开头的网址，请检查后重新输入。")
    if parts.username or parts.password:
        raise IngestError("网址里不能带用户名和密码，请下载后上传文件。")
    addresses = _addresses(host, port)
    if not allow_private and not all(_is_public(address) for address in addresses):
        raise IngestError("网址指向内部网络，出于安全不予访问，请下载后上传文件。")
    return _Target(urlunsplit(parts._replace(fragment="")), host, port, addresses[0])


def _addresses(host: str, port: int) -> list[Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, OverflowError) as error:
        raise IngestError("找不到这个网站，请检查网址或网络连接。") from error
    # a scope (fe80::1%eth0) belongs to link-local addresses only
    return [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]


def _is_public(address: Address) -> bool:
    """Also looks at the IPv4 address that an IPv6 one may carry inside."""
    inner: list[Address] = []
    if isinstance(address, ipaddress.IPv6Address):
        inner = [part for part in (address.ipv4_mapped, address.sixtofour, *(address.teredo or ())) if part]
        if address in NAT64:
            inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address.ipv4_mapped:
            return _is_public(address.ipv4_mapped)
    if any(address in network for network in NEVER):
        return False
    return address.is_global and not address.is_multicast and all(_is_public(part) for part in inner)


def _request(target: _Target, deadline: float) -> Fetched | str:
    """The page, or where it says to go next."""
    import httpx

    try:
        url = httpx.URL(target.url)
    except httpx.InvalidURL as error:
        raise IngestError("网址格式不对，请检查后重新输入。") from error
    # the address instead of the name; certificate and Host header keep the name
    direct = url.copy_with(host=str(target.address))
    headers = {**HEADERS, "Host": url.netloc.decode("ascii")}
    try:
        with httpx.Client(trust_env=False, follow_redirects=False, timeout=STEP_SECONDS) as client:
            extensions = {"sni_hostname": target.host, "timeout": client.timeout.as_dict()}
            request = client.build_request("GET", direct, headers=headers, extensions=extensions)
            response = client.send(request, stream=True)
            try:
                return _answer(response, target, deadline)
            finally:
                response.close()
    except httpx.TimeoutException as error:
        raise _too_slow() from error
    except httpx.HTTPError as error:
        raise IngestError("网站连接失败，请稍后再试，或下载后上传文件。") from error


def _answer(response: "httpx.Response", target: _Target, deadline: float) -> Fetched | str:
    status = response.status_code
    if status in REDIRECTS and "location" in response.headers:
        return str(response.headers["location"])
    if status != 200:
        raise IngestError(STATUS_SENTENCES.get(status, f"网站返回错误（{status}），请稍后再试，或下载后上传文件。"))
    header = Message()
    header["content-type"] = response.headers.get("content-type", "")
    content_type = header.get_content_type() if response.headers.get("content-type") else ""
    if content_type not in CONTENT_TYPES:
        raise IngestError("网址的内容不是文档（可能是音视频或程序），请换一个网址。")
    announced = response.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > MAX_DOWNLOAD_BYTES:
        raise _too_big()
    data = b"".join(_body(response, deadline))
    return Fetched(data, content_type, header.get_content_charset(), target.url)


def _body(response: "httpx.Response", deadline: float) -> Iterator[bytes]:
    count = 0
    for chunk in response.iter_bytes(65_536):
        count += len(chunk)
        if count > MAX_DOWNLOAD_BYTES:
            raise _too_big()
        if time.monotonic() > deadline:
            raise _too_slow()
        yield chunk


def _too_big() -> IngestError:
    return IngestError(f"网址的内容超过 {megabytes(MAX_DOWNLOAD_BYTES)}，请下载后拆分再上传。")


def _too_slow() -> IngestError:
    return IngestError("网站响应太慢，请稍后再试，或下载后上传文件。")
