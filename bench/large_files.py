"""Files as large as an upload may be that are read and parsed to the end: Word and PDF with pictures, and plain text."""

import random
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from bench.served import ROOT, told_once

MIB = 1024 * 1024
LARGEST_MB = 49
_PDF = ROOT / "tests" / "ingest" / "files" / "seed-libreoffice.pdf"


def large_files(folder: Path, megabytes: int) -> list[list[Path]]:
    """So many megabytes in files below the limit of one, in groups that may be uploaded at once."""
    makers = (_docx, _pdf, _txt)
    files: list[Path] = []
    left = megabytes * MIB
    for number in range(100):
        if left < 2 * MIB:
            break
        path = makers[number % len(makers)](folder, number, min(LARGEST_MB * MIB, left))
        files.append(path)
        left -= path.stat().st_size
    return [files[at : at + 4] for at in range(0, len(files), 4)]


def _text(number: int, documents: int) -> str:
    return "\n".join(told_once(number * 1000 + at)[0] for at in range(documents))


def _docx(folder: Path, number: int, size: int) -> Path:
    """Hundreds of thousands of characters, and pictures for the rest."""
    from docx import Document

    path = folder / f"{number}.docx"
    written = Document()
    for line in _text(number, 300).splitlines():
        written.add_paragraph(line)
    written.save(str(path))
    with zipfile.ZipFile(path, "a") as package:
        for at, picture in enumerate(_noise(number, size - path.stat().st_size - 4096)):
            package.writestr(f"word/media/image{at}.png", picture)
    return path


def _pdf(folder: Path, number: int, size: int) -> Path:
    """The seed as LibreOffice prints it, with a picture that no page shows put in by an update of the file."""
    path, before = folder / f"{number}.pdf", _PDF.read_bytes()
    start = before.rindex(b"startxref") + 9
    last = int(before[start:].split()[0])
    trailer = before[before.rindex(b"trailer") :].decode("latin-1")
    (count,), (root,) = (re.findall(pattern, trailer) for pattern in (r"/Size\s*(\d+)", r"/Root\s*(\d+ \d+ R)"))
    picture = b"".join(_noise(number, size - len(before) - 1024))
    body = b"\n%d 0 obj\n<</Length %d>>\nstream\n" % (int(count), len(picture)) + picture + b"\nendstream\nendobj\n"
    at, table = len(before) + 1, len(before) + len(body)
    update = f"xref\n{count} 1\n{at:010d} 00000 n \ntrailer\n<</Size {int(count) + 1}/Root {root} R/Prev {last}>>\nstartxref\n{table}\n%%EOF\n"
    path.write_bytes(before + body + update.encode())
    return path


def _txt(folder: Path, number: int, size: int) -> Path:
    """Nearly a million characters."""
    path = folder / f"{number}.txt"
    path.write_text(_text(number, min(2_000, size // 1200)), encoding="utf-8")
    return path


def _noise(seed: int, size: int) -> Iterator[bytes]:
    """What cannot be pressed smaller, in pieces of a megabyte."""
    chance = random.Random(seed)
    for at in range(0, max(0, size), MIB):
        yield chance.randbytes(min(MIB, size - at))
