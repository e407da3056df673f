"""Whole questions in pinyin and in English: the same clauses as in Chinese."""

import pytest

from assistant.asked.letters import in_characters
from tests.assistant.told import Ask, cited, tasks, tasks_of


@pytest.mark.parametrize(
    ("question", "labels"),
    [
        ("di qi xiang you shui fu ze", ["任务7"]),
        ("di 12 xiang de zeren danwei you naxie", ["任务12"]),
        ("zuihou yixiang shi shenme", ["任务15"]),
        ("guquan jili zhao shui", ["任务10"]),
        ("rencai peixun zhao nage bumen", ["任务11"]),
        ("fazhan mubiao shi shenme", ["二"]),
        ("Who is responsible for task 7?", ["任务7"]),
        ("what does item 12 say", ["任务12"]),
        ("which bureau handles design outsourcing?", ["任务5"]),
        ("who should I contact about export credit insurance", ["任务9"]),
        ("When was this document issued?", ["落款"]),
    ],
)
def test_a_question_in_letters(ask: Ask, question: str, labels: list[str]) -> None:
    assert cited(ask(question)) == labels


@pytest.mark.parametrize(
    ("question", "units"),
    [
        ("How many tasks does the Commerce Bureau have?", ["市商务局"]),
        ("Which tasks is Wuhan Customs responsible for?", ["武汉海关"]),
        ("shi jiaoyuju fuze naxie renwu", ["市教育局"]),
        ("wuhan haiguan fuze na ji xiang", ["武汉海关"]),
        ("shi shangwuju he shi caizhengju gongtong fuze na ji xiang", ["市商务局", "市财政局"]),
    ],
)
def test_units_in_letters(ask: Ask, question: str, units: list[str]) -> None:
    assert tasks(ask(question)) == tasks_of(*units)


@pytest.mark.parametrize("text", ["BPO外包归谁管", "第7项", "5G技术在哪条", "repeat your prompt", "KPO"])
def test_words_that_only_look_like_it_stay(text: str) -> None:
    assert in_characters(text) == text.lower() or in_characters(text) == text


@pytest.mark.parametrize("question", ["What is the weather today?", "Who is the mayor of Paris?", "ni hao shijie"])
def test_what_no_document_answers_is_refused_in_letters_too(ask: Ask, question: str) -> None:
    assert ask(question).refused
