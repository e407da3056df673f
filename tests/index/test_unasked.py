"""A clause that nobody has asked for yet, in a document whose other clauses have many similar questions."""

import shutil
from pathlib import Path

from assistant.ask import Assistant
from assistant.rank import rank
from index.curate import Curator
from index.library import Library
from index.search import Index

HELD_OUT = "任务9"


def test_it_is_found_by_its_own_words(seeds: Path, tmp_path: Path) -> None:
    data = shutil.copytree(seeds, tmp_path / "data")
    library = Library.open(data)
    held = [row for row in library.similar() if HELD_OUT in row.labels]
    library.close()
    Curator(data).remove_similar([row.id for row in held])
    with Index.open(data) as index:
        scope = Assistant(index).scope()
        first = [rank(index, row.question, scope)[0].evidence.clause.label for row in held[::4] if len(row.labels) == 1]
    assert first.count(HELD_OUT) > 0.5 * len(first)
