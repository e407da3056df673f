"""A collection with what its editors have made of it moves to another folder and is the same there."""

from pathlib import Path

import pytest

from index import similar
from index.correct import Correction, checked, units_json
from index.curate import Curator
from index.ledger import Row, kept
from index.library import Library
from index.similar import SimilarQuestion
from index.transfer import export, import_
from index.verify import verify
from ingest.document import Document, Unit
from ingest.errors import IndexingError
from tests.index.conftest import HARBOUR, ORCHARD, document

TABLES = ("corrections", "vetted", "unit_entries", "proposals", "settled", "dropped_similar")
MADE: dict[str, Row] = {
    "vetted": {
        "document": "harbour",
        "label": "一1",
        "question": "岸电谁管",
        "answer": "市交通运输局。",
        "editor": "a",
        "made_on": "2026-01-01",
    },
    "unit_entries": {
        "unit": "市交通运输局",
        "field": "phone",
        "value": "1",
        "since": "",
        "source": "网站",
        "editor": "a",
        "made_on": "2026-01-01",
    },
    "proposals": {
        "document": "harbour",
        "label": "一1",
        "question": "码头通电",
        "origin": "模型",
        "state": "rejected",
        "made_on": "2026-01-01",
    },
    "settled": {"question": "光伏", "how": "不处理", "editor": "a", "made_at": "2026-01-01T00:00:00+00:00"},
    "dropped_similar": {"document": "harbour", "question": "船怎么停"},
}


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    curator = Curator(tmp_path / "old", create=True)
    curator.add_documents([document("harbour", HARBOUR), document("orchard", ORCHARD)])
    curator.add_similar([SimilarQuestion("harbour", ("一1",), "船靠岸怎么用电")])
    with curator.recording() as ledger:
        harbour = ledger.library.document("harbour")
        assert harbour is not None
        right = checked(harbour, Correction("一1", title="岸电设施", units=(Unit("市交通运输局"),)))
        row: Row = {
            "document": "harbour",
            "label": "一1",
            "opening": right.opening,
            "title": right.title,
            "new_label": None,
        }
        ledger.put("corrections", row | {"units": units_json(right.units), "editor": "a", "made_on": "2026-01-01"})
        for table, made in MADE.items():
            ledger.put(table, made)
        ledger.close("a", "全部")
    return tmp_path / "old"


def state(data: Path) -> tuple[list[Document], list[SimilarQuestion], dict[str, list[Row]], Document | None]:
    library = Library.open(data)
    rows = {table: [{key: row[key] for key in row if key != "id"} for row in kept(library, table)] for table in TABLES}
    found = (list(library.bodies()), similar.stored(library), rows, library.as_read("harbour"))
    library.close()
    return found


def test_everything_that_editors_made_moves_along(edited: Path, tmp_path: Path) -> None:
    assert export(edited, tmp_path / "all.jsonl") == (2, 1)
    assert import_(Curator(tmp_path / "new", create=True), tmp_path / "all.jsonl") == (2, 1)
    assert state(tmp_path / "new") == state(edited)
    assert state(edited)[3] is not None
    assert all(finding.sound for finding in verify(tmp_path / "new"))


def test_taking_the_same_file_in_twice_changes_nothing_more(edited: Path, tmp_path: Path) -> None:
    export(edited, tmp_path / "all.jsonl")
    import_(Curator(edited), tmp_path / "all.jsonl")
    once = state(edited)
    import_(Curator(edited), tmp_path / "all.jsonl")
    assert state(edited) == once


def test_a_row_for_a_table_that_is_not_exchanged_is_refused(edited: Path, tmp_path: Path) -> None:
    (tmp_path / "odd.jsonl").write_text('{"editors_table": "history", "row": {}}\n', encoding="utf-8")
    with pytest.raises(IndexingError, match="第 1 行"):
        import_(Curator(edited), tmp_path / "odd.jsonl")


def test_verify_names_a_correction_and_a_vetted_answer_without_their_clause(edited: Path) -> None:
    Curator(edited).add_documents([document("harbour", HARBOUR.replace("1.建设岸电设施。", "2.改造岸电设备。"))])
    told = [finding.text for finding in verify(edited) if not finding.sound]
    assert any("更正 1 条" in each for each in told)
    Curator(edited).remove(["harbour"])
    told = [finding.text for finding in verify(edited) if not finding.sound]
    assert any("岸电谁管" in each for each in told)
