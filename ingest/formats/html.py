"""Web pages and pieces of HTML: the words of the official text, without the site around them.

Bytes are decoded here (the parser would cut a page that says gb2312 at its first rarer character); which part of the page
is the text is decided in ``html_page``, how it is written down in this module.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.errors import IngestError
from ingest.formats.extract import Blob, Extract, Writer
from ingest.formats.html_page import DROPPED, Page, flat_text, parse_page, walk
from ingest.formats.numerals import numeral
from ingest.formats.text import decode

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode as Node

META_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([a-zA-Z0-9_:.-]{2,40})""", re.IGNORECASE)
LINE_BREAKERS = {
    *(
        "p",
        "div",
        "section",
        "article",
        "main",
        "header",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "tr",
        "td",
        "th",
    ),
    *("h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "center", "hr", "figure", "figcaption", "body", "form"),
    *("caption", "thead", "tbody", "tfoot", "fieldset", "details", "summary", "address", "br"),
}
LIST_STYLES = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
SPACES = re.compile("[ \t\n\r\f\v\xa0]+")
PAGE_TOOLS = re.compile(
    r"[\s【】\[\]|｜]*((打印|关闭|收藏|分享|复制|下载|窗口|本页|返回|顶部|字体|字号|大|中|小|默认|微信|微博|扫一扫[^。]{0,30}|"
    r"分享到|到|责任编辑|[上下]一篇[^。]{0,60}|在手机打开当前页)[\s【】\[\]|｜:：]*)+"
)
MAX_SPAN = 200


def read_html(blob: Blob) -> Extract:
    """Paragraphs one a line, tables cell by cell."""
    declared = blob.charset
    if not declared and (found := META_CHARSET.search(blob.data[:4096])):
        declared = found[1].decode("ascii")
    source, encoding = decode(blob.data, declared=declared)
    page, writer = parse_page(source), Writer()
    if page.title:
        writer.line(page.title)
    for node in (*page.particulars, page.body):
        _Scribe(page, writer).write(node)
    extract = writer.extract(encoding=encoding)
    if not extract.text.strip():
        raise IngestError("网页里没有找到正文（可能由脚本生成），请在浏览器中另存为 PDF 或复制到 txt 后再导入。")
    return extract


def write_fragment(source: str, writer: Writer) -> None:
    """A piece of HTML inside another format, all of it."""
    page = parse_page(source)
    _Scribe(page, writer).write(page.root)


@dataclass
class _Scribe:
    """Walks the kept part of a page and writes its lines; ``lists`` counts the open ordered lists."""

    page: Page
    writer: Writer
    line: list[str] = field(default_factory=list)
    lists: list[tuple[str, int] | None] = field(default_factory=list)

    def write(self, root: "Node") -> None:
        for node, entering in walk(root, self._is_leaf):
            tag = node.tag
            if tag == "-text":
                self.line.append((node.text_content or "") if entering else "")
            elif entering and self.page.is_data_table(node):
                self._flush()
                self.writer.table(_rows(node))
            elif tag in LINE_BREAKERS:
                self._flush()
                self._count(node, entering)
        self._flush()

    def _is_leaf(self, node: "Node") -> bool:
        return node.tag in DROPPED or node.mem_id in self.page.dropped or self.page.is_data_table(node)

    def _flush(self) -> None:
        text = SPACES.sub(" ", "".join(self.line)).strip()
        self.line.clear()
        if text and not PAGE_TOOLS.fullmatch(text):
            self.writer.line(text)

    def _count(self, node: "Node", entering: bool) -> None:
        """The numbers a browser prints before list items are text to its readers."""
        if node.tag in ("ol", "ul"):
            if entering:
                self.lists.append(_list_start(node) if node.tag == "ol" else None)
            elif self.lists:
                self.lists.pop()
        elif node.tag == "li" and entering and self.lists and (current := self.lists[-1]):
            style, number = current
            number = _integer(node.attributes.get("value"), number)
            self.lists[-1] = (style, number + 1)
            self.line.append(f"{numeral(number, style)}.")


def _list_start(node: "Node") -> tuple[str, int]:
    attributes = node.attributes
    return LIST_STYLES.get(attributes.get("type") or "", "decimal"), _integer(attributes.get("start"), 1)


def _rows(table: "Node") -> list[list[str]]:
    """Cells with a vertically merged cell's text repeated, so that every row stands for itself."""
    rows: list[list[str]] = []
    pending: dict[int, tuple[int, str]] = {}
    cells_by_row: list[Sequence[Node]] = []
    for node, entering in walk(table, lambda node: node.tag in ("td", "th")):
        if node.tag == "tr" and entering:
            cells_by_row.append([])
        elif node.tag in ("td", "th") and entering and cells_by_row:
            cells_by_row[-1] = [*cells_by_row[-1], node]
    for cells in cells_by_row:
        row: list[str] = []
        for cell in cells:
            _fill_merged(row, pending)
            text, attributes = flat_text(cell), cell.attributes
            height = min(_integer(attributes.get("rowspan"), 1), MAX_SPAN)
            if height > 1:
                pending[len(row)] = (height - 1, text)
            row += [text] + [""] * (min(_integer(attributes.get("colspan"), 1), MAX_SPAN) - 1)
        _fill_merged(row, pending)
        rows.append(row)
    return rows


def _fill_merged(row: list[str], pending: dict[int, tuple[int, str]]) -> None:
    while (position := len(row)) in pending:
        left, text = pending.pop(position)
        row.append(text)
        if left > 1:
            pending[position] = (left - 1, text)


def _integer(written: str | None, default: int) -> int:
    return int(written) if written and written.strip().isdecimal() and len(written) < 6 else default
