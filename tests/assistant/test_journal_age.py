"""What was asked is kept for ever, or for as many days as the setting says; a clock set wrong deletes nothing."""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from assistant import journal as module
from assistant.answer import Answer
from assistant.journal import Journal
from assistant.launch import read_settings
from index.home import Home
from ingest.errors import AssistantError

ANSWER = Answer("没有", "unanswerable", refused=True, confidence=0.1)


class Clock(datetime):
    """Shows what it is set to."""

    shown = datetime(2026, 11, 28, 12, tzinfo=UTC)

    @classmethod
    def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
        return cls.shown


@pytest.fixture
def journal(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journal]:
    monkeypatch.setattr(module, "datetime", Clock)
    monkeypatch.setattr(Clock, "shown", Clock.shown)
    home.folder.mkdir(parents=True, exist_ok=True)
    opened = Journal.open(home)
    yield opened
    opened.close()


def asked(journal: Journal) -> list[str]:
    return [entry.question for entry in journal.since("")][::-1]


def test_everything_is_kept_where_nothing_else_is_said(journal: Journal) -> None:
    journal.record("十年前", ANSWER)
    Clock.shown += timedelta(days=3650)
    journal.record("今天", ANSWER)
    assert asked(journal) == ["十年前", "今天"]


def test_what_is_older_than_the_setting_is_deleted_once_a_day(journal: Journal) -> None:
    for day in range(4):
        Clock.shown += timedelta(days=1)
        journal.record(f"第{day}天", ANSWER)
    Clock.shown += timedelta(hours=1)
    journal.keep_for(2)
    assert asked(journal) == ["第2天", "第3天"]
    Clock.shown += timedelta(days=1)
    journal.record("第4天", ANSWER)
    assert asked(journal) == ["第3天", "第4天"]


def test_a_clock_that_is_years_ahead_at_the_start_deletes_nothing(journal: Journal) -> None:
    journal.record("昨天", ANSWER)
    Clock.shown += timedelta(days=3650)
    journal.keep_for(30)
    assert asked(journal) == ["昨天"]


def test_what_could_not_be_deleted_is_deleted_with_the_next_question(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal.record("很久以前", ANSWER)
    Clock.shown += timedelta(days=6)
    whole = journal._connection.alone

    def failing(statement: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        if statement.startswith("delete"):
            raise sqlite3.OperationalError("disk I/O error")
        return whole(statement, values)

    with monkeypatch.context() as broken, pytest.raises(AssistantError, match="读写失败"):
        broken.setattr(journal._connection, "alone", failing)
        journal.keep_for(2)
    journal.record("今天", ANSWER)
    assert asked(journal) == ["今天"]


@pytest.mark.parametrize("written", ["0", "-1", "x", "1.5", "99999"])
def test_a_wrong_number_of_days_is_said(written: str) -> None:
    with pytest.raises(AssistantError, match="POLICY_JOURNAL_DAYS"):
        read_settings([], {"POLICY_JOURNAL_DAYS": written})
    assert read_settings([], {"POLICY_JOURNAL_DAYS": "90"}).journal_days == 90
    assert read_settings([], {}).journal_days is None
