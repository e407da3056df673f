"""What each command of ``python -m index`` does. Results go to stdout, progress and faults to stderr."""

import dataclasses
import json
import sys
import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any, TextIO

from index.curate import Curator, Outcome
from index.home import Home
from index.library import Library
from index.reposts import reposts
from index.search import Filters, Hit, Index, learn_intents
from index.settings import Settings
from index.store import Child, ready_child, tend_safely
from ingest.errors import IndexingError


def build(options: Namespace, settings: Settings) -> int:
    """Make the built part of the collection equal to the sources; what was added by hand stays."""
    from index.salvage import mend

    began = time.perf_counter()
    if missing := mend(options.home, model=settings.model).sentence:
        raise IndexingError(missing)
    curator = Curator(options.home, model=settings.model, say=_Progress())
    with nullcontext() if settings.chroma_url else ready_child(options.home) as child:
        code = _report(curator.build(options.sources, rows=options.jsonl), began, options.home, settings)
        if not settings.chroma_url:
            _fill_chroma(options.home, settings, child)
    return code


_FILLED_AT_ONCE = 20_000
"""Passages up to which a build or a restore also fills the embedded Chroma; above, the app does so in the background."""


def _fill_chroma(home: Home, settings: Settings, child: Child | None = None) -> None:
    if settings.chroma_url:
        tend_safely(home, settings.chroma_url)
    elif _passage_count(home) <= _FILLED_AT_ONCE:
        tend_safely(home, child=child)


def _passage_count(home: Home) -> int:
    library = Library.open(home)
    count = library.rows("select count(*) from chunks")[0][0]
    library.close()
    return int(str(count))


def add(options: Namespace, settings: Settings) -> int:
    began = time.perf_counter()
    curator = Curator(options.home, model=settings.model, say=_Progress())
    return _report(curator.add(options.sources), began, options.home, settings)


def remove(options: Namespace, settings: Settings) -> int:
    began = time.perf_counter()
    curator = Curator(options.home, model=settings.model)
    return _report(curator.remove(options.ids), began, options.home, settings)


def list_(options: Namespace, _settings: Settings) -> int:
    """One document a line: id, what is known of it, title."""
    library = Library.open(options.home)
    for each in library.documents():
        if options.json:
            row = dataclasses.asdict(each)
            print(json.dumps({name: row[name] for name in row if name not in ("row", "hash")}, ensure_ascii=False))
        else:
            known = (each.level, each.region, each.issued_on, each.number, each.status.value)
            print(each.id, each.title, " · ".join(str(value) for value in known if value), sep="\t")
    library.close()
    return 0


def verify(options: Namespace, settings: Settings) -> int:
    """Check everything; 1 when something is not sound."""
    from index.verify import verify as check

    sound = True
    for finding in check(options.home, model=settings.model, chroma=settings.chroma_url):
        sound &= finding.sound
        print("✓" if finding.sound else "✗", finding.text)
    return 0 if sound else 1


def export(options: Namespace, _settings: Settings) -> int:
    from index.transfer import export as write

    documents, questions = write(options.home, options.file)
    print(f"已导出 {documents} 份文件、{questions} 条相似问到 {options.file}。", file=sys.stderr)
    return 0


def import_(options: Namespace, settings: Settings) -> int:
    from index.transfer import import_ as read

    documents, questions = read(Curator(options.home, model=settings.model, create=True), options.file)
    _teach(options.home)
    print(f"已导入 {documents} 份文件、{questions} 条相似问。", file=sys.stderr)
    return 0


def backup(options: Namespace, _settings: Settings) -> int:
    from index.backup import backup as write

    manifest = write(options.home, options.file)
    size = options.file.stat().st_size / 1_000_000
    print(f"已备份 {manifest.count('documents')} 份文件到 {options.file}（{size:.1f} MB）。", file=sys.stderr)
    return 0


def restore(options: Namespace, settings: Settings) -> int:
    """Put a backup in place and make anew what is derived from it."""
    from index.backup import restore as put

    manifest, kept = put(options.file, options.home, replace=options.replace)
    Library.open(options.home).close()  # an older library is brought up to date now
    _fill_chroma(options.home, settings)
    said = f"，原有内容在 {kept}，确认无误后可以删去" if kept else ""
    made = f"{manifest.made_at[:16].replace('T', ' ')}（UTC）"
    print(f"已恢复 {made}的备份：{manifest.count('documents')} 份文件{said}。", file=sys.stderr)
    return 0


def move(options: Namespace, settings: Settings) -> int:
    """The whole knowledge base to the other engine; what it was moved from stays as it is."""
    from index.backup import put
    from index.copying import copy_in, copy_out

    database, folder = options.home, options.data
    if not settings.database:
        raise IndexingError("没有设 POLICY_DATABASE_URL，不知道要搬到或搬自哪个 PostgreSQL；请设好后再试。")
    kept = None
    if options.to == "database":
        copy_in(folder, database, replace=options.replace)
    else:
        kept = put(folder, lambda new: copy_out(database, new), replace=options.replace)
    target = database if options.to == "database" else Home(folder)
    library = Library.open(target)
    count = len(library.documents())
    library.close()
    _teach(target)
    _fill_chroma(target, settings)
    said = f"，原有内容在 {kept}，确认无误后可以删去" if kept else ""
    print(f"已把 {count} 份文件和全部编辑内容、问答记录搬到 {target}{said}；搬出的一方没有改动。", file=sys.stderr)
    return 0


def search(options: Namespace, settings: Settings) -> int:
    """One question for people, or many as JSON lines."""
    filters = Filters(
        documents=tuple(options.document) if options.document else None,
        level=options.level,
        region=options.region,
        unit=options.unit,
    )
    with Index.open(
        options.home, model=settings.model, chroma=settings.chroma_url, reranker=settings.reranker
    ) as index:
        if options.jsonl:
            _search_lines(index, options, filters)
            return 0
        hits = index.search(options.query, filters=filters, limit=options.limit)
    if options.json:
        print(json.dumps([_row(hit) for hit in hits], ensure_ascii=False))
    else:
        print("\n".join(_for_people(position, hit) for position, hit in enumerate(hits, start=1)) or "没有找到。")
    return 0


def _search_lines(index: Index, options: Namespace, filters: Filters) -> None:
    for question in _questions(options.jsonl):
        began = time.perf_counter()
        hits = index.search(str(question["question"]), filters=filters, limit=options.limit)
        elapsed_ms = round((time.perf_counter() - began) * 1000, 3)
        row = {"id": question.get("id"), "hits": [_row(hit) for hit in hits], "elapsed_ms": elapsed_ms}
        print(json.dumps(row, ensure_ascii=False), flush=True)


def _questions(name: str) -> Iterator[dict[str, Any]]:
    with nullcontext(sys.stdin) if name == "-" else _opened(name) as lines:
        for position, line in enumerate(lines, start=1):
            if line.strip():
                yield _question(position, line)


def _opened(name: str) -> TextIO:
    try:
        return Path(name).open(encoding="utf-8-sig")
    except OSError as problem:
        raise IndexingError(f"读不到 {name}，请检查路径和权限。") from problem


def _question(position: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as problem:
        raise IndexingError(f"第 {position} 行不是 JSON，请改正后重试。") from problem
    if not isinstance(row, dict) or "question" not in row:
        raise IndexingError(f"第 {position} 行缺少 question，请改正后重试。")
    return row


def _row(hit: Hit) -> dict[str, Any]:
    return dataclasses.asdict(hit) | {"span": list(hit.span), "score": round(hit.score, 4)}


def _for_people(position: int, hit: Hit) -> str:
    place = f"{hit.document_title} {hit.label}".strip()
    return f"{position}. {place}（{hit.document_id}，{hit.score:.2f}）\n   {' '.join(hit.text.split())[:160]}"


class _Progress:
    """What is going on, on stderr, at most once a second."""

    def __init__(self) -> None:
        self._shown = time.perf_counter()

    def __call__(self, text: str) -> None:
        if time.perf_counter() - self._shown > 1:
            self._shown = time.perf_counter()
            print(text, file=sys.stderr)


def _report(outcome: Outcome, began: float, home: Home, settings: Settings) -> int:
    """What was done, and a Chroma server brought up to date; an embedded Chroma is kept by the app."""
    counts = {
        "新增": outcome.added,
        "更新": outcome.changed,
        "未变": outcome.unchanged,
        "删除": outcome.removed,
    }
    said = "，".join(f"{name} {len(ids)}" for name, ids in counts.items())
    print(f"{said} 份文件；用时 {time.perf_counter() - began:.1f} 秒。", file=sys.stderr)
    for problem in (*outcome.problems, *outcome.notices):
        print(problem, file=sys.stderr)
    _teach(home)
    _name_reposts(outcome.added, home)
    if settings.chroma_url:
        tend_safely(home, settings.chroma_url)
    return 1 if outcome.problems else 0


_COMPARED = 50
"""New documents that are compared with those held; a bulk load is not."""


def _name_reposts(added: Sequence[str], home: Home) -> None:
    """Say which of the new documents hold a text that is there already."""
    if not 0 < len(added) <= _COMPARED:
        return
    with closing(Library.open(home)) as library, library.reading():
        for document in filter(None, map(library.document, added)):
            for other, share in reposts(library, document)[:1]:
                print(
                    f"《{document.title or document.source.path}》（{document.id}）与库内《{other.title}》（{other.id}）有{share:.0%}的文字相同，"
                    "可能是转发或重复收录，请核对后用 python -m index remove 删去一份。",
                    file=sys.stderr,
                )


def _teach(home: Home) -> None:
    """Learn from the similar questions now, so that the first question need not wait for it."""
    library = Library.open(home)
    with library.reading():
        learn_intents(library)
    library.close()
