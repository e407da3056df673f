"""Seconds that people wait at the screen, in a real Chromium: the start, the page, the answer.

python -m bench.screen --data data [--runs 5] [--browser /usr/bin/chromium]

Starts ``python ui.py`` itself on a built knowledge base and a free port. What is to be met: port open 5 s, first answer 10 s after a
second start, page to usable input 2 s, question to complete answer 1 s. Exit 1 when a median is above its bound.
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from typing import Any

_QUESTION = "第7项由哪些单位负责？"
_BOUNDS = {"port open": 5.0, "first answer after start": 10.0, "page to usable input": 2.0, "question to answer": 1.0}


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="data", help="a built knowledge base")
    parser.add_argument("--runs", type=int, default=5, help="times that each wait is measured")
    parser.add_argument("--browser", default=shutil.which("chromium"), help="Chromium's path")
    options = parser.parse_args(argv)
    measured: dict[str, list[float]] = {name: [] for name in _BOUNDS}
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=options.browser, args=["--no-sandbox"])
        for run in range(options.runs):
            with served(options.data) as (url, began, opened):
                page = browser.new_page()
                _asked(page, url)
                if run or options.runs == 1:  # the first start after a change compiles and fills caches
                    measured["port open"].append(opened - began)
                    measured["first answer after start"].append(time.perf_counter() - began)
                measured["page to usable input"].append(_seconds(_open, page, url))
                page.click("#clear")
                measured["question to answer"].append(_seconds(_ask, page))
                page.close()
        browser.close()
    for name, seconds in measured.items():
        print(f"{name:<26} median {median(seconds):5.2f} s   worst {max(seconds):5.2f} s   bound {_BOUNDS[name]:.0f} s")
    return int(any(median(seconds) > _BOUNDS[name] for name, seconds in measured.items()))


@contextmanager
def served(data: str, **settings: str) -> Iterator[tuple[str, float, float]]:
    """The app in a process of its own: its address, when it was started, and when it answered that it is well."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = int(door.getsockname()[1])
    url, began = f"http://127.0.0.1:{port}", time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "ui.py", "--port", str(port), "--data", data], env={**os.environ, **settings}
    ) as process:
        try:
            yield url, began, _answering(url, process)
        finally:
            process.terminate()


def _answering(url: str, process: "subprocess.Popen[bytes]") -> float:
    while process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=120):
                return time.perf_counter()
        except OSError:
            time.sleep(0.02)
    raise SystemExit("ui.py ended before it answered")


def _asked(page: Any, url: str) -> None:
    _open(page, url)
    _ask(page)


def _open(page: Any, url: str) -> None:
    page.goto(url)
    page.wait_for_selector("#question textarea:not([disabled])")


def _ask(page: Any) -> None:
    page.fill("#question textarea", _QUESTION)
    page.press("#question textarea", "Enter")
    page.wait_for_selector("#answer-bar .copy")


def _seconds(act: Callable[..., None], *values: Any) -> float:
    began = time.perf_counter()
    act(*values)
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
