"""Documents named in a question: by title, part of it, 文号 or place; alone, or several at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.ask import Assistant
from index.search import Index
from tests.assistant.told import ORCHARD, Ask, asking, built

BEES = """海陵省人民政府关于推进养蜂业的实施意见

海政发〔2022〕30号

各市、县人民政府,省政府各部门:

1.建设蜜源林。连片栽种椴树和刺槐。(牵头单位:省林业局;配合单位:省农业农村厅、省财政厅)

2.改良蜂种。建立蜂种场。(责任单位:省农业农村厅、省科技厅)

3.防治蜂螨。(责任单位:省农业农村厅、各市政府)

海陵省人民政府

2022年9月1日
"""

SILK = """海陵省人民政府关于推进蚕桑业的实施意见

海政发〔2022〕31号

各市、县人民政府,省政府各部门:

1.更新桑园。(责任单位:省农业农村厅、省自然资源厅)

2.支持企业防治蜂螨以外的虫害。(责任单位:省林业局)

3.培训缫丝工。(责任单位:省人社厅)

海陵省人民政府

2022年9月8日
"""


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    data = built(tmp_path_factory.mktemp("named"), {"orchard": ORCHARD, "bees": BEES, "silk": SILK})
    with Index.open(data) as index:
        yield asking(Assistant(index))


def places(answer: Answer) -> list[tuple[str, str]]:
    return [(citation.document_id, citation.label) for citation in answer.citations]


@pytest.mark.parametrize(
    "named",
    [
        "《海陵省人民政府关于推进蚕桑业的实施意见》",
        "《关于推进蚕桑业的实施意见》",
        "“推进蚕桑业的实施意见”",
        "推进蚕桑业的实施意见",
        "海政发〔2022〕31号",
        "海政发[2022]31号文件",
        "《蚕桑业实施意见》",
    ],
)
def test_every_way_to_name_a_document(ask: Ask, named: str) -> None:
    answer = ask(f"{named}第3项由谁负责")
    assert places(answer) == [("silk", "任务3")]
    assert answer.units == ("省人社厅",)
    assert "《海陵省人民政府关于推进蚕桑业的实施意见》第3项" in answer.answer


def test_between_marks_a_title_may_be_short(tmp_path: Path) -> None:
    untitled = "1.疏浚河道。(责任单位:县水利局)\n\n2.加固堤防。(责任单位:县住建局)\n"
    with Index.open(built(tmp_path, {"p033": untitled, "silk": SILK})) as index:
        answer = asking(Assistant(index))("《p033》第2项由谁负责")
        both = asking(Assistant(index))("《p033》第2项和《海陵省人民政府关于推进蚕桑业的实施意见》第3项分别由谁负责")
    assert (places(answer), answer.units) == ([("p033", "任务2")], ("县住建局",))
    assert (places(both), both.units) == ([("p033", "任务2"), ("silk", "任务3")], ("县住建局", "省人社厅"))


def test_a_title_lends_the_question_no_words(ask: Ask) -> None:
    """推进 and 意见 of the title are not looked for, 省人民政府 in it is not the unit asked about."""
    answer = ask("《海陵省人民政府关于推进养蜂业的实施意见》里省农业农村厅负责哪些任务")
    assert places(answer) == [("bees", "任务1"), ("bees", "任务2"), ("bees", "任务3")]


def test_a_unit_that_only_cooperates_is_not_called_responsible(ask: Ask) -> None:
    answer = ask("海政发〔2022〕30号里省农业农村厅负责哪些任务")
    assert "列为责任单位2项" in answer.answer
    assert "配合1项" in answer.answer
    assert ask("海政发〔2022〕30号第1项包括省财政厅吗").answer.startswith("是的，省财政厅是这一项的配合单位")


def test_a_unit_of_several_documents_is_told_document_by_document(ask: Ask) -> None:
    answer = ask("省林业局负责哪些任务")
    assert places(answer) == [("bees", "任务1"), ("silk", "任务2")]
    assert "《海陵省人民政府关于推进养蜂业的实施意见》第1项" in answer.answer
    assert "《海陵省人民政府关于推进蚕桑业的实施意见》第2项" in answer.answer


def test_two_documents_each_with_its_own_number(ask: Ask) -> None:
    answer = ask("《海陵省人民政府关于推进养蜂业的实施意见》第3项和海政发〔2022〕31号第1项分别由谁负责")
    assert places(answer) == [("bees", "任务3"), ("silk", "任务1")]
    assert answer.units == ("省农业农村厅", "各市政府", "省自然资源厅")


def test_two_documents_and_one_unit(ask: Ask) -> None:
    answer = ask("省林业局在《关于推进养蜂业的实施意见》和《关于推进蚕桑业的实施意见》里分别负责哪些任务")
    assert places(answer) == [("bees", "任务1"), ("silk", "任务2")]


def test_a_unit_that_one_of_two_documents_does_not_name(ask: Ask) -> None:
    answer = ask("省人社厅在《关于推进养蜂业的实施意见》和《关于推进蚕桑业的实施意见》里分别负责哪些任务")
    assert places(answer) == [("silk", "任务3")]
    assert any("养蜂业" in note and "没有省人社厅" in note for note in answer.notes)


def test_numbered_in_brackets_and_asked_by_plain_number(ask: Ask) -> None:
    answer = ask("江政办发〔2023〕17号第3项由谁负责")
    assert places(answer) == [("orchard", "二(三)")]
    assert answer.units == ("市商务局", "市供销社", "市财政局")


def test_a_place_names_its_only_document(ask: Ask) -> None:
    assert places(ask("江源市那份文件第4项归谁管")) == [("orchard", "二(四)")]


def test_a_long_stretch_of_one_clause_is_enough(ask: Ask) -> None:
    assert places(ask("支持企业防治蜂螨以外的虫害归谁管")) == [("silk", "任务2")]


def test_a_follow_up_stays_in_the_document(ask: Ask) -> None:
    assert places(ask("海政发〔2022〕31号第1项由谁负责", "那第2项呢")) == [("silk", "任务2")]
