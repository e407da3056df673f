"""What stands before the first sentence of an official text: title, 文号, date, addressees."""

import re
from collections.abc import Container
from dataclasses import dataclass
from itertools import islice

from ingest.citation import NUMBER
from ingest.document import Span
from ingest.frame import DATE, ORGANISATION, paragraphs, trim


@dataclass(frozen=True)
class Opening:
    """The parts of the heading block that were found; ``end`` is where the block ends and the preamble starts."""

    end: int
    title: Span | None = None
    number: Span | None = None
    addressees: Span | None = None
    date: Span | None = None


def read_opening(text: str, front: Span) -> Opening:
    """Read the block at the start of ``front``, the text before the first heading."""
    found: dict[str, Span] = {}
    cursor = front.start
    while cursor < front.end:
        cursor = trim(text, cursor, front.end).start
        name, match = _step(text, Span(cursor, front.end), found)
        if match is None and "title" in found and (info := _PAGE_INFO.match(text, cursor, front.end)):
            cursor = info.end()
            continue
        if match is None and not found and (skipped := _after_page_furniture(text, Span(cursor, front.end))):
            cursor = skipped
            continue
        if match is None and found.keys() <= {"annex"}:
            name, match = "title", _HEADLINE.match(text, cursor, front.end)
        if match is None:
            break
        found[name] = trim(text, *match.span("it"))
        cursor = match.end()
        if name == "title":
            whole = _with_continuation(text, found[name], front.end)
            found[name] = _without_page_heading(text, whole)
            cursor = _after_repeated(text, found[name], front.end)
            for around in (Span(whole.start, found[name].start), Span(whole.end, cursor)):
                if "number" not in found and (number := _NUMBER.search(text, *around)):
                    found["number"] = Span(*number.span("it"))
        if name == "addressees":
            break
    return Opening(cursor, found.get("title"), found.get("number"), found.get("addressees"), found.get("date"))


def _with_continuation(text: str, title: Span, end: int) -> Span:
    """A title broken after a word that could end it: …科技计划⏎（专项、基金等）管理改革方案."""
    match = _CONTINUATION.match(text, title.end, end)
    return Span(title.start, match.end("it")) if match else title


def _without_page_heading(text: str, title: Span) -> Span:
    """Not 省人民政府 政策文件 省人民政府办公厅关于…, 【有效】…: what the page puts above the title is no part of it."""
    page = _PAGE.match(text, *title)
    words = [Span(*match.span()) for match in _WORD.finditer(text, page.end() if page else title.start, title.end)]
    headings = [at for at, word in enumerate(words[:3]) if word.of(text).endswith("文件")]
    kept = words[headings[-1] + 1 if headings else 0 :] or words
    while len(kept) > 1 and _SIGN.fullmatch(text, *kept[0]):
        kept = kept[1:]
    while len(kept) > 1 and kept[1].of(text).startswith(kept[0].of(text)):
        kept = kept[1:]
    mark = _MARK.match(text, kept[0].start, title.end)
    return Span(mark.end() if mark else kept[0].start, title.end)


_PAGE = re.compile(r"[—-]{1,2}\s?\d{1,3}\s?[—-]{1,2}\s*(?=\S)")  # — 3 —
_SIGN = re.compile(r"[★☆●*]+|[A-Za-z0-9]+[-—][A-Za-z0-9—-]*")  # of secrecy, of a register
_MARK = re.compile(rf"(?:【[^】\n]{{1,8}}】|{NUMBER})\s*(?:[★☆●*]\s*)?(?=\S)")


def _after_repeated(text: str, title: Span, end: int) -> int:
    """Pages often print the title twice: as the page's heading and in the text, there with line breaks."""
    letters = _LAYOUT.sub("", title.of(text))
    for before in _BEFORE_REPEATED:
        found = before.match(text, title.end, end)
        again = _end_of_letters(letters, text, found.end(), end) if found else None
        if again is not None:
            return again
    return title.end


def _end_of_letters(letters: str, text: str, start: int, end: int) -> int | None:
    """Where the letters that follow one another from here end, whatever layout stands between them; None where they do not.

    A pattern made from the letters would do the same, but compiling one for every text took a quarter of a bulk load.
    """
    at = start
    for letter in letters:
        while at < end and _LAYOUT.match(text[at]):
            at += 1
        if at == end or text[at] != letter:
            return None
        at += 1
    return at


_LAYOUT = re.compile(r"[\s《》]")
_BEFORE_REPEATED = (re.compile(rf"\s*{NUMBER}[\s《]*"), re.compile(r"[\s《]*"))


def _step(text: str, rest: Span, found: Container[str]) -> tuple[str, re.Match[str] | None]:
    """The first part, not found yet, that starts here."""
    for name, pattern in _STEPS:
        if name not in found and (match := pattern.match(text, *rest)):
            return name, match
    return "", None


def _after_page_furniture(text: str, rest: Span) -> int | None:
    """Where the next paragraph starts that opens an official text, if only short lines of a web page stand before it."""
    for paragraph in islice(paragraphs(text, rest), 12):
        if paragraph.start > rest.start and _step(text, Span(paragraph.start, rest.end), ())[1]:
            return paragraph.start
        if paragraph.end - paragraph.start > 100 or "。" in paragraph.of(text):
            return None
    return None


def is_title(paragraph: str) -> bool:
    """Whether a paragraph is the title of an official text."""
    return len(paragraph) < 80 and _WHOLE_TITLE.fullmatch(paragraph) is not None


def last_title(text: str, span: Span) -> int | None:
    """Where the last title in running text starts: after a full stop, followed by the first words of a preamble."""
    found = [match.start("it") for match in _RUNNING_TITLE.finditer(text, *span)]
    return found[-1] if found else None


KIND = (
    r"(?:通知|意见|办法|方案|措施|规定|条例|细则|计划|规划|纲要|决定|公告|通告|通报|批复|函|制度|准则|规则|章程|指南|指引|"
    r"规程|政策|要点|清单|目录|倡议书|公报|解读|报告|标准|规范|预案|若干规定|暂行规定|安排|行动|导则|说明|汇报|总结|介绍|答复|法|任务分解|责任分解|任务分工|责任分工|分工表|分解表|任务表|一览表|明细表|计划表|安排表|进度表|任务书|台账)"
)
_SUFFIX = r"(?:[（(][^）)\n]{1,30}[）)]){0,2}"
_START_OF_TEXT = r"为|根据|按照|现将|现就|近年|随着|当前|党的|第一[章条]|一、|各"
_NOT_TITLE = rf"(?!{_START_OF_TEXT}|经|附件|[>＞»|•])"
_TITLE_CHAR = r"(?>《[^》]{1,120}》|〈[^〉]{1,80}〉|“[^”]{1,40}”|[^。！？；，：:《\n])"
_TITLE = re.compile(
    rf"(?P<it>{_NOT_TITLE}(?:{_TITLE_CHAR}|\n(?=[ \t　]*[^\s一（(各为>＞»])){{2,110}}?{KIND}{_SUFFIX})"
    rf"(?=\s|$|{_START_OF_TEXT}|{NUMBER}|[（(](?![^）)\n]{{1,30}}[）)]的))"
)
_WHOLE_TITLE = re.compile(rf"{_NOT_TITLE}{_TITLE_CHAR}{{2,60}}{KIND}{_SUFFIX}")
_WORD = re.compile(r"\S+")
_CONTINUATION = re.compile(rf"\s+(?P<it>[（(的、和与及等][^。，；：\n]{{1,50}}?{KIND}{_SUFFIX})(?=\s|$|各|{NUMBER})")
_RUNNING_TITLE = re.compile(
    rf"(?<=[。）)])\s?(?P<it>{_NOT_TITLE}[^。，；：:！？\s（）()]{{4,50}}?"
    rf"(?:意见|办法|方案|措施|规定|细则|计划|规划|纲要|要点|制度){_SUFFIX})(?=为|根据|按照|党的|近年|随着|当前)"
)
_NUMBER = re.compile(rf"[（(]?(?P<it>{NUMBER})[)）]?")
_ADDRESSEE_START = r"(?:各|国务院|省|市|区|县|自治区|有关|全|局|厅|委|驻|中央|机关|本|新疆|中国|[\u4e00-\u9fff]{2,4}(?:省|市|区|县)|[\u4e00-\u9fff]县|[\u4e00-\u9fff]{2,8}开发区)"
_ADDRESSEES = re.compile(
    rf"(?P<it>{_ADDRESSEE_START}(?!关于|印发|通知)[^。！？；：:〔]{{0,500}}?(?:{ORGANISATION}|单位|部门|机构|学校|高校|企业|院校|团体|党委|机关|省|市|区|县|州|兵团|园区|协会|代表|同志|人员)[)）]?)\s?[：:]"
)
# the final colon is lost: a line of its own that lists bodies
_BARE_ADDRESSEES = re.compile(
    r"(?P<it>(?=[^\n]{0,60}(?:各|有关))(?![^\n]*(?:关于|通知|意见|方案))[^\n。；：:《]{2,300}?"
    rf"(?:{ORGANISATION}|单位|部门|机构|学校|院校|高校|企业|园区|人员|同志))[ \t　]*(?=\n|$)"
)
# a line of its own that is no sentence: the headline of a letter, a report or a piece of news
_HEADLINE = re.compile(
    rf"(?!{_START_OF_TEXT}|附件|关注|首页|当前位置|您现在|[【\[（(\-—])(?![^\s]*{ORGANISATION}\s)"
    r"(?P<it>[^。；：:，\s][^。；\n]{2,60}?(?<![。；，：:、”…]))(?:[ 　\xa0\t]*(?:\n|$)|(?<=.{8})[ 　\xa0\t](?=\s*\S))"
)
_ANNEX_NAME = re.compile(
    r"(?P<it>附[ 　]?件[ 　]?(?:[一二三四五六七八九十]{1,2}|\d{1,2})?)[ 　]?[:：]?(?=\s|$|[^\s、，。所中])"
)
# the line that a web page puts under the title
_PAGE_INFO = re.compile(
    r"(?:(?:发布|发文|成文|更新|公开)?(?:日期|时间)|信息来源|来源|浏览(?:次数|量)|发布机构|作者|字体|字号)[ 　]*[:：][^\n。]{0,150}(?=\n|$)"
)
# （2031年5月18日） under the title
_DATE = re.compile(
    rf"[（(]\s?(?P<it>{DATE.pattern})(?:[^（）()\n。]{{0,60}}(?:通过|印发|发布|公布))?\s?[)）][ \t　]*(?=\n|$)"
)
_STEPS = (
    ("annex", _ANNEX_NAME),
    ("date", _DATE),
    ("number", _NUMBER),
    ("title", _TITLE),
    ("addressees", _ADDRESSEES),
    ("addressees", _BARE_ADDRESSEES),
)
