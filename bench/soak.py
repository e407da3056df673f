"""Hours of mixed traffic against a real server: questions in every way, pages, exports, and an editor who adds and removes.

python -m bench.soak --minutes 240 [--rate 4] [--base DATA] [--out samples.jsonl]

Every 30 s memory, open files, threads, processor time for each request and p95 are sampled. Exit 1 when memory, files or
threads grew, a request failed, an answer changed, or the library and its derived indexes had drifted apart at the end
(``python -m index verify`` on the stopped server's folder).
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import httpx

from bench.measured import percentile
from bench.served import ROOT, Json, Page, Served, load, numbers, questions, serving, told_once

EVERY_S = 30.0
GROWTH = 1.10
SLACK_MB, SLACK_FILES = 30.0, 12
FIXED = ("第7项任务由哪些单位负责", "市商务局负责哪几项任务", "出口信用保险找谁", "补贴多少钱", "海关 几项任务")


@dataclass
class Told:
    """What came of the requests since the last sample, and of all of them."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    times: list[float] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def note(self, way: str, seconds: float, fault: str = "") -> None:
        with self.lock:
            self.times.append(seconds)
            self.counts[way] += 1
            if fault:
                self.faults.append(f"{way}: {fault}")


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=240)
    parser.add_argument("--rate", type=float, default=4, help="requests a second, editors' work not counted")
    parser.add_argument("--pause", type=float, default=30, help="seconds between two of the editor's rounds")
    parser.add_argument("--base", type=Path, help="a built knowledge base to begin from")
    parser.add_argument("--out", type=Path, help="write the samples to this file")
    parser.add_argument("--folder", type=Path, help="where the server's data and log go; a temporary folder otherwise")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="soak-") as temporary:
        return run(options, options.folder or Path(temporary))


def run(options: argparse.Namespace, folder: Path) -> int:
    told, stop = Told(), threading.Event()
    samples: list[Json] = []
    with serving(folder, {"POLICY_RATE_LIMIT": "off"}, base=options.base) as served:
        before = canonical(served)
        workers = [
            threading.Thread(target=visitor, args=(served, told, stop, number, 4 / options.rate), daemon=True)
            for number in range(4)
        ]
        workers.append(threading.Thread(target=editor, args=(served, told, stop, options.pause), daemon=True))
        for worker in workers:
            worker.start()
        end = time.monotonic() + options.minutes * 60
        while (left := end - time.monotonic()) > 0:
            stop.wait(min(EVERY_S, left))
            samples.append(sample(served, told, time.monotonic() - end + options.minutes * 60))
            print(json.dumps(samples[-1], ensure_ascii=False), flush=True)
            if options.out:
                options.out.write_text("".join(json.dumps(each) + "\n" for each in samples), encoding="utf-8")
        stop.set()
        for worker in workers:
            worker.join(120)
        after = canonical(served)
    faults = [*told.faults, *growth(samples), *logged(served.log)]
    faults += [f"answer changed: {question}" for question in FIXED if before[question] != after[question]]
    faults += drift(served.data)
    return tell(samples, told, faults)


def canonical(served: Served) -> dict[str, Json]:
    with served.client() as client:
        answers = {each: client.post("/api/ask", json={"question": each}).json() for each in FIXED}
    return {
        each: {name: told for name, told in answer.items() if name not in ("entry", "elapsed_ms")}
        for each, answer in answers.items()
    }


def visitor(served: Served, told: Told, stop: threading.Event, number: int, pause: float) -> None:
    """Asks in one way after another, at a pace of its own."""
    chance, asked = random.Random(number), questions()
    with served.client() as client:
        page = Page(client)
        while not stop.wait(pause * chance.uniform(0.2, 1.8)):
            way = chance.choices(list(WAYS), [weight for weight, _ in WAYS.values()])[0]
            if way == "page" and chance.random() < 0.2:
                page = Page(client)  # a new tab; the old one is never closed, as with people
            began = time.perf_counter()
            try:
                fault = WAYS[way][1](client, page, chance.choice(asked))
            except Exception as error:  # noqa: BLE001 — whatever happens is a finding
                fault = repr(error)
            told.note(way, time.perf_counter() - began, fault)


def _by_page(_: httpx.Client, page: Page, turns: tuple[str, ...]) -> str:
    return "" if page.ask(turns[0]) else "nothing shown"


def _by_api(client: httpx.Client, _: Page, turns: tuple[str, ...]) -> str:
    body = {"question": turns[-1], "history": list(turns[:-1])}
    return _status(client.post("/api/ask", json=body))


def _by_chat(client: httpx.Client, _: Page, turns: tuple[str, ...]) -> str:
    said = [{"role": "user", "content": each} for each in turns]
    body = {"model": "policy-assistant", "messages": said, "stream": True}
    given = client.post("/v1/chat/completions", json=body)
    return _status(given) or ("" if given.text.endswith("data: [DONE]\n\n") else "stream not finished")


def _tool(client: httpx.Client, _: Page, turns: tuple[str, ...]) -> str:
    call = {"name": "ask", "arguments": {"question": turns[-1]}}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    return _status(client.post("/mcp", json=body, headers={"Accept": "application/json, text/event-stream"}))


def _getting(path: str) -> Callable[[httpx.Client, Page, tuple[str, ...]], str]:
    return lambda client, _, turns: _status(client.get(path, params={"q": turns[-1][:200]} if "search" in path else {}))


def _status(given: httpx.Response) -> str:
    return "" if given.status_code == 200 else f"{given.status_code} {given.text[:200]}"


WAYS: dict[str, tuple[int, Callable[[httpx.Client, Page, tuple[str, ...]], str]]] = {
    "page": (30, _by_page),
    "api": (30, _by_api),
    "chat": (8, _by_chat),
    "tool": (5, _tool),
    "search": (10, _getting("/api/search")),
    "tasks": (4, _getting("/api/tasks?unit=市商务局")),
    "documents": (3, _getting("/api/documents")),
    "export": (3, _getting("/export/matrix.xlsx")),
    "home": (3, _getting("/")),
    "metrics": (4, _getting("/metrics")),
}
"""Way → how often, in parts, and what is done."""


def editor(served: Served, told: Told, stop: threading.Event, pause: float) -> None:
    """Adds a document, sees that it answers, gives it a similar question, removes both, sees that it does not answer."""
    number = 0
    with served.editor() as client:
        while not stop.wait(pause):
            number += 1
            began = time.perf_counter()
            try:
                fault = edited(client, number)
            except Exception as error:  # noqa: BLE001 — whatever happens is a finding
                fault = repr(error)
            told.note("edit", time.perf_counter() - began, fault)


def edited(client: httpx.Client, number: int) -> str:
    text, question = told_once(number)
    rows = _json(client.post("/api/editor/documents", files={"files": (f"{number}.txt", text.encode())}))["rows"]
    (document,) = _json(client.post("/api/editor/documents/publish", json={"drafts": [rows[0]["id"]]}))["documents"]
    found = _cites(client, question, document)
    similar = {"document": document, "labels": ["任务9"], "question": f"{question[2:5]}站谁来建"}
    added = client.post("/api/editor/similar", json={"questions": [similar]})
    _json(client.post("/api/editor/documents/remove", json={"documents": [document]}))
    if not found:
        return f"{document} was published and not cited"
    if added.status_code != 200:
        return f"similar question refused: {added.text[:200]}"
    return f"{document} was removed and is still cited" if _cites(client, question, document) else ""


def _cites(client: httpx.Client, question: str, document: str) -> bool:
    answer = _json(client.post("/api/ask", json={"question": question}))
    return document in [each["document_id"] for each in answer["citations"]]


def _json(given: httpx.Response) -> Json:
    if given.status_code != 200:
        raise RuntimeError(f"{given.request.url.path} {given.status_code} {given.text[:300]}")
    told: Json = given.json()
    return told


def sample(served: Served, told: Told, elapsed: float) -> Json:
    metrics: dict[str, float] = {}
    try:
        with served.client() as client:
            metrics = numbers(client.get("/metrics").text)
    except httpx.HTTPError as error:
        told.note("sample", 0.0, repr(error))
    with told.lock:
        times, told.times = told.times, []
        done, faults = sum(told.counts.values()), len(told.faults)
    cpu = served.cpu_seconds
    return {
        "minutes": round(elapsed / 60, 1),
        "memory_mb": round(served.memory_mb, 1),
        "files": served.open_files,
        "threads": served.threads,
        "requests": done,
        "cpu_s": round(cpu, 1),
        "p95_ms": round(percentile(times, 0.95) * 1000),
        "faults": faults,
        "documents": metrics.get("policy_documents"),
        "disk_mb": round(sum(each.stat().st_size for each in served.data.rglob("*") if each.is_file()) / 2**20, 1),
        "load": load(),
    }


def growth(samples: Sequence[Json]) -> list[str]:
    """The second quarter of the time beside the last: the first is warming up."""
    if len(samples) < 8:
        return []
    quarter = len(samples) // 4
    early, late = samples[quarter : 2 * quarter], samples[-quarter:]
    faults = []
    for name, slack in (("memory_mb", SLACK_MB), ("files", SLACK_FILES), ("threads", SLACK_FILES)):
        then, now = (median(each[name] for each in part) for part in (early, late))
        if now > then * GROWTH and now > then + slack:
            faults.append(f"{name} grew from {then:.0f} to {now:.0f}")
    return faults


def logged(log: Path) -> list[str]:
    """Tracebacks that the server wrote."""
    text = log.read_text(encoding="utf-8", errors="replace")
    return [f"{text.count('Traceback')} tracebacks in the log"] if "Traceback" in text else []


def drift(data: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "index", "verify", "--data", str(data)], cwd=ROOT, capture_output=True, text=True
    )
    print((done.stdout + done.stderr).strip())
    return [] if done.returncode == 0 else ["library and indexes have drifted apart"]


def tell(samples: Sequence[Json], told: Told, faults: Sequence[str]) -> int:
    print(dict(told.counts))
    for name in ("memory_mb", "files", "threads", "p95_ms"):
        values = [each[name] for each in samples]
        parts = [values[at : at + max(1, len(values) // 4)] for at in range(0, len(values), max(1, len(values) // 4))]
        print(f"{name:10} by quarters: " + ", ".join(f"{median(part):.0f}" for part in parts[:4]))
    for fault in faults[:20]:
        print(f"FAULT {fault}")
    print(f"{len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
