"""Does every input end in a text or one clear sentence, within ten seconds and a gigabyte?

    python -m bench.fuzz_read [--count 20000] [--seed 1] [--keep FOLDER]

Random bytes; real files of each format cut, flipped, shuffled, also inside their containers; bombs, locks and endless
nesting. Inputs run in child processes, so that a crash or a hang of a parser library is seen and counted, not suffered.
Exits 1 when any input failed; ``--keep`` stores the failing ones.
"""

import argparse
import io
import multiprocessing
import random
import resource
import sys
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from ingest.document import RawText
from ingest.errors import IngestError
from ingest.read import read_bytes

FILES = Path(__file__).resolve().parent.parent / "tests" / "ingest" / "files"
SEED = Path(__file__).resolve().parent.parent / "seeds" / "wuhan-2021-service-outsourcing.txt"
SECONDS = 10.0
PEAK_BYTES = 1024**3
ADDRESS_SPACE = 4 * 1024**3
MEGABYTE = 1024 * 1024

# how the inputs are shared out; files that go through LibreOffice take seconds each and are few
SHARES = {
    "random": 16,
    "txt": 12,
    "md": 10,
    "html": 16,
    "csv": 6,
    "docx": 12,
    "xlsx": 8,
    "xls": 5,
    "ofd": 7,
    "zip": 4,
    "pdf": 14,
    "png": 1,
}
OFFICE_PER_THOUSAND = 2

# what it is, the file name, and the bytes or how to make them
Case = tuple[str, str, bytes]
Special = tuple[str, str, Callable[[], bytes]]


@dataclass
class Tally:
    """What came of the inputs."""

    outcomes: Counter[str] = field(default_factory=Counter)
    seconds: list[tuple[float, str]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    sentences: Counter[str] = field(default_factory=Counter)
    peak: int = 0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Feed damaged files to the readers.")
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args(arguments)
    tally = fuzz(cases(options.count, options.seed), keep=options.keep)
    slowest = sorted(tally.seconds, reverse=True)[:3]
    print(f"inputs {len(tally.seconds)}  {dict(tally.outcomes)}")
    print("slowest", ", ".join(f"{seconds:.2f} s {label}" for seconds, label in slowest))
    print(f"peak memory of a child {tally.peak / MEGABYTE:.0f} MB; different sentences {len(tally.sentences)}")
    for failure in tally.failures[:20]:
        print("FAILED", failure)
    return 1 if tally.failures else 0


def fuzz(inputs: Iterator[Case], *, keep: Path | None = None) -> Tally:
    """Runs every case in a child that is replaced when it dies or hangs."""
    tally, child = Tally(), _Child()
    for label, name, data in inputs:
        started = time.monotonic()
        outcome, detail, peak = child.run(name, data)
        tally.seconds.append((time.monotonic() - started, label))
        tally.outcomes[outcome] += 1
        tally.peak = max(tally.peak, peak)
        if outcome == "refused":
            tally.sentences[detail] += 1
        if outcome == "failed" or peak > PEAK_BYTES:
            tally.failures.append(f"{label} ({name}, {len(data)} bytes): {detail} {peak / MEGABYTE:.0f} MB")
            if keep:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"{len(tally.failures):04d}-{name}").write_bytes(data[: 50 * MEGABYTE])
            child.stop()
            child = _Child()
    child.stop()
    return tally


class _Child:
    """A process that reads inputs one after another."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, far_end = context.Pipe()
        self.process = context.Process(target=_serve, args=(far_end,), daemon=True)
        self.process.start()
        far_end.close()
        self.pipe.recv()

    def run(self, name: str, data: bytes) -> tuple[str, str, int]:
        try:
            self.pipe.send((name, data))
            if not self.pipe.poll(SECONDS):
                return "failed", f"no answer after {SECONDS:.0f} s", 0
            outcome: tuple[str, str, int] = self.pipe.recv()
        except (EOFError, BrokenPipeError, ConnectionResetError):
            self.process.join(5)
            return "failed", f"the process died ({self.process.exitcode})", 0
        return outcome

    def stop(self) -> None:
        self.pipe.close()
        self.process.kill()
        self.process.join()


def _serve(pipe: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    pipe.send("ready")
    while True:
        try:
            name, data = pipe.recv()
        except EOFError:
            return
        try:
            outcome, detail = judge(name, data)
        except BaseException as error:  # noqa: BLE001  a parser's panic is no Exception, and the reason must come back
            outcome, detail = "failed", f"{error!r} at {traceback.format_tb(error.__traceback__)[-1].strip()}"
        pipe.send((outcome, detail, _peak_memory()))


def _peak_memory() -> int:
    """Bytes. Where /proc tells it, from there: the other figure starts with the peak of the process that started this one."""
    status = Path("/proc/self/status")
    if status.is_file():
        peak = next(line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM"))
        return int(peak.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def judge(name: str, data: bytes) -> tuple[str, str]:
    """("read" | "refused" | "failed", detail)."""
    try:
        texts = read_bytes(data, name)
    except IngestError as error:
        sentence = str(error)
        clear = "请" in sentence and sentence.endswith("。") and "\n" not in sentence and len(sentence) < 300
        return ("refused" if clear else "failed"), sentence
    faults = [fault for text in texts for fault in _faults(text)]
    return ("failed", faults[0]) if faults else ("read", "")


def _faults(raw: RawText) -> Iterator[str]:
    length = len(raw.text)
    if not raw.text.strip():
        yield "a text without words"
    if any(not 0 <= span.start <= span.end <= length for table in raw.tables for row in table.rows for span in row):
        yield "a cell outside the text"
    if list(raw.pages) != sorted(raw.pages) or any(not 0 <= page <= length for page in raw.pages):
        yield "pages out of order"
    raw.text.encode("utf-8")


def cases(count: int, seed: int) -> Iterator[Case]:
    """Attacks and giants first, then mutations in the shares above; the same for the same seed."""
    for label, name, build in SPECIALS:
        yield label, name, build()
    yield from mutations(count - len(SPECIALS), seed)


def mutations(count: int, seed: int) -> Iterator[Case]:
    """Random bytes and damaged files."""
    chance, samples = random.Random(seed), _samples()
    total = sum(SHARES.values())
    for kind, share in SHARES.items():
        for _ in range(count * share // total + 1):
            if kind == "random":
                suffix = chance.choice(
                    ["txt", "pdf", "docx", "xls", "doc", "md", "html", "csv", "ofd", "zip", "png", ""]
                )
                yield "random bytes", f"a.{suffix}", _random_bytes(chance)
            else:
                name, data = chance.choice(samples[kind])
                yield f"mutated {kind}", name, _mutated(data, chance)
    for _ in range(count * OFFICE_PER_THOUSAND // 1000):
        name, data = chance.choice(samples["doc"])
        yield "mutated doc", name, _mutated(data, chance)


def _laughs() -> str:
    """A billion words from ten lines of declarations."""
    lines = (f'<!ENTITY {chr(98 + step)} "{f"&{chr(97 + step)};" * 10}">' for step in range(9))
    return f'<!DOCTYPE x [<!ENTITY a "ha">{"".join(lines)}]><x>&j;</x>'


def _nested_zip(levels: int) -> bytes:
    return _zipped({"a.zip": _nested_zip(levels - 1)}) if levels else _zipped({"a.txt": b"x"})


def _deep_html(tag: str) -> Special:
    return (f"deep html {tag}", "deep.html", lambda: f"<{tag}>".encode() * DEEP + b"x")


def _samples() -> dict[str, list[tuple[str, bytes]]]:
    text = SEED.read_text(encoding="utf-8")[:1500]
    page = "<html><head><title>意见</title></head><body><div class='nav'><a>首页</a></div><h1>意见</h1><table><tr><td rowspan=2>"
    page += "任务</td><td colspan=3>单位</td></tr><tr><td>市商务局</td></tr></table><ol><li>一</li></ol>"
    page += "".join(f"<p>{line}</p>" for line in text.split("\n")) + "</body></html>"
    markdown = text.replace("一、", "# 一、") + "\n| 任务 | 单位 |\n| --- | --- |\n| 甲 | 市商务局 |\n\n1. 甲\n2. 乙\n"
    table = '任务,责任单位\n培育,市商务局\n引进,"市科技局\n市教育局"\n'
    documents = [(path.name, path.read_bytes()) for path in sorted(FILES.iterdir())]
    samples: dict[str, list[tuple[str, bytes]]] = {}
    for name, data in documents:
        samples.setdefault(name.rpartition(".")[2], []).append((name, data))
    samples["pdf"] = [(name, data) for name, data in samples["pdf"] if len(data) < 100_000]
    encodings = ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "big5")
    samples["txt"] = [("a.txt", text.encode(encoding, "ignore")) for encoding in encodings]
    samples["md"] = [("a.md", markdown.encode())]
    samples["html"] = [("a.html", page.encode()), ("b.html", page.encode("gb18030"))]
    samples["csv"] = [("a.csv", table.encode()), ("b.csv", table.encode("gb18030"))]
    samples["xlsx"] = [("a.xlsx", _xlsx())]
    samples["zip"] = [("a.zip", _zipped({"一.txt": text.encode(), "二.md": markdown.encode(), "a.docx": _docx()}))]
    return samples


def _random_bytes(chance: random.Random) -> bytes:
    head = chance.choice(
        [b"", b"", b"", b"%PDF-1.7\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe"]
    )
    if head.startswith(b"\xd0"):
        head += "Workbook".encode("utf-16-le")
    return head + chance.randbytes(chance.choice([1, 2, 7, 100, 1000, 20_000]))


def _mutated(data: bytes, chance: random.Random) -> bytes:
    """Damage the bytes, or for a zip container now and then the bytes of one member, so that its checks still pass."""
    if data.startswith(b"PK") and chance.random() < 0.6:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            name = chance.choice(archive.namelist())
            return _with_member(data, name, _damaged(archive.read(name), chance))
    return _damaged(data, chance)


def _damaged(data: bytes, chance: random.Random) -> bytes:
    damaged = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 5, 20])):
        damage = chance.choice(DAMAGES)
        damage(damaged, chance)
    return bytes(damaged)


def _flip(data: bytearray, chance: random.Random) -> None:
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data) + 1) :]


def _remove(data: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(data) + 1)
    del data[start : start + chance.randrange(1, 200)]


def _repeat(data: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(data) + 1)
    piece = data[start : start + chance.randrange(1, 400)]
    data[start:start] = piece * chance.choice([1, 2, 50])


def _insert(data: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(data) + 1)
    data[start:start] = chance.choice([b"\0", b"<", b">", b"\xff\xff", b"999999999", b"-1", b'"', b"&#0;", b"\n", b"/"])


def _overwrite_number(data: bytearray, chance: random.Random) -> None:
    figures = [position for position, byte in enumerate(data[:50_000]) if 48 <= byte <= 57]
    if figures:
        data[chance.choice(figures)] = chance.choice(b"0123456789")


DAMAGES: tuple[Callable[[bytearray, random.Random], None], ...] = (
    *(_flip, _flip, _cut, _remove, _repeat, _insert, _overwrite_number),
)


def _docx() -> bytes:
    return (FILES / "numbered.docx").read_bytes()


def _ofd() -> bytes:
    return (FILES / "seed.ofd").read_bytes()


def _xlsx() -> bytes:
    import openpyxl

    book, target = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["任务", "责任单位"])
    book.active.append(["培育平台", "市商务局"])
    book.active.merge_cells("A2:A3")
    book.save(target)
    return target.getvalue()


def _far_cell() -> bytes:
    import openpyxl

    book, target = openpyxl.Workbook(), io.BytesIO()
    book.active["XFD1048576"] = "x"
    book.save(target)
    return target.getvalue()


def _deep_word(depth: int) -> bytes:
    name = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    return name + b"<w:sdt>" * depth + b"</w:sdt>" * depth + b"</w:body></w:document>"


def _zipped(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


def _with_member(container: bytes, name: str, data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(container)) as archive:
        members = {other: archive.read(other) for other in archive.namelist()}
    return _zipped({**members, name: data})


DEEP = 100_000
SENTENCE = "责任单位：市商务局。".encode()
SPECIALS: tuple[Special, ...] = (
    ("200 MB text", "big.txt", lambda: SENTENCE * (200 * MEGABYTE // len(SENTENCE))),
    ("49 MB text", "big.txt", lambda: SENTENCE * (49 * MEGABYTE // len(SENTENCE))),
    ("10 MB of one line", "big.md", lambda: "一".encode() * (10 * MEGABYTE // 3)),
    *(_deep_html(tag) for tag in ("div", "table", "span", "p", "x", "b", "ul><li", "a")),
    ("deep md", "deep.md", lambda: b"> " * DEEP + b"x"),
    ("deep md list", "deep.md", lambda: b"".join(b" " * level + b"- x\n" for level in range(2_000))),
    ("deep md emphasis", "deep.md", lambda: b"*a _" * DEEP),
    ("deep md brackets", "deep.md", lambda: b"[" * DEEP + b"](" * DEEP),
    ("deep json", "deep.json", lambda: b"[" * DEEP),
    ("deep xml", "deep.xml", lambda: b"<a>" * DEEP),
    ("deep docx", "deep.docx", lambda: _with_member(_docx(), "word/document.xml", _deep_word(DEEP))),
    ("deep ofd", "deep.ofd", lambda: _with_member(_ofd(), "OFD.xml", b"<a>" * DEEP + b"</a>" * DEEP)),
    ("billion laughs docx", "bomb.docx", lambda: _with_member(_docx(), "word/document.xml", _laughs().encode())),
    (
        "billion laughs utf-16",
        "bomb.docx",
        lambda: _with_member(_docx(), "word/styles.xml", _laughs().encode("utf-16")),
    ),
    ("billion laughs ofd", "bomb.ofd", lambda: _with_member(_ofd(), "OFD.xml", _laughs().encode())),
    ("billion laughs xlsx", "bomb.xlsx", lambda: _with_member(_xlsx(), "xl/workbook.xml", _laughs().encode())),
    ("zip bomb", "bomb.zip", lambda: _zipped({f"{number}.txt": bytes(30 * MEGABYTE) for number in range(5)})),
    ("zip bomb docx", "bomb.docx", lambda: _with_member(_docx(), "word/media/x.bin", bytes(150 * MEGABYTE))),
    ("nested zip", "nest.zip", lambda: _nested_zip(4)),
    ("many files", "many.zip", lambda: _zipped({f"{number}.txt": b"x" for number in range(6_000)})),
    ("path traversal", "evil.zip", lambda: _zipped({"../../etc/passwd.txt": SENTENCE})),
    ("far cell", "far.xlsx", _far_cell),
    ("encrypted pdf", "locked.pdf", lambda: (FILES / "encrypted.pdf").read_bytes()),
    ("html tags", "tags.html", lambda: b"<" * 3_000_000),
    ("html attributes", "tags.html", lambda: b"<p " + b"a=b " * 500_000 + b">x"),
    ("html comments", "tags.html", lambda: b"<!--" * 500_000),
    ("many html cells", "cells.html", lambda: b"<table>" + b"<tr><td>a<td>b" * 200_000),
    ("quotes csv", "q.csv", lambda: b'"' * 3_000_000),
    ("wide csv", "q.csv", lambda: b"," * 3_000_000),
    ("tall csv", "q.csv", lambda: "任务,市商务局\n".encode() * 400_000),
)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
