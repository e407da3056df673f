"""The whole collection as one .jsonl file, and back: for backup, for moving house, for exchange of similar questions.

Documents go out as they were read, with the editors' corrections beside them, so that both are the same after coming back.
"""

import json
import os
from pathlib import Path
from typing import Any

from index import durable, similar
from index.curate import Curator
from index.home import Where
from index.ledger import COLUMNS, kept
from index.library import Library
from ingest.errors import IndexingError
from ingest.exchange import from_json, to_json

_DOCUMENT = "policy_document"
_KEPT = "editors_table"
_TABLES = ("corrections", "details", "vetted", "unit_entries", "proposals", "settled", "dropped_similar")
_ENDINGS = (".jsonl", ".xlsx")


def export(where: Where, file: Path) -> tuple[int, int]:
    """Write documents and similar questions to ``file`` (.xlsx: similar questions only); how many of each."""
    library = Library.open(where)
    beside = file.with_name(f".{os.getpid()}-{file.name}")
    try:
        if file.suffix.lower() not in _ENDINGS:
            raise IndexingError(
                f"不能导出成 {file.name}：文件名要以 .jsonl（全部）或 .xlsx（只有相似问）结尾，请改名后再导出。"
            )
        with library.reading():
            questions = similar.stored(library)
            if file.suffix.lower() == ".xlsx":
                count = 0
                similar.write(beside, questions)
            else:
                count = _write(library, questions, beside)
        durable.replace(beside, file)
    except OSError as problem:
        beside.unlink(missing_ok=True)
        raise IndexingError(f"写不了 {file}，请检查目录、权限和磁盘空间。") from problem
    finally:
        library.close()
    return count, len(questions)


def import_(curator: Curator, file: Path) -> tuple[int, int]:
    """Add what ``export`` wrote, or a file of similar questions; how many documents and questions."""
    if file.suffix == ".xlsx":
        return 0, curator.add_similar(similar.read(file))
    rows = list(similar.lines(file))
    documents = [from_json(row[_DOCUMENT]) for _, row in rows if _DOCUMENT in row]
    questions = [similar.question(file, at, row) for at, row in rows if not {_DOCUMENT, _KEPT} & row.keys()]
    if made := [_kept_row(file, at, row) for at, row in rows if _KEPT in row]:
        curator.keep(made)
    if documents:
        curator.add_documents(documents)
    if questions:
        curator.add_similar(questions)
    return len(documents), len(questions)


def _kept_row(file: Path, at: int, row: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """A row of an editors' table, checked: it is for a table that is exchanged and has its columns."""
    table, values = row[_KEPT], row.get("row")
    if table not in _TABLES or not isinstance(values, dict) or set(COLUMNS[table]) - values.keys():
        raise IndexingError(f"{file.name} 第 {at} 行不是本系统导出的编辑数据，请重新导出后再导入；没有导入。")
    return table, values


def _write(library: Library, questions: list[similar.SimilarQuestion], file: Path) -> int:
    count = 0
    with file.open("w", encoding="utf-8") as out:
        for count, document in enumerate(library.bodies(), start=1):  # noqa: B007 - the last count is wanted
            out.write(_line({_DOCUMENT: to_json(library.as_read(document.id) or document)}))
        for table in _TABLES:
            out.writelines(_line({_KEPT: table, "row": row}) for row in kept(library, table))
        out.writelines(_line(similar.row(each)) for each in questions)
    return count


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"
