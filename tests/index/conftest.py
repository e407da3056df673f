"""A knowledge base of the seeds, built once, and small documents to change it with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.curate import Curator
from index.search import Index
from ingest.document import Document
from ingest.load import from_row


@pytest.fixture(scope="session")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("seeds")
    Curator(data).build()
    return data


@pytest.fixture(scope="session")
def index(seeds: Path) -> Iterator[Index]:
    with Index.open(seeds) as opened:
        yield opened


def document(document_id: str, text: str, **stated: str) -> Document:
    """A document as the readers make it from its text."""
    return from_row({"id": document_id, "text": text, **stated})


HARBOUR = "关于港口岸电的通知\n\n一、总体要求\n\n推广港口岸电,减少靠港船舶排放。\n\n1.建设岸电设施。沿江码头应当配备岸电箱。(责任单位:市交通运输局)\n"
ORCHARD = "关于果园滴灌的通知\n\n一、总体要求\n\n推广果园滴灌,节约用水。\n\n1.改造老旧果园。每亩补助滴灌管材三百元。(责任单位:市农业农村局)\n"
