"""Many people at once, from another process: what they wait, how many are told to come again, and what slows whom.

python -m bench.load [--users 100] [--seconds 30] [--upload-mb 200] [--base DATA]

One user asks alone; then all ask at once, as fast as they are answered; then ten at an easy pace with and without an upload of
200 MB beside them, in turns; then the same beside a language model's endpoint that hangs. Exit 1 for any error but "busy" (503 with
Retry-After), a p95 over 2 s, an upload that moves p95 by a fifth, or answers that wait for the hanging endpoint.
"""

import argparse
import itertools
import random
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

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
    told, lock, end = Outcome(name), threading.Lock(), time.monotonic() + seconds
    asked, start = questions(), threading.Barrier(users)

    def user(number: int) -> None:
        chance = random.Random(number)
        with served.client() as client:
            start.wait(60)
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
    cpu, began = served.cpu_seconds, time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told.seconds, told.cpu = time.monotonic() - began, served.cpu_seconds - cpu
    print(
        f"{name}: {len(told.times)} answered, {told.busy} busy, p95 {told.p95:.2f} s, load {load()}",
        file=sys.stderr,
        flush=True,
    )
    return told


def uploading(served: Served, megabytes: int, stop: threading.Event, said: list[str]) -> None:
    """The same upload again and again, in pieces as a network brings them: what it holds is a text that is far too long."""
    sentence = "责任单位：市商务局。\n".encode()
    piece = sentence * (1024 * 1024 // len(sentence))
    head = b'--x\r\nContent-Disposition: form-data; name="files"; filename="big.txt"\r\n\r\n'
    with served.editor() as client:
        while not stop.is_set():
            body = itertools.chain([head], itertools.repeat(piece, megabytes), [b"\r\n--x--\r\n"])
            kind = {"Content-Type": "multipart/form-data; boundary=x"}
            given = client.post("/api/editor/documents", content=body, headers=kind)
            said.append(f"{given.status_code} {given.text[:120]}")


def beside_upload(served: Served, options: argparse.Namespace) -> tuple[list[Outcome], list[str]]:
    """Turns without and with, so that what else the machine does falls on both."""
    quiet, noisy, said = (
        Outcome("10 users, easy pace"),
        Outcome(f"10 users, {options.upload_mb} MB uploads beside"),
        list[str](),
    )
    for turn in range(6):
        whole = noisy if turn % 2 else quiet
        stop = threading.Event()
        upload = threading.Thread(target=uploading, args=(served, options.upload_mb, stop, said))
        if turn % 2:
            upload.start()
        part = crowd(served, whole.name, 10, options.seconds / 3, 1.0)
        stop.set()
        if turn % 2:
            upload.join()
        whole.times += part.times
        whole.busy += part.busy
        whole.errors += part.errors
        whole.seconds += part.seconds
        whole.cpu += part.cpu
    return [quiet, noisy], said


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--upload-mb", type=int, default=200)
    parser.add_argument("--base", type=Path, help="a built knowledge base to begin from")
    options = parser.parse_args(argv)
    settings = {"POLICY_RATE_LIMIT": "off", "POLICY_UPLOAD_MB": str(options.upload_mb + 1)}
    faults: list[str] = []
    with tempfile.TemporaryDirectory(prefix="load-") as folder:
        with serving(Path(folder) / "plain", settings, base=options.base) as served:
            crowd(served, "warm", 2, 5)
            alone = crowd(served, "1 user", 1, options.seconds / 2)
            many = crowd(served, f"{options.users} users", options.users, options.seconds)
            (quiet, noisy), said = beside_upload(served, options)
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
        f"uploads: {len(said)}, the last: {said[-1] if said else '-'}; peak {peak:.0f} MB; upload moves p95 × {noisy.p95 / quiet.p95:.2f}"
    )
    faults += [f"{each.name}: {error}" for each in outcomes for error in each.errors[:5]]
    faults += [f"{each.name}: p95 {each.p95:.1f} s" for each in outcomes if each.p95 > P95_S]
    if noisy.p95 > quiet.p95 * MOVED:
        faults.append(f"an upload moves p95 by {noisy.p95 / quiet.p95:.2f}")
    for fault in faults:
        print(f"FAULT {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
