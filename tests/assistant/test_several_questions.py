"""Several questions in one turn: each answered, in its order; what one of them lacks does not cost the others."""

import re

import pytest

from tests.assistant.told import Ask, cited, tasks, units_of


@pytest.mark.parametrize(
    ("question", "labels"),
    [
        ("第7项谁负责？第8项呢？", ["任务7", "任务8"]),
        ("股权激励找谁？人才培训又找谁？", ["任务10", "任务11"]),
        ("第7项由谁负责，另外第9项讲什么", ["任务7", "任务9"]),
        ("1、第7项谁负责 2、市司法局管几项 3、发展目标是什么", ["任务7", "任务6", "二"]),
        ("文件什么时候发的？发给谁？", ["落款", "抬头"]),
        ("文件是谁发的，发给谁", ["落款", "抬头"]),
        ("单一窗口第几项，上云率第几项", ["任务15", "任务1"]),
        ("市司法局负责哪几项？还有武汉海关呢", ["任务6", "任务4", "任务15"]),
    ],
)
def test_each_question_is_answered_in_its_order(ask: Ask, question: str, labels: list[str]) -> None:
    answer = ask(question)
    assert not answer.refused
    assert cited(answer) == labels


@pytest.mark.parametrize(
    ("question", "labels"),
    [
        ("设计外包和医药研发外包的责任单位", ["任务5", "任务4"]),
        ("通关便利化跟公共服务平台建设，责任单位一块儿告诉我", ["任务15", "任务14"]),
        ("股权激励 上市融资 责任单位", ["任务10", "任务12"]),
        ("生物医药、维修维护货物通关归谁", ["任务15"]),
        ("会计和法律外包归谁", ["任务6"]),
        ("大数据、人工智能研发由哪些部门支持", ["任务2"]),
    ],
)
def test_matters_side_by_side_are_told_from_one_matter_in_two_words(ask: Ask, question: str, labels: list[str]) -> None:
    assert cited(ask(question)) == labels


@pytest.mark.parametrize(
    ("question", "label", "said"),
    [
        ("律师事务所走出去归谁管，另外今天天气怎么样", "任务6", "这不是政策问题"),
        ("发展目标是什么，顺便问一下文号", "二", "没有写明文号"),
        ("第20项是什么？第2项呢？", "任务2", "文件没有第20项"),
        ("上海有什么补贴？第7项谁负责", "任务7", "库内没有上海的文件"),
        ("进口耗材核销要什么材料？找谁办？", "任务4", "没有写明申报材料"),
        ("出口信用保险找谁，要什么材料", "任务9", "没有写明申报材料"),
    ],
)
def test_what_is_not_answered_is_said_beside_what_is(ask: Ask, question: str, label: str, said: str) -> None:
    answer = ask(question)
    assert cited(answer) == [label]
    assert said in answer.answer


@pytest.mark.parametrize(
    "question",
    [
        "我们是搞检测的。进口试剂核销找谁？一共几家？",
        "你好，第4项谁负责？谢谢",
        "那个第四项，对，第四项，都有哪些单位",
        "综合保税区里做实验的进口耗材怎么核销？政策里归哪几家管",
    ],
)
def test_one_question_in_several_sentences_stays_one(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert tasks(answer) == [4] and answer.units == units_of(4)
    assert "**" not in answer.answer


def test_units_set_beside_each_other_are_not_parted(ask: Ask) -> None:
    assert tasks(ask("市教育局和市科技局，共同负责哪几项？")) == [2, 5]


def test_nothing_answered_is_one_refusal(ask: Ask) -> None:
    answer = ask("今天天气怎么样？晚上吃什么？")
    assert answer.refused and not answer.citations


@pytest.mark.parametrize(
    "question",
    [
        "第7项谁负责？第8项呢？第9项呢？",
        "发展目标是什么，顺便问一下文号",
        "上海有什么补贴？第7项谁负责",
        "保障措施第2点",
        "市金融工作局还在吗",
    ],
)
def test_the_short_form_has_at_most_two_sentences(ask: Ask, question: str) -> None:
    assert 1 <= len(re.findall("[。！？]", ask(question).hotline)) <= 2


def test_what_grows_by_what_was_said_before_is_taken_apart_once(ask: Ask) -> None:
    """Each part, read in the light of the past, held both parts again, and so without end."""
    past = (
        "部门之间数据各管各的，这份文件打算怎么打通？份文件打算怎么打通？份文件打算怎么么么打通？算怎么打通",
        "我们会计师事务所打算去越南给中资企业做账，市里谁支持这事？",
    )
    assert ask("市人社局负责的任务里，哪项没有市教育局？", *past).answer
