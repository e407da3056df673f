"""Web pages: the official text with its title, particulars and tables, without the site around it."""

import pytest

from ingest.document import RawText
from ingest.errors import IngestError
from ingest.read import read_bytes

BODY = "".join(
    f"<p>　　{number}.推动服务外包加快转型升级，完善公共服务平台，支持企业开拓市场。（责任单位：市商务局）</p>"
    for number in range(1, 9)
)
LINES = [
    f"{number}.推动服务外包加快转型升级，完善公共服务平台，支持企业开拓市场。（责任单位：市商务局）"
    for number in range(1, 9)
]
PAGE = """<!doctype html><html><head><meta charset="utf-8"><title>关于加快服务外包发展的意见_某市商务局</title>
<script>var a = "<div>脚本</div>";</script><style>p {{color: red}}</style></head><body>
<div class="header"><div class="logo"><h1>某市商务局</h1></div>
<ul class="nav"><li><a>首页</a></li><li><a>政务公开</a></li><li><a>互动</a></li><li><a>服务</a></li></ul></div>
<div class="wrap"><div class="crumb">当前位置：<a>首页</a> &gt; <a>政策</a></div>
<div class="particulars"><table><tr><td>索引号</td><td>011-2021</td></tr><tr><td>文号</td><td>某商〔2021〕3号</td></tr></table></div>
<h1 class="art-title">关于加快服务外包发展的意见</h1><div class="info">来源：本站 <span>【打印】</span></div>
<div class="content">{body}</div>
<div class="tools">【打印】 【关闭】</div><div>上一篇：别的文件</div>
<ul class="related"><li><a>相关一</a></li><li><a>相关二</a></li></ul></div>
<div class="footer">版权所有：某市商务局 备案号 00000</div></body></html>"""


def page(body: str) -> RawText:
    return read_bytes(PAGE.format(body=body).encode(), "a.html")[0]


def only(body: str) -> str:
    return read_bytes(f"<html><body>{body}</body></html>".encode(), "a.html")[0].text


def test_a_government_page_gives_title_particulars_and_text_only() -> None:
    assert page(BODY).text.split("\n") == [
        *("关于加快服务外包发展的意见", "索引号\t011-2021", "文号\t某商〔2021〕3号"),
        *LINES,
    ]


def test_a_table_in_the_text_keeps_its_cells() -> None:
    table = (
        "<table><tr><th>任务</th><th>责任单位</th></tr><tr><td rowspan=2>培育<br>平台</td><td>市商务局</td></tr>"
        "<tr><td>市经信局</td></tr><tr><td colspan=2>合计</td></tr></table>"
    )
    raw = page(BODY + table)
    cells = [[cell.of(raw.text) for cell in row] for row in raw.tables[-1].rows]
    assert cells == [["任务", "责任单位"], ["培育 平台", "市商务局"], ["培育 平台", "市经信局"], ["合计", ""]]


def test_a_page_laid_out_with_tables_is_no_table() -> None:
    raw = read_bytes(f"<table><tr><td><table><tr><td>{BODY}</td></tr></table></td></tr></table>".encode(), "a.html")[0]
    assert (raw.text.split("\n"), raw.tables) == (LINES, ())


def test_a_page_wrapped_in_a_form_is_read() -> None:
    raw = read_bytes(f"<form id=aspnetForm><div>{BODY}</div><input value=x></form>".encode(), "a.aspx")[0]
    assert raw.text.split("\n") == LINES


def test_a_page_that_says_gb2312_may_hold_rarer_characters() -> None:
    source = f"<html><head><meta charset=gb2312></head><body><p>朱镕基</p>{BODY}</body></html>"
    raw = read_bytes(source.encode("gb18030"), "a.html")[0]
    assert raw.source.encoding == "gb18030"
    assert raw.text.split("\n") == ["朱镕基", *LINES]


def test_numbers_of_lists_are_text() -> None:
    assert only('<ol start="3"><li>甲</li><li>乙</li></ol><ol type="a"><li>丙</li></ol><ul><li>丁</li></ul>') == (
        "3.甲\n4.乙\na.丙\n丁"
    )


def test_breaks_end_lines_and_inline_marks_do_not() -> None:
    assert only("<div>一、<b>总体</b><span>要求</span><br>　　指导&nbsp;思想 </div>") == "一、总体要求\n指导 思想"


def test_hidden_text_is_left_out() -> None:
    assert page(BODY + '<p style="display: none">看不见</p>').text.count("看不见") == 0


def test_a_list_of_annexes_is_no_menu() -> None:
    annexes = "<div>附件：" + "".join(f"<a href=#>附件{number} 分工表</a>" for number in range(1, 6)) + "</div>"
    assert "附件5 分工表" in page(BODY + annexes).text


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<html><body><script>x</script></body></html>", "没有找到正文"),
        ("<html>" + "<div>" * 100_000, "嵌套超过 1000 层"),
    ],
    ids=["script only", "deep"],
)
def test_pages_without_a_text_are_refused(source: str, words: str) -> None:
    with pytest.raises(IngestError, match=words):
        read_bytes(source.encode(), "a.html")
