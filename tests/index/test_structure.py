"""What a question names exactly, by its wording."""

from pathlib import Path

import pytest

from index.curate import Curator
from index.search import Index
from index.structure import Asked, asked
from tests.index.conftest import HARBOUR, ORCHARD, document


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("第14点讲什么", Asked(tasks=(14,))),
        ("任务十二和第3项", Asked(tasks=(12, 3))),
        ("四(二)写了什么", Asked(sections=("四(二)",))),
        ("三（一）", Asked(sections=("三(一)",))),
        ("“剥离非核心业务”出自哪条", Asked(phrases=("剥离非核心业务",))),
        ("商服贸发[2020]12号", Asked(numbers=(("2020", "12"),))),
        ("国发〔2019〕第3号", Asked(numbers=(("2019", "3"),))),
        ("《服务外包指导目录》有几版", Asked(titles=("服务外包指导目录",))),
        ("2021年2月8日第十三届会议", Asked()),
    ],
)
def test_exact_things_are_read(question: str, expected: Asked) -> None:
    assert asked(question) == expected


def test_a_title_is_found_whatever_brackets_it_is_written_with(tmp_path: Path) -> None:
    title = "港口岸电管理办法（试行）"
    Curator(tmp_path, create=True).add_documents(
        [document("trial", HARBOUR, title=title), document("harbour", HARBOUR), document("orchard", ORCHARD)]
    )
    with Index.open(tmp_path) as opened:
        for written in (title, "港口岸电管理办法(试行)"):
            [first, *_] = opened.search(f"《{written}》")
            assert first.document_id == "trial"
            assert "structure" in first.found_by
