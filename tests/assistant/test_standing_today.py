"""What no longer stands never answers silently."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.ask import Assistant
from index.search import Index
from tests.assistant.told import Ask, asking, built

OLD = """江源市人民政府关于扶持果酒酿造的暂行办法

江政发〔2016〕3号

一、总体要求

支持果酒酿造业发展。

二、重点任务

(一)补助设备。对新购果酒发酵罐的企业给予设备款百分之十的补助。(责任单位:市经信局、市财政局)

(二)举办品酒会。每年十月举办果酒品酒会。(责任单位:市商务局)

江源市人民政府

2016年5月6日
"""

NEW = """江源市人民政府关于扶持果酒酿造的实施办法

江政发〔2024〕8号

一、总体要求

推动果酒酿造业提质。

二、重点任务

(一)补助设备。对新购果酒发酵罐的企业给予设备款百分之二十的补助。(牵头单位:市工信局;配合单位:市财政局)

三、附则

本办法自2024年7月1日起施行,有效期至2029年6月30日。《江源市人民政府关于扶持果酒酿造的暂行办法》(江政发〔2016〕3号)同时废止。

江源市人民政府

2024年5月20日
"""

LAPSED = """江源市人民政府办公室关于稳定鲜花出口的若干措施

江政办发〔2021〕11号

(一)降低鲜花冷链运费。对出口鲜花冷链运输给予补贴,到2023年出口鲜花达到五千吨。(责任单位:市商务局、市交通运输局)

(二)开通鲜花专列。(责任单位:市交通运输局)

本措施自2021年4月1日起施行,有效期2年。

江源市人民政府办公室

2021年3月9日
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("standing"), {"old": OLD, "new": NEW, "lapsed": LAPSED})


@pytest.fixture(scope="module")
def index(library: Path) -> Iterator[Index]:
    with Index.open(library) as opened:
        yield opened


def on(index: Index, *day: int) -> Ask:
    return asking(Assistant(index, today=lambda: date(*day)))


def test_the_newer_document_answers_and_says_what_it_replaced(index: Index) -> None:
    answer = on(index, 2026, 11, 23)("新购果酒发酵罐给予设备款补助,由谁负责")
    assert {citation.document_id for citation in answer.citations} == {"new"}
    assert answer.units == ("市工信局", "市财政局")
    assert any(
        "暂行办法》已被《江源市人民政府关于扶持果酒酿造的实施办法》（江政发〔2024〕8号）废止" in note
        for note in answer.notes
    )
    assert "有效期至2029年6月30日" in answer.as_of


def test_the_old_document_asked_for_by_name_is_told_with_what_ended_it(index: Index) -> None:
    answer = on(index, 2026, 11, 23)("江政发〔2016〕3号第1项由谁负责")
    assert [citation.document_id for citation in answer.citations] == ["old"]
    assert any(
        note.startswith("请注意") and "已被《江源市" in note and "自2024年7月1日起" in note for note in answer.notes
    )
    assert "已被《" in answer.as_of


def test_what_only_the_old_document_says_is_told_with_the_warning(index: Index) -> None:
    answer = on(index, 2026, 11, 23)("每年十月举办果酒品酒会由哪个部门负责")
    assert [citation.document_id for citation in answer.citations] == ["old"]
    assert any(note.startswith("请注意") for note in answer.notes)


def test_before_the_newer_document_takes_effect_the_old_one_stands(index: Index) -> None:
    answer = on(index, 2024, 6, 1)("江政发〔2016〕3号第1项由谁负责")
    assert not any("废止" in note for note in answer.notes)
    assert "尚未施行" in on(index, 2024, 6, 1)("江政发〔2024〕8号第1项由谁负责").as_of


def test_a_unit_s_list_leaves_out_what_was_repealed(index: Index) -> None:
    answer = on(index, 2026, 11, 23)("市财政局负责哪些任务")
    assert {citation.document_id for citation in answer.citations} == {"new"}


@pytest.mark.parametrize(("day", "said"), [((2023, 3, 31), "有效期至2023年3月31日"), ((2023, 4, 1), "已过期")])
def test_a_term_of_years_ends_on_its_last_day(index: Index, day: tuple[int, ...], said: str) -> None:
    answer = on(index, *day)("开通鲜花专列由谁负责")
    assert said in answer.as_of
    assert any("已过期" in note for note in answer.notes) is (said == "已过期")


def test_a_target_of_a_past_year_is_said_to_be_past(index: Index) -> None:
    question = "降低鲜花冷链运费由谁负责"
    assert "目标年份2023年已过，文件没有写后续安排" in on(index, 2026, 11, 23)(question).notes
    assert not any("目标年份" in note for note in on(index, 2023, 5, 1)(question).notes)


@pytest.mark.parametrize(
    ("question", "said", "cited"),
    [
        ("江政发〔2016〕3号还有效吗", "不是。", "new"),
        ("江政发〔2024〕8号还有效吗", "是的", "new"),
        ("江政办发〔2021〕11号有效期到什么时候", "已过期", "lapsed"),
    ],
)
def test_asked_whether_it_still_holds(index: Index, question: str, said: str, cited: str) -> None:
    answer = on(index, 2026, 11, 23)(question)
    assert said in answer.answer
    assert [citation.document_id for citation in answer.citations] == [cited]
