"""Which part of a web page is the official text.

The body is the deepest element that still holds nearly all words outside links. The title, and the particulars (索引号, 文号,
发布日期) that government sites set above it, are kept; menus, footers, share bars and lists of links are not.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.errors import IngestError

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser
    from selectolax.lexbor import LexborNode as Node

DROPPED = {
    *("script", "style", "noscript", "template", "head", "title", "nav", "iframe", "object", "svg", "button", "select"),
    *("option", "input", "textarea", "video", "audio", "canvas", "rt", "rp", "footer", "aside", "-comment"),
}
SITE_PARTS = re.compile(
    r"(^|[-_ ])(nav|navi|navbar|navigation|menu|topbar|logo|footer|foot|bottom|breadcrumb|crumbs?|sidebar|toolbar|tools?|"
    r"share|bdshare\w*|related|recommend|copyright|search|login|qrcode|ewm|pager|pagination|friendlinks?|links)([-_ ]|\d|$)",
    re.IGNORECASE,
)
SITE_ROLES = {"navigation", "banner", "contentinfo", "search", "menu", "menubar", "complementary"}
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# a part of the site never holds this share of the words; what does is the text, whatever it is called
SITE_SHARE = 0.3
BODY_SHARE = 0.75
# a block of links: several, and hardly any other word
LINK_SHARE, MIN_LINKS = 0.6, 4
CONTAINERS = {
    "div",
    "section",
    "article",
    "main",
    "form",
    "center",
    "table",
    "tbody",
    "tr",
    "td",
    "span",
    "font",
    "body",
}
PARTICULARS = re.compile("索引号|文号|发文机关|发布机构|成文日期|发文日期|发布日期|主题分类|有效性")
MAX_PARTICULARS = 800
HEADINGS = {"h1", "h2", "h3"}
TITLE_NAME = re.compile(r"title|headline|biaoti|(^|[-_ ])bt([-_ ]|$)", re.IGNORECASE)
MIN_TITLE, MAX_TITLE = 6, 200
# a table that only places things: one cell with nearly everything, or tables inside it
LAYOUT_CELL = 1_500
TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]{0,30})")
UNNESTED = {
    *("p", "li", "td", "th", "tr", "dt", "dd", "option", "br", "img", "input", "hr", "meta", "link", "area", "base"),
    *("col", "embed", "source", "track", "wbr", "thead", "tbody", "tfoot", "rt", "rp", "body", "html", "head", "param"),
}
MAX_NESTING, MAX_TAGS = 1_000, 200_000


@dataclass
class _Measure:
    words: int = 0
    linked: int = 0
    links: int = 0

    def add(self, other: "_Measure") -> None:
        self.words += other.words
        self.linked += other.linked
        self.links += other.links


@dataclass
class Page:
    """A parsed page: its text's ``body``, the ``title`` where it stands outside, and what to leave out, by address."""

    parser: "LexborHTMLParser"
    root: "Node"
    body: "Node"
    title: str = ""
    particulars: list["Node"] = field(default_factory=list)
    dropped: set[int] = field(default_factory=set)
    tables: dict[int, bool] = field(default_factory=dict)

    def is_data_table(self, node: "Node") -> bool:
        """Asked for a table more than once, worked out once."""
        if node.tag != "table":
            return False
        if node.mem_id not in self.tables:
            self.tables[node.mem_id] = _is_data_table(node)
        return self.tables[node.mem_id]


def parse_page(source: str) -> Page:
    """Raises IngestError for a page without a body or nested without end."""
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError

    _check_nesting(source)
    try:
        parser = LexborHTMLParser(source)
    except (SelectolaxError, ValueError) as error:
        raise IngestError("网页结构无法解析，请在浏览器中另存为 PDF 后再导入。") from error
    if parser.body is None:
        raise IngestError("网页里没有正文，请检查网址或文件。")
    page = Page(parser, parser.body, parser.body)
    _drop_site_parts(page)
    _descend(page)
    _look_above(page)
    return page


def walk(root: "Node", is_leaf: Callable[["Node"], bool]) -> Iterator[tuple["Node", bool]]:
    """(node, entering) in document order without recursion; leaves are entered and not gone into."""
    node: Node | None = root
    while node is not None:
        yield node, True
        below = node.first_child if node.tag != "-text" and not is_leaf(node) else None
        if below is not None:
            node = below
            continue
        while node is not None:
            yield node, False
            if node.mem_id == root.mem_id:
                return
            if (beside := node.next) is not None:
                node = beside
                break
            node = node.parent


def flat_text(root: "Node") -> str:
    """All words below an element in one line."""
    pieces = []
    for node, entering in walk(root, lambda node: node.tag in DROPPED):
        if node.tag == "-text":
            pieces.append((node.text_content or "") if entering else "")
        elif node.tag in ("p", "div", "br", "li", "tr", "td", "th"):
            pieces.append(" ")
    return " ".join("".join(pieces).split())


def _is_data_table(table: "Node") -> bool:
    """Rows of several short cells are data; anything else only places parts of the page."""
    columns = longest = cells = 0
    for node, entering in walk(table, lambda node: node.tag in ("td", "th")):
        if not entering:
            continue
        if node.tag == "tr":
            cells = 0
        elif node.tag in ("td", "th"):
            cells += 1
            columns = max(columns, cells)
            if node.css_first("table") is not None:
                return False
            longest = max(longest, len(flat_text(node)))
    return columns > 1 and longest <= LAYOUT_CELL


def _check_nesting(source: str) -> None:
    """The parser's time grows with the square of the depth, the reader's with the number of elements."""
    depth = 0
    if source.count("<") > MAX_TAGS and sum(1 for _ in TAG.finditer(source)) > MAX_TAGS:
        raise IngestError(f"网页标签超过 {MAX_TAGS // 10_000} 万个，请把正文复制到 txt 或 docx 后再导入。")
    for closing, name in TAG.findall(source):
        if name.lower() not in UNNESTED:
            depth = max(depth - 1, 0) if closing else depth + 1
            if depth > MAX_NESTING:
                raise IngestError(f"网页标签嵌套超过 {MAX_NESTING} 层，请把正文复制到 txt 或 docx 后再导入。")


def _measured(page: Page) -> dict[int, _Measure]:
    measures: dict[int, _Measure] = {}
    open_measures = [_Measure()]
    depth_in_link = 0
    for node, entering in walk(page.root, lambda node: node.tag in DROPPED or node.mem_id in page.dropped):
        is_link = node.tag == "a"
        if entering:
            open_measures.append(_Measure())
            depth_in_link += is_link
            if node.tag == "-text":
                words = len((node.text_content or "").strip())
                open_measures[-1] = _Measure(words, words if depth_in_link else 0)
            continue
        measure = open_measures.pop()
        measure.links += is_link
        depth_in_link -= is_link
        measures[node.mem_id] = measure
        open_measures[-1].add(measure)
    return measures


def _drop_site_parts(page: Page) -> None:
    measures = _measured(page)
    total = measures[page.root.mem_id].words
    for node, entering in walk(page.root, lambda node: node.tag in DROPPED or node.mem_id in page.dropped):
        if not entering or _is_text(node):
            continue
        measure = measures[node.mem_id]
        if measure.words < SITE_SHARE * total and (_is_site_part(node) or _is_link_block(node, measure)):
            page.dropped.add(node.mem_id)


def _is_site_part(node: "Node") -> bool:
    attributes = node.attributes
    if attributes.get("role") in SITE_ROLES or HIDDEN.search(attributes.get("style") or ""):
        return True
    return any(SITE_PARTS.search(attributes.get(name) or "") for name in ("class", "id"))


def _is_link_block(node: "Node", measure: _Measure) -> bool:
    if measure.links < MIN_LINKS or measure.linked < LINK_SHARE * measure.words:
        return False
    return "附件" not in flat_text(node)[:20]


def _descend(page: Page) -> None:
    measures = _measured(page)
    total = measures[page.root.mem_id]
    needed = BODY_SHARE * (total.words - total.linked)
    child: Node | None = page.root.first_child
    while child is not None:
        measure = measures.get(child.mem_id, _Measure())
        if child.tag not in CONTAINERS or measure.words - measure.linked < max(needed, 1):
            child = child.next
        elif page.is_data_table(child):
            return
        else:
            page.body = child
            child = child.first_child


def _look_above(page: Page) -> None:
    """Find the title and the particulars among what stands before the body."""
    above = list(_before(page))
    wanted = _declared_title(page)
    titles = [text for node in above for text in _title_texts(node, wanted)]
    title = titles[-1] if titles else ""
    if title and not _squeezed(flat_text(page.body))[: len(title) + 400].count(_squeezed(title)):
        page.title = title
    for node in above:
        text = flat_text(node)
        if len(text) <= MAX_PARTICULARS and len(set(PARTICULARS.findall(text))) > 1:
            page.particulars.append(node)


def _before(page: Page) -> Iterator["Node"]:
    """Elements before the body and outside it, in document order."""
    chain = []
    node: Node | None = page.body
    while node is not None and node.mem_id != page.root.mem_id:
        siblings = []
        beside = node.prev
        while beside is not None:
            if beside.mem_id not in page.dropped and not _is_text(beside) and beside.tag not in DROPPED:
                siblings.append(beside)
            beside = beside.prev
        chain.append(siblings[::-1])
        node = node.parent
    for siblings in chain[::-1]:
        yield from siblings


def _declared_title(page: Page) -> str:
    for node in page.parser.css("meta"):
        attributes = node.attributes
        if (attributes.get("name") or "").lower() == "articletitle":
            return _squeezed(attributes.get("content") or "")
    head = page.parser.css_first("title")
    return _squeezed(head.text_content or "") if head is not None else ""


def _title_texts(root: "Node", wanted: str) -> Iterator[str]:
    """Headings below this element that the page's declared title contains, or its h1 when none is declared."""
    for node, entering in walk(root, lambda node: node.tag in DROPPED):
        if not entering or _is_text(node):
            continue
        attributes = node.attributes
        named = any(TITLE_NAME.search(attributes.get(name) or "") for name in ("class", "id"))
        if node.tag in HEADINGS or named:
            text = flat_text(node)
            squeezed = _squeezed(text)
            if MIN_TITLE <= len(squeezed) <= MAX_TITLE and (squeezed in wanted or (node.tag == "h1" and not wanted)):
                yield text


def _is_text(node: "Node") -> bool:
    """Text and comments have tags that begin with a hyphen."""
    return (node.tag or "-").startswith("-")


def _squeezed(text: str) -> str:
    return "".join(text.split())
