"""Training texts → pairs that belong together: a question and its passage, a heading and its body, a sentence and its place.

Every reader takes a file and yields ``Pair``; ``SOURCES`` is the table that the command line offers.
"""

import json
import random
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from index.segment import sentences
from ingest.document import Document
from ingest.errors import IndexingError, IngestError
from ingest.fold import fold_text
from ingest.load import load

_PASSAGE_LENGTH = 300
_OTHERS = 3
_SHORTEST_PASSAGE = 40
_HEADING = re.compile(
    r"^\s*(?:第[一二三四五六七八九十百零\d]+[章节条]|[(（]?[一二三四五六七八九十]+[)）、]|\d+[.、．])\s*([^。\n]{4,40})(?:。|\n|$)"
)
_SPACE = re.compile(r"[ \t\u3000\xa0]+")


@dataclass(frozen=True)
class Pair:
    """``query`` should find ``passage``. ``group`` is what must not be split between training and test."""

    query: str
    passage: str
    kind: str
    group: str


def pairs_of(kind: str, path: Path, *, seed: int = 0) -> list[Pair]:
    """All pairs of a file or folder, folded; the same seed gives the same pairs. Raises IndexingError."""
    generator = random.Random(f"{seed}{path.name}")
    try:
        found = list(SOURCES[kind](path, generator))
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise IndexingError(f"训练数据“{path}”读不出来，请检查它是否存在、是否为 {kind} 一类的格式。") from problem
    cleaned = (Pair(_clean(pair.query), _clean(pair.passage), pair.kind, pair.group) for pair in found)
    return [pair for pair in cleaned if pair.query and pair.passage and pair.query != pair.passage]


def passages(text: str) -> list[str]:
    """Runs of whole sentences of about 300 characters."""
    pieces, current = [], ""
    for start, end in sentences(text):
        sentence = text[start:end]
        if current and len(current) + len(sentence) > _PASSAGE_LENGTH:
            pieces.append(current)
            current = ""
        current += sentence[: 2 * _PASSAGE_LENGTH]
    if len(current) >= _SHORTEST_PASSAGE or not pieces:
        pieces.append(current)
    return [piece.strip() for piece in pieces if piece.strip()]


def document_pairs(title: str, text: str, generator: random.Random) -> Iterator[Pair]:
    """What an official text says about itself: title, headings, neighbours, and sentences taken out of their passage."""
    pieces = passages(text)
    for piece in pieces:
        if title and generator.random() < 0.5:
            yield Pair(title, piece, "title", title)
        inside = [piece[start:end].strip() for start, end in sentences(piece)]
        inside = [sentence for sentence in inside if len(sentence) >= 10]
        if len(inside) > 1:
            taken = generator.choice(inside)
            yield Pair(taken, piece.replace(taken, "", 1), "sentence", title or piece[:40])
    for line, following in _headed(text):
        yield Pair(line, following, "heading", title or line)
    for left, right in pairwise(pieces):
        if generator.random() < 0.3:
            yield Pair(left, right, "neighbour", title or left[:40])


def _headed(text: str) -> Iterator[tuple[str, str]]:
    lines = [line for line in text.splitlines() if line.strip()]
    for at, line in enumerate(lines):
        if heading := _HEADING.match(line):
            body = line[heading.end() :].strip() or (lines[at + 1] if at + 1 < len(lines) else "")
            if len(body) >= _SHORTEST_PASSAGE:
                yield heading[1], body[: 2 * _PASSAGE_LENGTH]


def _reading_comprehension(path: Path, generator: random.Random) -> Iterator[Pair]:
    """CMRC 2018 or DRCD as {"passages": […], "questions": [{"question", "answer", "passage"}]}."""
    content = json.loads(path.read_text(encoding="utf-8"))
    for row in content["questions"]:
        passage, group = content["passages"][row["passage"]], f"{path.stem}:{row['passage']}"
        near = [piece for piece in passages(passage) if row["answer"] and row["answer"] in piece]
        yield Pair(row["question"], generator.choice(near) if near else passage[:600], "question", group)


def _service_items(path: Path, generator: random.Random) -> Iterator[Pair]:
    for row in _lines(path):
        yield Pair(row["item"], f"{row['parent']} {row['department']}", "item", row["item"])
        if row["item"] != row["parent"]:
            yield Pair(row["item"], row["parent"], "item", row["item"])


def _documents(path: Path, generator: random.Random) -> Iterator[Pair]:
    """Lines of {"text", "title"?}, or a folder of .txt files whose manifest.jsonl gives "file" and "title"."""
    if path.is_dir():
        for row in _lines(path / "manifest.jsonl"):
            yield from document_pairs(row["title"], (path / row["file"]).read_text(encoding="utf-8"), generator)
        return
    for row in _lines(path):
        yield from document_pairs(_title(row), row["text"], generator)


def _title(row: dict[str, Any]) -> str:
    """A title of Chinese text; some collections carry translated ones."""
    title = str(row.get("title") or "")
    return title if re.search(r"[\u4e00-\u9fff]{4}", title) else ""


def _similar_questions(path: Path, generator: random.Random) -> Iterator[Pair]:
    """A folder of lines {"document", "labels", "question"}; the documents are the .txt files beside it, by name.

    A question belongs to its clauses, and to another question about the same clause.
    """
    clauses = {
        (source.stem, clause.label): clause.span.of(document.text)
        for source in sorted(path.parent.glob("*.txt"))
        for document in _loaded(source)
        for clause in document.clauses
    }
    asked: dict[tuple[str, str], list[str]] = {}
    for row in (row for file in sorted(path.glob("*.jsonl")) for row in _lines(file)):
        for label in row["labels"]:
            asked.setdefault((row["document"], label), []).append(row["question"])
    for (document, label), questions in asked.items():
        for question in questions:
            if text := clauses.get((document, label)):
                yield Pair(question, text, "similar", f"{document}#{label}")
            others = [other for other in questions if other != question]
            for other in generator.sample(others, min(_OTHERS, len(others))):
                yield Pair(question, other, "alike", f"{document}#{label}")


def _loaded(source: Path) -> tuple[Document, ...]:
    """Lists of words lie beside the documents; what cannot be read as a document holds no clause."""
    try:
        return load(str(source))
    except IngestError:
        return ()


def _synonyms(path: Path, generator: random.Random) -> Iterator[Pair]:
    """The groups of a synonyms file: what people say goes with what documents write."""
    for group in tomllib.loads(path.read_text(encoding="utf-8"))["group"]:
        written = group.get("to") or group["words"][0]
        for word in group["words"]:
            yield Pair(word, written, "synonym", written)


def _lines(path: Path) -> Iterable[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from (json.loads(line) for line in file if line.strip())


def _clean(text: str) -> str:
    return _SPACE.sub(" ", fold_text(text)).strip()


SOURCES: dict[str, Callable[[Path, random.Random], Iterator[Pair]]] = {
    "questions": _reading_comprehension,
    "items": _service_items,
    "documents": _documents,
    "similar": _similar_questions,
    "synonyms": _synonyms,
}
