"""URL → bytes: what is let through and what is refused, against a server that runs here."""

import ipaddress
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

import ingest.fetch
from ingest.errors import IngestError
from ingest.fetch import fetch, read_url

PAGES: dict[str, tuple[int, dict[str, str], bytes]] = {
    "/plain": (200, {"Content-Type": "text/plain; charset=GBK"}, "一、总则".encode("gb18030")),
    "/page.html": (200, {"Content-Type": "text/html"}, "<html><body><p>一、总则</p></body></html>".encode()),
    "/notes.md": (200, {"Content-Type": "application/octet-stream"}, "# 一、总则".encode()),
    "/video": (200, {"Content-Type": "video/mp4"}, b"x"),
    "/missing": (404, {}, b""),
    "/large": (200, {"Content-Type": "text/plain", "Content-Length": str(10**10)}, b"x"),
    "/hop": (302, {"Location": "/page.html"}, b""),
    "/loop": (302, {"Location": "/loop"}, b""),
    "/away": (302, {"Location": "http://127.0.0.2:1/x"}, b""),
    "/file": (302, {"Location": "file:///etc/hostname"}, b""),
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/endless":
            self._endless()
            return
        if self.path == "/drip":
            self._drip()
            return
        status, headers, body = PAGES[self.path]
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _endless(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        try:
            for _ in range(400):
                self.wfile.write(b"x" * 65_536)
        except OSError:
            return

    def _drip(self) -> None:
        try:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            for _ in range(30):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.1)
        except OSError:
            return

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing on stderr."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


def test_a_page_comes_with_its_type_charset_and_address(server: str) -> None:
    fetched = fetch(f"{server}/plain", allow_private=True)
    assert (fetched.content_type, fetched.charset, fetched.final_url) == ("text/plain", "gbk", f"{server}/plain")
    assert fetched.bytes == "一、总则".encode("gb18030")


@pytest.mark.parametrize(
    ("path", "format_name"), [("/plain", "txt"), ("/page.html", "html"), ("/notes.md", "md"), ("/hop", "html")]
)
def test_a_url_is_read_by_its_content(server: str, path: str, format_name: str) -> None:
    raw = read_url(server + path, allow_private=True)[0]
    assert (raw.text, raw.source.format, raw.source.path) == ("一、总则", format_name, server + path)
    assert raw.source.url == server + ("/page.html" if path == "/hop" else path)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/video", "不是文档"),
        ("/missing", "不存在"),
        ("/large", "超过 20 MB"),
        ("/endless", "超过 20 MB"),
        ("/loop", "跳转超过 5 次"),
        ("/file", "http 或 https"),
    ],
)
def test_what_a_server_may_not_do(server: str, path: str, words: str) -> None:
    with pytest.raises(IngestError, match=words):
        fetch(server + path, allow_private=True)


def test_a_server_that_drips_is_given_up(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest.fetch, "DOWNLOAD_SECONDS", -0.5)
    with pytest.raises(IngestError, match="太慢"):
        fetch(f"{server}/drip", allow_private=True)


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://10.1.2.3/", "http://192.168.0.1/a"),
        *("http://169.254.169.254/latest", "http://2130706433/", "http://127.1/", "http://[::ffff:127.0.0.1]/"),
        *(
            "http://0.0.0.0/",
            "http://100.64.0.1/",
            "http://[64:ff9b::a00:1]/",
            "http://[fd00::1]/",
            "http://224.0.0.1/",
        ),
    ],
)
def test_addresses_inside_are_refused(url: str) -> None:
    with pytest.raises(IngestError, match="内部网络"):
        fetch(url)


def test_a_redirect_is_checked_like_a_first_address(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    here = ipaddress.ip_address("127.0.0.1")
    monkeypatch.setattr(ingest.fetch, "_is_public", lambda address: address == here)
    with pytest.raises(IngestError, match="内部网络"):
        fetch(f"{server}/away")


@pytest.mark.parametrize("url", ["ftp://a/b", "file:///etc/hostname", "http://", "一、总则", "javascript:alert(1)"])
def test_other_schemes_are_refused(url: str) -> None:
    with pytest.raises(IngestError, match="http 或 https"):
        fetch(url)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://user:secret@example.org/", "用户名和密码"),
        ("http://example.org:99999/", "格式不对"),
        ("http://[::1", "格式不对"),
        ("http://name.invalid/", "找不到这个网站"),
    ],
)
def test_faulty_urls_are_named(url: str, words: str) -> None:
    with pytest.raises(IngestError, match=words):
        fetch(url)
