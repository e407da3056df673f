"""Backup and restore: one state of everything, whatever goes on meanwhile; a bad file or a kill changes nothing."""

import json
import shutil
import sqlite3
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from index.__main__ import main
from index.backup import MANIFEST, backup, restore
from index.curate import Curator
from index.library import FILE_NAME, Library
from index.lock import lock
from index.search import Index
from index.store import FOLDER, held_count
from index.verify import verify
from ingest.errors import IndexingError
from tests.index.conftest import HARBOUR, ORCHARD, document


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A knowledge base with a second database beside the library, as the layers above keep one."""
    data = tmp_path_factory.mktemp("original") / "data"
    Curator(data, create=True).add_documents([document("harbour", HARBOUR)])
    with closing(sqlite3.connect(data / "journal.db")) as journal, journal:
        journal.execute("pragma journal_mode = wal")
        journal.execute("create table asked (question text)")
        journal.execute("insert into asked values ('岸电箱由谁配备')")
    return data


@pytest.fixture(scope="module")
def saved(original: Path) -> Path:
    backup(original, original.parent / "saved.zip")
    return original.parent / "saved.zip"


@pytest.fixture
def other(tmp_path: Path) -> Path:
    Curator(tmp_path / "data", create=True).add_documents([document("orchard", ORCHARD)])
    return tmp_path / "data"


def held(data: Path) -> list[str]:
    with closing(Library.open(data)) as library:
        return [each.id for each in library.documents()]


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file but the empty lock, and SQLite's own shared memory, which is made anew by every reader."""
    left_out = ("chroma.lock", ".sqlite-shm", ".sqlite-wal")
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(left_out)
    }


def test_a_restored_knowledge_base_is_the_one_backed_up(
    original: Path, saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "new" / "data"
    assert main(["restore", str(saved), "--data", str(data)], env={}) == 0
    assert "已恢复" in capsys.readouterr().err
    assert all(finding.sound for finding in verify(data))
    with Index.open(original) as before, Index.open(data) as after:
        assert after.search("岸电箱") == before.search("岸电箱") != []
    with closing(sqlite3.connect(data / "journal.db")) as journal:
        assert journal.execute("select question from asked").fetchall() == [("岸电箱由谁配备",)]


def test_restoring_fills_chroma_anew_under_a_name_of_its_own(original: Path, saved: Path, tmp_path: Path) -> None:
    main(["restore", str(saved), "--data", str(tmp_path)], env={})
    with closing(Library.open(tmp_path)) as new, closing(Library.open(original)) as old:
        assert new.meta("token") != old.meta("token")
        name = f"policy-{new.meta('token')}-{new.meta('model')}"
        assert held_count(tmp_path, name) == len(new.rows("select id from chunks")) > 0


def test_a_backup_beside_a_writer_holds_one_of_its_states(original: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(original, data)
    stop, written = threading.Event(), 0

    def write() -> None:
        nonlocal written
        curator = Curator(data)
        while not stop.is_set():
            curator.add_documents([document(f"more{written}", f"{ORCHARD}\n第{written}号。")])
            written += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for at in range(4):
            backup(data, tmp_path / f"{at}.zip")
    finally:
        stop.set()
        writer.join()
    assert written > 0
    for at in range(4):
        restore(tmp_path / f"{at}.zip", tmp_path / str(at))
        assert all(finding.sound for finding in verify(tmp_path / str(at)))
        assert held(tmp_path / str(at)) == [
            "harbour",
            *(f"more{each}" for each in range(len(held(tmp_path / str(at))) - 1)),
        ]


def test_a_folder_with_contents_is_replaced_only_on_demand_and_kept_aside(saved: Path, other: Path) -> None:
    before = bytes_of(other)
    with pytest.raises(IndexingError, match="--replace"):
        restore(saved, other)
    assert bytes_of(other) == before
    _, kept = restore(saved, other, replace=True)
    assert held(other) == ["harbour"]
    assert kept is not None and held(kept) == ["orchard"]


def test_an_app_that_is_running_is_not_pulled_from_under(saved: Path, other: Path) -> None:
    with lock(other), pytest.raises(IndexingError, match="先停掉应用"):
        restore(saved, other, replace=True)
    assert held(other) == ["orchard"]


def _half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _flipped(content: bytes) -> bytes:
    at = len(content) // 2
    return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


def _rewritten(change: Callable[[dict[str, object]], object]) -> Callable[[bytes], bytes]:
    def rewrite(content: bytes) -> bytes:
        import io

        target = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                head = json.loads(old.read(name)) if name == MANIFEST else None
                if head:
                    change(head)
                new.writestr(name, json.dumps(head) if head else old.read(name))
        return target.getvalue()

    return rewrite


def _empty_zip(_: bytes) -> bytes:
    return b"PK\x05\x06" + bytes(18)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_half, "不完整或已损坏"),
        (_flipped, "不完整或已损坏"),
        (lambda content: b"", "不完整或已损坏"),
        (lambda content: b"words", "不完整或已损坏"),
        (_empty_zip, "不是本程序的备份文件"),
        (_rewritten(lambda head: head.update(format="another")), "不是本程序的备份文件"),
        (_rewritten(lambda head: head.update(schema="99")), "另一版本"),
        (_rewritten(lambda head: head.update(version=2)), "另一版本"),
        (_rewritten(lambda head: head.pop("parts")), "不完整或已损坏"),
        (_rewritten(lambda head: head["parts"][0].update(sha256="0" * 64)), "不完整或已损坏"),  # type: ignore[index]
        (_rewritten(lambda head: head["parts"][0].update(name="../journal.db")), "不完整或已损坏"),  # type: ignore[index]
    ],
    ids=range(11),
)
@pytest.mark.parametrize("place", ["new", "data"])
def test_a_file_that_is_no_whole_backup_changes_nothing(
    saved: Path, other: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], spoil: Callable[[bytes], bytes], said: str, place: str
) -> None:  # fmt: skip
    (tmp_path / "bad.zip").write_bytes(spoil(saved.read_bytes()))
    before = bytes_of(tmp_path)
    assert main(["restore", str(tmp_path / "bad.zip"), "--data", str(tmp_path / place), "--replace"], env={}) == 1
    sentence = capsys.readouterr().err
    assert said in sentence and sentence.count("\n") == 1 and sentence.endswith("。\n")
    assert bytes_of(tmp_path) == before
    assert place == "data" or not (tmp_path / "new").exists()


KILLED = """
import os, pathlib, signal, sys
from index.__main__ import main
count = 0
def dying(name):
    done = getattr(pathlib.Path, name)
    def call(*arguments, **options):
        global count
        count += 1
        if count == int(sys.argv[1]):
            os.kill(os.getpid(), signal.SIGKILL)
        return done(*arguments, **options)
    setattr(pathlib.Path, name, call)
for name in ("replace", "mkdir", "unlink"):
    dying(name)
sys.exit(main(sys.argv[2:], env={}))
"""


def killed_at(step: int, *command: str) -> bool:
    """Whether the command was killed before its step-th change of a name; False when it had fewer."""
    done = subprocess.run([sys.executable, "-c", KILLED, str(step), *command], capture_output=True, check=False)
    return done.returncode < 0


@pytest.mark.parametrize("step", [2, 4, 5, 6, 7, 9])
def test_a_killed_restore_leaves_the_old_or_the_new_whole(saved: Path, other: Path, step: int) -> None:
    command = ("restore", str(saved), "--data", str(other), "--replace")
    assert killed_at(step, *command)
    assert held(other) in (["orchard"], ["harbour"])
    assert all(finding.sound for finding in verify(other))
    if held(other) == ["harbour"]:
        assert [held(kept) for kept in other.glob("before-restore-*")] == [["orchard"]]
        assert (other / "journal.db").is_file()
    assert main([*command], env={}) == 0
    assert held(other) == ["harbour"]
    assert not (other / ".restoring").exists()


@pytest.mark.parametrize("step", [1, 2])
def test_a_killed_backup_leaves_the_last_one_whole(other: Path, tmp_path: Path, step: int) -> None:
    command = ("backup", str(tmp_path / "saved.zip"), "--data", str(other))
    assert main([*command], env={}) == 0
    before = (tmp_path / "saved.zip").read_bytes()
    assert killed_at(step, *command)
    assert (tmp_path / "saved.zip").read_bytes() == before
    assert held(other) == ["orchard"]


def test_a_damaged_knowledge_base_does_not_overwrite_a_sound_backup(
    original: Path, saved: Path, tmp_path: Path
) -> None:
    data, file = tmp_path / "data", tmp_path / "saved.zip"
    shutil.copytree(original, data)
    shutil.copy(saved, file)
    with (data / FILE_NAME).open("r+b") as library:
        library.seek(4096 * 2)
        library.write(b"\xff" * 4096 * 4)
    with pytest.raises(IndexingError, match="restore"):
        backup(data, file)
    assert file.read_bytes() == saved.read_bytes()
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


def test_chroma_and_caches_are_not_in_the_backup(saved: Path) -> None:
    with zipfile.ZipFile(saved) as archive:
        assert sorted(archive.namelist()) == ["journal.db", "library.sqlite", MANIFEST]
        assert FOLDER not in archive.namelist()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("backup", "{tmp}/a.zip", "--data", "{tmp}/none"), "python -m index build"),
        (("backup", "/proc/none/a.zip", "--data", "{tmp}/data"), "没有备份"),
        (("restore", "{tmp}/none.zip", "--data", "{tmp}/new"), "读不到"),
        (("restore", "{saved}", "--data", "/proc/none"), "没有恢复|权限"),
    ],
)
def test_places_that_do_not_do_are_named(
    saved: Path, other: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    import re

    assert main([each.format(tmp=tmp_path, saved=saved) for each in arguments], env={}) == 1
    sentence = capsys.readouterr().err
    assert re.search(said, sentence) and sentence.count("\n") == 1
