"""What stands between people and the app in ``deploy/nginx.conf``, tried with a real nginx."""

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from tests.deploy.proxy import Proxy, free_port, proxy, written

SEEN = threading.Event()
MEGABYTE = 1024 * 1024


class Upstream(BaseHTTPRequestHandler):
    """Tells what reached it, and sends an answer in two pieces, the second only after the first was seen."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/stream":
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self._piece(b"data: first\n\n")
            self._piece(b"data: second\n\n" if SEEN.wait(10) else b"data: nobody saw the first\n\n")
            self._piece(b"")
            return
        self._answer(json.dumps({name.lower(): value for name, value in self.headers.items()}).encode())

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        while length > 0:
            length -= len(self.rfile.read(min(length, MEGABYTE)))
        self._answer(b"{}")

    def _piece(self, content: bytes) -> None:
        self.wfile.write(f"{len(content):x}\r\n".encode() + content + b"\r\n")
        self.wfile.flush()

    def _answer(self, content: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing on stderr."""


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    upstream = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    with proxy(tmp_path_factory.mktemp("nginx"), upstream.server_port) as running:
        yield running
    upstream.shutdown()
    upstream.server_close()


@pytest.fixture(scope="module")
def client(front: Proxy) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=front.url, verify=front.trust, trust_env=False, timeout=30) as opened:
        yield opened


def test_nginx_accepts_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, free_port(), free_port(), free_port())
    done = subprocess.run(
        [str(shutil.which("nginx")), "-t", "-p", str(tmp_path), "-c", str(path), "-e", str(tmp_path / "error.log")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_where_a_request_comes_from_is_said_by_nginx_not_by_the_client(client: httpx.Client) -> None:
    forged = {
        "X-Forwarded-For": "8.8.8.8",
        "X-Forwarded-Proto": "http",
        "Forwarded": "for=8.8.8.8",
        "X-Real-IP": "8.8.8.8",
    }
    seen = client.get("/", headers=forged).json()
    assert (seen["x-forwarded-for"], seen["x-real-ip"], seen["x-forwarded-proto"]) == (
        "127.0.0.1",
        "127.0.0.1",
        "https",
    )
    assert "forwarded" not in seen


def test_tokens_and_cookies_reach_the_app(client: httpx.Client) -> None:
    seen = client.get("/", headers={"Authorization": "Bearer abc", "Cookie": "policy_session=abc"}).json()
    assert (seen["authorization"], seen["cookie"]) == ("Bearer abc", "policy_session=abc")


def test_an_answer_comes_piece_by_piece(client: httpx.Client) -> None:
    SEEN.clear()
    with client.stream("GET", "/stream") as response:
        lines = (line for line in response.iter_lines() if line)
        assert next(lines) == "data: first"
        SEEN.set()
        assert next(lines) == "data: second"


@pytest.mark.parametrize(
    ("path", "megabytes", "status"),
    [
        ("/api/ask", 0.9, 200),
        ("/api/ask", 1.1, 413),
        ("/gradio_api/upload", 51, 200),
        ("/gradio_api/upload", 53, 413),
        ("/api/editor/documents", 51, 200),
        ("/api/editor/documents/publish", 1.1, 413),
    ],
)
def test_a_body_is_let_through_up_to_what_its_place_needs(
    client: httpx.Client, path: str, megabytes: float, status: int
) -> None:
    assert client.post(path, content=bytes(int(megabytes * MEGABYTE))).status_code == status


def test_an_upgrade_to_websocket_is_passed_on(client: httpx.Client) -> None:
    seen = client.get("/", headers={"Upgrade": "websocket", "Connection": "Upgrade"}).json()
    assert (seen["upgrade"], seen["connection"]) == ("websocket", "upgrade")


def test_plain_http_is_sent_to_https_and_https_stays(front: Proxy, client: httpx.Client) -> None:
    moved = httpx.get(f"http://127.0.0.1:{front.plain_port}/document?doc=1", trust_env=False)
    assert (moved.status_code, moved.headers["location"]) == (301, "https://127.0.0.1/document?doc=1")
    assert "max-age" in client.get("/").headers["strict-transport-security"]
