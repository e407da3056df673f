"""Whatever the text, reading it ends soon and gives a Document whose positions are right."""

import hashlib
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.document import Document, RawText, Source
from ingest.parse import parse

PIECES = st.sampled_from(
    [
        "一、",
        "二、",
        "三、",
        "（一）",
        "（二）",
        "(三)",
        "1.",
        "2.",
        "3．",
        "（1）",
        "①",
        "第一条",
        "第二章",
        "附件",
        "附件1",
        "附件：",
        "《茶法》",
        "（责任单位：市商务局、市财政局）",
        "。",
        "；",
        "：",
        "（",
        "）",
        "〔",
        "〕",
        "〔20211号",
        "发〔2021〕1号",
        "2021年3月5日",
        "202135",
        "市商务局",
        "各区人民政府：",
        "关于茶叶的通知",
        "为种茶，",
        "特此通知",
        "目标",
        "2025年，",
        "本办法自2021年1月1日起施行，有效期5年",
        "\n",
        "\n\n",
        " ",
        "\u3000\u3000",
        "茶" * 30,
        "\r\n",
        "\x00",
        "😀",
        "𠀀",
    ]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=60).map("".join), st.text(max_size=200))


def read(text: str) -> Document:
    source = Source("x.txt", "txt", "utf-8", hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())
    return parse(RawText(text, source), document_id="x")


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_clauses_are_ordered_apart_and_uniquely_named(text: str) -> None:
    document = read(text)
    ends = 0
    for clause in document.clauses:
        assert ends <= clause.span.start < clause.span.end <= len(text)
        assert not clause.span.of(text)[0].isspace() and not clause.span.of(text)[-1].isspace()
        ends = clause.span.end
    names = [clause.id for clause in document.clauses]
    assert len(set(names)) == len(names)
    assert all(clause.id == f"x#{clause.label}" for clause in document.clauses)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_repairs_do_not_overlap_and_proofs_lie_in_the_text(text: str) -> None:
    document = read(text)
    ends = 0
    for repair in document.repairs:
        assert ends <= repair.span.start <= repair.span.end <= len(text)
        assert repair.repaired != repair.found
        ends = repair.span.end
    for _, span in document.spans:
        assert 0 <= span.start < span.end <= len(text)
    for reference in document.references:
        assert reference.title in re.sub(r"\s", "", reference.span.of(text))


@pytest.mark.parametrize(
    "piece",
    [
        "（",
        "(",
        "一、",
        "一、\n",
        "1.",
        "（一）",
        "第一条",
        "附件",
        "附件1\n",
        "《",
        "》",
        "〔",
        "“",
        "2021年3月5日",
        "关于",
        "关于茶叶的通知",
        "责任单位：",
        "（责任单位：",
        "市商务局",
        "、",
        "各",
        "。",
        "号",
        "茶",
        "\n",
        "\u3000\u3000",
        " ",
        "各区，",
        "《茶》、",
        "〔2021",
        "公告2021年",
    ],
)
def test_a_long_monotonous_text_is_read_to_its_end(piece: str) -> None:
    text = piece * (60_000 // len(piece))
    document = read(text)
    assert document.text == text
