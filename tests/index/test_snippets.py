"""The snippets that are kept of texts: whatever is kept of one is found from the other, and goes when its document goes."""

import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from index import publish
from index import reposts as reposts_module
from index.curate import Curator
from index.library import FILE_NAME, Library
from index.reposts import reposts
from index.search import Index
from index.snippets import gathered, joined, kept_keys, keys_of, snippets
from tests.index.conftest import HARBOUR, ORCHARD, document

LONG = "".join(f"第{at}处码头应当在汛期以前完成岸电箱的检修并把结果报送主管部门。\n" for at in range(1, 200))


def test_layout_full_width_and_traditional_characters_do_not_matter() -> None:
    assert snippets("推廣港口岸電,減少靠港船舶排放。\n配備５个岸电箱。") == snippets(
        "推广港口岸电，减少  靠港船舶排放。配备5个岸电箱。"
    )


def test_what_is_kept_of_a_long_text_is_found_from_any_part_of_it() -> None:
    held = gathered([(1, kept_keys(HARBOUR)), (7, kept_keys(LONG))])
    lines = LONG.splitlines(keepends=True)
    for start in range(0, len(lines) - 3, 3):
        rows, shared, kept = held.sharing(keys_of(snippets("".join(lines[start : start + 3]))))
        assert rows.tolist() == [7]
        assert 0 < shared[0] < kept[0] == len(kept_keys(LONG))
    assert not len(held.sharing(keys_of(snippets(ORCHARD)))[0])


def test_blocks_that_are_joined_keep_what_lives() -> None:
    parts = [gathered([(1, kept_keys(HARBOUR)), (2, kept_keys(ORCHARD))]), gathered([(3, kept_keys(LONG))])]
    whole = joined([each.living(np.array([2, 3])) for each in parts])
    assert np.all(np.diff(whole.keys.astype(np.int64)) >= 0)
    assert set(whole.rows.tolist()) == {2, 3}
    assert len(whole.keys) == len(kept_keys(ORCHARD)) + len(kept_keys(LONG))


def test_a_text_is_found_again_after_its_blocks_were_merged(tmp_path: Path) -> None:
    curator = Curator(tmp_path, create=True)
    for at in range(publish._MOST_ALIKE + 2):
        curator.add_documents([document(f"code-{at}", f"关于第{at}号果园的通知\n\n{ORCHARD}{at}")])
    curator.add_documents([document("harbour", HARBOUR)])
    curator.remove(["code-0"])
    with closing(Library.open(tmp_path)) as library:
        assert len(library.snippets()) == len(library.block_ids()) < publish._MOST_ALIKE
        again = document("again", "转发\n\n" + HARBOUR)
        assert [other.id for other, _ in reposts(library, again)] == ["harbour"]
        assert "code-0" not in [other.id for other, _ in reposts(library, document("more", ORCHARD))]


def test_what_was_removed_or_replaced_hides_nothing_that_lives(tmp_path: Path) -> None:
    curator = Curator(tmp_path, create=True)
    alike = [document(f"alike-{at}", ORCHARD) for at in range(reposts_module._READ + 16)]
    curator.add_documents([*alike, *(document(f"other-{at}", f"{HARBOUR}{at}") for at in range(5))])
    curator.remove([each.id for each in alike[:-1]])
    asked = document(alike[0].id, ORCHARD)
    with closing(Library.open(tmp_path)) as library:
        assert [(other.id, share) for other, share in reposts(library, asked)] == [(alike[-1].id, 1.0)]
    curator.add_documents([document(alike[-1].id, f"{ORCHARD}二、附则\n\n本通知自印发之日起施行。\n")])
    with closing(Library.open(tmp_path)) as library:
        assert [other.id for other, _ in reposts(library, asked)] == [alike[-1].id]


def test_answers_need_not_wait_while_texts_are_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Curator(tmp_path, create=True).add_documents([document(f"alike-{at}", ORCHARD) for at in range(3)])
    answered: list[str | None] = []

    def meanwhile(text: str) -> list[str]:
        other = Thread(target=lambda: answered.append(index.generation()), daemon=True)
        other.start()
        other.join(30)
        return snippets(text)

    monkeypatch.setattr(reposts_module, "snippets", meanwhile)
    with Index.open(tmp_path) as index:
        found = index.reposts(document("again", ORCHARD))
        assert len(answered) == 1 + len(found) == 4


def test_a_source_may_hold_more_documents_than_a_statement_has_places(tmp_path: Path) -> None:
    ids = [f"alike-{at}" for at in range(3)]
    Curator(tmp_path, create=True).add_documents([document(each, ORCHARD) for each in ids])
    with closing(Library.open(tmp_path)) as library:
        assert library.holds([])
        assert library.holds(ids)
        assert not library.holds([*ids, *map(str, range(300_000))])


def test_an_older_file_gets_the_snippets_of_its_documents(tmp_path: Path) -> None:
    old = Path(__file__).parent / "files" / "third-release.sqlite"
    (tmp_path / FILE_NAME).write_bytes(old.read_bytes())
    with closing(sqlite3.connect(old)) as connection:
        ((text,),) = connection.execute("select text from documents").fetchall()
    with closing(Library.open(tmp_path)) as library:
        assert [part.keys.tolist() for part in library.snippets()] == [kept_keys(text).tolist()]
