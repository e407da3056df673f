"""Server-side request forgery: however an inside address is written, named or redirected to, nothing is sent there."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

import ingest.fetch
from ingest.errors import IngestError
from ingest.fetch import fetch

INSIDE = [
    *("0177.0.0.1", "0x7f.0.0.1", "0x7f000001", "017700000001", "127.1", "2130706433"),  # octal, hexadecimal, short
    *("localhost.", "LOCALHOST", "127。0。0。1", "１２７.0.0.1", "①②⑦.0.0.1"),  # what IDNA folds to ASCII
    *("[::ffff:7f00:1]", "[::ffff:10.0.0.1]", "[::127.0.0.1]", "[::1]", "[::]", "[fe80::1]", "[fc00::1]"),
    *("[2002:7f00:1::]", "[2002:a00:1::]", "[64:ff9b::7f00:1]", "[2001:0:a00:1::1]"),  # 6to4, NAT64, Teredo
    *("169.254.169.254", "100.100.100.200", "192.0.0.192", "198.18.0.1", "255.255.255.255", "0", "240.0.0.1"),
]


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Where connections are opened to; none comes about."""
    places: list[str] = []

    def refuse(address: tuple[str, int], *_: object, **__: object) -> socket.socket:
        places.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    return places


@pytest.mark.parametrize("host", INSIDE)
def test_an_inside_address_in_any_spelling_is_refused(host: str, connected: list[str]) -> None:
    with pytest.raises(IngestError):
        fetch(f"http://{host}/latest/meta-data")
    assert connected == []


def answering(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """A name server that answers differently each time it is asked; the names asked for."""
    asked: list[str] = []

    def resolve(host: str, port: Any, *_: object, **__: object) -> list[Any]:
        asked.append(host)
        addresses = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


def test_a_name_that_changes_its_address_is_asked_once_and_that_address_is_used(
    monkeypatch: pytest.MonkeyPatch, connected: list[str]
) -> None:
    asked = answering(monkeypatch, ["8.8.8.8"], ["127.0.0.1"])
    with pytest.raises(IngestError, match="连接失败"):
        fetch("http://rebinding.test/")
    assert (asked, connected) == (["rebinding.test"], ["8.8.8.8"])


def test_a_name_with_one_inside_address_among_others_is_refused(
    monkeypatch: pytest.MonkeyPatch, connected: list[str]
) -> None:
    answering(monkeypatch, ["8.8.8.8", "10.0.0.1"])
    with pytest.raises(IngestError, match="内部网络"):
        fetch("http://mixed.test/")
    assert connected == []


class Redirecting(BaseHTTPRequestHandler):
    target = ""

    def do_GET(self) -> None:
        self.send_response(302)
        self.send_header("Location", Redirecting.target)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing on stderr."""


@pytest.fixture(scope="module")
def server() -> Iterator[int]:
    running = ThreadingHTTPServer(("127.0.0.1", 0), Redirecting)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield running.server_port
    running.shutdown()
    running.server_close()


@pytest.mark.parametrize("host", ["169.254.169.254", "[::ffff:a00:1]", "0x0a000001", "10.1", "[fd00::1]"])
def test_a_redirect_to_the_inside_is_refused(server: int, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    is_public = ingest.fetch._is_public
    monkeypatch.setattr(ingest.fetch, "_is_public", lambda address: str(address) == "127.0.0.1" or is_public(address))
    Redirecting.target = f"http://{host}:{server}/"
    with pytest.raises(IngestError, match="内部网络"):
        fetch(f"http://127.0.0.1:{server}/")


def test_a_proxy_of_the_environment_does_not_fetch_for_us(
    monkeypatch: pytest.MonkeyPatch, connected: list[str]
) -> None:
    answering(monkeypatch, ["8.8.8.8"])
    monkeypatch.setenv("http_proxy", "http://10.0.0.1:3128")
    with pytest.raises(IngestError, match="连接失败"):
        fetch("http://name.test/")
    assert connected == ["8.8.8.8"]
