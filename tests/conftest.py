"""What every test may ask for: a PostgreSQL of its own, and a knowledge base's home on either engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.home import Home
from tests.deploy.cluster import Cluster, cluster


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    with cluster() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    """An empty home: the truth in an SQLite file, and once more in PostgreSQL."""
    url = request.getfixturevalue("postgres").database() if request.param == "postgres" else ""
    return Home(tmp_path / "data", url)
