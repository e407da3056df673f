"""文号 and the other documents that a text names, with what it says about them."""

import re
from collections.abc import Iterator

from ingest.document import Reference, Span

OPEN, CLOSE = r"[〔\[［﹝【（(]", r"[〕\]］﹞】）)]"
YEAR = r"(?:[12]\d{3}|[二一][〇○ＯO零0一二三四五六七八九]{3})"
_ORDINAL = r"[\d一二三四五六七八九十百〇零]{1,6}"
NUMBER = (
    rf"(?:[\u4e00-\u9fff]{{1,14}}(?:（[\u4e00-\u9fff]{{1,6}}）)?\s?{OPEN}\s?(?:19|20)\d{{2}}\s?年?\s?{CLOSE}?\s?第?\s?\d{{1,5}}\s?号"
    rf"|[\u4e00-\u9fff]{{2,20}}令\s?第?\s?{_ORDINAL}\s?号"
    rf"|(?:[\u4e00-\u9fff]{{2,12}}[ 　])?[\u4e00-\u9fff]{{2,20}}公告\s?{OPEN}?\s?{YEAR}\s?年?{CLOSE}?\s?第\s?{_ORDINAL}\s?号)"
)


def references(text: str, own_title: str) -> tuple[Reference, ...]:
    """The official documents that the text names in 《》, each once, in order, with 文号 where it stands behind the title."""
    found: dict[str, Reference] = {}
    for reference in _named(text):
        known = found.get(reference.title)
        if known is None:
            found[reference.title] = reference
        elif (known.number is None and reference.number) or (known.relation == "提及" and reference.relation != "提及"):
            merged = reference.relation if known.relation == "提及" else known.relation
            found[reference.title] = Reference(reference.title, known.number or reference.number, known.span, merged)
    return tuple(reference for title, reference in found.items() if title != own_title and title not in own_title)


def official_number(written: str) -> str:
    """A 文号 as it should read: no spaces, 〔〕 around the year; a lost closing bracket is put back."""
    packed = "".join(written.split())
    return _BRACKETED_YEAR.sub(r"\1〔\2〕\3", packed, count=1)


_BRACKETED_YEAR = re.compile(rf"^([\u4e00-\u9fff（）]*?){OPEN}((?:19|20)\d{{2}})年?{CLOSE}?(第?\d{{1,5}}号)$")
_QUOTED = re.compile(
    rf"《(?P<title>[^《》\n]{{2,120}}(?:《[^《》\n]{{2,80}}》[^《》\n]{{0,40}}){{0,2}})》(?:\s?[（(](?P<number>{NUMBER})[^（）()]{{0,10}}[）)])?"
)
_OFFICIAL = re.compile(
    r"(?:通知|意见|办法|方案|措施|规定|条例|细则|计划|规划|纲要|决定|公告|通告|通报|批复|复函|制度|准则|规则|章程|指南|指引|"
    r"规程|政策|要点|清单|目录|标准|规范|法|法典|协定|报告|函|预案|安排|行动)(?:[（(〔][^）)〕]{1,30}[）)〕])?$"
)
_RELATIONS = (
    ("废止", re.compile(r"[^。；]{0,60}?(?:同时废止|即行废止|予以废止|自行废止|停止执行|失效)"), "after"),
    ("附件", re.compile(r"(?:现将|印发|附件[:：]?\s?\d?[.．]?)\s?$"), "before"),
    ("附件", re.compile(r"(?:（[^）]{0,20}）)?[^。；]{0,40}?(?:现予?印发|印发给你们|现予公布|现予发布)"), "after"),
    ("依据", re.compile(r"(?:根据|依据|按照|遵照|依照|按)[^。；《]{0,30}$"), "before"),
    ("落实", re.compile(r"(?:贯彻|落实|执行|实施)[^。；《]{0,30}$"), "before"),
)
_JOINT = re.compile(r"[、，,和及与以\s]{0,3}")


def _named(text: str) -> Iterator[Reference]:
    last_end, last_relation = -1, "提及"
    for match in _QUOTED.finditer(text):
        if match["number"] is None and not _OFFICIAL.search(match["title"]):
            continue
        chained = last_end >= 0 and _JOINT.fullmatch(text, last_end, match.start()) is not None
        relation = _relation(text, match)
        if relation == "提及" and chained:
            relation = last_relation
        last_end, last_relation = match.end(), relation
        number = official_number(match["number"]) if match["number"] else None
        yield Reference("".join(match["title"].split()), number, Span(*match.span()), relation)


def _relation(text: str, match: re.Match[str]) -> str:
    before = text[max(0, match.start() - 40) : match.start()]
    for relation, pattern, side in _RELATIONS:
        if pattern.match(text, match.end()) if side == "after" else pattern.search(before):
            return relation
    return "提及"
