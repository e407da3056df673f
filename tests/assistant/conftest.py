"""The assistant on a knowledge base of the seeds, and on a document of our own."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.ask import Assistant
from index.search import Index
from tests.assistant.told import ORCHARD, Ask, asking, built


@pytest.fixture(scope="session")
def assistant(seeds: Path) -> Iterator[Assistant]:
    with Index.open(seeds) as opened:
        yield Assistant(opened, today=lambda: date(2026, 11, 23))


@pytest.fixture(scope="session")
def ask(assistant: Assistant) -> Ask:
    """``ask("第7项讲什么", "找谁")``: the last is answered, the others came before."""
    return asking(assistant)


@pytest.fixture(scope="session")
def orchard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """The same assistant on a document that has nothing to do with the seeds."""
    data = built(tmp_path_factory.mktemp("orchard"), {"orchard": ORCHARD})
    with Index.open(data) as opened:
        yield asking(Assistant(opened, today=lambda: date(2026, 11, 23)))
