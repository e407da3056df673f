"""Several machines in small: three apps, one PostgreSQL, one Chroma server and nginx in front, all real, on this machine.

python -m bench.replicas bench/questions/*.jsonl [--count 200] [--seconds 30] [--users 8]

First every question is asked of each app by itself and of one with everything embedded: the answers must be the same to the
character. Then ``--users`` ask through nginx for ``--seconds``; after a third one app is killed, after two thirds the Chroma server.
Exit 1 for any other answer, any error but 503, or errors for 5 seconds and more.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from bench.questions import read
from bench.running import Served, served
from tests.deploy.cluster import cluster
from tests.deploy.proxy import Proxy, free_port, proxy

_OWN = ("elapsed_ms", "entry")
"""What differs from answer to answer: the time taken, and the ticket for a verdict."""
_LONGEST_S = 5.0
Turns = Sequence[str]


@dataclass
class Load:
    """What came back under load: seconds since the start, milliseconds, status (0: no answer at all), whether it was the right one."""

    came: list[tuple[float, float, int, bool]] = field(default_factory=list)

    def errors(self) -> list[tuple[float, int]]:
        return [(at, status) for at, _, status, _ in self.came if status != 200]

    def wrong(self) -> int:
        return sum(status == 200 and not right for _, _, status, right in self.came)

    def faults(self, kills: Sequence[float], end: float) -> list[str]:
        """What must not be, in words; an error counts to the kill before it."""
        found = [f"{self.wrong()} wrong answers"] if self.wrong() else []
        others = sorted({status for _, status in self.errors()} - {503})
        found += [f"errors with status {others}"] if others else []
        for start, until in zip((0.0, *kills), (*kills, end), strict=True):
            times = [at for at, _ in self.errors() if start <= at < until]
            if times and max(times) - (start if start else min(times)) >= _LONGEST_S:
                found.append(f"errors until {max(times) - start:.1f} s after {start:.1f} s")
        return found


@dataclass(frozen=True)
class Site:
    """Everything that runs."""

    apps: tuple[Served, ...]
    alone: Served
    chroma: "subprocess.Popen[bytes]"
    front: Proxy


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("exams", nargs="+", type=Path, help=".jsonl files with questions")
    parser.add_argument("--count", type=int, default=200, help="questions, drawn by chance")
    parser.add_argument("--seconds", type=float, default=30.0, help="of load")
    parser.add_argument("--users", type=int, default=8, help="who ask at once")
    options = parser.parse_args(argv)
    asked = [[str(turn) for turn in row["turns"]] for exam in options.exams for row in read(exam)]
    asked = random.Random(7).sample(asked, min(options.count, len(asked)))
    with tempfile.TemporaryDirectory() as name, site(Path(name)) as running:
        differing, answers = compared(running, asked)
        print(f"{len(asked)} questions at {len(running.apps)} apps and embedded: {differing} answered differently")
        load, kills, end = loaded(running, asked, answers, options.users, options.seconds)
    times = sorted(milliseconds for _, milliseconds, status, _ in load.came if status == 200)
    print(
        f"{len(load.came)} requests in {end:.0f} s by {options.users} users: p50 {median(times):.0f} ms,"
        f" p95 {times[int(0.95 * len(times))]:.0f} ms, {load.wrong()} wrong, {len(load.errors())} errors"
    )
    faults = load.faults(kills, end) + ([f"{differing} answered differently"] if differing else [])
    print("\n".join(faults) or "nothing wrong")
    return 1 if faults else 0


@contextmanager
def site(folder: Path) -> Iterator[Site]:
    """The whole of it, built from the seeds; ended at the end."""
    with ExitStack() as stack:
        database = stack.enter_context(cluster()).database()
        port = free_port()
        chroma = stack.enter_context(chroma_server(folder / "chroma", port))
        shared = {"POLICY_DATABASE_URL": database, "CHROMA_URL": f"http://127.0.0.1:{port}"}
        _index(["build", "--data", str(folder / "alone")], {})
        _index(["move", "database", "--data", str(folder / "alone")], shared)
        apps = tuple(stack.enter_context(served(folder / f"app{at}", env=shared)) for at in range(3))
        alone = stack.enter_context(served(folder / "alone"))
        (folder / "nginx").mkdir()
        front = stack.enter_context(
            proxy(folder / "nginx", [int(app.url.rpartition(":")[2].strip("/")) for app in apps])
        )
        yield Site(apps, alone, chroma, front)


@contextmanager
def chroma_server(folder: Path, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    program = str(Path(sys.executable).with_name("chroma"))
    command = [program, "run", "--path", str(folder), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            until = time.monotonic() + 60
            while not _answers(f"http://127.0.0.1:{port}/api/v2/heartbeat"):
                assert time.monotonic() < until, "the Chroma server never answered"
                time.sleep(0.2)
            yield server
        finally:
            server.kill()


def compared(running: Site, asked: Sequence[Turns]) -> tuple[int, list[Any]]:
    """How many questions are not answered by every app as by the embedded one, and its answers."""
    answers = [_answer(running.alone.client, turns)[1] for turns in asked]
    differing = {
        at for app in running.apps for at, turns in enumerate(asked) if _answer(app.client, turns) != (200, answers[at])
    }
    return len(differing), answers


def loaded(
    running: Site, asked: Sequence[Turns], answers: Sequence[Any], users: int, seconds: float
) -> tuple[Load, list[float], float]:
    """What came, when an app and Chroma were killed, and when it ended, in seconds since the start."""
    load, began, kills = Load(), time.monotonic(), list[float]()
    threads = [
        threading.Thread(target=_ask_on, args=(running.front, (asked, answers), (began, began + seconds), load, at))
        for at in range(users)
    ]
    for thread in threads:
        thread.start()
    for share, victim in ((1 / 3, running.apps[0].process), (2 / 3, running.chroma)):
        time.sleep(max(0.0, began + share * seconds - time.monotonic()))
        kills.append(time.monotonic() - began)
        victim.kill()
    for thread in threads:
        thread.join()
    return load, kills, time.monotonic() - began


def _ask_on(
    front: Proxy, exam: tuple[Sequence[Turns], Sequence[Any]], time_s: tuple[float, float], load: Load, seed: int
) -> None:
    chance, (asked, answers), (began, until) = random.Random(seed), exam, time_s
    with httpx.Client(base_url=front.url, verify=front.trust, trust_env=False, timeout=60) as client:
        while time.monotonic() < until:
            at, start = chance.randrange(len(asked)), time.monotonic()
            status, answer = _answer(client, asked[at])
            now = time.monotonic()
            load.came.append((now - began, (now - start) * 1000, status, answer == answers[at]))
            client.cookies.clear()  # a program keeps none: any app may answer
            if status != 200:
                time.sleep(0.1)


def _answer(client: httpx.Client, turns: Turns) -> tuple[int, Any]:
    try:
        response = client.post("/api/ask", json={"question": turns[-1], "history": list(turns[:-1])})
    except httpx.HTTPError:
        return 0, None
    if response.status_code != 200:
        return response.status_code, None
    told = {name: value for name, value in response.json().items() if name not in _OWN}
    return 200, json.dumps(told, ensure_ascii=False, sort_keys=True)


def _index(arguments: Sequence[str], settings: Mapping[str, str]) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("POLICY_")}
    subprocess.run(
        [sys.executable, "-m", "index", *arguments], env=kept | dict(settings), check=True, capture_output=True
    )


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, trust_env=False, timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


if __name__ == "__main__":
    sys.exit(main())
