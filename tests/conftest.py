"""What every test may ask for: the seeds' knowledge base, a PostgreSQL of its own, and a knowledge base's home on either engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.__main__ import main as index
from index.home import Home
from tests.deploy.cluster import Cluster, cluster


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
