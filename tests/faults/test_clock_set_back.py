"""The system's clock jumps: nothing is locked, nothing is out of order, no login lives longer."""

import time
from pathlib import Path

import pytest

from assistant.accounts.access import Access
from assistant.answer import Answer
from assistant.api.limits import RateLimit
from assistant.journal import Journal
from index import ledger
from index.curate import Curator
from index.ledger import history
from index.library import Library
from index.similar import SimilarQuestion
from tests.index.conftest import HARBOUR, document

HOUR = 3600.0


@pytest.mark.parametrize("jump", [-HOUR, HOUR, -365 * 24 * HOUR])
def test_a_client_over_its_rate_is_never_kept_out_longer_than_a_minute(
    monkeypatch: pytest.MonkeyPatch, jump: float
) -> None:
    limit, real = RateLimit(3), time.time
    assert [limit.wait_s("a") for _ in range(3)] == [0, 0, 0]
    assert 0 < limit.wait_s("a") <= 60
    monkeypatch.setattr(time, "time", lambda: real() + jump)
    assert limit.wait_s("a") <= 60
    assert limit.wait_s("b") == 0


def test_a_login_is_measured_by_a_clock_that_nobody_sets() -> None:
    assert Access().clock is time.monotonic


def test_what_was_done_last_is_told_first_and_undone_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    curator = Curator(tmp_path, create=True)
    curator.add_documents([document("harbour", HARBOUR)])
    for day, question in (("2026-11-28T10:00:00+00:00", "先问"), ("1999-01-01T00:00:00+00:00", "后问")):
        monkeypatch.setattr(ledger, "_now", lambda day=day: day)
        with curator.recording() as change:
            change.put_similar(SimilarQuestion("harbour", ("一1",), question), origin="add")
            change.close("编辑", question)
    library = Library.open(tmp_path)
    done = history(library)
    library.close()
    assert [entry.what for entry in done] == ["后问", "先问"]
    with curator.recording() as change:
        change.undo(done[0].id, editor="编辑")
    library = Library.open(tmp_path)
    assert [row.question for row in library.similar()] == ["先问"]
    library.close()


def test_the_journal_tells_the_latest_first_whatever_the_clock_said(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path)
    for question in ("先问", "后问"):
        journal.record(question, Answer("没有", "unanswerable", refused=True, confidence=0.1))
    journal._connection.execute("update asked set asked_at = '1999-01-01T00:00:00+00:00' where question = '后问'")
    assert [entry.question for entry in journal.unanswered()] == ["后问", "先问"]
    journal.close()
