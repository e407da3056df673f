"""What every test may ask for: the seeds' knowledge base, a PostgreSQL of its own, a knowledge base's home on either engine, Chromium."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index.__main__ import main as index
from index.home import Home
from tests.deploy.cluster import Cluster, cluster
from tests.ui.browsing import FLAGS


@pytest.fixture(scope="session")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built once by the command line; whoever changes it takes a copy."""
    data = tmp_path_factory.mktemp("seeds")
    assert index(["build", "--data", str(data)], env={}) == 0
    return data


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    with cluster() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    """An empty home: the truth in an SQLite file, and once more in PostgreSQL."""
    url = request.getfixturevalue("postgres").database() if request.param == "postgres" else ""
    return Home(tmp_path / "data", url)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One for the whole run: a second driver cannot start beside the first."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        path = shutil.which("chromium") or shutil.which("chromium-browser") or driver.chromium.executable_path
        if not Path(path).exists():
            pytest.skip("no Chromium on this machine (apt install chromium, or playwright install chromium)")
        chromium = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()
