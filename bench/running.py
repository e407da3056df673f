"""The app in a process of its own with an editor logged in, as programs meet it."""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

_ROOT = Path(__file__).resolve().parent.parent
_PATIENCE_S = 120.0
EDITOR = "编辑"


@dataclass(frozen=True)
class Served:
    """The running process, where it writes what it has to say, and a client that is logged in."""

    process: "subprocess.Popen[bytes]"
    said: Path
    client: httpx.Client

    @property
    def url(self) -> str:
        return str(self.client.base_url)

    def read(self, path: Path) -> list[str]:
        """Upload a file; its drafts' ids."""
        with path.open("rb") as file:
            answer = self.client.post("/api/editor/documents", files={"files": (path.name, file)})
        return [str(row["id"]) for row in answer.raise_for_status().json()["rows"]]

    def publish(self, drafts: list[str]) -> list[str]:
        """The documents' ids."""
        answer = self.client.post("/api/editor/documents/publish", json={"drafts": drafts})
        return [str(each) for each in answer.raise_for_status().json()["documents"]]


@contextmanager
def served(data: Path, *, env: Mapping[str, str] | None = None) -> Iterator[Served]:
    """``python ui.py`` on ``data``, healthy or not; killed at the end if it has not gone by itself."""
    secret, port = secrets.token_urlsafe(16), _free_port()
    password, said = data.parent / "password", data.parent / f"said-{port}"
    password.write_text(secret, encoding="utf-8")
    password.chmod(0o600)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("POLICY_")}
    settings = {"POLICY_EDITOR_USER": EDITOR, "POLICY_EDITOR_PASSWORD_FILE": str(password), "POLICY_RATE_LIMIT": "off"}
    command = [sys.executable, "ui.py", "--port", str(port), "--data", str(data)]
    with (
        said.open("wb") as err,
        subprocess.Popen(command, cwd=_ROOT, env=kept | settings | (env or {}), stderr=err) as app,
    ):
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60) as client:
                _wait(client, app, said)
                answer = client.post("/login", json={"user": EDITOR, "password": secret})
                client.headers["Authorization"] = f"Bearer {answer.raise_for_status().json()['token']}"
                yield Served(app, said, client)
        finally:
            app.kill()


def _wait(client: httpx.Client, app: "subprocess.Popen[bytes]", said: Path) -> None:
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until:
        if app.poll() is not None:
            raise RuntimeError(f"ui.py ended with {app.returncode}: {said.read_text(encoding='utf-8')}")
        try:
            client.get("/healthz")
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("ui.py did not answer in time")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])
