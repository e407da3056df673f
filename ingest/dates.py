"""Dates as official texts write them → ISO dates, as exact as the text is."""

import re
from datetime import date
from typing import NamedTuple

from ingest.fold import chinese_number

_WRITTEN = re.compile(
    r"(?P<year>[\d〇○Ｏ０-９O零一二三四五六七八九]{4})\s?年\s?(?:(?P<month>[\d一二三四五六七八九十]{1,3})\s?月\s?)?"
    r"(?:(?P<day>[\d一二三四五六七八九十]{1,3})\s?日)?"
)
_IN_FIGURES = re.compile(r"(?P<year>(?:19|20)\d\d)[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)")
_ZEROS = str.maketrans("○ＯO零", "〇〇〇〇")

DATE = r"[12二一][\d〇○ＯO零一二三四五六七八九]{3}\s?年\s?(?:[\d一二三四五六七八九十]{1,2}\s?月\s?)?(?:[\d一二三四五六七八九十]{1,3}\s?日)?"


def iso_date(written: str) -> str | None:
    """``2021年2月8日`` → ``2021-02-08``, ``2021年2月`` → ``2021-02``, ``2021年`` → ``2021``; digits that lost 年月日 too."""
    match = _WRITTEN.search(written) or _IN_FIGURES.search(written)
    if match is None:
        digits = written.strip()
        dates = possible_dates(digits[:4], digits[4:]) if digits.isdecimal() and len(digits) > 5 else ()
        return dates[0].date.isoformat() if len(dates) == 1 else None
    numbers = [_number(match[name]) for name in ("year", "month", "day") if match[name]]
    try:
        date(*[*numbers, 1, 1][:3])
    except ValueError:
        return None
    return "-".join(f"{number:02d}" for number in numbers)


class Split(NamedTuple):
    """One reading of digits that were written together; ``month`` and ``day`` as written."""

    date: date
    month: str
    day: str


def possible_dates(year: str, rest: str) -> tuple[Split, ...]:
    """Every reading of ``rest`` as a month and a day written together: both with two digits, or without leading zeros."""
    found = []
    for cut in range(1, len(rest)):
        month, day = rest[:cut], rest[cut:]
        if not len(month) == len(day) == 2 and (len(month) > 2 or len(day) > 2 or "0" in (month[0], day[0])):
            continue
        try:
            found.append(Split(date(int(year), int(month), int(day)), month, day))
        except ValueError:
            continue
    return tuple(found)


def _number(written: str) -> int:
    return chinese_number(written.translate(_ZEROS)) or 0
