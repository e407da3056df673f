"""A text that is held already is named when it comes again."""

from pathlib import Path

import pytest

from index.__main__ import main

NOTICE = """关于支持夜间文化活动的通知

各街道办事处：

为丰富居民的夜间生活，现将有关事项通知如下。

一、支持公园在夏季延长开放时间，鼓励社区书店举办夜间读书活动。（责任单位：区文旅局、区园林局）

二、对夜间演出所需的临时场地，由各街道办事处统一安排并公布时间表。（责任单位：各街道办事处）

三、加强夜间照明和巡查，保证活动参加者安全往返。（责任单位：区城管局、区公安分局）

某区人民政府

2023年5月6日
"""


@pytest.fixture
def held(tmp_path: Path) -> Path:
    """A knowledge base that holds the notice."""
    first = tmp_path / "first.txt"
    first.write_text(NOTICE, encoding="utf-8")
    assert main(["build", str(first), "--data", str(tmp_path / "data")]) == 0
    return tmp_path / "data"


def test_a_notice_posted_again_by_another_body_is_named(
    held: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = tmp_path / "again.txt"
    again.write_text("某街道办事处转发\n\n" + NOTICE, encoding="utf-8")
    capsys.readouterr()
    assert main(["add", str(again), "--data", str(held)]) == 0
    said = capsys.readouterr().err
    assert "文字相同" in said
    assert "关于支持夜间文化活动的通知" in said


def test_a_different_notice_is_not_taken_for_a_copy(
    held: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.txt"
    other.write_text(
        "关于做好冬季供暖的通知\n\n一、各供热单位应在十一月十五日前完成检修。（责任单位：区住建局）\n", encoding="utf-8"
    )
    capsys.readouterr()
    assert main(["add", str(other), "--data", str(held)]) == 0
    assert "文字相同" not in capsys.readouterr().err
