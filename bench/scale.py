"""How building, searching and changing grow with the collection.

``python bench/scale.py --passages 100000 --data DIR``: makes up official-sounding documents (words drawn by their frequency in
jieba's dictionary), builds the knowledge base from them through the command line, and measures. ``--data`` keeps what was built.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import accumulate, islice
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from index.curate import Curator  # noqa: E402
from index.hit import Filters  # noqa: E402
from index.search import Index  # noqa: E402
from ingest.load import from_row  # noqa: E402

LEVELS = ("国家", "省", "市", "区")
PASSAGES_A_DOCUMENT = 12
QUESTIONS = 200


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=20_000)
    parser.add_argument("--data", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        data = options.data or Path(temporary) / "data"
        if not (data / "library.sqlite").is_file():
            _measure_build(data, options.passages)
        _measure_search(data)
        _measure_changes(data)
    return 0


def _measure_build(data: Path, passages: int) -> None:
    data.mkdir(parents=True, exist_ok=True)
    source, writer = data / "documents.jsonl", _Writer(7)
    with source.open("w", encoding="utf-8") as out:
        for row in islice(writer.documents(), passages // PASSAGES_A_DOCUMENT):
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    texts = [json.loads(line)["text"] for line in source.open(encoding="utf-8")]
    cutting = _jieba_seconds(texts)
    began, before = time.perf_counter(), os.times()
    _command("build", "--data", str(data), "--jsonl", str(source))
    took, after = time.perf_counter() - began, os.times()
    busy = after.children_user + after.children_system - before.children_user - before.children_system
    size = sum(path.stat().st_size for path in data.glob("library.sqlite*")) / 1e6
    print(
        f"build: {len(texts)} documents, {sum(map(len, texts)) / 1e6:.1f} M characters in {took:.0f} s, {size:.0f} MB; "
        f"processor {busy:.0f} s, {busy / cutting:.1f} times what jieba alone takes ({cutting:.0f} s)"
    )


def _measure_search(data: Path) -> None:
    began = time.perf_counter()
    index = Index.open(data)
    opened = time.perf_counter() - began
    index.search("准备")
    print(
        f"open: {opened:.2f} s, first search after {time.perf_counter() - began:.2f} s, {index.passage_count} passages"
    )
    asked = list(islice(_Writer(11).questions(), QUESTIONS))
    some = tuple(document.id for document in index.documents()[:50])
    for name, filters in (
        ("no filter", Filters()),
        ("one level", Filters(level="市")),
        ("50 documents", Filters(documents=some)),
    ):
        took = []
        for question in asked:
            began = time.perf_counter()
            index.search(question, filters=filters)
            took.append((time.perf_counter() - began) * 1000)
        took.sort()
        print(f"search, {name}: p50 {statistics.median(took):.1f} ms, p95 {took[int(len(took) * 0.95)]:.1f} ms")
    index.close()


def _measure_changes(data: Path) -> None:
    index, curator = Index.open(data), Curator(data)
    index.search("准备")
    new = from_row({"id": "new", "text": "关于夜间无人机配送的通知\n\n一、总体要求\n\n无人机夜间配送应当亮灯。"})
    began = time.perf_counter()
    curator.add_documents([new])
    added = time.perf_counter() - began
    found = index.search("无人机夜间配送")[0].document_id == "new"
    print(f"add: {added:.2f} s, found {'at once' if found else 'NOT'} ({time.perf_counter() - began - added:.2f} s)")
    began = time.perf_counter()
    curator.remove(["new"])
    print(f"remove: {time.perf_counter() - began:.2f} s")
    index.close()
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "无人机.txt"
        path.write_text(new.text, encoding="utf-8")
        began = time.perf_counter()
        _command("add", "--data", str(data), str(path))
        print(f"add, whole command: {time.perf_counter() - began:.2f} s")
        ids = [each.id for each in Index.open(data).documents()]
        _command("remove", "--data", str(data), ids[-1])


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


class _Writer:
    """Makes up texts; the same seed makes up the same."""

    def __init__(self, seed: int) -> None:
        import jieba

        jieba.setLogLevel(60)
        jieba.initialize()
        known = [(word, count) for word, count in jieba.dt.FREQ.items() if count and 1 <= len(word) <= 4]
        self._words = [word for word, _ in known]
        self._sums = list(accumulate(count for _, count in known))
        self._random = random.Random(seed)

    def documents(self) -> Iterator[dict[str, str]]:
        number = 0
        while True:
            number += 1
            title = f"关于{self._said(5)}的通知"
            parts = [f"{at}.{self._said(4)}。{self._sentences()}" for at in range(1, PASSAGES_A_DOCUMENT)]
            yield {
                "id": f"m{number}",
                "title": title,
                "level": LEVELS[number % 4],
                "text": "\n\n".join([title, *parts]),
            }

    def questions(self) -> Iterator[str]:
        while True:
            yield f"{self._said(7)}由谁负责?"

    def _sentences(self) -> str:
        return "".join(f"{self._said(6)},{self._said(7)}。" for _ in range(9))

    def _said(self, count: int) -> str:
        return "".join(self._random.choices(self._words, cum_weights=self._sums, k=count))


if __name__ == "__main__":
    sys.exit(main())
