"""Requests that nobody should send, against a real server: every route of the programs and of the pages, and broken HTTP.

python -m bench.fuzz_http --count 50000 [--seed 1] [--workers 6] [--base DATA]

What is sent is made in ``spoilt.py``.
Exit 1 for any answer of 500 and above (a 503 that says when to come again is an answer), any that takes over 5 s, any that shows a
traceback, a folder of this machine or the editor's password, and for any traceback in the log or a server that has gone.
"""

import argparse
import re
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

from bench.served import PASSWORD, ROOT, Served, load, serving
from bench.spoilt import Fuzzer, Request

SECONDS = 5.0
_MOST_READ = 1 << 20
_FRAMING = ("Content-Length", "Expect", "Upgrade", "Connection")
_STREAMS = ("text/event-stream",)

_OURS = re.compile(
    rf"{re.escape(str(ROOT))}/(?:assistant/(?!api/(?:app|guard|headers|limits|pages|traced)\.)(?!screens/(?:missing|knowledge)\.)|index/|ingest/)"
)
"""All but what stands in front of Gradio and of the programs, which is among the frames of every error."""


class Judge:
    """Sends requests and says what is wrong with the answers."""

    def __init__(self, url: str) -> None:
        self._port = int(urlsplit(url).port or 80)
        self._socket: socket.socket | None = None

    def send(self, request: Request) -> tuple[str, str, float]:
        """Status or "closed", the fault or "", and the seconds that it took."""
        began = time.perf_counter()
        try:
            status, body = self._answer(request)
        except TimeoutError:
            self._close()
            waits = bool(request.raw) or any(name == "Content-Length" for name, _ in request.headers)
            # whoever announces more than is sent is waited for: that is the protocol, and bounded by the server
            return "waits", "" if waits else f"no answer in {SECONDS:.0f} s", time.perf_counter() - began
        except (OSError, HTTPException, ValueError):
            self._close()
            return "closed", "", time.perf_counter() - began
        return str(status), self._fault(status, body), time.perf_counter() - began

    def _answer(self, request: Request) -> tuple[int, bytes]:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=SECONDS)
        self._socket.sendall(request.wire())
        answer = HTTPResponse(self._socket, method=request.method)
        answer.begin()
        is_stream = answer.headers.get("content-type", "").startswith(_STREAMS)
        body = b"" if is_stream else answer.read(_MOST_READ)
        retry = answer.headers.get("Retry-After")
        spoilt = request.raw or any(name in _FRAMING for name, _ in request.headers)
        if is_stream or spoilt or answer.will_close or not answer.isclosed():
            answer.close()
            self._close()
        return (503 if retry else 599) if answer.status == 503 else answer.status, body

    def _fault(self, status: int, body: bytes) -> str:
        shown = [
            mark for mark in (b"Traceback (most", b'File "/', str(ROOT).encode(), PASSWORD.encode()) if mark in body
        ]
        if shown:
            return f"shows {shown[0]!r}: {body[:300]!r}"
        return f"{status} {body[:300]!r}" if status >= 500 and status != 503 else ""

    def _close(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket = None


@dataclass
class Tally:
    sent: int
    statuses: Counter[str]
    faults: list[str]
    slowest: float


def fuzz(served: Served, count: int, seed: int, workers: int) -> Tally:
    """``count`` requests by several workers; each has a chance of its own."""
    with served.editor() as client:
        openapi, config = client.get("/openapi.json").json(), client.get("/config").json()
        tokens = [served.token() for _ in range(3)]
    tally, lock = Tally(0, Counter(), [], 0.0), threading.Lock()

    def work(number: int) -> None:
        fuzzer, judge = Fuzzer(openapi, config, tokens, seed * 1000 + number), Judge(served.url)
        while True:
            with lock:
                if tally.sent >= count or served.process.poll() is not None:
                    return
                tally.sent += 1
                if tally.sent % 2000 == 0:
                    print(f"{tally.sent} sent, {len(tally.faults)} faults, load {load()}", file=sys.stderr, flush=True)
            request = fuzzer.request()
            status, fault, seconds = judge.send(request)
            with lock:
                tally.statuses[status] += 1
                tally.slowest = max(tally.slowest, seconds)
                if fault:
                    tally.faults.append(f"{request.wire()[:400]!r} → {fault}")
                    print(tally.faults[-1], file=sys.stderr, flush=True)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if served.process.poll() is not None:
        tally.faults.append(f"the server ended with {served.process.returncode}")
    log = served.log.read_text(encoding="utf-8", errors="replace")
    tally.faults += [f"log: {each}" for each in defects(log)]
    tally.faults += ["the password stands in the log"] * (PASSWORD in log)
    return tally


def defects(log: str) -> list[str]:
    """Errors that came from our own code. Gradio writes one for every value that its components refuse and every tab that is unknown."""
    found = []
    for part in log.split("Traceback (most recent call last):\n")[1:]:
        frames = re.match(r"(?:  .*\n|\s*\n)*", part)
        told = re.findall(r'  File "(.*)", line (\d+)', frames.group() if frames else "")
        last = part[frames.end() if frames else 0 :].partition("\n")[0]
        if any(_OURS.match(path) for path, _ in told):
            found.append(f"{last[:300]} at {' < '.join(f'{Path(path).name}:{line}' for path, line in told[:-9:-1])}")
    return found


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=6)
    parser.add_argument("--base", type=Path, help="a built knowledge base to begin from")
    options = parser.parse_args(argv)
    settings = {"POLICY_RATE_LIMIT": "off", "POLICY_LOG_LEVEL": "warning"}
    with (
        tempfile.TemporaryDirectory(prefix="fuzz-") as folder,
        serving(Path(folder), settings, base=options.base) as served,
    ):
        began = time.monotonic()
        tally = fuzz(served, options.count, options.seed, options.workers)
        print(
            f"{tally.sent} requests in {time.monotonic() - began:.0f} s, slowest {tally.slowest:.1f} s, load {load()}"
        )
        print(f"server: {served.cpu_seconds:.0f} s of processor, {served.memory_mb:.0f} MB, {served.open_files} files")
    print(dict(sorted(tally.statuses.items())))
    for fault in dict.fromkeys(tally.faults[:50]):
        print(f"FAULT {fault}")
    print(f"{len(tally.faults)} faults")
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
