"""What generalises without similar questions of one's own: hold some out, build again without them, and ask them.

``python bench/similar.py [QUESTIONS.jsonl …] [--hold clauses questions everything] [--folds 5] [--only N …]
[--model FOLDER | --train FOLDER KIND=PATH … | --without-vectors]``.

Held out are

clauses     every question of a fifth of the seed document's clauses, five times: clauses that nobody has asked for yet, beside
            others that many have asked for
questions   a fifth of the questions, five times: new wordings for clauses whose other wordings are known
everything  all questions at once: a new document, which has no similar questions and so no intent model

The knowledge base goes without them in both places, the leg of similar questions and the intent model, and the assistant ranks.
Right is a question whose clause comes first (of several, any). With files in the form of ``bench/questions``, their questions
of the kind measure_to_unit are answered too, file by file, with all similar questions and in every fold without what it holds
out; told apart are those whose own clause is held out. Right is then the clause, no clause beside it, and all its units; beside
that stands the share whose clause is ranked first, whatever is then made of it.

The model that ships was trained on the similar questions, so its vectors know what is held out here, and the figures are
better than they would be without. ``--train`` makes one for every fold that has not seen it (fold_models.py), from the KIND=PATH
of ``index.train`` (all that the shipped model was made from but the similar questions, which are added without those held out),
and keeps it in FOLDER; ``--model`` takes one model for all folds; ``--without-vectors`` gives the vectors no weight at all, in
the fusion and in the likeness of questions.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from assistant.ask import Assistant
from assistant.found.rank import rank
from bench.fold_models import FoldModels
from bench.retrieval import weights_without
from index import similar
from index.curate import Curator
from index.library import Library
from index.rows import SimilarRow
from index.search import Index

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Fold:
    """``removed`` goes out of the knowledge base, ``asked`` is asked, ``clauses`` have nothing left."""

    removed: tuple[SimilarRow, ...]
    asked: tuple[SimilarRow, ...]
    clauses: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Trial:
    """A fold and the embedding model that it is tried with."""

    fold: Fold
    model: str | None


@dataclass(frozen=True)
class Reached:
    """What became of one question of an exam: whether it was answered right, and whether its clause was ranked first."""

    exam: str
    is_held_out: bool
    is_right: bool
    is_first: bool


@dataclass
class Tally:
    """How many were asked, whose clause came first, and was among the first three."""

    asked: int = 0
    first: int = 0
    third: int = 0

    def add(self, place: int) -> None:
        self.asked, self.first, self.third = self.asked + 1, self.first + (place == 1), self.third + (0 < place <= 3)

    def __str__(self) -> str:
        return f"first {self.first / self.asked:.3f}, among three {self.third / self.asked:.3f} of {self.asked}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", nargs="*", type=Path)
    parser.add_argument("--hold", nargs="+", choices=sorted(DIVISIONS), default=list(DIVISIONS))
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--only", nargs="+", type=int, help="these of the folds, where a model is trained for each")
    parser.add_argument("--model", help="an embedding model that has not seen the similar questions")
    parser.add_argument("--train", nargs="+", metavar=("FOLDER", "KIND=PATH"))
    parser.add_argument("--without-vectors", action="store_true")
    options = parser.parse_args()
    if options.without_vectors:
        similar._VECTORS = 0.0
    with weights_without(frozenset({"vectors"} if options.without_vectors else ())):
        _run(options)
    return 0


def _run(options: argparse.Namespace) -> None:
    asked = [row for path in options.questions for row in _rows(path) if row["kind"] == "measure_to_unit"]
    models = FoldModels(Path(options.train[0]), options.train[1:]) if options.train else None
    with tempfile.TemporaryDirectory() as temporary:
        whole = Path(temporary) / "whole"
        Curator(whole, model=options.model).build()
        library = Library.open(whole)
        rows = library.similar()
        library.close()
        print(f"{len(rows)} similar questions, {sum(not row.labels for row in rows)} of them unanswerable")
        _tell("nothing", _reached(whole, options.model, asked, frozenset()))
        for name in options.hold:
            numbered = enumerate(DIVISIONS[name](rows, options.folds), 1)
            folds = {at: fold for at, fold in numbered if at in (options.only or (at,))}
            trials = {
                at: Trial(fold, _model(f"{name}-{at}", fold, models) or options.model) for at, fold in folds.items()
            }
            _measure(name, trials, whole, asked)


def _model(name: str, fold: Fold, models: FoldModels | None) -> str | None:
    """A model that has not seen what the fold holds out."""
    return models.without({row.question for row in fold.removed}, name=name) if models else None


def by_clause(rows: Sequence[SimilarRow], count: int) -> list[Fold]:
    """Clauses dealt out in turn, those with most questions first; asked is what belongs to held-out clauses alone."""
    sizes = Counter(label for row in rows for label in row.labels)
    order = sorted(sizes, key=lambda label: (-sizes[label], label))
    folds = []
    for at in range(count):
        held = frozenset(order[at::count])
        removed = tuple(row for row in rows if held & set(row.labels))
        folds.append(Fold(removed, tuple(row for row in removed if set(row.labels) <= held), held))
    return folds


def by_question(rows: Sequence[SimilarRow], count: int) -> list[Fold]:
    """Questions dealt out in turn, those that nothing answers too; these are not asked."""
    parts = [tuple(rows[at::count]) for at in range(count)]
    return [Fold(part, tuple(row for row in part if row.labels)) for part in parts]


def at_once(rows: Sequence[SimilarRow], _: int) -> list[Fold]:
    return [Fold(tuple(rows), tuple(row for row in rows if row.labels))]


DIVISIONS: Mapping[str, Callable[[Sequence[SimilarRow], int], list[Fold]]] = {
    "clauses": by_clause,
    "questions": by_question,
    "everything": at_once,
}


def _measure(name: str, trials: Mapping[int, Trial], whole: Path, exams: Sequence[Row]) -> None:
    everything, reached, began = Tally(), list[Reached](), time.perf_counter()
    for number, trial in trials.items():
        fold, model = trial.fold, trial.model
        data = whole.parent / f"{name}-{number}"
        shutil.copytree(whole, data)
        curator = Curator(data, model=model)
        curator.build()
        curator.remove_similar(_ids(data, fold.removed))
        tally = Tally()
        with Index.open(data, model=model) as index:
            scope = Assistant(index).scope()
            for row in fold.asked:
                best = rank(index, row.question, scope)
                labels = [each.evidence.clause.label for each in best if each.evidence.document.id == row.document_id]
                place = next((at for at, label in enumerate(labels, 1) if label in row.labels), 0)
                for each in (tally, everything):
                    each.add(place)
        reached += _reached(data, model, exams, fold.clauses)
        print(f"  {name} fold {number}: {tally}", flush=True)
        shutil.rmtree(data)
    print(f"{name}: {everything} ({time.perf_counter() - began:.0f} s)")
    _tell(name, reached)


def _ids(data: Path, removed: Sequence[SimilarRow]) -> list[int]:
    """What these questions are numbered in this library; another model's build numbers them anew."""
    wanted = {(row.document_id, row.question) for row in removed}
    library = Library.open(data)
    found = [row.id for row in library.similar() if (row.document_id, row.question) in wanted]
    library.close()
    return found


def _reached(data: Path, model: str | None, exams: Sequence[Row], held: frozenset[str]) -> list[Reached]:
    """What became of every question; held out are those of which any clause is."""
    with Index.open(data, model=model) as index:
        assistant = Assistant(index)
        return [
            Reached(
                row["exam"],
                any(f"任务{task}" in held for task in row["tasks"]),
                _right(assistant, row),
                _ranked_first(assistant, row),
            )
            for row in exams
        ]


def _right(assistant: Assistant, row: Row) -> bool:
    answer = assistant.ask(row["turns"][-1], row["turns"][:-1])
    cited = {citation.task for citation in answer.citations} - {None}
    wanted = set(row["tasks"])
    complete = wanted <= cited <= wanted | set(row["also_ok_tasks"]) and set(row["units"]) <= set(answer.units)
    return complete and not answer.refused


def _ranked_first(assistant: Assistant, row: Row) -> bool:
    best = rank(assistant.index, row["turns"][-1], assistant.scope())
    return bool(best) and best[0].evidence.clause.task in row["tasks"]


def _tell(name: str, reached: Sequence[Reached]) -> None:
    """Exam by exam and in all: every question, and those whose own clause was held out."""
    for exam in (*dict.fromkeys(each.exam for each in reached), "all exams"):
        own = [each for each in reached if exam in (each.exam, "all exams")]
        held = [each for each in own if each.is_held_out]
        if own:
            apart = f"; of those whose clause is held out {_said(held)}" if held else ""
            print(f"{name} held out, {exam}: {_said(own)}{apart}", flush=True)


def _said(reached: Sequence[Reached]) -> str:
    first, right = (sum(each) / len(reached) for each in zip(*((r.is_first, r.is_right) for r in reached), strict=True))
    return f"clause first {first:.3f}, right {right:.3f} of {len(reached)}"


def _rows(path: Path) -> list[dict[str, Any]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) | {"exam": path.stem} for line in lines if line.strip()]


if __name__ == "__main__":
    sys.exit(main())
