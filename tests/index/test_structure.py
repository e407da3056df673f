"""What a question names exactly, by its wording."""

import pytest

from index.structure import Asked, asked


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
