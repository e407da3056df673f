"""An editor's change killed at any moment is there with its entry in the history, or not at all."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.curate import Curator
from index.ledger import Entry, history, kept
from index.library import Library
from index.verify import verify
from tests.index.conftest import HARBOUR, ORCHARD, document

CHANGES = """
import sys, itertools
from pathlib import Path
from index.correct import Correction, checked, units_json
from index.curate import Curator
from index.ledger import kept
from index.similar import SimilarQuestion
from tests.index.conftest import HARBOUR, document

curator = Curator(Path(sys.argv[1]))
print("ready", flush=True)
for at in itertools.count():
    with curator.recording() as ledger:
        harbour = ledger.library.as_read("harbour") or ledger.library.document("harbour")
        right = checked(harbour, Correction("一1", title=f"第{at}次"))
        row = {"document": "harbour", "label": right.label, "opening": right.opening, "title": right.title, "new_label": None,
               "units": None, "editor": "a", "made_on": ""}
        before = kept(ledger.library, "corrections")
        ledger.put("corrections", row, str(before[0]["id"]) if before else None)
        ledger.put_document(document(f"d{at}", HARBOUR), "hash", origin="add")
        ledger.put_similar(SimilarQuestion("harbour", ("一1",), f"问{at}"), origin="add")
        ledger.close("a", f"第{at}次")
"""


def entries(data: Path) -> list[Entry]:
    library = Library.open(data)
    found = history(library, 10_000)
    library.close()
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_a_killed_change_of_an_editor_is_whole_or_absent(tmp_path: Path, seed: int) -> None:
    Curator(tmp_path, create=True).add_documents([document("harbour", HARBOUR), document("orchard", ORCHARD)])
    child = subprocess.Popen([sys.executable, "-c", CHANGES, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    time.sleep(random.Random(seed).uniform(0.2, 0.8))
    os.kill(child.pid, signal.SIGKILL)
    child.wait(60)
    child.stdout.close()
    done = len(entries(tmp_path))
    library = Library.open(tmp_path)
    titles = [each.title for each in library.bodies() if each.id == "harbour"]
    clause = next(each for each in library.bodies() if each.id == "harbour").clause("一1")
    corrected = [row["title"] for row in kept(library, "corrections")]
    assert len(titles) == 1
    assert clause is not None
    assert len([each for each in library.documents() if each.id.startswith("d")]) == done
    assert len(library.similar()) == done
    if done:
        assert corrected == [clause.title] == [f"第{done - 1}次"]
    library.close()
    assert all(finding.sound for finding in verify(tmp_path))
    if done:
        with Curator(tmp_path).recording() as ledger:
            ledger.undo(done, editor="b")
        assert len(entries(tmp_path)) == done + 1
