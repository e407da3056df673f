"""The app in a process of its own while its disk, its files and its end are not as they should be."""

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from assistant.journal import Journal
from bench.kill_work import text
from bench.running import Served, served
from index.curate import Curator
from index.library import FILE_NAME, Library
from index.store import FOLDER
from index.verify import verify
from tests.index.conftest import HARBOUR, ORCHARD, document
from tests.index.test_salvage import LONG, spoil_table, spoil_words

QUESTION = "港口岸电：沿江码头配备岸电箱由哪个单位负责？"
UNITS = ["市交通运输局"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    Curator(data, create=True).add_documents([document("harbour", HARBOUR), document("orchard", ORCHARD)])
    return data


def asked(app: Served, question: str = QUESTION) -> dict[str, Any]:
    answer: dict[str, Any] = app.client.post("/api/ask", json={"question": question}).raise_for_status().json()
    return answer


def health(app: Served) -> dict[str, Any]:
    told: dict[str, Any] = app.client.get("/healthz").json()
    return told


def test_what_is_derived_is_made_again_when_the_app_starts(data: Path) -> None:
    with served(data) as app:
        before = asked(app)
    assert before["units"] == UNITS
    spoil_table(data / FILE_NAME, "blocks")
    with served(data) as app:
        assert asked(app)["answer"] == before["answer"]
        assert (health(app)["status"], health(app)["reason"]) == ("ok", "")
    assert all(finding.sound for finding in verify(data))
    assert list(data.glob(f"damaged-*/{FILE_NAME}"))


def test_of_a_damaged_library_what_is_sound_is_served_and_the_rest_is_named(data: Path, tmp_path: Path) -> None:
    Curator(data).add_documents([document("long", LONG)])
    spoil_words(data / FILE_NAME, "其他事项从略。" * 100)
    (tmp_path / "new.txt").write_text(text(7), encoding="utf-8")
    damaged = (data / FILE_NAME).read_bytes()
    with served(data) as app:
        answer, state = asked(app), health(app)
        assert answer["units"] == UNITS
        assert any("不全" in note for note in answer["notes"])
        assert state["status"] == "degraded" and state["documents"] == 2
        assert "文件 long" in state["reason"] and "restore" in state["reason"]
        refused = app.client.post("/api/editor/documents", files={"files": ("new.txt", text(7).encode())})
        assert refused.status_code == 400 and "没有改动" in refused.json()["error"]["message"]
    with served(data) as app:  # and again, as nothing was restored
        assert asked(app)["units"] == UNITS and health(app)["status"] == "degraded"
    assert (data / FILE_NAME).read_bytes() == damaged


def test_a_damaged_journal_stops_no_answer(data: Path) -> None:
    (data / "journal.db").write_bytes(b"no journal" * 1000)
    with served(data) as app:
        assert asked(app)["units"] == UNITS
        assert health(app)["status"] == "degraded" and "问答记录" in health(app)["reason"]
    with closing(Journal.open(data)) as journal:
        assert len(journal.since("")) == 1


def test_a_chroma_of_another_state_or_in_ruins_costs_no_answer(data: Path, tmp_path: Path) -> None:
    with served(data) as app:
        right = asked(app)["answer"]
    for path in (data / FOLDER).rglob("*"):
        if path.is_file():
            path.write_bytes(b"x" * path.stat().st_size)
    with served(data) as app:
        assert asked(app)["answer"] == right
        until = time.monotonic() + 60
        while health(app)["vector_search"] != "chroma" and time.monotonic() < until:
            asked(app)
            time.sleep(0.2)
        assert health(app)["vector_search"] == "chroma"
        assert asked(app)["answer"] == right


def disk(tmp_path: Path) -> Path:
    """A small disk of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = (
        os.geteuid() == 0
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(place)], capture_output=True
        ).returncode
    )
    if not mounted:
        pytest.skip("this machine does not permit mounting a small disk")
    return place


def test_a_disk_that_fills_under_the_app_costs_no_answer(data: Path, tmp_path: Path) -> None:
    place = disk(tmp_path)
    try:
        shutil.copytree(data, place / "data")
        with served(place / "data", env={"TMPDIR": str(tmp_path)}) as app:
            right = asked(app)["answer"]
            fill(place / "fill")
            assert asked(app)["answer"] == right
            refused = app.client.post("/api/editor/documents", files={"files": ("new.txt", text(7).encode())})
            assert refused.status_code == 400 and "满" in refused.json()["error"]["message"]
            assert health(app)["status"] == "degraded" and "腾出空间" in health(app)["reason"]
            (place / "fill").unlink()
            assert app.client.post("/api/editor/documents", files={"files": ("new.txt", text(7).encode())}).is_success
            assert "Traceback" not in app.said.read_text(encoding="utf-8")
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@contextmanager
def read_only(data: Path, beside: Path) -> Iterator[None]:
    """Whoever opens anything in the folder meanwhile finds a disk that takes nothing."""
    beside.mkdir()
    mounts = (
        ["--bind", str(data), str(beside)],
        ["-o", "remount,bind,ro", str(beside)],
        ["--bind", str(beside), str(data)],
    )
    done = 0
    try:
        for arguments in mounts:
            if subprocess.run(["mount", *arguments], capture_output=True).returncode:
                pytest.skip("this machine does not permit mounting a folder read-only")
            done += 1
        yield
    finally:
        if done == len(mounts):
            subprocess.run(["umount", "-l", str(data)], check=True)
        if done:
            subprocess.run(["umount", "-l", str(beside)], check=True)


def test_a_folder_that_turns_read_only_under_the_app_costs_no_answer(data: Path, tmp_path: Path) -> None:
    new = {"files": ("new.txt", text(7).encode())}
    with served(data) as app:
        assert app.client.get("/ready", timeout=120).status_code == 204  # the pages stand, Chroma is open
        right = asked(app)["answer"]
        with read_only(data, tmp_path / "beside"):
            assert asked(app)["answer"] == right
            refused = app.client.post("/api/editor/documents", files=new)
            told = refused.json()["error"]["message"]
            assert refused.status_code == 400 and "不可写" in told and told.endswith("。")
            assert health(app)["status"] == "degraded" and "不可写" in health(app)["reason"]
        assert app.client.post("/api/editor/documents", files=new).is_success
        assert health(app)["status"] == "ok"
        assert "Traceback" not in app.said.read_text(encoding="utf-8")


def fill(file: Path) -> None:
    with file.open("wb", buffering=0) as opened:
        try:
            while True:
                opened.write(bytes(4096))
        except OSError as problem:
            assert problem.errno == 28


def test_a_stopped_app_finishes_an_upload_a_publication_and_an_answer(data: Path, tmp_path: Path) -> None:
    long = tmp_path / "long.txt"
    long.write_text("".join(text(at) for at in range(100, 400)), encoding="utf-8")
    with served(data) as app:
        drafts = app.read(long)
        done: dict[str, Any] = {}
        under_way = [
            threading.Thread(target=lambda: done.update(publish=app.publish(drafts))),
            threading.Thread(target=lambda: done.update(ask=asked(app))),
            threading.Thread(target=lambda: done.update(read=app.read(written(tmp_path)))),
        ]
        for each in under_way:
            each.start()
        time.sleep(0.05)
        app.process.send_signal(signal.SIGTERM)
        for each in under_way:
            each.join(30)
        began = time.monotonic()
        app.process.wait(30)
        assert time.monotonic() - began < 15
        assert done["ask"]["units"] == UNITS
    with closing(Library.open(data)) as library:
        assert {*done["publish"]} <= {each.id for each in library.documents()}
        assert library.rows("select count(*) from drafts") == [(1,)]
    with closing(Journal.open(data)) as journal:
        assert [entry.question for entry in journal.since("")] == [QUESTION]
    assert all(finding.sound for finding in verify(data))


def written(folder: Path) -> Path:
    path = folder / "other.txt"
    path.write_text(text(50), encoding="utf-8")
    return path
