"""The ways in for programs: the real process with an editor, and the same application in this process with limits of its own."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from assistant.accounts.access import Access
from assistant.api import add_routes
from assistant.api.settings import Limits
from assistant.screens.context import Context
from assistant.screens.conversation import Conversation
from index.home import Home
from tests.assistant.editors import Room, room
from tests.ui.browsing import ROOT, environment, free_port, wait_until_healthy

USER, PASSWORD = "编辑甲", "一个很长的口令，带 emoji 🍑"


@dataclass(frozen=True)
class Served:
    """``ui.py`` as people run it. ``log`` holds everything that it has said."""

    url: str
    data: Path
    log: Path

    def client(self, token: str = "") -> httpx.Client:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30, trust_env=False)

    def token(self) -> str:
        with self.client() as client:
            given = client.post("/login", json={"user": USER, "password": PASSWORD})
        return str(given.json()["token"])


@contextmanager
def serving(folder: Path, seeds: Path, **settings: str) -> Iterator[Served]:
    """The app on a copy of the seeds' knowledge base, with one editor."""
    port = free_port()
    shutil.copytree(seeds, folder / "data")
    (folder / "password").write_text(PASSWORD + "\n", encoding="utf-8")
    (folder / "password").chmod(0o600)
    settings |= {"POLICY_EDITOR_USER": USER, "POLICY_EDITOR_PASSWORD_FILE": str(folder / "password")}
    command = [sys.executable, "ui.py", "--port", str(port), "--data", str(folder / "data")]
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(command, cwd=ROOT, env=environment() | settings, stderr=log, text=True) as process,
    ):
        try:
            wait_until_healthy(f"http://127.0.0.1:{port}", process)
            yield Served(f"http://127.0.0.1:{port}", folder / "data", folder / "log")
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Iterator[Served]:
    limits = {"POLICY_UPLOAD_MB": "1", "POLICY_RATE_LIMIT": "off"}
    with serving(tmp_path_factory.mktemp("api"), seeds, **limits) as app:
        yield app


@pytest.fixture
def http(served: Served) -> Iterator[httpx.Client]:
    with served.client() as client:
        yield client


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A small collection of one document that has nothing to do with the seeds."""
    made = room(Home(tmp_path_factory.mktemp("room") / "data"))
    yield made
    made.index.close()
    made.journal.close()


Within = Callable[..., httpx.AsyncClient]


@pytest.fixture
def within(table: Room) -> Within:
    """The application in this process; every call makes a new one: ``within(access=…, limits=…)``."""

    def made(
        access: Access | None = None, limits: Limits | None = None, client: str = "198.51.100.7", **changed: Any
    ) -> httpx.AsyncClient:
        assistant = changed.get("assistant", table.assistant)
        talks = Conversation(assistant, table.journal)
        context = Context(assistant, table.journal, talks, table.editing, access or Access(), limits or Limits())
        app = FastAPI(openapi_url=None)
        add_routes(app, context)

        @app.get("/")
        def page() -> str:
            return "a page"

        transport = httpx.ASGITransport(app, client=(client, 1))
        return httpx.AsyncClient(transport=transport, base_url="http://policy.test")

    return made
