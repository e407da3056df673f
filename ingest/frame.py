"""The unnumbered frame of an official text: 抬头, 序言, 结语, 落款, and the boundaries between notice, plan and annexes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

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

    @property
    def body_end(self) -> int:
        """Where annex list or sign-off start."""
        tail = self.annex_list or (self.signature.span if self.signature else None)
        return tail.start if tail else self.span.end


def divide(text: str) -> tuple[Division, ...]:
    """The texts of a file in order; together they cover everything but white space."""
    signatures = _signatures(text)
    lists = {signature: _annex_list(text, signature.span.start) for signature in signatures}
    listed = [span for span in lists.values() if span]
    annexes = [
        match
        for match in _ANNEX.finditer(text)
        if not any(span.start <= match.start("name") < span.end for span in listed)
    ]
    cuts: dict[int, str | None] = dict.fromkeys((0, *(signature.span.end for signature in signatures)))
    cuts |= {match.start("name"): _annex_name(match) for match in annexes if _stands_alone(text, match)}
    starts = sorted(cuts)
    divisions: list[Division] = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        span = trim(text, start, end)
        if span.start == span.end:
            continue
        signature = next((one for one in signatures if one.span.end == end or start <= one.span.start < end), None)
        divisions.append(Division(span, cuts[start], lists.get(signature) if signature else None, signature))
    return tuple(divisions)


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
    for match in BREAK.finditer(text, span.start, span.end):
        piece = trim(text, start, match.start())
        if piece.start < piece.end:
            yield piece
        start = match.end()
    piece = trim(text, start, span.end)
    if piece.start < piece.end:
        yield piece


BREAK = re.compile(r"[\s　]*(?:\n|　{2}|\xa0{2}| {4}|\t)[\s　]*")
YEAR = r"(?:[12]\d{3}|[二一][〇○ＯO零0一二三四五六七八九]{3})"
DATE = re.compile(rf"{YEAR}\s?年\s?[\d一二三四五六七八九十]{{1,2}}\s?月\s?(?:[\d一二三四五六七八九十]{{1,3}}\s?日)?")
_DIGIT_DATE = re.compile(r"^[ \t　]*(?:19|20)\d{4,6}[ \t　]*$", re.M)
_NOT_AFTER_DATE = re.compile(
    r"\s{0,3}[前起至以印发施颁的，、。；：:－—\-～~）)》”日]|\s{0,3}(?:成立|通过|修订|修正|开始|公布|下发|联合|召开)"
)
ORGANISATION = r"(?:政府|办公厅|办公室|厅|局|委员会|委|部|院|小组|指挥部|总署|署|会|处|中心|公司|银行|联社|分行|支行|海关|法院|检察院|大学|学院|集团)"
_ISSUER = re.compile(rf"[\u4e00-\u9fff（）()]{{1,40}}{ORGANISATION}(?:（代章）|\(代章\))?")
_NOT_ISSUER = re.compile(r"附件|[一二三四五六七八九十]、|第.{1,4}[章条]|[（(][一二三四五六七八九十]")
_NOTE = re.compile(r"\s*[（(]此件[^）)]{0,40}[）)]")
_ANNEX = re.compile(
    r"(?:^|\n|　{2}|\xa0{2}| {2}|(?<=日)|(?<=[）)。]))[ \t　\xa0]*(?P<name>附[ 　]?件[ 　]?(?P<number>[一二三四五六七八九十]{1,2}|\d{1,2})?)(?P<rest>[^\n　]{0,80})"
)


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
    while True:
        end = trim(text, max(0, end - 20), end).end if end else 0
        start = end
        while start > max(0, end - 60) and ("\u4e00" <= text[start - 1] <= "\u9fff" or text[start - 1] in "（）()"):
            start -= 1
        stopped_by = text[start - 1] if start else "\n"
        word = text[start:end]
        if (
            not _ISSUER.fullmatch(word)
            or _NOT_ISSUER.search(word)
            or not (stopped_by.isspace() or stopped_by in "。！”")
        ):
            return tuple(reversed(found))
        found.append(Span(start, end))
        end = start


def _annex_list(text: str, end: int) -> Span | None:
    """附件：1.… 2.… directly before the sign-off."""
    at = max(text.rfind("附件", max(0, end - 800), end), text.rfind("附 件", max(0, end - 800), end))
    if at < 0 or "。" in text[at:end]:
        return None
    first = at
    while (earlier := text.rfind("附件", max(0, first - 200), first)) >= 0 and "。" not in text[earlier:first]:
        first = earlier
    return trim(text, first, end)


def _annex_name(match: re.Match[str]) -> str:
    return "附件" + (match["number"] or "")


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    """An annex's own heading: nothing or a short title follows on the line, and there is text after it."""
    rest = match["rest"].strip(" ：:.．\t　\xa0")
    if "。" in rest or re.match(r"[、，和及中所第的]", rest):
        return False
    return len(text) - match.end() > 30
