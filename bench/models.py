"""How well an embedding model finds passages, alone and beside words: ``python bench/models.py --questions FILE… [--model NAME]``.

Questions are those that ``index.train`` holds out (a tenth of the passages and clauses), asked against all passages of
their file; ``--exam`` takes a collection that no part of was trained on. BM25 runs on the words of ``index.segment``.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from index.embed import Embedder, load_embedder
from index.segment import bigrams, words
from index.train import is_chosen, is_held_out
from index.train_data import Pair, pairs_of, passages
from index.train_negatives import bm25
from ingest.fold import fold_text

_WEIGHTS = (0.15, 0.3, 0.5, 0.7)
_RRF = 60


@dataclass(frozen=True)
class Task:
    """Questions, the passages they are asked of, and for each question the rows of the passages that answer it."""

    name: str
    questions: tuple[str, ...]
    passages: tuple[str, ...]
    right: tuple[frozenset[int], ...]


def reading_task(path: Path) -> Task:
    """Held-out questions of a CMRC or DRCD file against the 300-character pieces of all its passages."""
    content = json.loads(path.read_text(encoding="utf-8"))
    pieces = [(at, piece) for at, passage in enumerate(content["passages"]) for piece in passages(fold_text(passage))]
    rows = [
        (
            row["question"],
            frozenset(at for at, (of, text) in enumerate(pieces) if of == row["passage"] and answer in text),
        )
        for row in content["questions"]
        if is_held_out(Pair("", "", "question", f"{path.stem}:{row['passage']}"))
        and (answer := fold_text(row["answer"]))
    ]
    return _task(path.stem, rows, [piece for _, piece in pieces])


def similar_tasks(path: Path) -> list[Task]:
    """Held-out similar questions: against all clauses (of unseen clauses, of seen ones), and against the questions trained on."""
    pairs = [pair for pair in pairs_of("similar", path) if pair.kind == "similar"]
    clauses = {text: at for at, text in enumerate(dict.fromkeys(pair.passage for pair in pairs))}
    held = [pair for pair in pairs if is_held_out(pair)]
    known = [pair for pair in pairs if not is_held_out(pair)]
    tasks = []
    for name, unseen in (("unseen clauses", True), ("seen clauses", False)):
        rows = [(pair.query, frozenset({clauses[pair.passage]})) for pair in held if is_chosen(pair.group) is unseen]
        tasks.append(_task(f"similar questions of {name}", rows, list(clauses)))
    rows = [
        (pair.query, frozenset(at for at, other in enumerate(known) if other.group == pair.group))
        for pair in held
        if not is_chosen(pair.group)
    ]
    return [*tasks, _task("similar questions by their like", rows, [pair.query for pair in known])]


def heading_task(path: Path) -> Task:
    """Headings of held-out documents against the bodies under all headings of the file or folder."""
    pairs = [pair for pair in pairs_of("documents", path) if pair.kind == "heading"]
    bodies = {text: at for at, text in enumerate(dict.fromkeys(pair.passage for pair in pairs))}
    right: dict[str, set[int]] = {}
    for pair in pairs:
        right.setdefault(pair.query, set()).add(bodies[pair.passage])
    asked = dict.fromkeys(pair.query for pair in pairs if is_held_out(pair))
    return _task(f"{path.stem} headings", [(query, frozenset(right[query])) for query in asked], list(bodies))


def exam_task(documents: Path, questions: Path) -> Task:
    """Lines {"id", "text"} and lines {"question", "document", "answer"}: right is a passage of the document with the answer."""
    pieces = [(row["id"], piece) for row in _lines(documents) for piece in passages(fold_text(row["text"]))]
    rows = []
    for row in _lines(questions):
        of = [at for at, (document, _) in enumerate(pieces) if document == row["document"]]
        answer = fold_text(row["answer"])
        rows.append((row["question"], frozenset(at for at in of if answer in pieces[at][1])))
    return _task("exam", rows, [piece for _, piece in pieces])


def _task(name: str, rows: Sequence[tuple[str, frozenset[int]]], texts: Sequence[str]) -> Task:
    kept = [(question, right) for question, right in rows if right]
    return Task(name, tuple(row[0] for row in kept), tuple(texts), tuple(row[1] for row in kept))


def measure(task: Task, embedder: Embedder) -> list[tuple[str, float, float, float]]:
    """(leg, recall@1, recall@10, MRR@10) for words, vectors and their fusions."""
    by_words = word_scores(task)
    by_vectors = embedder.embed(task.questions) @ embedder.embed(task.passages).T
    table = [("words", by_words), ("vectors", by_vectors), ("rrf", _reciprocal(by_words) + _reciprocal(by_vectors))]
    for weight in _WEIGHTS:
        table.append((f"words + {weight:g} vectors", _scaled(by_words) + weight * _scaled(by_vectors)))
    return [(name, *_figures(scores, task.right)) for name, scores in table]


def word_scores(task: Task) -> NDArray[np.float32]:
    place: dict[str, int] = {}
    texts = _word_counts(task.passages, place)
    questions = _word_counts(task.questions, place)
    texts.resize((len(task.passages), len(place)))
    return np.asarray((questions @ bm25(texts, skipped_share=1.0).T).toarray(), dtype=np.float32)


def _word_counts(texts: Sequence[str], place: dict[str, int]) -> sparse.csr_matrix:
    rows, columns = [], []
    for row, text in enumerate(texts):
        found = [place.setdefault(word, len(place)) for word in [*words(text), *bigrams(text)]]
        rows += [row] * len(found)
        columns += found
    return sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=(len(texts), len(place)))


def _scaled(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    low, high = scores.min(axis=1, keepdims=True), scores.max(axis=1, keepdims=True)
    return np.asarray((scores - low) / np.maximum(high - low, 1e-9), dtype=np.float32)


def _reciprocal(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    ranks = np.argsort(np.argsort(-scores, axis=1, kind="stable"), axis=1)
    return np.asarray(1 / (_RRF + 1 + ranks), dtype=np.float32)


def _figures(scores: NDArray[np.float32], right: Sequence[frozenset[int]]) -> tuple[float, float, float]:
    ranks = []
    for row, wanted in enumerate(right):
        best = scores[row, list(wanted)].max()
        ranks.append(1 + int((scores[row] > best).sum()))
    found = np.array(ranks)
    return float((found == 1).mean()), float((found <= 10).mean()), float(np.where(found <= 10, 1 / found, 0).mean())


def speed(embedder: Embedder, texts: Sequence[str]) -> tuple[float, float]:
    """Milliseconds a query (median), passages a second."""
    taken = []
    for text in texts[:200]:
        started = time.perf_counter()
        embedder.embed([text[:40]])
        taken.append(time.perf_counter() - started)
    started = time.perf_counter()
    embedder.embed(texts[:1000])
    return 1000 * float(np.median(taken)), len(texts[:1000]) / (time.perf_counter() - started)


def _lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", nargs="*", default=[None], help="folders or hub names; none: the bundled model")
    parser.add_argument("--questions", nargs="*", type=Path, default=[], help="CMRC/DRCD files")
    parser.add_argument("--headings", nargs="*", type=Path, default=[], help="files or folders of official documents")
    parser.add_argument("--similar", nargs="*", type=Path, default=[], help="folders of similar questions")
    parser.add_argument("--exam", nargs=2, type=Path, metavar=("DOCUMENTS", "QUESTIONS"))
    arguments = parser.parse_args()
    tasks = [reading_task(path) for path in arguments.questions]
    tasks += [heading_task(path) for path in arguments.headings] + [
        task for path in arguments.similar for task in similar_tasks(path)
    ]
    if arguments.exam:
        tasks.append(exam_task(*arguments.exam))
    for name in arguments.model:
        started = time.perf_counter()
        embedder = load_embedder(name)
        loaded = time.perf_counter() - started
        print(f"\n# {name or 'bundled'}  {embedder.fingerprint}  d={embedder.dimension}  load {loaded:.2f} s")
        for task in tasks:
            print(f"{task.name}: {len(task.questions)} questions, {len(task.passages)} passages")
            for leg, first, ten, reciprocal in measure(task, embedder):
                print(f"  {leg:22} R@1 {first:.3f}  R@10 {ten:.3f}  MRR {reciprocal:.3f}")
        if tasks:
            query, passage = speed(embedder, tasks[0].passages)
            print(f"  {query:.2f} ms a query, {passage:.0f} passages a second")
    return 0


if __name__ == "__main__":
    sys.exit(main())
