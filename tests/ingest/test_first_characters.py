"""A pattern that looks at one character first finds what it finds without that look."""

import re
from itertools import product

import pytest

from ingest.markers import _MARKER
from ingest.unit_words import ANCHOR

_LOOK = re.compile(r"^\(\?=\[[^\]]+\]\)")


@pytest.mark.parametrize("pattern", [ANCHOR, _MARKER], ids=["label", "marker"])
def test_nothing_is_passed_over(pattern: re.Pattern[str]) -> None:
    bare = re.compile(_LOOK.sub("", pattern.pattern))
    assert bare.pattern != pattern.pattern
    words = sorted({*re.findall(r"[一-鿿]{1,4}|[^\w\s\\]", bare.pattern), "12", "①", "㈠", " ", "\n", "(", "（"})
    text = "".join(f"\n{one}{other}单位:市局\n({one}{other}部门)、. " for one, other in product(words, repeat=2))
    found = [match.span() for match in bare.finditer(text)]
    assert len(found) > 400
    assert [match.span() for match in pattern.finditer(text)] == found
