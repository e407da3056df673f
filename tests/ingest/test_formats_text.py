"""Plain text and Markdown: the file's own characters, whatever their encoding."""

from pathlib import Path

import pytest

from ingest.read import read_bytes

TEXT = (Path(__file__).parents[2] / "seeds" / "wuhan-2021-service-outsourcing.txt").read_text(encoding="utf-8")
TRADITIONAL = "為貫徹落實會議精神，推動服務業發展，現將有關事項通知如下。一、總體要求：堅持創新驅動，擴大對外開放。"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gb2312", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_every_encoding_gives_the_same_characters(encoding: str) -> None:
    text = TEXT.replace("〔", "[") if encoding == "gb2312" else TEXT
    assert read_bytes(text.encode(encoding), "a.txt")[0].text == text


def test_big5_is_recognised() -> None:
    raw = read_bytes((TRADITIONAL * 5).encode("big5"), "a.txt")[0]
    assert raw.text == TRADITIONAL * 5


@pytest.mark.parametrize("text", ["镕基", "一、总则", "责任单位：市商务局、市经信局"])
def test_a_few_characters_are_enough_for_gb18030(text: str) -> None:
    assert read_bytes(text.encode("gb18030"), "a.txt")[0].text == text


def test_text_stays_as_it_is_but_for_mark_and_windows_line_ends() -> None:
    raw = read_bytes("\ufeff　　一、 总则 \r\n\r\n\t（一）ＡＢ\u200b…\n\n".encode(), "a.txt")[0]
    assert raw.text == "　　一、 总则 \n\n\t（一）ＡＢ\u200b…\n\n"


def test_utf8_cut_inside_a_character_is_not_taken_for_gb18030() -> None:
    raw = read_bytes("责任单位：市商务局".encode()[:-1], "a.txt")[0]
    assert raw.source.encoding == "utf-8"
    assert raw.text == "责任单位：市商务\ufffd"


def test_a_servers_charset_counts_only_where_bytes_do_not_say() -> None:
    assert read_bytes("总则".encode(), "a.txt", charset="gb2312")[0].text == "总则"
    assert read_bytes("總則".encode("big5"), "a.txt", charset="big5")[0].text == "總則"
    assert read_bytes("总则".encode("gb18030"), "a.txt", charset="no-such-charset")[0].text == "总则"


def test_markdown_loses_its_marks_and_keeps_its_numbers() -> None:
    source = (
        "# 实施意见\n\n## 三、工作任务\n\n3. **培育**新业态。[见附件](http://a)\n4. 引进人才\n\n- 要点\n\n"
        "    （责任单位：市商务局）\n\n```\n原样\n```\n"
    )
    raw = read_bytes(source.encode(), "a.md")[0]
    assert raw.text.split("\n") == [
        *("实施意见", "三、工作任务", "3.培育新业态。见附件", "4.引进人才", "要点", "（责任单位：市商务局）", "原样"),
    ]


def test_markdown_tables_have_their_cells() -> None:
    source = "| 任务 | 责任单位 |\n| --- | --- |\n| 培育 | 市商务局 |\n| 引进 | |\n"
    raw = read_bytes(source.encode(), "a.md")[0]
    assert raw.text == "任务\t责任单位\n培育\t市商务局\n引进"
    cells = [[cell.of(raw.text) for cell in row] for row in raw.tables[0].rows]
    assert cells == [["任务", "责任单位"], ["培育", "市商务局"], ["引进", ""]]


def test_html_inside_markdown_is_read_as_html() -> None:
    source = "# 分工\n\n<table><tr><td>任务</td><td>单位</td></tr><tr><td>培育</td><td>市商务局</td></tr></table>\n"
    raw = read_bytes(source.encode(), "a.md")[0]
    assert raw.text == "分工\n任务\t单位\n培育\t市商务局"
    assert len(raw.tables) == 1
