"""The unnumbered frame of an official text: 抬头, 序言, 结语, 落款, and the boundaries between notice, plan and annexes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.citation import YEAR
from ingest.covered import Covered
from ingest.document import Span


@dataclass(frozen=True)
class Signature:
    """A sign-off; ``issuers`` in order, ``date`` may be an empty span where only the issuer is written."""

    span: Span
    issuers: tuple[Span, ...]
    date: Span


@dataclass(frozen=True)
class Division:
    """One text of a file that may hold several: a notice, the plan it issues, an annex (``annex`` is 附件, 附件1 …)."""

    span: Span
    annex: str | None = None
    annex_list: Span | None = None
    signature: Signature | None = None
    footer: Span | None = None  # 抄送 …, … 印发

    @property
    def body_end(self) -> int:
        """Where the list of annexes, the sign-off or the distribution note starts."""
        tails = [self.annex_list, self.signature.span if self.signature else None, self.footer]
        return min((tail.start for tail in tails if tail), default=self.span.end)


def divide(text: str, rows: Sequence[Span] = ()) -> tuple[Division, ...]:
    """The texts of a file in order; together they cover everything but white space and page furniture.

    No text ends within the ``rows`` of a table.
    """
    text_end = _without_furniture(text)
    tabled = Covered(rows)
    signatures = tuple(one for one in _signatures(text) if not tabled.holds(one.date))
    lists, annexes = _annexes(text, signatures)
    cuts: dict[int, str | None] = dict.fromkeys((0, *(signature.span.end for signature in signatures)))
    cuts |= {match.start("name"): "附件" + (match["number"] or "") for match in annexes}
    starts = sorted(start for start in cuts if start < text_end)
    divisions: list[Division] = []
    for start, end in pairwise([*starts, text_end]):
        span = trim(text, start, end)
        if span.start < span.end:
            signature = next((one for one in signatures if start <= one.span.start < end), None)
            divisions.append(_with_tail(text, Division(span, cuts[start], None, signature), lists))
    return tuple(divisions)


def _with_tail(text: str, division: Division, lists: Sequence[int]) -> Division:
    """The division with the list of annexes before its end and the distribution note after it."""
    footer = _FOOTER.search(text, max(division.body_end - 900, division.span.start), division.body_end)
    if footer:
        division = replace(division, footer=trim(text, *footer.span("it")))
    end = division.body_end
    start = next((at for at in lists if max(division.span.start, end - _LIST_LENGTH) <= at < end), None)
    if start is None or "。" in text[start:end]:
        return division
    return replace(division, annex_list=trim(text, start, end))


def trim(text: str, start: int, end: int) -> Span:
    """The span without white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def paragraphs(text: str, span: Span) -> Iterator[Span]:
    """The paragraphs in a span: lines, or stretches between the double spaces that lost line breaks leave."""
    start = span.start
    for gap in breaks(text, span):
        piece = trim(text, start, gap.start)
        if piece.start < piece.end:
            yield piece
        start = gap.end
    piece = trim(text, start, span.end)
    if piece.start < piece.end:
        yield piece


def breaks(text: str, span: Span) -> Iterator[Span]:
    """The white space between paragraphs: with a line end or a tab in it, or as wide as an indent."""
    for match in _GAP.finditer(text, *span):
        if _WIDE.search(match[0]):
            yield Span(*match.span())


_GAP = re.compile(r"\s{2,}+|[\n\t]")
_WIDE = re.compile(r"[\n\t]|　{2}|\xa0{2}| {4}")
DATE = re.compile(rf"{YEAR}\s?年\s?[\d一二三四五六七八九十]{{1,2}}\s?月\s?(?:[\d一二三四五六七八九十]{{1,3}}\s?日)?")
_DIGIT_DATE = re.compile(r"^[ \t　]*(?:19|20)\d{4,6}[ \t　]*$", re.M)
_NOT_AFTER_DATE = re.compile(
    r"\s{0,3}(?![—-] ?\d{1,3} ?[—-])[前起至以印发施颁的，、。；：:－—\-～~）)》”日]|\s{0,3}(?:成立|通过|修订|修正|开始|公布|下发|联合|召开)"
)
ORGANISATION = r"(?:政府|办公厅|办公室|厅|局|委员会|委|部|院|小组|指挥部|总署|署|会|处|中心|公司|银行|联社|妇联|残联|工商联|文联|科协|分行|支行|海关|法院|检察院|大学|学院|集团)"
_ISSUER = re.compile(rf"[\u4e00-\u9fff（）()]{{1,40}}{ORGANISATION}(?:（代章）|\(代章\))?")
_NOT_ISSUER = re.compile(r"附件|特此|联系|[一二三四五六七八九十]、|第.{1,4}[章条]|[（(][一二三四五六七八九十]")
_NOTE = re.compile(r"(?:\s*[（(](?:此件|联系|信息公开)[^）)]{0,60}[）)])+")
_ANNEX = re.compile(r"(?P<name>附[ 　]?件[ 　]?(?P<number>[一二三四五六七八九十]{1,2}|\d{1,2})?)")


def _signatures(text: str) -> tuple[Signature, ...]:
    """Issuer and date, as they stand at the end of an official text."""
    found: list[Signature] = []
    dates = sorted([*DATE.finditer(text), *_DIGIT_DATE.finditer(text)], key=lambda match: match.start())
    for match in dates:
        if _NOT_AFTER_DATE.match(text, match.end()):
            continue
        date = trim(text, *match.span())
        issuers = _issuers_before(text, date.start)
        alone = _own_line(text, date)
        start = issuers[0].start if issuers else date.start
        if not (issuers or alone) or "。" not in text[found[-1].span.end if found else 0 : start]:
            continue
        note = _NOTE.match(text, date.end)
        found.append(Signature(Span(start, note.end() if note else date.end), issuers, date))
    return tuple(found)


def _own_line(text: str, span: Span) -> bool:
    line_start = text.rfind("\n", 0, span.start) + 1
    line_end = text.find("\n", span.end)
    return not (text[line_start : span.start] + text[span.end : len(text) if line_end < 0 else line_end]).strip()


def _issuers_before(text: str, position: int) -> tuple[Span, ...]:
    """The words that end in a body's name directly before the date, back to the last sentence."""
    found: list[Span] = []
    end = position
    while word := _word_before(text, end):
        if _ISSUER.fullmatch(word.of(text)):
            found.insert(0, word)
        elif found and _SECOND_HALF.match(text, found[0].start):
            found[0] = Span(word.start, found[0].end)  # a name broken over two lines
        else:
            break
        end = word.start
    return tuple(found)


_SECOND_HALF = re.compile(r"领导小组|指挥部|办公室|委员会|工作|联席会议|肺炎|疫情|防控|应急")
_REACH = 60


def _word_before(text: str, end: int) -> Span | None:
    """The Chinese word that ends here, blanks skipped, if a blank, a sentence end or Latin text stands before it."""
    end = trim(text, max(0, end - 20), end).end if end else 0
    start = end
    while start > max(0, end - _REACH) and ("\u4e00" <= text[start - 1] <= "\u9fff" or text[start - 1] in "（）()"):
        start -= 1
    before = text[start - 1] if start else "\n"
    if start == end or not (before.isspace() or before.isascii() or before in "。！”"):
        return None
    return None if _NOT_ISSUER.search(text, start, end) else Span(start, end)


_LIST_LENGTH = 800
_LISTED = re.compile(r"[ 　]*[:：]\s*(?:1\s?[.．、]|[（(]?一[、）)]|《)")
_IN_SENTENCE = re.compile(r"[ 　]*[、，和及中所第的]|[^\n]{0,15}。")


def _annexes(text: str, signatures: Sequence[Signature]) -> tuple[list[int], list[re.Match[str]]]:
    """Where lists of annexes start (附件：1.… 2.…), and the headings of annexes themselves."""
    lists: list[int] = []
    headings: list[re.Match[str]] = []
    listed_until = -1
    for match in _ANNEX.finditer(text):
        start, after = match.span("name")
        if not _opens_or_follows_a_stop(text, start):
            continue
        signed_at = next((one.span.start for one in signatures if after <= one.span.start), len(text))
        signed_soon = signed_at - start < _LIST_LENGTH and signed_at < len(text) and "。" not in text[start:signed_at]
        colon = text[after : after + 2].strip(" 　")[:1] in (":", "：")
        if _LISTED.match(text, after) or (signed_soon and (colon or signed_at - start < 60)):
            lists.append(start)
            listed_until = signed_at if signed_soon else -1
        elif start >= listed_until and len(text) - after > 5 and _may_open(text, match, signatures):
            headings.append(match)
    return lists, headings


def _opens_or_follows_a_stop(text: str, position: int) -> bool:
    """Not 见附件1 or （附件2）: nothing, a break or a full stop stands before, at most a blank between."""
    before = text[max(0, position - 2) : position]
    return not before.strip() or before[-1] in "日）)。" or (before[-1].isspace() and before[0] in "日）)。\n")


def _may_open(text: str, match: re.Match[str], signatures: Sequence[Signature]) -> bool:
    """An annex opens a paragraph; in a text without line breaks it follows the sign-off."""
    if _IN_SENTENCE.match(text, match.end("name")):
        return False
    start = match.start("name")
    return start == 0 or text[start - 1].isspace() or any(0 <= start - one.span.end < 40 for one in signatures)


_FURNITURE = re.compile(
    r"(?:更多信息请关注|扫一扫|【?打印|【?关闭|责任编辑|上一篇|下一篇|分享到|相关(?:链接|阅读|文档|附件下载)|\[?返回)[^。]{0,160}\Z"
)
_FOOTER = re.compile(
    rf"(?:\A|(?<=[\s。）)]))(?P<it>抄[送报][ 　]?[:：].{{2,800}}|[^\s。，]{{4,30}}\s{{0,8}}{DATE.pattern}\s?印发)\s*\Z",
    re.S,
)


def _without_furniture(text: str) -> int:
    """Where the official text ends, before links of the web page."""
    match = _FURNITURE.search(text, max(0, len(text) - 300))
    return match.start() if match else len(text)
