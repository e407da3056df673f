"""Questions and texts written to make patterns backtrack: time grows with length, never out of hand."""

import time

import pytest

from assistant.ask import LONGEST_QUESTION, Assistant
from ingest.document import RawText, Source
from ingest.parse import parse

SECONDS = 10.0
PIECES = [
    *(
        "第",
        "一",
        "（",
        "((((",
        "、",
        "和",
        "市",
        "局",
        "市商务局",
        "责任单位:",
        "第一项",
        "1.",
        "〔2021〕",
        "号",
        "年",
    ),
    *(
        "的",
        " ",
        "\t",
        "，。",
        "“",
        "”",
        "《",
        "》",
        "a",
        "0",
        "1、2、",
        "不",
        "哪些",
        "哪些单位",
        "请问",
        "shi ",
        "ａ",
        "\u3000",
    ),
    *(
        "百分之",
        "%",
        "亿",
        "万元",
        "第1项和第2项",
        "（一）",
        "与",
        "及其",
        "武汉",
        "？",
        "\n",
        "一、二、三、",
        "〔一1〕",
        "[1](x)",
    ),
]


@pytest.fixture(scope="module", autouse=True)
def warm(assistant: Assistant) -> None:
    """The first questions load dictionaries, whatever they ask."""
    for question in ("第7项由谁负责", "机器人手术谁负责", "shui wu ju"):
        assistant.ask(question)


@pytest.mark.parametrize("piece", PIECES)
def test_a_long_repetitive_question_is_answered_in_time(assistant: Assistant, piece: str) -> None:
    question = (piece * LONGEST_QUESTION)[: LONGEST_QUESTION - 8]
    began = time.process_time()
    assistant.ask(f"{question}由谁负责？")
    assert time.process_time() - began < SECONDS


@pytest.mark.parametrize("piece", PIECES)
def test_a_long_repetitive_text_is_parsed_in_time(piece: str) -> None:
    text = f"关于夜市的通知\n\n一、总则\n\n{piece * (20_000 // len(piece))}\n\n1.{piece * 500}(责任单位:{piece * 500})"
    began = time.process_time()
    parse(RawText(text, Source("a.txt", "txt", "utf-8", "0" * 64, None)))
    assert time.process_time() - began < 3 * SECONDS
