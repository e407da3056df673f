"""A document that the catalogue knows is taken for it only when its own 文号 and its title both say so."""

from pathlib import Path

from ingest.catalog import Catalog
from ingest.load import load

SEEDS = Path(__file__).resolve().parent.parent.parent / "seeds"
BODY = "\n\n各省、自治区、直辖市人民政府：\n\n一、总体要求\n\n推动转型。\n\n商务部\n\n2020年1月6日\n"


def read(tmp_path: Path, title: str) -> tuple[str, tuple[str, ...]]:
    path = tmp_path / "given.txt"
    path.write_text(f"{title}\n商服贸发〔2020〕12号{BODY}", encoding="utf-8")
    document = load(str(path), catalog=Catalog.load(SEEDS))[0]
    return document.id, document.audit.warnings


def test_number_and_title_agree_so_it_is_the_known_document(tmp_path: Path) -> None:
    known = Catalog.load(SEEDS).entry_for_number("商服贸发〔2020〕12号")
    assert known is not None
    assert read(tmp_path, known.title)[0] == known.id


def test_the_same_number_under_another_title_is_not_accepted(tmp_path: Path) -> None:
    known = Catalog.load(SEEDS).entry_for_number("商服贸发〔2020〕12号")
    document_id, warnings = read(tmp_path, "关于举办春季运动会的通知")
    assert known is not None
    assert document_id != known.id
    assert any("标题不同" in warning for warning in warnings)
