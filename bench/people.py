"""Many people at once on one process: errors, waiting, and whether anything of one reaches another.

python -m bench.people --data data [--people 20] [--seconds 300]

Starts ``python ui.py`` on a built knowledge base. A third of the people talk to the page through Gradio's own queue, a third ask over
POST /api/ask, a third stream from /v1/chat/completions. Everybody holds conversations of three turns whose follow-ups mean something
else to each, with a short pause between two questions, and compares every answer with the one that the same conversation got when
nobody else was there. Exit 1 on an error, on an answer that differs, or when 95 of 100 answers took longer than a second.
"""

import argparse
import itertools
import json
import random
import re
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from statistics import median, quantiles
from typing import Any

from bench.screen import served
from bench.tab import Tab

_BOUND_S = 1.0
_ENDINGS = ("那第{other}项呢", "找谁", "{unit}在不在里面")
_UNITS = ("市商务局", "市科技局", "武汉海关", "市教育局", "市财政局")
Talk = tuple[str, ...]
Ask = Callable[[str, Talk], str]
"""A question and the earlier ones of its conversation → the answer's text."""


@dataclass
class Seen:
    """What the people met with."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, way: str, seconds: float, fault: str = "") -> None:
        with self.lock:
            self.seconds.setdefault(way, []).append(seconds)
            if fault:
                self.faults.append(f"{way}: {fault}")


@dataclass(frozen=True)
class Room:
    """Where the people are: the app, the answers that are right, until when they stay and how long they think."""

    url: str
    known: dict[Talk, str]
    until: float
    pause: float
    seen: Seen = field(default_factory=Seen)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="data", help="a built knowledge base")
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument(
        "--pause", type=float, default=2.0, help="seconds between an answer and the next question, at most"
    )
    options = parser.parse_args(argv)
    with served(options.data, POLICY_RATE_LIMIT="off") as (url, _, _):
        known = alone(url)
        room = Room(url, known, time.monotonic() + options.seconds, options.pause)
        ways = list(WAYS.items())
        people = [
            threading.Thread(target=person, args=(room, *ways[number % len(ways)], random.Random(number)))
            for number in range(options.people)
        ]
        for each in people:
            each.start()
        for each in people:
            each.join()
    return _told(room.seen, options.people, options.seconds)


def talks() -> list[Talk]:
    """Conversations whose second and third question mean something else after each first one."""
    return [
        (
            f"第{task}项任务由谁负责",
            _ENDINGS[0].format(other=task % 15 + 1),
            _ENDINGS[1 + task % 2].format(unit=_UNITS[task % len(_UNITS)]),
        )
        for task in range(1, 16)
    ]


def alone(url: str) -> dict[Talk, str]:
    """Conversation so far → answer, asked when nobody else was there."""
    ask = _rest(url)
    return {talk[: turn + 1]: ask(talk[turn], talk[:turn]) for talk in talks() for turn in range(len(talk))}


def person(room: Room, way: str, opened: Callable[[str], Ask], chance: random.Random) -> None:
    try:
        while time.monotonic() < room.until:
            ask, talk = opened(room.url), chance.choice(talks())
            for turn, question in enumerate(talk):
                began = time.perf_counter()
                told = ask(question, talk[:turn])
                seconds, right = time.perf_counter() - began, room.known[talk[: turn + 1]]
                room.seen.note(way, seconds, "" if _same(told, right) else f"{talk[: turn + 1]} → {told[:80]}")
                time.sleep(chance.uniform(room.pause / 2, room.pause))
    except Exception as error:  # noqa: BLE001 — whatever a person meets with is what is measured
        room.seen.note(way, 0.0, f"{type(error).__name__}: {error}")


def _same(told: str, right: str) -> bool:
    """What is told on the page and in a chat goes on below the answer (notes, links of the marks); the answer itself is the same."""
    return _bare(told).startswith(_bare(right))


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, unescape(re.sub(r"<[^>]+>", "", text))))


def _rest(url: str) -> Ask:
    def ask(question: str, history: Talk) -> str:
        return str(json.load(_posted(f"{url}/api/ask", {"question": question, "history": list(history)}))["answer"])

    return ask


def _chat(url: str) -> Ask:
    def ask(question: str, history: Talk) -> str:
        messages = [{"role": "user", "content": each} for each in (*history, question)]
        lines = _posted(f"{url}/v1/chat/completions", {"model": "any", "messages": messages, "stream": True})
        return "".join(_pieces(lines))

    return ask


def _pieces(lines: Any) -> Iterator[str]:
    for line in lines:
        if line.startswith(b"data: {"):
            row = json.loads(line[6:])
            yield from (choice["delta"].get("content") or "" for choice in row["choices"])


def _posted(url: str, body: dict[str, Any]) -> Any:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    return urllib.request.urlopen(request, timeout=60)


def _page(url: str) -> Ask:
    return Tab.open(url).ask


WAYS = {"page": _page, "rest": _rest, "chat": _chat}


def _told(seen: Seen, people: int, seconds: float) -> int:
    every = sorted(itertools.chain.from_iterable(seen.seconds.values()))
    print(f"{people} people, {seconds:.0f} s, {len(every)} answers, {len(seen.faults)} faults")
    slow = False
    for way, times in {**seen.seconds, "all": every}.items():
        p95 = quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
        slow |= p95 > _BOUND_S
        print(
            f"{way:<5} {len(times):>6} answers   median {median(times):5.3f} s   p95 {p95:5.3f} s   worst {max(times):5.3f} s"
        )
    for fault in seen.faults[:10]:
        print(fault, file=sys.stderr)
    return int(bool(seen.faults) or slow)


if __name__ == "__main__":
    sys.exit(main())
