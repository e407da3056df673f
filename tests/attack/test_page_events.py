"""The doors of Gradio that no page needs stay shut, and events of a form that no page sends are refused with a sentence."""

import json

import httpx
import pytest

from tests.attack.conftest import Attacked

SHUT = [
    *(("POST", "/gradio_api/run/predict"), ("POST", "/gradio_api/call/respond"), ("POST", "/gradio_api/component_server")),
    *(("GET", "/gradio_api/proxy=http://127.0.0.1/"), ("GET", "/proxy=http://127.0.0.1/"), ("GET", "/monitoring")),
    *(("GET", "/gradio_api/vibe-code"), ("POST", "/gradio_api/vibe-edit"), ("GET", "/gradio_api/run-history/records")),
    *(("POST", "/gradio_api/profiling/clear"), ("GET", "/gradio_api/monitoring/summary"), ("GET", "/mcp")),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), SHUT)
def test_what_no_page_uses_is_not_there(http: httpx.Client, method: str, path: str) -> None:
    assert http.request(method, path, json={}).status_code in (404, 405)


@pytest.mark.parametrize("path", ["/etc/passwd", "/proc/self/environ", "../../library.sqlite", "journal.db"])
def test_no_file_of_this_machine_is_served(http: httpx.Client, attacked: Attacked, path: str) -> None:
    for asked in (path, str(attacked.data / path)):
        given = http.get(f"/gradio_api/file={asked}")
        assert given.status_code in (403, 404)


WRONG = [
    b"",
    b"[]",
    b"{",
    b'{"data": [], "fn_index": 0, "session_hash": "a"}',
    b'{"data": ["x"], "fn_index": "0", "session_hash": "a"}',
    b'{"data": ["x"], "fn_index": true, "session_hash": "a"}',
    b'{"data": ["x"], "fn_index": 100000, "session_hash": "a"}',
    b'{"data": {}, "fn_index": 1, "session_hash": ""}',
    b'{"data": ["\\ud800", null, null], "fn_index": 1, "session_hash": "a"}',
    b'{"data": ' + b"[" * 5000 + b"}",
    b'{"data": ' + b"9" * 5000 + b"}",
]


@pytest.mark.parametrize("body", WRONG, ids=lambda body: body[:40].decode())
def test_an_event_that_no_page_sends_is_refused_with_a_sentence(http: httpx.Client, body: bytes) -> None:
    given = http.post("/gradio_api/queue/join", content=body, headers={"Content-Type": "application/json"})
    assert given.status_code == 422
    assert "刷新页面" in json.loads(given.content)["error"]["message"]


def test_a_path_longer_than_a_files_name_is_no_failure(http: httpx.Client) -> None:
    assert http.get("/static/" + "a" * 3000).status_code == 404


def test_a_request_to_change_the_protocol_is_refused_at_once(http: httpx.Client) -> None:
    headers = {"Connection": "upgrade", "Upgrade": "websocket"}
    assert http.post("/api/ask", json={"question": "x"}, headers=headers).status_code == 400
