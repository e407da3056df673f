"""The power cut: what a disk may hold afterwards, tried at many moments of every kind of change.

python -m bench.power_cut [--steps 4] [--cuts 60] [--seed 1] [--kind build ...]

A small library (power_cut.c, compiled here) writes down every write, rename and fsync of a process that works as in kill_work.py.
For a moment of it the folder is rebuilt as three disks could leave it: ``least`` has only what was fsynced, names included;
``names`` has every name, but contents only as far as they were fsynced; ``torn`` has a random part of the rest, the last write cut
off. Then, as after a kill: nothing acknowledged may be missing, and ``verify`` must find nothing.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.kill_work import KINDS, Promised, warm

_HERE = Path(__file__).resolve().parent
_TOLD = "told"
_SECTOR = 512
VARIANTS = ("least", "names", "torn")


@dataclass
class _File:
    """``pending`` is what was done to it since the last fsync: (offset, bytes), or (size, None) for a truncation."""

    safe: bytes = b""
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)

    def content(self, pending: Sequence[tuple[int, bytes | None]]) -> bytes:
        now = bytearray(self.safe)
        for at, data in pending:
            if data is None:
                now[at:] = bytes(max(0, at - len(now)))
            else:
                now += bytes(max(0, at - len(now)))
                now[at : at + len(data)] = data
        return bytes(now)


@dataclass(frozen=True, eq=False)
class _Folder:
    """A folder's name in the tree."""


Node = _File | _Folder
Tree = dict[str, Node]


@dataclass
class _Naming:
    """One change of names: ``node`` appears at ``new``, is moved there from ``old``, or is gone from there."""

    node: Node
    old: str
    new: str
    is_safe: bool = False

    def done_to(self, tree: Tree) -> None:
        below = {path: tree.pop(path) for path in list(tree) if self.old and f"{path}/".startswith(f"{self.old}/")}
        if self.new:
            tree.update({self.new + path.removeprefix(self.old): node for path, node in below.items()})
            tree[self.new] = self.node


class Disk:
    """A folder as a process leaves it step by step, and as the disk has it."""

    def __init__(self, folder: Path) -> None:
        self._root, self._at, self._first = folder, dict[int, Node](), Tree()
        self._namings: list[_Naming] = []
        for path in [folder, *folder.rglob("*")]:
            node: Node = _Folder() if path.is_dir() else _File(path.read_bytes())
            self._at[path.stat().st_ino] = node
            self._first[str(path)] = node
        self._now = dict(self._first)

    def do(self, op: str, inode: int, offset: int, first: bytes, second: bytes) -> None:
        node = self._at.get(inode)
        if op in ("create", "mkdir"):
            self._at[inode] = _File() if op == "create" else _Folder()
            self._name(_Naming(self._at[inode], "", first.decode()))
        elif op in ("rename", "remove"):
            self._name(_Naming(self._now[first.decode()], first.decode(), second.decode()))
        elif op == "syncdir":
            path = next((path for path, each in self._now.items() if each is node), None)
            for each in self._namings:
                each.is_safe |= path in {str(Path(name).parent) for name in (each.old, each.new) if name}
        elif isinstance(node, _File) and op == "sync":
            node.safe, node.pending = node.content(node.pending), []
        elif isinstance(node, _File):
            node.pending.append((offset, None if op == "truncate" else first))

    def _name(self, naming: _Naming) -> None:
        self._namings.append(naming)
        naming.done_to(self._now)

    def rebuild(self, target: Path, variant: str, chance: random.Random) -> None:
        """The folder after the cut, written to ``target``. SQLite's shared memory is no file that outlives the power."""
        tree, unsafe = dict(self._first), sum(not each.is_safe for each in self._namings)
        kept = {"least": 0, "names": unsafe, "torn": chance.randint(0, unsafe)}[variant]
        for naming in self._namings:
            if naming.is_safe or kept > 0:
                naming.done_to(tree)
            kept -= not naming.is_safe
        for path, node in sorted(tree.items(), key=lambda each: each[0]):
            place = target / Path(path).relative_to(self._root)
            if isinstance(node, _Folder):
                place.mkdir(exist_ok=True)
            elif place.parent.is_dir() and not path.endswith("-shm"):
                place.write_bytes(node.content(_survived(node, chance) if variant == "torn" else ()))


def _survived(file: _File, chance: random.Random) -> list[tuple[int, bytes | None]]:
    """What of the unsynced reached the disk: any of it, in whole sectors."""
    left = [each for each in file.pending if chance.random() < 0.5]
    if left and (data := left[-1][1]):
        left[-1] = (left[-1][0], data[: chance.randint(0, len(data)) // _SECTOR * _SECTOR])
    return left


def library(folder: Path) -> Path:
    """The shared library that writes down; RuntimeError where there is no compiler."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise RuntimeError("no C compiler on this machine")
    made = folder / "power_cut.so"
    subprocess.run(
        [compiler, "-O1", "-shared", "-fPIC", "-o", made, _HERE / "power_cut.c", "-ldl"],
        check=True,
        capture_output=True,
    )
    return made


def _records(log: Path) -> Iterator[tuple[str, int, int, bytes, bytes]]:
    with log.open("rb") as file:
        while head := file.readline():
            op, inode, offset, first, second = head.decode().split()
            yield op, int(inode), int(offset), file.read(int(first)), file.read(int(second))


def faults(name: str, folder: Path, *, steps: int, cuts: int, seed: int) -> tuple[int, list[str]]:
    """The number of disks looked at, and what was wrong with any of them."""
    work, chance = folder / name, random.Random(seed)
    work.mkdir(parents=True)
    KINDS[name].prepare(work)
    (work / _TOLD).touch()
    promised, disk, told = Promised(KINDS[name], work), Disk(work), (work / _TOLD).stat().st_ino
    log = folder / f"{name}.log"
    env = os.environ | {"LD_PRELOAD": str(library(folder)), "CUT_ROOT": str(work), "CUT_LOG": str(log)}
    child = [sys.executable, "-m", "bench.power_cut", "--work", name, str(work), str(steps)]
    subprocess.run(child, cwd=_HERE.parent, env=env, check=True, capture_output=True, timeout=300)
    records = list(_records(log))
    moments = set(chance.sample(range(len(records)), min(cuts, len(records)))) | {len(records) - 1}
    found, looked = list[str](), 0
    for at, (op, inode, offset, first, second) in enumerate(records):
        if inode == told:
            promised.hear(json.loads(first))
        else:
            disk.do(op, inode, offset, first, second)
        if at in moments:
            for variant in VARIANTS:
                with tempfile.TemporaryDirectory(prefix="policy-cut-", dir=folder) as place:
                    disk.rebuild(Path(place), variant, chance)
                    found += [
                        f"{name}, {variant}, cut {at} of {len(records)} ({op}): {each}"
                        for each in promised.broken(Path(place))
                    ]
                    looked += 1
    return looked, found


def work(name: str, folder: Path, steps: int) -> None:
    """So many acknowledged steps, each told in a file that is written down with the rest."""
    warm()
    with (folder / _TOLD).open("ab", buffering=0) as told:
        for step in KINDS[name].work(folder):
            told.write(json.dumps(step).encode() + b"\n")
            steps -= step[0] == "did"
            if not steps:
                return


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=4, help="changes that are made and acknowledged")
    parser.add_argument("--cuts", type=int, default=60, help="moments of each kind at which the power goes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--kind", action="append", choices=KINDS, help="may be given several times; all but serve by default"
    )
    parser.add_argument("--work", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.work:
        work(options.work[0], Path(options.work[1]), int(options.work[2]))
        return 0
    told: Callable[[object], None] = print
    told("| kind | disks rebuilt | not right |\n|---|---|---|")
    everything: list[str] = []
    with tempfile.TemporaryDirectory(prefix="policy-cut-") as folder:
        for name in options.kind or [each for each in KINDS if each != "serve"]:
            looked, found = faults(name, Path(folder), steps=options.steps, cuts=options.cuts, seed=options.seed)
            told(f"| {name} | {looked} | {len(found)} |")
            everything += found
    print(*everything, sep="\n", file=sys.stderr)
    return 1 if everything else 0


if __name__ == "__main__":
    sys.exit(main())
