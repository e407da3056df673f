"""Which numbers are task numbers: the level that runs on through the text and carries the measures."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.markers import Heading, Style

_SHARE = 0.6


@dataclass(frozen=True)
class TaskRun:
    """The headings (indices) of one division that are tasks."""

    division: int
    members: frozenset[int]


@dataclass(frozen=True)
class _Run:
    division: int
    style: Style
    members: tuple[int, ...]
    parents: int  # under how many headings it runs on
    alone: bool  # no other run of this style in the division
    direct: int  # responsibilities in its own text
    inclusive: int  # and in what stands below


def task_run(numbered: Sequence[Sequence[Heading]], ends: Sequence[int], responsible: Sequence[int]) -> TaskRun | None:
    """The run whose numbers are unambiguous and that carries the responsibilities, or else, if the text names none,
    the longest run that goes on across several headings."""
    runs = [run for at, found in enumerate(numbered) for run in _runs(at, found, ends[at], responsible)]
    runs = [run for run in runs if len(run.members) > 1]
    if responsible:
        enough = _SHARE * len(responsible)
        fit = [
            run for run in runs if (run.parents > 1 and run.inclusive >= enough) or (run.alone and run.direct >= enough)
        ]
        best = max(fit, key=lambda run: (run.direct, run.style), default=None)
    else:
        fit = [run for run in runs if run.parents > 1 and len(run.members) > 2 and run.style is not Style.ARTICLE]
        best = max(fit, key=lambda run: len(run.members), default=None)
    return TaskRun(best.division, frozenset(best.members)) if best else None


def _runs(division: int, found: Sequence[Heading], end: int, responsible: Sequence[int]) -> list[_Run]:
    starts = [heading.marker.span.start for heading in found]
    direct: Counter[int] = Counter()
    inclusive: Counter[int] = Counter()
    for position in responsible:
        at = bisect_right(starts, position) - 1
        if at < 0 or position >= end:
            continue
        direct[at] += 1
        inclusive[at] += 1
        parent = found[at].parent
        while parent is not None:
            inclusive[parent] += 1
            parent = found[parent].parent
    members: defaultdict[int, list[int]] = defaultdict(list)
    for at, heading in enumerate(found):
        members[heading.run].append(at)
    long_runs = Counter(found[run[0]].marker.style for run in members.values())
    return [
        _Run(
            division,
            found[run[0]].marker.style,
            tuple(run),
            len({found[at].parent for at in run}),
            long_runs[found[run[0]].marker.style] == 1,
            sum(direct[at] for at in run),
            sum(inclusive[at] for at in run),
        )
        for run in members.values()
    ]
