"""What stands before the first sentence of an official text: title, 文号, addressees."""

import re
from dataclasses import dataclass

from ingest.document import Span
from ingest.frame import ORGANISATION, YEAR, trim


@dataclass(frozen=True)
class Opening:
    """The parts of the heading block that were found; ``end`` is where the block ends and the preamble starts."""

    end: int
    title: Span | None = None
    number: Span | None = None
    addressees: Span | None = None


def read_opening(text: str, front: Span) -> Opening:
    """Read the block at the start of ``front``, the text before the first heading."""
    found: dict[str, Span] = {}
    cursor = front.start
    while cursor < front.end:
        cursor = trim(text, cursor, front.end).start
        step = next((step for step in _STEPS if step[0] not in found and step[1].match(text, cursor, front.end)), None)
        if step is None:
            break
        name, pattern = step
        match = pattern.match(text, cursor, front.end)
        assert match is not None
        found[name] = trim(text, *match.span("it"))
        cursor = match.end()
        if name == "addressees":
            break
    return Opening(cursor, found.get("title"), found.get("number"), found.get("addressees"))


OPEN, CLOSE = r"[〔\[［﹝【（(]", r"[〕\]］﹞】）)]"
NUMBER = (
    rf"(?:[\u4e00-\u9fff]{{1,14}}(?:（[\u4e00-\u9fff]{{1,6}}）)?\s?{OPEN}\s?(?:19|20)\d{{2}}\s?{CLOSE}?\s?第?\s?\d{{1,5}}\s?号"
    rf"|[\u4e00-\u9fff]{{2,20}}令\s?第?\s?[\d一二三四五六七八九十百〇零]{{1,6}}\s?号"
    rf"|[\u4e00-\u9fff]{{2,20}}公告\s?{OPEN}?\s?{YEAR}\s?年?{CLOSE}?\s?第\s?[\d一二三四五六七八九十百〇零]{{1,5}}\s?号)"
)
KIND = (
    r"(?:通知|意见|办法|方案|措施|规定|条例|细则|计划|规划|纲要|决定|公告|通告|通报|批复|函|制度|准则|规则|章程|指南|指引|"
    r"规程|政策|要点|清单|目录|倡议书|公报|解读|报告|标准|规范|预案|若干规定|暂行规定|安排|行动|导则|说明|法)"
)
_SUFFIX = r"(?:[（(][^）)\n]{1,30}[）)]){0,2}"
_START_OF_TEXT = r"为|根据|按照|现将|现就|近年|随着|当前|党的|第一[章条]|一、|各"
_NOT_TITLE = rf"(?!{_START_OF_TEXT}|经)"
_TITLE_CHAR = r"(?:《[^》]{1,120}》|〈[^〉]{1,80}〉|“[^”]{1,40}”|[^。！？；，：:《\n])"
_TITLE = re.compile(
    rf"(?P<it>{_NOT_TITLE}(?:{_TITLE_CHAR}|\n(?=[ \t　]*[^\s一（(各为])){{3,110}}?{KIND}{_SUFFIX})"
    rf"(?=\s|$|{_START_OF_TEXT}|{NUMBER}|[（(])"
)
_NUMBER = re.compile(rf"[（(]?(?P<it>{NUMBER})[)）]?")
_ADDRESSEE_START = (
    r"(?:各|国务院|省|市|区|县|自治区|有关|全|局|厅|委|驻|中央|机关|本|新疆|中国|[\u4e00-\u9fff]{2,4}(?:省|市|区|县))"
)
_ADDRESSEES = re.compile(
    rf"(?P<it>{_ADDRESSEE_START}[^。！？；：:]{{0,500}}?(?:{ORGANISATION}|单位|部门|机构|学校|企业|院校|省|市|区|县|州|兵团|园区|协会|代表|同志|人员)[)）]?)\s?[：:]"
    rf"|(?P<bare>)(?!)"
)
_BARE_ADDRESSEES = re.compile(
    r"(?P<it>(?![^\n]*关于)[^\n。；：:《]{2,200}(?:单位|人民政府|部门|委员会))[ \t　]*(?=\n|$)"
)
_STEPS = (
    ("number", _NUMBER),
    ("addressees", _ADDRESSEES),
    ("addressees", _BARE_ADDRESSEES),
    ("title", _TITLE),
)
