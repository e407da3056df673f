"""Paths and rows of bulk files become Documents."""

from pathlib import Path

import pytest

from ingest.catalog import Catalog
from ingest.errors import IngestError
from ingest.load import from_row, load

SEEDS = Path(__file__).parents[2] / "seeds"
SEED = SEEDS / "wuhan-2021-service-outsourcing.txt"


def test_a_file_becomes_a_document(tmp_path: Path) -> None:
    path = tmp_path / "茶.txt"
    path.write_text("关于种茶的通知\n\n一、种茶\n\n二、采茶\n", encoding="utf-8")
    (document,) = load(str(path))
    assert (document.title, document.source.path) == ("关于种茶的通知", str(path))
    assert document.id.startswith("茶-") and len(document.id) == len("茶-") + 8


def test_a_text_without_a_title_goes_by_the_name_of_its_file_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "种茶办法.txt"
    path.write_text("一、种茶\n\n春天种茶。\n\n二、采茶\n\n夏天采茶。\n", encoding="utf-8")
    (document,) = load(str(path))
    assert (document.title, document.title_derived) == ("种茶办法", True)
    assert "原文没有标题" in document.audit.warnings
    row = {"id": "n1", "text": document.text}
    assert from_row(row).title_derived and not from_row(row | {"title": "种茶"}).title_derived


def test_the_same_text_gets_the_same_id_and_another_text_another(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("关于种茶的通知", encoding="utf-8")
    first = load(str(path))[0].id
    assert load(str(path))[0].id == first
    path.write_text("关于采茶的通知", encoding="utf-8")
    assert load(str(path))[0].id != first


def test_the_catalogue_gives_the_seed_its_id_and_a_title_that_is_marked_as_derived() -> None:
    (document,) = load(str(SEED), catalog=Catalog.load(SEEDS))
    assert document.id == "wuhan-2021-service-outsourcing"
    assert document.title and document.title_derived
    assert document.clause("wuhan-2021-service-outsourcing#任务7") is not None


def test_what_a_row_states_overrides_the_text() -> None:
    row = {
        "id": "n1",
        "text": "关于种茶的通知\n\n一、种茶\n\n二、采茶\n",
        "title": "种茶",
        "level": "省",
        "number": "茶发〔2021〕1号",
    }
    document = from_row(row | {"url": "https://example.org"})
    assert (document.id, document.title, document.level, document.number) == ("n1", "种茶", "省", "茶发〔2021〕1号")
    assert document.source.url == "https://example.org"
    assert from_row({"id": "n1", "text": "关于种茶的通知\n", "title": None, "number": ""}).title == "关于种茶的通知"


@pytest.mark.parametrize(
    "row", [{}, {"id": "a"}, {"id": "a", "text": " "}, {"id": 1, "text": "茶"}, {"id": "", "text": "茶"}]
)
def test_a_row_without_id_or_text_is_refused(row: dict[str, object]) -> None:
    with pytest.raises(IngestError, match="id 或 text"):
        from_row(row)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match="找不到文件"):
        load(str(tmp_path / "nichts.txt"))
