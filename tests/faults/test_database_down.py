"""PostgreSQL goes away under the running app and comes back: one sentence meanwhile, and nobody restarts anything."""

import signal
import time
from pathlib import Path

import httpx

from bench.running import Served, served
from bench.served import Page
from index.curate import Curator
from index.home import Home
from index.verify import verify
from tests.deploy.cluster import PASSWORD, cluster
from tests.index.conftest import HARBOUR, document

QUESTION = "港口岸电：沿江码头配备岸电箱由哪个单位负责？"
_OWN = ("elapsed_ms", "entry")


def asked(app: Served) -> httpx.Response:
    return app.client.post("/api/ask", json={"question": QUESTION})


def answer(given: httpx.Response) -> dict[str, object]:
    return {name: value for name, value in given.raise_for_status().json().items() if name not in _OWN}


def test_while_the_database_is_away_every_way_in_says_so_and_then_answers_as_before(tmp_path: Path) -> None:
    with cluster() as server:
        home = Home(tmp_path / "data", server.database())
        Curator(home, create=True).add_documents([document("harbour", HARBOUR)])
        with served(home.folder, env={"POLICY_DATABASE_URL": home.database}) as app:
            before = answer(asked(app))
            page = Page(app.client)
            assert "市交通运输局" in page.ask(QUESTION)
            server.stop(signal.SIGQUIT)
            for given in (asked(app), app.client.get("/api/documents"), app.client.get("/api/editor/history")):
                told = given.json()["error"]["message"]
                assert given.status_code == 503 and int(given.headers["retry-after"]) >= 1
                assert "PostgreSQL" in told and told.endswith("。")
            export = app.client.get("/export/matrix.csv")
            assert export.status_code == 503 and "PostgreSQL" in export.text
            health = app.client.get("/healthz")
            assert (health.status_code, health.json()["status"]) == (503, "failing")
            assert "PostgreSQL" in health.json()["reason"]
            assert "PostgreSQL" in page.ask(QUESTION)
            assert "policy_library_up 0.0" in app.client.get("/metrics").raise_for_status().text
            server.start()
            until = time.monotonic() + 60
            while (given := asked(app)).status_code == 503:
                assert time.monotonic() < until
                time.sleep(0.2)
            assert answer(given) == before
            assert app.client.get("/healthz").json()["status"] == "ok"
            assert app.client.get("/api/editor/history").status_code == 200  # the login is still there
            written = app.said.read_text(encoding="utf-8")
        assert "Traceback" not in written and PASSWORD not in written
        assert all(finding.sound for finding in verify(home))
