"""When a text takes effect, when it lapses, and whether it says that it has lapsed."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from ingest.dates import DATE, iso_date
from ingest.document import Span, Status
from ingest.fold import chinese_number


@dataclass(frozen=True)
class Validity:
    """What the text says; ``spans`` maps effective_on, expires_on and status to the place."""

    status: Status = Status.UNSTATED
    effective_on: str | None = None
    expires_on: str | None = None
    spans: tuple[tuple[str, Span], ...] = ()


def read_validity(text: str, issued_on: str | None) -> Validity:
    """Search the whole text for its own dates of effect; a year count runs from there, or from the date of issue."""
    spans: dict[str, Span] = {}
    effective_on = expires_on = None
    if match := _EFFECTIVE.search(text):
        effective_on = iso_date(match["date"])
        spans["effective_on"] = Span(*match.span())
    if match := _UNTIL.search(text):
        expires_on = iso_date(match["date"])
    elif (match := _YEARS.search(text)) and (count := chinese_number(match["years"])):
        expires_on = _after_years(effective_on, count) or _month_after_years(issued_on, count)
    if match and expires_on:
        spans["expires_on"] = Span(*match.span())
    status = Status.UNSTATED
    if match := _STATED.search(text[:1500]) or _STATED.search(text, max(0, len(text) - 500)):
        status = _STATUSES[match["status"]]
        spans["status"] = Span(*match.span())
    return Validity(status, effective_on, expires_on, tuple(spans.items()))


_SELF = r"本(?:意见|办法|方案|措施|规定|细则|条例|通知|规则|政策|计划|规划|决定|公告|若干\S{0,6}|政策\S{0,6}|实施\S{0,4}|管理\S{0,4}|暂行\S{0,4})"
# an explanation says of another text: 《办法》），自…起施行; its own date follows 本办法 or 现予公布
_EFFECTIVE = re.compile(
    rf"(?:{_SELF}|(?:公布|发布|印发|通过))[，,　 ]{{0,2}}(?:从|自)\s?(?P<date>{DATE})\s?起\s?(?:正式)?(?:施行|实施|执行|生效|实行)(?=[。，；,;）)\s]|$)"
)
_OWN = rf"(?:{_SELF}|(?:印发|发布|公布)之日)[^。\n]{{0,40}}?"  # not the term of a licence or a certificate
_UNTIL = re.compile(
    rf"{_OWN}(?:有效期(?:限)?(?:截止|截至|截止到|到|至|延长至|为)?|(?:执行|施行|实施)(?:期限)?(?:截)?至|期限至)[^。\d二]{{0,3}}(?P<date>{DATE})"
)
_YEARS = re.compile(rf"{_OWN}有效期(?:限)?(?:为|是|暂定)?\s?(?P<years>[\d一二两三四五六七八九十]{{1,2}})\s?年")
_STATED = re.compile(
    r"(?:时效性|有效性|时效|效力状态|文件状态)[】\]]?[:：]?\s?(?P<status>现行有效|有效|现行|失效|已失效|废止|已废止)"
)
_STATUSES = {
    "现行有效": Status.IN_FORCE,
    "有效": Status.IN_FORCE,
    "现行": Status.IN_FORCE,
    "失效": Status.EXPIRED,
    "已失效": Status.EXPIRED,
    "废止": Status.REPEALED,
    "已废止": Status.REPEALED,
}


def _after_years(start: str | None, count: int) -> str | None:
    """The last day of a term of whole years."""
    if start is None or len(start) != 10:
        return None
    first = date.fromisoformat(start) - timedelta(days=1)
    return date(first.year + count, first.month, 28 if (first.month, first.day) == (2, 29) else first.day).isoformat()


def _month_after_years(issued_on: str | None, count: int) -> str | None:
    """A term counted from the day of printing, which is known to the month only."""
    if issued_on is None or len(issued_on) < 7:
        return None
    return f"{int(issued_on[:4]) + count}{issued_on[4:7]}"
