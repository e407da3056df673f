"""What happens to disks, folders and Chroma: one sentence says what is wrong, and what is sound is still served."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

import index.connect
import index.vectors
from index.__main__ import main
from index.backup import backup, restore
from index.curate import Curator
from index.library import FILE_NAME, Library
from index.search import Index
from index.store import EMBEDDED, FOLDER, ChromaVectors, collection_name, living_vectors, tend
from index.swap import contents
from index.verify import verify
from ingest.errors import IndexingError
from tests.deploy.proxy import free_port
from tests.index.conftest import HARBOUR, ORCHARD, document

QUESTION = "岸电箱由谁配备"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    Curator(tmp_path / "data", create=True).add_documents([document("harbour", HARBOUR)])
    return tmp_path / "data"


@contextmanager
def volume(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    if os.geteuid() != 0:
        pytest.skip("only the superuser may mount a small disk")
    place = tmp_path / "disk"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(place)], capture_output=True).returncode:
        pytest.skip("this machine does not permit mount")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place: Path) -> None:
    with suppressed_full(), (place / "fill").open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))


@contextmanager
def suppressed_full() -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        assert problem.errno == 28


def fault(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one sentence with which a command ends."""
    capsys.readouterr()
    assert main([*arguments], env={}) == 1
    said = [line for line in capsys.readouterr().err.splitlines() if "只由本进程打开" not in line]
    assert len(said) == 1 and said[0].endswith("。")
    return said[0]


def test_a_full_disk_still_answers_and_refuses_changes_in_words(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "market.txt").write_text("关于夜市的通知\n\n夜市应当按时收摊。", encoding="utf-8")
    with volume(tmp_path) as disk:
        shutil.copytree(data, disk / "data")
        fill(disk)
        with Index.open(disk / "data") as opened:
            assert opened.search(QUESTION)
        place = ("--data", str(disk / "data"))
        assert "满" in fault(capsys, "add", str(tmp_path / "market.txt"), *place)
        assert "满" in fault(capsys, "remove", "harbour", *place)
        assert "空间" in fault(capsys, "backup", str(disk / "saved.zip"), *place) or not (disk / "saved.zip").exists()
        (disk / "fill").unlink()
        assert all(finding.sound for finding in verify(disk / "data"))
        assert not list(disk.glob(".saved*"))


def test_a_read_only_folder_still_answers_and_refuses_changes_in_words(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with volume(tmp_path) as disk:
        shutil.copytree(data, disk / "data")
        backup(data, tmp_path / "saved.zip")
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        with Index.open(disk / "data", chroma=EMBEDDED) as opened:
            assert opened.search(QUESTION)
        place = ("--data", str(disk / "data"))
        assert "不可写" in fault(capsys, "remove", "harbour", *place)
        assert "不可写" in fault(capsys, "restore", str(tmp_path / "saved.zip"), "--replace", *place)
        assert main(["backup", str(tmp_path / "again.zip"), *place], env={}) == 0


def test_the_second_of_two_builds_waits_and_then_says_so(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.connect, "_PATIENCE_S", 0.2)
    with closing(Library.open(data)) as first, first.changing():
        assert "另一个程序正在写入" in fault(capsys, "remove", "harbour", "--data", str(data))
        with Index.open(data) as opened:
            assert opened.search(QUESTION)
    assert main(["remove", "harbour", "--data", str(data)], env={}) == 0


def test_two_builds_at_once_leave_one_whole_collection(tmp_path: Path) -> None:
    for name, text in (("harbour", HARBOUR), ("orchard", ORCHARD)):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "index", "build", "--data", str(tmp_path / "data"), str(tmp_path / f"{name}.txt")],
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("harbour", "orchard")
    ]
    said = [process.communicate(timeout=60)[1] for process in both]
    assert 0 in [process.returncode for process in both], said
    assert not any("Traceback" in each for each in said)
    assert all(finding.sound for finding in verify(tmp_path / "data"))
    with closing(Library.open(tmp_path / "data")) as library:
        assert len(library.documents()) == 1


def _cut(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def _emptied(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(bytes(path.stat().st_size - 4096))


@pytest.mark.parametrize("spoil", [_cut, _emptied])
def test_a_half_copied_folder_is_named_and_restored(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], spoil: Callable[[Path], None]
) -> None:
    backup(data, tmp_path / "saved.zip")
    spoil(data / FILE_NAME)
    place = ("--data", str(data))
    for command in (("search", QUESTION), ("backup", str(tmp_path / "again.zip"))):
        assert "python -m index restore" in fault(capsys, *command, *place)
    assert main(["restore", str(tmp_path / "saved.zip"), "--replace", *place], env={}) == 0
    assert all(finding.sound for finding in verify(data))


@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_page_is_a_sentence_or_costs_nothing(seeds: Path, tmp_path: Path, seed: int) -> None:
    """Never a traceback; and ``verify`` sees every damage that matters to what is stored."""
    chance = random.Random(seed)
    content = bytearray((seeds / FILE_NAME).read_bytes())
    for _ in range(chance.choice((1, 5, 40))):
        at = chance.randrange(len(content) // 4096) * 4096
        content[at : at + 4096] = chance.choice((bytes(4096), chance.randbytes(4096)))
    (tmp_path / FILE_NAME).write_bytes(content)
    try:
        with Index.open(tmp_path) as opened:
            opened.search("服务外包人才培训由谁负责")
            for each in opened.documents():
                opened.document(each.id)
    except IndexingError as problem:
        assert "restore" in str(problem)
    else:
        assert not all(finding.sound for finding in verify(tmp_path))


def test_two_restores_in_one_second_of_a_clock_set_back_keep_both(data: Path, tmp_path: Path) -> None:
    backup(data, tmp_path / "saved.zip")
    kept = [restore(tmp_path / "saved.zip", data, replace=True)[1] for _ in range(3)]
    assert len({path for path in kept if path and (path / FILE_NAME).is_file()}) == 3
    assert [path.name for path in contents(data)] == [FILE_NAME]


def engine_becomes(index: Index, name: str, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        index.search(QUESTION)
        if index.vector_search == name:
            return
        time.sleep(0.1)
    raise AssertionError(f"the engine never became {name}")


def test_a_chroma_folder_damaged_under_a_running_app_costs_no_answer_and_heals(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.vectors, "RETRY_S", 0.1)
    with Index.open(data, chroma=EMBEDDED) as opened:
        engine_becomes(opened, "chroma")
        opened.search(QUESTION)
        before = opened.search(QUESTION)
        for path in (data / FOLDER).rglob("*"):
            if path.is_file():
                path.write_bytes(b"x" * path.stat().st_size)
        assert opened.search(QUESTION) == before
        engine_becomes(opened, "exact")
        engine_becomes(opened, "chroma")
        assert opened.search(QUESTION) == before


def test_a_chroma_of_another_state_of_the_library_is_put_right(data: Path, tmp_path: Path) -> None:
    """Its vectors bear the same numbers and are of other passages: copied a day later than the library, for one."""
    shutil.copytree(data, tmp_path / "other")
    Curator(data).add_documents([document("orchard", ORCHARD)])
    Curator(tmp_path / "other").add_documents(
        [document("market", "关于夜市的通知\n\n1.夜市应当按时收摊。\n\n2.摊位费减半。\n")]
    )
    assert tend(tmp_path / "other")["held"] > 0
    shutil.copytree(tmp_path / "other" / FOLDER, data / FOLDER)
    with closing(Library.open(data)) as library:
        name = collection_name(library)
        ids, vectors = living_vectors(library)
    tend(data)
    with closing(ChromaVectors(data, EMBEDDED, name)) as held:
        assert held.differing(ids, vectors).tolist() == []
        assert sorted(held.ids.tolist()) == sorted(ids.tolist())
        assert [int(held.nearest(vector, 1)[0]) for vector in vectors] == ids.tolist()


def test_a_chroma_server_gives_the_same_and_may_go_away(data: Path, tmp_path: Path) -> None:
    port = free_port()
    command = [
        str(Path(sys.executable).with_name("chroma")),
        "run",
        "--path",
        str(tmp_path / "server"),
        "--port",
        str(port),
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            reachable(port)
            with Index.open(data) as exact, Index.open(data, chroma=f"http://127.0.0.1:{port}") as opened:
                engine_becomes(opened, "chroma")
                for question in (QUESTION, "推广港口岸电"):
                    assert opened.search(question) == exact.search(question) != []
                assert "Chroma 服务里有" in told(data, port) and "与文件一致" in told(data, port)
                server.send_signal(signal.SIGKILL)
                server.wait(10)
                assert opened.search(QUESTION) == exact.search(QUESTION)
                assert "没有应答" in told(data, port)
        finally:
            server.kill()


def told(data: Path, port: int) -> str:
    return list(verify(data, chroma=f"http://127.0.0.1:{port}"))[-1].text


def reachable(port: int) -> None:
    import socket

    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the Chroma server never answered")
