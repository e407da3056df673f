"""``ui.py`` as people run it, in a process of its own, and what its visitors do: ask in every way that there is, and edit."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parent.parent
USER, PASSWORD = "编辑甲", secrets.token_urlsafe(12)
_SIGNS = "松柏梅兰竹菊桃李杏荷桂枫槐榆柳桐杉樟棠葵"
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Served:
    """A running server. ``log`` holds everything that it said."""

    url: str
    data: Path
    log: Path
    process: "subprocess.Popen[bytes]"

    def client(self, *, timeout: float = 60) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=timeout, trust_env=False)

    def editor(self) -> httpx.Client:
        """Logged in."""
        return httpx.Client(
            base_url=self.url, timeout=600, trust_env=False, headers={"Authorization": f"Bearer {self.token()}"}
        )

    def token(self) -> str:
        with self.client() as client:
            return str(client.post("/login", json={"user": USER, "password": PASSWORD}).json()["token"])

    @property
    def memory_mb(self) -> float:
        """Resident, the anonymous part: pages of mapped files come and go with whatever else the machine does."""
        return self._status("RssAnon") / 1024

    @property
    def peak_mb(self) -> float:
        return self._status("VmHWM") / 1024

    @property
    def threads(self) -> int:
        return self._status("Threads")

    @property
    def open_files(self) -> int:
        return sum(1 for _ in Path(f"/proc/{self.process.pid}/fd").iterdir())

    @property
    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def _status(self, name: str) -> int:
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


@contextmanager
def serving(folder: Path, settings: Mapping[str, str] | None = None, *, base: Path | None = None) -> Iterator[Served]:
    """A server on a fresh copy of ``base``, or of the seeds, below ``folder``; it is stopped in the ordinary way at the end."""
    data, log, secret = folder / "data", folder / "server.log", folder / "password"
    folder.mkdir(parents=True, exist_ok=True)
    if base is not None:
        shutil.copytree(base, data)
    secret.write_text(f"{PASSWORD}\n", encoding="utf-8")
    secret.chmod(0o600)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("POLICY_")}
    editor = {"POLICY_EDITOR_USER": USER, "POLICY_EDITOR_PASSWORD_FILE": str(secret), "PYTHONUNBUFFERED": "1"}
    port = _free_port()
    command = [sys.executable, "ui.py", "--port", str(port), "--data", str(data)]
    with (
        log.open("wb") as written,
        subprocess.Popen(command, cwd=ROOT, env={**kept, **editor, **(settings or {})}, stderr=written) as process,
    ):
        served = Served(f"http://127.0.0.1:{port}", data, log, process)
        try:
            _wait_until_healthy(served)
            yield served
        finally:
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def _wait_until_healthy(served: Served) -> None:
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        if served.process.poll() is not None:
            raise RuntimeError(f"ui.py ended: {served.log.read_text(encoding='utf-8')[-2000:]}")
        try:
            httpx.get(f"{served.url}/healthz", timeout=60, trust_env=False)
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("ui.py did not answer in time")


class Page:
    """The page 问答 as a browser uses it: one tab, its questions sent as events, the answers read from the tab's stream."""

    def __init__(self, client: httpx.Client) -> None:
        self._client, self._session = client, secrets.token_hex(6)
        config = client.get("/config").json()
        names = {each["id"]: each["props"].get("elem_id") for each in config["components"]}
        self._asked, self._inputs = next(
            (each["id"], each["inputs"])
            for each in config["dependencies"]
            if any(names.get(target) == "send" for target, _ in each["targets"])
        )

    def ask(self, question: str) -> str:
        """What the page shows at the end, as JSON text; "" where it shows nothing."""
        given = [question, *[None] * (len(self._inputs) - 1)]
        body = {"data": given, "fn_index": self._asked, "session_hash": self._session, "trigger_id": 1}
        joined = self._client.post("/gradio_api/queue/join", json=body)
        if joined.status_code != 200:
            raise httpx.HTTPStatusError(joined.text, request=joined.request, response=joined)
        shown = ""
        with self._client.stream("GET", "/gradio_api/queue/data", params={"session_hash": self._session}) as events:
            for line in events.iter_lines():
                if not line.startswith("data:"):
                    continue
                event = json.loads(line[5:])
                if event["msg"] in ("process_generating", "process_completed"):
                    shown = line if event["msg"] == "process_completed" else shown
                if event["msg"] in ("process_completed", "close_stream", "unexpected_error"):
                    break
        return shown


def questions(root: Path = ROOT / "bench" / "questions") -> list[tuple[str, ...]]:
    """The turns of the exams' questions."""
    lines = [line for path in sorted(root.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]
    return [tuple(json.loads(line)["turns"]) for line in lines if line.strip()]


def told_once(number: int) -> tuple[str, str]:
    """A document that nobody else has, and a question that only it answers."""
    name = "".join(_SIGNS[number // 20**place % 20] for place in range(3))
    unit, task = f"市{name}试验局", f"建成{name}观测站"
    text = (
        f"关于{name}观测站建设的通知\n\n测发〔2024〕{number}号\n\n一、总体要求\n\n观测站要稳定运行。\n\n二、重点任务\n\n"
        + "".join(f"{at}.落实第{at}类保障。为观测站提供第{at}类保障条件。(责任单位:{unit})\n" for at in range(1, 9))
        + f"9.{task}。按期建成{name}观测站并投入使用。(责任单位:{unit}、市商务局)\n"
    )
    return text, f"{task}由哪些单位负责"


def numbers(text: str) -> dict[str, float]:
    """The samples of a /metrics page."""
    rows = [line.rpartition(" ") for line in text.splitlines() if line and not line.startswith("#")]
    return {name: float(value) for name, _, value in rows}


def load() -> str:
    return "/".join(f"{each:.1f}" for each in os.getloadavg())


Json = dict[str, Any]
