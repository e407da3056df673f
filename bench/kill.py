"""kill -9 at a random moment of every kind of change: what was acknowledged is there, and nobody has to mend anything.

python -m bench.kill --kills 200 [--seed 1] [--kind build ...]

Every kind has one folder, which lives through all of its kills: after each, everything acknowledged before is looked for, ``verify``
must find nothing, and the next change is made on what the kill left.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from bench import kill_database, kill_work
from bench.kill_database import DATABASE
from bench.kill_work import Promised, Step, warm
from tests.deploy.cluster import cluster

_PATIENCE_S = 60.0
KINDS = kill_work.KINDS | kill_database.KINDS
_ROOT = Path(__file__).resolve().parent.parent


class Life:
    """One kind's folder through all of its kills."""

    def __init__(self, name: str, folder: Path, database: str) -> None:
        self.name, self.kills, self.steps, self.faults = name, 0, 0, list[str]()
        self._folder = folder
        folder.mkdir(parents=True)
        (folder / DATABASE).write_text(database, encoding="ascii")
        KINDS[name].prepare(folder)
        self._promised = Promised(KINDS[name], folder)

    def kill(self, chance: random.Random) -> None:
        """Let the work go on for a while, kill it, and look at what is left."""
        for step in self._until_killed(chance.uniform(0, KINDS[self.name].span_s)):
            self.steps += step[0] == "did"
            self._promised.hear(step)
        self.kills += 1
        self.faults += self._promised.broken(self._folder)
        self._promised.settle(self._folder)

    def _until_killed(self, after_s: float) -> list[Step]:
        command = [sys.executable, "-m", "bench.kill", "--work", self.name, str(self._folder)]
        with subprocess.Popen(
            command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        ) as child:
            assert child.stdout is not None and child.stderr is not None
            first = child.stdout.readline()
            if not first:
                raise RuntimeError(child.stderr.read())
            timer = threading.Timer(after_s, os.killpg, (child.pid, signal.SIGKILL))
            timer.start()
            lines = [first, *child.stdout.read().splitlines(keepends=True)]
            timer.cancel()
            child.wait(_PATIENCE_S)
            if child.returncode != -signal.SIGKILL:
                self.faults.append(f"stopped by itself: {child.stderr.read()[-400:]}")
        return [(each[0], each[1], each[2]) for line in lines if line.endswith("\n") for each in [json.loads(line)]]


def run(kinds: Sequence[str], kills: int, seed: int, folder: Path) -> list[Life]:
    """So many kills, the kinds in turn; each life with what went wrong in it."""
    chance = random.Random(seed)
    with ExitStack() as stack:
        server = stack.enter_context(cluster()) if set(kinds) & set(kill_database.KINDS) else None
        databases = (server.database() if server else "" for _ in kinds)
        lives = [Life(name, folder / name, database) for name, database in zip(kinds, databases, strict=True)]
        for at in range(kills):
            lives[at % len(lives)].kill(chance)
    return lives


def work(kind: str, folder: Path) -> None:
    """What the killed process does: it says every step before and after it is made."""
    warm()
    for step in KINDS[kind].work(folder):
        print(json.dumps(step), flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", action="append", choices=KINDS, help="may be given several times; all by default")
    parser.add_argument("--work", nargs=2, metavar=("KIND", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.work:
        work(options.work[0], Path(options.work[1]))
        return 0
    with tempfile.TemporaryDirectory(prefix="policy-kill-") as folder:
        lives = run(options.kind or list(KINDS), options.kills, options.seed, Path(folder))
    print("| kind | kills | steps acknowledged | lost or not sound |\n|---|---|---|---|")
    for life in lives:
        print(f"| {life.name} | {life.kills} | {life.steps} | {len(life.faults)} |")
    faults = [f"{life.name}: {fault}" for life in lives for fault in life.faults]
    print(*faults, sep="\n", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
