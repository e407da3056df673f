"""How the running product is: what it cannot do, and why, in sentences that say what to do next."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.journal import Journal
from index.search import Index
from ingest.errors import KnowledgeBaseError

OK, DEGRADED, FAILING = "ok", "degraded", "failing"
_LEAST_FREE = 100_000_000
"""Bytes on the disk below which the next upload may not fit."""


@dataclass(frozen=True)
class Health:
    """``status`` is degraded where questions are answered but something else is wrong, failing where they are not."""

    status: str
    documents: int
    reason: str = ""
    vector_search: str = ""


def health(index: Index, journal: Journal, data: Path) -> Health:
    """Looked at now. Exact search in place of Chroma gives the same answers and is no fault."""
    try:
        count = len(index.documents())
    except KnowledgeBaseError as error:
        return Health(FAILING, 0, str(error))
    faults = "".join((index.damage, journal.trouble, *_of_disk(data)))
    reason = faults if count else f"库里还没有文件，请先用 python -m index build 建库。{faults}"
    return Health(DEGRADED if faults else OK, count, reason, index.vector_search)


def _of_disk(data: Path) -> Iterator[str]:
    try:
        free = shutil.disk_usage(data).free
    except OSError as error:
        yield f"数据文件夹 {data} 读不到（{error.strerror}），请检查磁盘。"
        return
    if free < _LEAST_FREE:
        yield f"数据文件夹所在磁盘只剩 {free // 1_000_000} MB，快满了，入库和记录可能失败，请腾出空间。"
    if not os.access(data, os.W_OK):
        yield f"数据文件夹 {data} 不可写，不能入库，也不能记录问答，请检查权限和磁盘。"
