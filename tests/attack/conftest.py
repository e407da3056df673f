"""A knowledge base whose every text tries to be something else, and one of the seeds."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.ask import Assistant
from index.curate import Curator
from index.search import Index
from ingest.load import from_row

SCRIPT = '<script>alert(1)</script><img src=x onerror=alert(1)>"><svg/onload=alert(1)>'
HOSTILE = f"""关于夜市{SCRIPT}的通知

文号：武夜〔2021〕7号{SCRIPT}

一、总体要求{SCRIPT}

推广夜市{SCRIPT}，见 [这里](javascript:alert(1)) 和 ![图](http://evil.test/x.png)。

二、重点任务

1.规范摊位{SCRIPT}。夜市摊位应当按时收摊<iframe src=javascript:alert(1)></iframe>。(责任单位:市城管委、市商务局{SCRIPT})
2.=cmd|'/c calc'!A1。'"><b onmouseover=alert(1)>夜市</b>照明。(责任单位:市经信局)
"""


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    data = tmp_path_factory.mktemp("hostile")
    rows = [
        {"id": f"a'\"><b onclick=alert(1)>{SCRIPT}", "text": HOSTILE, "title": f"关于夜市{SCRIPT}的通知", "url": "javascript:alert(1)"},
        {"id": "plain", "text": HOSTILE, "number": f"武夜〔2021〕7号{SCRIPT}", "url": f"https://evil.test/\"><script>{SCRIPT}"},
    ]  # fmt: skip
    Curator(data, create=True).add_documents([from_row(row) for row in rows])
    with Index.open(data) as index:
        yield Assistant(index)


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    data: Path = tmp_path_factory.mktemp("seeds")
    Curator(data).build()
    with Index.open(data) as index:
        yield Assistant(index)
