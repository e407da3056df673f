"""第3项 in every way of writing it, and in documents whose tasks are numbered (一)(二)(三)."""

import pytest

from tests.assistant.told import Ask, cited, opening


@pytest.mark.parametrize(
    ("question", "labels"),
    [
        ("第壹项讲什么", ["任务1"]),
        ("第拾伍项由谁负责", ["任务15"]),
        ("第十四", ["任务14"]),
        ("任务1-3", ["任务1", "任务2", "任务3"]),
        ("任务1到3由谁负责", ["任务1", "任务2", "任务3"]),
        ("最后两项", ["任务14", "任务15"]),
        ("头三项", ["任务1", "任务2", "任务3"]),
        ("7、8、9项分别归谁", ["任务7", "任务8", "任务9"]),
        ("保障措施的最后一条", ["四(三)"]),
    ],
)
def test_running_numbers(ask: Ask, question: str, labels: list[str]) -> None:
    assert cited(ask(question)) == labels


@pytest.mark.parametrize("question", ["第0项是什么", "第16项是什么", "第零项"])
def test_a_number_that_does_not_exist_is_refused_with_the_total(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.refused and "共有15项任务" in opening(answer)


@pytest.mark.parametrize(
    ("question", "labels"),
    [
        ("第3项由谁负责", ["二(三)"]),
        ("任务三", ["二(三)"]),
        ("第2到3项", ["二(二)", "二(三)"]),
        ("前两项", ["二(一)", "二(二)"]),
        ("最后两项", ["二(三)", "二(四)"]),
        ("倒数第二项", ["二(三)"]),
    ],
)
def test_tasks_numbered_in_brackets_are_counted_as_tasks(orchard: Ask, question: str, labels: list[str]) -> None:
    assert cited(orchard(question)) == labels


def test_their_number_is_counted(orchard: Ask) -> None:
    assert opening(orchard("一共有几项任务")).startswith("重点任务共4项")
    assert "共有4项任务" in opening(orchard("第5项是什么"))


def test_the_next_of_them(orchard: Ask) -> None:
    assert cited(orchard("第3项讲什么", "下一项")) == ["二(四)"]


def test_the_day_a_document_takes_effect(orchard: Ask) -> None:
    assert "2023年9月1日" in opening(orchard("什么时候开始施行"))
