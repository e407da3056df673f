"""What the app writes down holds no secret, even at the most talkative level."""

import json
from pathlib import Path

from bench.running import served
from index.curate import Curator
from tests.index.conftest import HARBOUR, document

KEY = "sk-of-nobody-0123456789"


def test_no_password_token_or_key_is_logged_or_counted(tmp_path: Path) -> None:
    data = tmp_path / "data"
    Curator(data, create=True).add_documents([document("harbour", HARBOUR)])
    model = {
        "POLICY_LLM_BASE_URL": "http://127.0.0.1:9/v1",
        "POLICY_LLM_MODEL": "none",
        "POLICY_LLM_API_KEY": KEY,
        "POLICY_LOG_LEVEL": "debug",
        "POLICY_LOG_FORMAT": "json",
    }
    with served(data, env=model) as app:
        token = app.client.headers["Authorization"].removeprefix("Bearer ")
        question = {"question": "港口岸电：沿江码头配备岸电箱由哪个单位负责？"}
        given = app.client.post("/api/ask", json=question).raise_for_status()
        told = given.text
        app.client.get("/api/search", params={"q": question["question"]}).raise_for_status()
        chat = {"model": "policy", "messages": [{"role": "user", "content": question["question"]}]}
        app.client.post("/v1/chat/completions", json=chat)
        app.client.post("/login", json={"user": "nobody", "password": "a-wrong-password"})
        app.client.get("/api/editor/history").raise_for_status()
        counted = app.client.get("/metrics").text
        written = app.said.read_text(encoding="utf-8")
    lines = [json.loads(line) for line in written.splitlines() if not line.startswith("政策问答已启动")]
    assert len(lines) > 5
    (asked,) = [line for line in lines if line["logger"] == "request" and line["path"] == "/api/ask"]
    assert asked["request"] == given.headers["x-request-id"] and asked["status"] == 200
    for secret in (KEY, token, (tmp_path / "password").read_text(encoding="utf-8"), "a-wrong-password"):
        assert secret not in written
        assert secret not in told + counted
    assert question["question"] not in written + counted
