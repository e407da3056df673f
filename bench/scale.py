"""How building, searching and changing grow with the collection, in one table.

``python bench/scale.py [DOCUMENTS …] --passages 10000 100000 300000 [--questions QUESTIONS.jsonl …] [--data DIR]``: makes a
collection of each size from real documents (.jsonl, other files, folders of .txt), each as it is and then over and over with half
of its sentences taken from others; without any, from made-up ones. Builds a knowledge base through the command line, and measures.
Asked are the questions given (a line: ``{"question"}``), else pieces of the documents. ``--data`` keeps what was built, one folder a
size, and measures what stands there without building it again.

Of every search stand the wall's milliseconds and in brackets the processor's, which other work on the machine hardly touches.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import chain, islice, pairwise
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from bench.scale_texts import MadeUp, Varied, Writer  # noqa: E402
from index.chunk import chunk  # noqa: E402
from index.curate import Curator  # noqa: E402
from index.hit import Filters  # noqa: E402
from index.search import Index  # noqa: E402
from ingest.load import from_row  # noqa: E402

QUESTIONS = 200


Row = dict[str, str]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", nargs="*", type=Path)
    parser.add_argument("--questions", nargs="+", type=Path, default=())
    parser.add_argument("--passages", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--data", type=Path)
    options = parser.parse_args()
    columns: list[Row] = []
    p95: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        for passages in options.passages:
            data = (options.data or Path(temporary)) / str(passages)
            column = {"asked for": f"{passages:,} passages"}
            if not (data / "library.sqlite").is_file():
                column |= _measure_build(data, passages, _writer(options, 7))
            column |= _measure_search(data, _writer(options, 11), p95) | _measure_changes(data)
            column["load while measuring"] = f"{os.getloadavg()[0]:.1f}"
            columns.append(column)
            print(f"{passages:,} measured", file=sys.stderr, flush=True)
    _print_table(columns)
    for name, values in p95.items():
        steps = (
            f"{large / small:.1f}x from {few:,} to {many:,}"
            for (small, few), (large, many) in pairwise(zip(values, options.passages, strict=True))
        )
        print(f"p95 of the processor's time, {name}: {', '.join(steps) or 'one size only'}")
    return 0


def _print_table(columns: list[Row]) -> None:
    names = dict.fromkeys(name for column in columns for name in column)
    for at, name in enumerate(names):
        print(f"| {name} | {' | '.join(column.get(name, '–') for column in columns)} |")
        if not at:
            print("|---" * (len(columns) + 1) + "|")


def _writer(options: argparse.Namespace, seed: int) -> Writer:
    return Varied(options.documents, options.questions, seed) if options.documents else MadeUp(seed)


def _enough(documents: Iterator[Row], passages: int) -> Iterator[Row]:
    """So many documents as make about so many passages, told from the length of their texts and of the first passages."""
    first = list(islice(documents, 1000))
    length = sum(len(row["text"]) for row in first) / sum(len(chunk(from_row(row))) for row in first)
    left = passages * length
    for row in chain(first, documents):
        if left <= 0:
            return
        left -= len(row["text"])
        yield row


def _measure_build(data: Path, passages: int, writer: Writer) -> Row:
    data.mkdir(parents=True, exist_ok=True)
    source = data / "documents.jsonl"
    with source.open("w", encoding="utf-8") as out:
        for row in _enough(writer.documents(), passages):
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    texts = [json.loads(line)["text"] for line in source.open(encoding="utf-8")]
    cutting = _jieba_seconds(texts)
    began, before = time.perf_counter(), _children_seconds()
    _command("build", "--data", str(data), "--jsonl", str(source))
    took, busy = time.perf_counter() - began, _children_seconds() - before
    size = sum(path.stat().st_size for path in data.glob("library.sqlite*")) / 1e6
    return {
        "characters": f"{sum(map(len, texts)) / 1e6:.1f} M",
        "build, s": f"{took:.0f} ({busy:.0f})",
        "build ÷ jieba alone, processor": f"{busy / cutting:.1f} ({cutting:.0f} s)",
        "library, MB": f"{size:.0f}",
    }


def _measure_search(data: Path, writer: Writer, p95: dict[str, list[float]]) -> Row:
    began = time.perf_counter()
    index = Index.open(data)
    opened = time.perf_counter() - began
    index.search("准备")
    row = {
        "passages": f"{index.passage_count:,}",
        "open, s": f"{opened:.2f}",
        "first answer, s": f"{time.perf_counter() - began:.2f}",
    }
    asked = list(islice(writer.questions(), QUESTIONS))
    some = tuple(document.id for document in index.documents()[:50])
    kinds = {"no filter": Filters(), "one level": Filters(level="市"), "50 documents": Filters(documents=some)}
    for name, filters in kinds.items():
        wall, busy = [], []
        for question in asked:
            began, working = time.perf_counter(), time.process_time()
            index.search(question, filters=filters)
            wall.append((time.perf_counter() - began) * 1000)
            busy.append((time.process_time() - working) * 1000)
        row[f"search, {name}, p50 ms"] = f"{_share(wall, 0.5):.1f} ({_share(busy, 0.5):.1f})"
        row[f"search, {name}, p95 ms"] = f"{_share(wall, 0.95):.1f} ({_share(busy, 0.95):.1f})"
        p95.setdefault(name, []).append(_share(busy, 0.95))
    index.close()
    return row


def _share(values: list[float], share: float) -> float:
    return sorted(values)[int(len(values) * share)]


def _measure_changes(data: Path) -> Row:
    index, curator = Index.open(data), Curator(data)
    index.search("准备")
    new = from_row({"id": "new", "text": "关于夜间无人机配送的通知\n\n一、总体要求\n\n无人机夜间配送应当亮灯。"})
    began, working = time.perf_counter(), time.process_time()
    curator.add_documents([new])
    added, busy = time.perf_counter() - began, time.process_time() - working
    found = index.search("无人机夜间配送")[0].document_id == "new"
    row = {
        "add a document, s": f"{added:.2f} ({busy:.2f})",
        "found by an open index": f"{'at once' if found else 'NOT'}, {time.perf_counter() - began - added:.2f} s",
    }
    began = time.perf_counter()
    curator.remove(["new"])
    row["remove it, s"] = f"{time.perf_counter() - began:.2f}"
    index.close()
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "无人机.txt"
        path.write_text(new.text, encoding="utf-8")
        began, before = time.perf_counter(), _children_seconds()
        _command("add", "--data", str(data), str(path))
        row["add, whole command, s"] = f"{time.perf_counter() - began:.2f} ({_children_seconds() - before:.2f})"
        with Index.open(data) as opened:
            ids = [each.id for each in opened.documents()]
        _command("remove", "--data", str(data), ids[-1])
    return row


def _children_seconds() -> float:
    """What the processes started here and ended have taken of the processor."""
    times = os.times()
    return times.children_user + times.children_system


def _jieba_seconds(texts: list[str]) -> float:
    """Processor seconds that jieba takes to cut the texts, measured on every tenth."""
    import jieba

    jieba.setLogLevel(60)
    jieba.initialize()
    began = time.process_time()
    for text in texts[::10]:
        jieba.lcut(text)
    return (time.process_time() - began) * len(texts) / len(texts[::10])


def _command(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "index", *arguments], cwd=PROJECT, check=True, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
