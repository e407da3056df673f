"""The life of a knowledge base: built, changed, kept whole."""

from pathlib import Path

import pytest

from index import collect, curate
from index.curate import Curator
from index.library import FILE_NAME, Library
from index.search import Index
from index.similar import SimilarQuestion
from index.verify import verify
from ingest.errors import IndexingError
from tests.index.conftest import HARBOUR, ORCHARD, document


def ids(data: Path) -> list[str]:
    library = Library.open(data)
    found = [each.id for each in library.documents()]
    library.close()
    return found


def rows(path: Path, *texts: tuple[str, str]) -> Path:
    import json

    lines = (json.dumps({"id": name, "text": text}, ensure_ascii=False) for name, text in texts)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_second_build_reads_only_what_changed(tmp_path: Path) -> None:
    curator, source = Curator(tmp_path / "data"), tmp_path / "rows.jsonl"
    first = curator.build(rows=[rows(source, ("harbour", HARBOUR), ("orchard", ORCHARD))])
    second = curator.build(rows=[rows(source, ("harbour", HARBOUR), ("orchard", ORCHARD + "\n完。"))])
    assert (first.added, second.unchanged, second.changed) == (["harbour", "orchard"], ["harbour"], ["orchard"])


def test_the_seeds_are_the_same_whether_their_folder_is_named_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(collect.PROJECT)
    unnamed, named = Curator(tmp_path / "unnamed"), Curator(tmp_path / "named")
    unnamed.build()
    outcome = named.build(["seeds"])
    assert outcome.problems == []
    assert ids(tmp_path / "named") == ids(tmp_path / "unnamed")
    assert (again := unnamed.build(["seeds"])).changed == again.removed == []


def test_a_build_removes_what_its_sources_no_longer_hold_but_not_what_was_added(tmp_path: Path) -> None:
    curator = Curator(tmp_path / "data")
    curator.build(rows=[rows(tmp_path / "a.jsonl", ("harbour", HARBOUR), ("orchard", ORCHARD))])
    curator.add_documents([document("mine", "关于夜市的通知\n\n夜市应当按时收摊。")])
    outcome = curator.build(rows=[rows(tmp_path / "a.jsonl", ("orchard", ORCHARD))])
    assert outcome.removed == ["harbour"]
    assert sorted(ids(tmp_path / "data")) == ["mine", "orchard"]


def test_a_faulty_line_is_named_and_nothing_changes(tmp_path: Path) -> None:
    curator, source = Curator(tmp_path / "data"), tmp_path / "rows.jsonl"
    curator.build(rows=[rows(source, ("harbour", HARBOUR))])
    source.write_text(source.read_text("utf-8") + '\n{"id": "x"}', encoding="utf-8")
    with pytest.raises(Exception, match="第 2 行"):
        curator.build(rows=[source])
    assert ids(tmp_path / "data") == ["harbour"]


def test_a_file_that_can_no_longer_be_read_keeps_its_document(tmp_path: Path) -> None:
    curator, path = Curator(tmp_path / "data"), tmp_path / "harbour.txt"
    path.write_text(HARBOUR, encoding="utf-8")
    curator.build([str(path)])
    before = ids(tmp_path / "data")
    path.unlink()
    outcome = curator.build([str(path)])
    assert "harbour.txt" in outcome.problems[0]
    assert ids(tmp_path / "data") == before


def test_what_is_added_is_found_at_once_and_what_is_removed_no_longer(tmp_path: Path) -> None:
    curator = Curator(tmp_path)
    curator.build(rows=[rows(tmp_path / "a.jsonl", ("orchard", ORCHARD))])
    with Index.open(tmp_path) as index:
        assert all(hit.document_id == "orchard" for hit in index.search("岸电箱"))
        curator.add_documents([document("harbour", HARBOUR)])
        assert index.search("岸电箱")[0].document_id == "harbour"
        curator.remove(["harbour"])
        assert all(hit.document_id == "orchard" for hit in index.search("岸电箱"))


def test_removing_an_unknown_document_removes_nothing(tmp_path: Path) -> None:
    curator = Curator(tmp_path)
    curator.build(rows=[rows(tmp_path / "a.jsonl", ("orchard", ORCHARD))])
    with pytest.raises(IndexingError, match="nope"):
        curator.remove(["orchard", "nope"])
    assert ids(tmp_path) == ["orchard"]


def test_many_small_changes_give_what_one_build_gives(tmp_path: Path) -> None:
    texts = [(f"d{at}", f"{ORCHARD}第{at}号果园 编号{at}。") for at in range(12)]
    whole, steps = Curator(tmp_path / "whole"), Curator(tmp_path / "steps")
    whole.build(rows=[rows(tmp_path / "a.jsonl", *texts)])
    steps.build(rows=[rows(tmp_path / "b.jsonl", ("gone", HARBOUR))])
    for name, text in texts:
        steps.add_documents([document(name, text)])
    steps.remove(["gone"])
    with Index.open(tmp_path / "whole") as one, Index.open(tmp_path / "steps") as other:
        assert one.search("果园 编号7") == other.search("果园 编号7")
    library = Library.open(tmp_path / "steps")
    assert len(library.block_ids()) < 12
    library.close()
    assert all(finding.sound for finding in verify(tmp_path / "steps"))


def test_similar_questions_must_name_clauses_that_exist(tmp_path: Path) -> None:
    curator = Curator(tmp_path)
    curator.build(rows=[rows(tmp_path / "a.jsonl", ("harbour", HARBOUR))])
    with pytest.raises(IndexingError, match="任务9"):
        curator.add_similar([SimilarQuestion("harbour", ("任务9",), "船靠岸怎么用电")])
    curator.add_similar([SimilarQuestion("harbour", ("一1",), "船靠岸怎么用电")])
    with Index.open(tmp_path) as index:
        assert index.search("船靠岸了怎么用电")[0].label == "一1"
        assert index.similar_questions("船靠岸怎么用电")[0].likeness > 0.9


def test_another_model_is_refused_until_the_next_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Curator(tmp_path).build(rows=[rows(tmp_path / "a.jsonl", ("harbour", HARBOUR))])
    other = Curator(tmp_path)
    monkeypatch.setattr(other._embedder, "fingerprint", "another")
    with pytest.raises(IndexingError, match="另一个嵌入模型"):
        other.add_documents([document("orchard", ORCHARD)])
    assert other.build(rows=[tmp_path / "a.jsonl"]).changed == ["harbour"]


def test_a_change_that_fails_leaves_the_state_before_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    curator = Curator(tmp_path)
    curator.build(rows=[rows(tmp_path / "a.jsonl", ("harbour", HARBOUR))])

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(curate, "tidy", fail)
    with pytest.raises(KeyboardInterrupt):
        curator.add_documents([document("orchard", ORCHARD)])
    assert ids(tmp_path) == ["harbour"]
    assert all(finding.sound for finding in verify(tmp_path))


def test_while_one_process_writes_others_read_and_a_second_writer_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.connect._PATIENCE_S", 0.1)
    Curator(tmp_path).build(rows=[rows(tmp_path / "a.jsonl", ("harbour", HARBOUR))])
    writer = Library.open(tmp_path)
    with writer.changing() as change:
        change.remove(["harbour"])
        assert ids(tmp_path) == ["harbour"]
        with pytest.raises(IndexingError, match="正在写入"):
            Curator(tmp_path).add_documents([document("orchard", ORCHARD)])
    writer.close()
    assert ids(tmp_path) == []


@pytest.mark.parametrize("content", [b"not a database at all" * 400, b""])
def test_a_file_that_is_no_knowledge_base_is_told_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(IndexingError, match=r"重建|建立"):
        Library.open(tmp_path)
