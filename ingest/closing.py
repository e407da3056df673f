"""Where the closing words of a text start, after its last numbered clause."""

import re
from collections.abc import Sequence

from ingest.document import Span
from ingest.frame import paragraphs

_CLOSING = re.compile(
    r"(?:各(?!类)[^，。、]{0,12}[要应可请须]|各(?:地|有关|相关|级|市|区|县|部门|单位|省)|本(?:意见|办法|方案|措施|规定|通知|计划|政策|细则|条例|若干)"
    r"|以上|上述|特此|请[各认你]|此前|自[^。]{2,30}起|如遇|未尽)"
)
_IN_FORCE = re.compile(
    r"(?<=[。）)])本(?:意见|办法|方案|措施|规定|通知|计划|政策|细则|若干\S{0,6})自[^。]{2,30}(?:施行|实施|执行|生效|实行)"
)


def closing_start(text: str, spans: Sequence[Span]) -> int | None:
    """Offset of the first closing paragraph in the last clause, or None. ``spans`` are the numbered clauses in order.

    Where the clauses before are one paragraph each, further paragraphs after the last one are no longer its own.
    """
    own, *rest = paragraphs(text, spans[-1])
    if not rest:
        match = _IN_FORCE.search(text, own.start, own.end)
        return match.start() if match and match.start() > own.start + 20 else None
    before = spans[-4:-1]
    if (
        len(before) > 1
        and all(sum(1 for _ in paragraphs(text, span)) == 1 for span in before)
        and own.end - own.start > 40
    ):
        return rest[0].start
    return next((span.start for span in rest if _CLOSING.match(text, span.start)), None)
