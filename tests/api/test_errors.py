"""Whatever a program sends, it gets JSON with one Chinese sentence, and never a traceback."""

import json
from typing import Any

import httpx
import pytest

JSON = {"content-type": "application/json"}


def said(given: httpx.Response, status: int) -> str:
    assert given.status_code == status, given.text
    error = given.json()["error"]
    assert error["code"] and error["message"].endswith("。")
    assert "Traceback" not in given.text and ".py" not in given.text
    return str(error["message"])


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/nothing", 404),
        ("POST", "/api/nothing", 404),
        ("GET", "/v1/nothing", 404),
        ("GET", "/api/ask", 405),
        ("DELETE", "/api/documents", 405),
        ("PUT", "/v1/chat/completions", 405),
        ("GET", "/api/documents/..%2f..%2fetc%2fpasswd", 404),
        ("GET", "/api/search?q=%ff%fe&unit=%00", 404),
    ],
)
def test_every_failure_is_json(http: httpx.Client, method: str, path: str, status: int) -> None:
    for accepted in ("*/*", "text/html,*/*"):
        given = http.request(method, path, headers={"accept": accepted})
        said(given, status)
        assert status != 405 or given.headers["allow"]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"null", b"[]", b'"a"', b"{}", b'{"question": null}', b'{"question": 7}', b'{"question": ""}'],
)
def test_a_wrong_body_is_refused(http: httpx.Client, body: bytes) -> None:
    said(http.post("/api/ask", content=body, headers=JSON), 422)


@pytest.mark.parametrize("body", [b"\xff\xfe", b"[" * 200_000, b'{"question": ' + b"[" * 100_000])
def test_a_body_that_no_parser_likes_is_refused(http: httpx.Client, body: bytes) -> None:
    given = http.post("/api/ask", content=body, headers=JSON)
    said(given, given.status_code)
    assert given.status_code in (400, 422)


def test_a_body_of_another_type_is_refused(http: httpx.Client) -> None:
    said(http.post("/api/ask", content=b'{"question": "a"}', headers={"content-type": "text/plain"}), 422)


@pytest.mark.parametrize(
    "question",
    [
        "\ud800",
        "a\ud800b",
        "\x00",
        "\u202e第7项",
        "\ufeff",
        "👩‍👩‍👧‍👦" * 100,
        "ﷺ" * 100,
        "e" + "\u0301" * 1900,
        "' or 1=1 --",
        "{{7*7}}",
    ],
)
def test_strange_characters_are_answered_or_refused(http: httpx.Client, question: str) -> None:
    body = json.dumps({"question": question, "history": [question, "第7项"]}).encode()
    given = http.post("/api/ask", content=body, headers=JSON)
    if given.status_code != 200:
        said(given, given.status_code)
    assert given.status_code in (200, 400, 422)


def test_a_question_too_long_is_refused(http: httpx.Client) -> None:
    assert "2000" in said(http.post("/api/ask", json={"question": "字" * 2001}), 422)
    assert "2000" in said(http.post("/api/ask", json={"question": "ﷺ" * 200}), 400)  # each is read as eighteen


def test_what_is_too_large_is_refused_whether_it_says_so_or_not(http: httpx.Client) -> None:
    big = json.dumps({"question": "字", "history": ["x" * 1_200_000]}).encode()

    def unannounced() -> Any:
        for start in range(0, len(big), 65536):
            yield big[start : start + 65536]

    assert "1 MB" in said(http.post("/api/ask", content=big, headers=JSON), 413)
    assert "1 MB" in said(http.post("/api/ask", content=unannounced(), headers=JSON), 413)
    assert http.get("/healthz").status_code == 200
