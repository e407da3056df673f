"""Every regular expression of the project, found by reading the modules, against texts made to make it backtrack."""

import importlib
import pkgutil
import re
import signal
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

import assistant
import index
import ingest

LONG = 500
"""Enough for what is worse than quadratic to pass the bound: 500 cubed is a hundred million steps."""
SECONDS = 2.0
PIECES = ["a", "1", "一", " ", "\t", "\n", "、", "，", "(", "（", "市", "局", "第", "号", "“", "《", "〔", "<", "a1", "一、", "1.", "a ", "市局", "第一项", "和与"]  # fmt: skip
ENDS = ["", "!"]
SKIPPED = ("index.train", "index.postgres", "ingest.formats.ocr")


def modules() -> Iterator[ModuleType]:
    for package in (assistant, index, ingest):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.startswith(SKIPPED) and not found.name.endswith("__main__"):
                yield importlib.import_module(found.name)


def patterns_in(value: Any, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 4 and isinstance(value, dict):
        for key, each in value.items():
            yield from patterns_in(key, depth + 1)
            yield from patterns_in(each, depth + 1)
    elif depth < 4 and isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from patterns_in(each, depth + 1)
    elif (
        depth < 4
        and type(value).__module__.split(".")[0] in ("assistant", "index", "ingest")
        and hasattr(value, "__dict__")
    ):
        yield from patterns_in(list(vars(value).values()), depth + 1)


def all_patterns() -> dict[str, re.Pattern[Any]]:
    found: dict[str, re.Pattern[Any]] = {}
    for module in modules():
        for name, value in vars(module).items():
            for at, pattern in enumerate(patterns_in(value)):
                if pattern not in found.values():
                    found[f"{module.__name__}.{name}{f'[{at}]' if at else ''}"] = pattern
    return found


ALL = all_patterns()


def literals(pattern: str) -> list[str]:
    """Pieces of the pattern's own words: what it has begun to believe in is what it backtracks over."""
    return [each[:6] for each in re.findall(r"[\w\u4e00-\u9fff]{1,6}", pattern)[:6]]


def test_the_patterns_are_found() -> None:
    assert len(ALL) > 150


@pytest.mark.parametrize("name", ALL)
def test_no_pattern_backtracks_without_end(name: str) -> None:
    pattern = ALL[name]
    pieces = [*PIECES, *literals(str(pattern.pattern))]

    def too_long(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGPROF, too_long)
    try:
        for piece in pieces:
            text: Any = piece * (LONG // len(piece))
            for end in ENDS:
                signal.setitimer(signal.ITIMER_PROF, SECONDS)  # seconds of processor, not of the clock
                given = text + end
                for _ in pattern.finditer(given.encode() if isinstance(pattern.pattern, bytes) else given):
                    pass
                pattern.fullmatch(given.encode() if isinstance(pattern.pattern, bytes) else given)
    except TimeoutError:
        pytest.fail(f"{pattern.pattern!r} takes over {SECONDS} s on {LONG} characters of {piece!r} with {end!r}")
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
