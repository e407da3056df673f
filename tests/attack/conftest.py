"""A knowledge base whose every text tries to be something else, and one of the seeds."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from assistant.ask import Assistant
from index.curate import Curator
from index.search import Index
from ingest.load import from_row
from tests.ui.browsing import ROOT, environment, free_port, wait_until_healthy

SCRIPT = '<script>alert(1)</script><img src=x onerror=alert(1)>"><svg/onload=alert(1)>'
HOSTILE = f"""关于夜市{SCRIPT}的通知

文号：武夜〔2021〕7号{SCRIPT}

一、总体要求{SCRIPT}

推广夜市{SCRIPT}，见 [这里](javascript:alert(1)) 和 ![图](http://evil.test/x.png)。

二、重点任务

1.规范摊位{SCRIPT}。夜市摊位应当按时收摊<iframe src=javascript:alert(1)></iframe>。(责任单位:市城管委、市商务局{SCRIPT})
2.=cmd|'/c calc'!A1。'"><b onmouseover=alert(1)>夜市</b>照明。(责任单位:市经信局)
"""


ROWS = [
    {"id": f"a'\"><b onclick=alert(1)>{SCRIPT}", "text": HOSTILE, "title": f"关于夜市{SCRIPT}的通知", "url": "javascript:alert(1)"},
    {"id": "plain", "text": HOSTILE, "number": f"武夜〔2021〕7号{SCRIPT}", "url": f"https://evil.test/\"><script>{SCRIPT}"},
]  # fmt: skip


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    data = tmp_path_factory.mktemp("hostile")
    Curator(data, create=True).add_documents([from_row(row) for row in ROWS])
    with Index.open(data) as index:
        yield Assistant(index)


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    data: Path = tmp_path_factory.mktemp("seeds")
    Curator(data).build()
    with Index.open(data) as index:
        yield Assistant(index)


USER, PASSWORD = "编辑甲", "一个谁也猜不到的口令7f3a"
KEY = "sk-a-key-that-must-never-be-seen"


@dataclass(frozen=True)
class Attacked:
    """``ui.py`` with an editor, a model's key, and the hostile documents in its collection."""

    url: str
    data: Path
    log: Path

    def token(self) -> str:
        with httpx.Client(base_url=self.url, timeout=30, trust_env=False) as client:
            return str(client.post("/login", json={"user": USER, "password": PASSWORD}).json()["token"])


@pytest.fixture(scope="session")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    folder, port = tmp_path_factory.mktemp("attacked"), free_port()
    Curator(folder / "data", create=True).add_documents([from_row(row) for row in ROWS])
    (folder / "password").write_text(PASSWORD, encoding="utf-8")
    (folder / "password").chmod(0o600)
    settings = {"POLICY_EDITOR_USER": USER, "POLICY_EDITOR_PASSWORD_FILE": str(folder / "password")}
    settings |= {"POLICY_LLM_BASE_URL": "http://127.0.0.1:9/v1", "POLICY_LLM_MODEL": "m", "POLICY_LLM_API_KEY": KEY}
    settings |= {"POLICY_LOG_LEVEL": "debug", "POLICY_UPLOAD_MB": "1"}
    command = [sys.executable, "ui.py", "--port", str(port), "--data", str(folder / "data")]
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(command, cwd=ROOT, env=environment() | settings, stderr=log, text=True) as process,
    ):
        try:
            wait_until_healthy(f"http://127.0.0.1:{port}", process, 240)
            yield Attacked(f"http://127.0.0.1:{port}", folder / "data", folder / "log")
        finally:
            process.terminate()


@pytest.fixture
def http(attacked: Attacked) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=attacked.url, timeout=30, trust_env=False) as client:
        yield client
