"""What each command of ``python -m index`` does. Results go to stdout, progress and faults to stderr."""

import dataclasses
import json
import sys
import time
from argparse import Namespace
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from index import collect, similar
from index.embed import load_embedder
from index.library import Library
from index.publish import Published, publish
from index.search import Filters, Hit, Index
from index.segment import keep_dictionary_in
from ingest.catalog import Catalog
from ingest.document import Document
from ingest.errors import IndexingError

BUILT, ADDED = "build", "add"


def build(options: Namespace, model: str | None) -> int:
    """Make the built part of the collection equal to the sources; what was added by hand stays."""
    catalog, began = Catalog.load(collect.SEEDS), time.perf_counter()
    keep_dictionary_in(options.data)
    embedder = load_embedder(model)
    library = Library.open(options.data, create=True)
    reads: list[collect.Read] = []
    from_seeds = not options.sources and not options.jsonl
    with library.changing() as change:
        renewed = _is_outdated(library, embedder.fingerprint)
        known = {} if renewed else library.sources()
        sources = collect.seeds() if from_seeds else options.sources
        documents = chain(
            _documents(collect.collect(sources, known=known, catalog=catalog), reads),
            collect.fact_sheets(catalog) if from_seeds else (),
            chain.from_iterable(collect.rows(path) for path in options.jsonl),
        )
        done = publish(library, change, _counted(documents), embedder=embedder, origin=BUILT)
        for read in reads:
            if not read.problem and read.documents and read.sha256:
                change.put_source(read.path, read.sha256, BUILT, [each.id for each in read.documents])
        kept = {*done.added, *done.changed, *done.unchanged, *(name for read in reads for name in read.unchanged)}
        gone = [each.id for each in library.documents() if each.origin == BUILT and each.id not in kept]
        change.remove(gone)
        if from_seeds:
            _store_seed_questions(change, embedder)
    _report(dataclasses.replace(done, removed=tuple(gone)), began)
    return _problems(reads)


def search(options: Namespace, model: str | None) -> int:
    """One question for people, or many as JSON lines."""
    filters = Filters(
        documents=tuple(options.document) if options.document else None,
        level=options.level,
        region=options.region,
        unit=options.unit,
    )
    with Index.open(options.data, model=model) as index:
        if options.jsonl:
            _search_lines(index, options, filters)
            return 0
        if not options.query:
            raise IndexingError("请写出要检索的问题，例如：python -m index search 服务外包人才培训由谁负责。")
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
    try:
        lines: Iterable[str] = sys.stdin if name == "-" else Path(name).read_text(encoding="utf-8-sig").splitlines()
    except OSError as problem:
        raise IndexingError(f"读不到 {name}，请检查路径和权限。") from problem
    for position, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as problem:
            raise IndexingError(f"第 {position} 行不是 JSON，请改正后重试。") from problem
        if not isinstance(row, dict) or "question" not in row:
            raise IndexingError(f"第 {position} 行缺少 question，请改正后重试。")
        yield row


def _row(hit: Hit) -> dict[str, Any]:
    return dataclasses.asdict(hit) | {"span": list(hit.span), "score": round(hit.score, 4)}


def _for_people(position: int, hit: Hit) -> str:
    place = f"{hit.document_title} {hit.label}".strip()
    return f"{position}. {place}（{hit.document_id}，{hit.score:.2f}）\n   {' '.join(hit.text.split())[:160]}"


def _is_outdated(library: Library, model: str) -> bool:
    return False


def _documents(found: Iterable[collect.Read], reads: list[collect.Read]) -> Iterator[Document]:
    for read in found:
        reads.append(read)
        yield from read.documents


def _counted(documents: Iterable[Document]) -> Iterator[Document]:
    """Progress on stderr, one line that counts up."""
    count, shown = 0, time.perf_counter()
    for count, document in enumerate(documents, start=1):
        if time.perf_counter() - shown > 1:
            shown = time.perf_counter()
            print(f"已处理 {count} 份文件…", file=sys.stderr)
        yield document


def _store_seed_questions(change: Any, embedder: Any) -> None:
    for path in sorted((collect.SEEDS / "similar_questions").glob("*.jsonl")):
        similar.store(change, similar.read(path), embedder=embedder, origin=BUILT)


def _report(done: Published, began: float) -> None:
    print(
        f"新增 {len(done.added)}，更新 {len(done.changed)}，未变 {len(done.unchanged)}，删除 {len(done.removed)} 份文件；"
        f"用时 {time.perf_counter() - began:.1f} 秒。",
        file=sys.stderr,
    )


def _problems(reads: Iterable[collect.Read]) -> int:
    problems = [read.problem for read in reads if read.problem]
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0
