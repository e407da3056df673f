"""Many people at once, from another process: what they wait, how many are told to come again, and what slows whom.

python -m bench.load [--users 100] [--seconds 30] [--upload-mb 200] [--base DATA]

One user asks alone; then all ask at once, as fast as they are answered; then ten at an easy pace with and without an upload of
200 MB beside them, in turns: Word, PDF and text files just below the limit of one, which are read and parsed to the end, again and
again; then the same beside a language model's endpoint that hangs. Exit 1 for any error but "busy" (503 with Retry-After), a p95
over 2 s, an upload that moves p95 by a fifth or is not read, or answers that wait for the hanging endpoint.
"""

import argparse
import itertools
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

import httpx

from bench.large_files import large_files
from bench.measured import percentile
from bench.served import Served, load, questions, serving
from tests.assistant.endpoint import serving as hanging

P95_S = 2.0
MOVED = 1.2


@dataclass
class Outcome:
    """What a group of users met."""

    name: str
    times: list[float] = field(default_factory=list)
    busy: int = 0
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0
    cpu: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.times) / max(self.seconds, 0.001)

    @property
    def p95(self) -> float:
        return percentile(self.times, 0.95)

    def row(self, alone: "Outcome") -> str:
        cpu = 1000 * self.cpu / max(1, len(self.times))
        return (
            f"| {self.name} | {len(self.times)} | {self.busy} | {len(self.errors)} | {percentile(self.times, 0.5) * 1000:.0f} | "
            f"{self.p95 * 1000:.0f} | {self.rate:.1f} | {self.rate / max(alone.rate, 0.001):.2f} | {cpu:.1f} | {load()} |"
        )


def crowd(
    served: Served, name: str, users: int, seconds: float, pause: float = 0.0, *, url: str = "/api/ask"
) -> Outcome:
    """``users`` ask for ``seconds``; each waits ``pause`` on average after an answer, and as long as it is told when busy."""
    told, lock, asked = Outcome(name), threading.Lock(), questions()
    begun: list[tuple[float, float]] = []
    start = threading.Barrier(
        users, lambda: begun.append((time.monotonic(), served.cpu_seconds))
    )  # all clients are made

    def user(number: int) -> None:
        chance = random.Random(number)
        with served.client() as client:
            start.wait(120)
            end = begun[0][0] + seconds
            while time.monotonic() < end:
                began = time.perf_counter()
                try:
                    given = client.post(url, json={"question": chance.choice(asked)[-1]})
                except httpx.HTTPError as error:
                    with lock:
                        told.errors.append(repr(error))
                    continue
                took = time.perf_counter() - began
                with lock:
                    if given.status_code == 200:
                        told.times.append(took)
                    elif given.status_code == 503 and "Retry-After" in given.headers:
                        told.busy += 1
                    else:
                        told.errors.append(f"{given.status_code} {given.text[:100]}")
                wait = float(given.headers.get("Retry-After", 0)) or pause * chance.uniform(0.2, 1.8)
                time.sleep(min(wait, max(0.0, end - time.monotonic())))

    threads = [threading.Thread(target=user, args=(number,)) for number in range(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ((began, cpu),) = begun
    told.seconds, told.cpu = time.monotonic() - began, served.cpu_seconds - cpu
    print(
        f"{name}: {len(told.times)} answered, {told.busy} busy, p95 {told.p95:.2f} s, load {load()}",
        file=sys.stderr,
        flush=True,
    )
    return told


def _uploaded(url: str, token: str, group: Sequence[Path]) -> str:
    """In a process of its own: what is wrong with how the group was taken, "" for nothing."""
    headers = {"Authorization": f"Bearer {token}"}
    with ExitStack() as opened, httpx.Client(base_url=url, timeout=600, trust_env=False, headers=headers) as client:
        files = [("files", (path.name, opened.enter_context(path.open("rb")))) for path in group]
        given = client.post("/api/editor/documents", files=files)
    if given.status_code == 200 and len(given.json()["rows"]) == len(group):
        return ""
    return f"not read: {given.status_code} {given.text[:120]}"


@dataclass
class Uploads:
    """Groups of files, uploaded in turns; what was read of them, and what was not.

    Who uploads sits at a machine of his own; here he has a process of his own, which gives way to those who ask.
    """

    groups: Sequence[Sequence[Path]]
    megabytes: float = 0.0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    def go_on(self, served: Served, stop: threading.Event) -> None:
        token = served.token()
        with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=os.nice, initargs=(10,)) as other:
            for group in itertools.cycle(self.groups):
                if stop.is_set():
                    return
                began = time.monotonic()
                fault = other.submit(_uploaded, served.url, token, group).result()
                self.seconds += time.monotonic() - began
                if fault:
                    self.faults.append(fault)
                else:
                    self.megabytes += sum(path.stat().st_size for path in group) / 2**20


def beside_upload(served: Served, uploads: Uploads, seconds: float) -> list[Outcome]:
    """Turns without and with, so that what else the machine does falls on both."""
    quiet, noisy = Outcome("10 users, easy pace"), Outcome("10 users, uploads beside")
    for turn in range(6):
        whole = noisy if turn % 2 else quiet
        stop = threading.Event()
        upload = threading.Thread(target=uploads.go_on, args=(served, stop))
        if turn % 2:
            upload.start()
        part = crowd(served, whole.name, 10, seconds / 3, 1.0)
        stop.set()
        if turn % 2:
            upload.join()
        whole.times += part.times
        whole.busy += part.busy
        whole.errors += part.errors
        whole.seconds += part.seconds
        whole.cpu += part.cpu
    return [quiet, noisy]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--upload-mb", type=int, default=200)
    parser.add_argument("--base", type=Path, help="a built knowledge base to begin from")
    options = parser.parse_args(argv)
    settings = {"POLICY_RATE_LIMIT": "off"}
    faults: list[str] = []
    with tempfile.TemporaryDirectory(prefix="load-") as folder:
        with serving(Path(folder) / "plain", settings, base=options.base) as served:
            crowd(served, "warm", 2, 5)
            alone = crowd(served, "1 user", 1, options.seconds / 2)
            many = crowd(served, f"{options.users} users", options.users, options.seconds)
            uploads = Uploads(large_files(Path(folder), options.upload_mb))
            quiet, noisy = beside_upload(served, uploads, options.seconds)
            peak = served.peak_mb
        with hanging() as endpoint:
            model = {"POLICY_LLM_BASE_URL": endpoint.url, "POLICY_LLM_MODEL": "hang", "POLICY_LLM_DEADLINE_S": "20"}
            with serving(Path(folder) / "model", settings | model, base=options.base) as served:
                crowd(served, "warm", 2, 5)
                hung = crowd(served, "10 users, endpoint hangs", 10, options.seconds, 1.0)
    outcomes = [alone, many, quiet, noisy, hung]
    print("| | answered | busy | errors | p50 ms | p95 ms | a second | ratio to one user | processor ms each | load |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    print("\n".join(each.row(alone) for each in outcomes))
    print(
        f"uploaded and read: {uploads.megabytes:.0f} MB in {uploads.seconds:.0f} s; peak {peak:.0f} MB; moves p95 × {noisy.p95 / quiet.p95:.2f}"
    )
    faults += uploads.faults
    faults += [f"{each.name}: {error}" for each in outcomes for error in each.errors[:5]]
    faults += [f"{each.name}: p95 {each.p95:.1f} s" for each in outcomes if each.p95 > P95_S]
    if noisy.p95 > quiet.p95 * MOVED:
        faults.append(f"an upload moves p95 by {noisy.p95 / quiet.p95:.2f}")
    for fault in faults:
        print(f"FAULT {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
