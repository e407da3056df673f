"""What was asked and how it was judged is kept, and can be asked for again."""

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant.answer import Answer, Citation
from assistant.journal import Journal, Verdict
from index.home import Home
from ingest.document import Span
from ingest.errors import AssistantError

CITATION = Citation("opinion", "意见", None, "opinion#任务7", "任务7", 7, "三", "标题", (), "原文", Span(0, 2), "ff")
ANSWERED = Answer("答案", "fact", citations=(CITATION,), confidence=0.9, elapsed_ms=12.5)
REFUSED = Answer("没有", "unanswerable", refused=True, confidence=0.1)


@pytest.fixture
def journal(home: Home) -> Iterator[Journal]:
    home.folder.mkdir()
    opened = Journal.open(home)
    yield opened
    opened.close()


def test_an_answer_is_kept_with_what_it_cited(journal: Journal) -> None:
    entry = journal.entry(journal.record("谁负责", ANSWERED, session="tab"))
    assert entry is not None
    assert (entry.question, entry.session, entry.citations, entry.verdict) == (
        "谁负责",
        "tab",
        ("opinion#任务7",),
        None,
    )


def test_the_unanswered_are_listed_newest_first(journal: Journal) -> None:
    for question, answer in [("一", REFUSED), ("二", ANSWERED), ("三", REFUSED)]:
        journal.record(question, answer)
    assert [entry.question for entry in journal.unanswered()] == ["三", "一"]
    assert journal.unanswered(since="2999-01-01") == []


def test_a_verdict_given_twice_counts_once_and_the_last_one_stays(journal: Journal) -> None:
    number = journal.record("谁负责", ANSWERED)
    journal.rate(number, Verdict.GOOD)
    journal.rate(number, Verdict.WRONG_UNIT)
    assert [entry.verdict for entry in journal.complaints()] == [Verdict.WRONG_UNIT]
    journal.rate(number, Verdict.GOOD)
    assert journal.complaints() == []


def test_an_answer_that_was_never_given_cannot_be_judged(journal: Journal) -> None:
    with pytest.raises(AssistantError, match="重新提问"):
        journal.rate(99, Verdict.GOOD)


def test_threads_and_a_second_opening_write_to_one_file(journal: Journal, home: Home) -> None:
    second = Journal.open(home)
    assert second.key("ticket") == journal.key("ticket") != journal.key("other")
    writers = [
        threading.Thread(target=lambda at=at, each=each: each.record(f"{at}", REFUSED))
        for at, each in enumerate([journal, second] * 10)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(journal.unanswered()) == 20
    second.close()


def test_a_journal_that_is_no_database_is_set_aside_and_said(tmp_path: Path) -> None:
    foreign = "not a database, and long enough to be taken for one" * 100
    (tmp_path / "journal.db").write_text(foreign, encoding="utf-8")
    with closing(Journal.open(tmp_path)) as journal:
        assert journal.trouble.endswith("。") and "损坏" in journal.trouble
        journal.record("谁负责", ANSWERED)
    assert (tmp_path / "journal-damaged.old").read_text(encoding="utf-8") == foreign
    with closing(Journal.open(tmp_path)) as journal:
        assert [entry.question for entry in journal.since("")] == ["谁负责"]
        assert journal.trouble == ""


def test_of_a_damaged_journal_what_can_be_read_goes_on(tmp_path: Path) -> None:
    with closing(Journal.open(tmp_path)) as journal:
        for at in range(300):
            journal.record(f"第{at}问", ANSWERED)
        journal.rate(2, Verdict.WRONG_UNIT)
    content = bytearray((tmp_path / "journal.db").read_bytes())
    page = content.index("第150问".encode()) // 4096 * 4096
    content[page : page + 4096] = bytes(4096)
    (tmp_path / "journal.db").write_bytes(content)
    with closing(Journal.open(tmp_path)) as journal:
        kept = {entry.question for entry in journal.since("")}
        assert 200 < len(kept) < 300
        assert [entry.verdict for entry in journal.complaints()] == [Verdict.WRONG_UNIT]
        assert journal.record("还在记", ANSWERED) > 0
