"""The work list: questions that were refused or marked as wrong, what becomes of them, and how the service is used."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from assistant.editing.knowledge import KnowledgeDesk, put_similar
from assistant.editing.records import How, QueueItem, Settlement, Usage
from assistant.journal import Entry, Verdict
from assistant.said.export import export
from assistant.vetted import Vetted, bare
from index.ledger import Ledger, Row, kept
from index.similar import SimilarQuestion
from ingest.errors import AssistantError

_FOR_GOOD = {How.KNOWN.value, How.DISMISS.value}
_KNOWN = "编辑确认：文件没有规定"
_HEADER = ("时间", "问题", "改写后的问题", "类型", "未答", "把握", "引用", "责任单位", "评价", "毫秒")


class QueueDesk(KnowledgeDesk):
    """What people could not get answered, and what was asked at all."""

    def queue(self, *, days: int = 7) -> list[QueueItem]:
        """Questions of the last days that nobody has settled since, the most asked first."""
        groups: dict[str, list[Entry]] = {}
        settled = self._settled()
        for entry in self.journal.troubled(_since(days)):
            key = bare(entry.rewritten or entry.question) or entry.question
            if _is_open(settled.get(key), entry):
                groups.setdefault(key, []).append(entry)
        items = [_item(key, entries) for key, entries in groups.items()]
        return sorted(items, key=lambda each: (-each.asked, -datetime.fromisoformat(each.last_at).timestamp()))

    def settle(self, item_id: str, how: Settlement, *, editor: str) -> None:
        """Deal with an item: a similar question or a vetted answer for a clause, known as not regulated, or left alone."""
        item = next((each for each in self.queue(days=366) if each.id == item_id), None)
        if item is None:
            raise AssistantError("这个问题已经处理过，请刷新后再看。")
        with self.changing(editor) as ledger:
            self._act(ledger, item, how, editor)
            key = bare(item.question) or item.question
            before = next((row for row in kept(ledger.library, "settled") if row["question"] == key), None)
            row: Row = {"question": key, "how": how.how.value, "editor": editor, "made_at": _now()}
            ledger.put("settled", row, str(before["id"]) if before else None)
            ledger.close(editor, f"处理“{item.question}”：{how.how.value}", [f"question:{key}"])

    def usage(self, days: int = 30) -> Usage:
        entries = self.journal.since(_since(days))
        dates = Counter(_day(each) for each in entries)
        refused = Counter(_day(each) for each in entries if each.refused)
        today = datetime.now(UTC).astimezone().date()
        every = [(today - timedelta(days=back)).isoformat() for back in range(days - 1, -1, -1)]
        return Usage(
            days=days,
            asked=len(entries),
            unanswered=sum(each.refused for each in entries),
            complaints=sum(each.verdict not in (None, Verdict.GOOD) for each in entries),
            by_day=tuple((day, dates[day], refused[day]) for day in every),
            by_kind=tuple(Counter(each.kind for each in entries).most_common()),
            by_unit=tuple(Counter(name for each in entries for name in each.units).most_common(20)),
        )

    def journal_export(self, path: Path, *, days: int = 366) -> int:
        """Write what was asked as .csv or .xlsx; how many questions."""
        entries = self.journal.since(_since(days))
        export([_HEADER, *(_row(each) for each in entries)], path)
        return len(entries)

    def _act(self, ledger: Ledger, item: QueueItem, how: Settlement, editor: str) -> None:
        if how.how is How.SIMILAR:
            _, clause = self.clause(how.document_id, how.label)
            put_similar(ledger, [SimilarQuestion(how.document_id, (clause.label,), item.question)])
        elif how.how is How.VETTED:
            self._put_vetted(ledger, Vetted("", how.document_id, how.label, item.question, how.answer), editor)
        elif how.how is How.KNOWN:
            document = self.index.document(how.document_id)
            put_similar(ledger, [SimilarQuestion(document.id, (), item.question, reason=_KNOWN)])

    def _settled(self) -> dict[str, Row]:
        with self.looking() as library:
            return {row["question"]: row for row in kept(library, "settled")}


def _is_open(settled: Row | None, entry: Entry) -> bool:
    """What was given an answer comes back when it is asked in vain again; what was dismissed does not."""
    if settled is None:
        return True
    return settled["how"] not in _FOR_GOOD and entry.asked_at > settled["made_at"]


def _item(key: str, entries: Sequence[Entry]) -> QueueItem:
    """``entries`` are the newest first."""
    latest = entries[0]
    verdicts = Counter(str(each.verdict) for each in entries if each.verdict not in (None, Verdict.GOOD))
    return QueueItem(
        id=hashlib.sha256(key.encode()).hexdigest()[:12],
        question=latest.rewritten or latest.question,
        asked=len(entries),
        unanswered=sum(each.refused for each in entries),
        verdicts=tuple(verdicts.most_common()),
        last_at=latest.asked_at,
        citations=latest.citations,
    )


def _row(entry: Entry) -> list[str]:
    return [
        entry.asked_at,
        entry.question,
        entry.rewritten,
        entry.kind,
        "是" if entry.refused else "",
        f"{entry.confidence:.2f}",
        _joined(entry.citations),
        _joined(entry.units),
        str(entry.verdict or ""),
        f"{entry.elapsed_ms:.0f}",
    ]


def _joined(texts: Iterable[str]) -> str:
    return "、".join(texts)


def _day(entry: Entry) -> str:
    return datetime.fromisoformat(entry.asked_at).astimezone().date().isoformat()


def _since(days: int) -> str:
    """Midnight, so that a day is counted whole."""
    first = datetime.now(UTC).astimezone().date() - timedelta(days=days - 1)
    midnight = datetime(first.year, first.month, first.day).astimezone()
    return midnight.astimezone(UTC).isoformat(timespec="seconds")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
