"""Reading in a process of its own: the same documents, and nothing that a bad file does reaches the process that asked."""

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest

from ingest import apart
from ingest.apart import Read, documents_apart
from ingest.catalog import Catalog
from ingest.directory import UnitDirectory
from ingest.errors import IngestError
from ingest.exchange import to_json
from ingest.load import document_of, load
from ingest.read import read
from ingest.written import Written, opened
from tests.ingest import hostile

FILES = Path(__file__).parent / "files"
SEEDS = Path(__file__).resolve().parents[2] / "seeds"


def apart_from_us(read: Read) -> object:
    return documents_apart(read, catalog=None, directory=None)


@pytest.mark.parametrize("name", ["seed.docx", "seed-libreoffice.pdf", "seed.ofd", "table.xls"])
def test_what_is_read_there_is_what_is_read_here(name: str) -> None:
    catalog, directory = Catalog.load(SEEDS), UnitDirectory.load(SEEDS / "units.toml")
    lengths: list[int] = []
    there = documents_apart(
        partial(read, FILES / name), catalog=catalog, directory=directory, characters=lengths.append
    )
    here = load(str(FILES / name), catalog=catalog, directory=directory)
    assert tuple(each.document for each in there) == here
    assert there == tuple(map(Written.of, here))
    assert lengths == [len(read(FILES / name)[0].text)]


def test_a_refusal_is_the_same_sentence() -> None:
    with pytest.raises(IngestError) as here:
        read(FILES / "encrypted.pdf")
    with pytest.raises(IngestError) as there:
        apart_from_us(partial(read, FILES / "encrypted.pdf"))
    assert str(there.value) == str(here.value)


@pytest.mark.parametrize(
    ("does", "sentence"), [(hostile.greed, "内存"), (hostile.crash, "中断"), (hostile.defect, "运行日志")]
)
def test_whatever_breaks_the_reading_is_one_sentence(
    does: Read, sentence: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(IngestError, match=sentence) as told:
        apart_from_us(does)
    assert str(told.value).endswith("。")
    assert ("ZeroDivisionError: of a parser" in caplog.text) == (does is hostile.defect)


def test_what_a_library_prints_is_not_taken_for_a_document(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    (document,) = documents_apart(hostile.chatter, catalog=None, directory=None)
    assert document.head.title == "关于测试的通知"


def test_no_setting_and_no_secret_is_known_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICY_LLM_API_KEY", "sk-of-nobody")
    (document,) = documents_apart(hostile.settings, catalog=None, directory=None)
    assert "PATH=" in document.head.text
    assert "POLICY_" not in document.head.text and "sk-of-nobody" not in document.head.text


def test_it_gives_way_to_everybody_else() -> None:
    (document,) = documents_apart(hostile.manners, catalog=None, directory=None)
    assert "谦让到 19。" in document.head.text


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"{",
        b"[1]\n",
        b"{}\n",
        b"[" * 100_000 + b"\n",
        b'{"characters": "many"}\n',
        b'{"documents": 7}\n',
        b'{"documents": [{"head": {}}]}\n',
        b'{"documents": [{"head": [], "body": 2, "text": 1}]}\n{}x',
        b'{"documents": [{"head": {}, "body": 2, "text": -1}]}\n{}',
        b'{"documents": [{"head": {}, "body": 2, "text": 1}]}\n{}x',
        b'{"documents": [{"head": {}, "body": 2, "text": 1}]}\n{}\xff',
        b'{"documents": [{"head": {}, "body": 2, "text": 900}]}\n{}cut off',
    ],
)
def test_nonsense_is_believed_nowhere(said: bytes) -> None:
    with pytest.raises(apart.CutOffError):
        apart.told(BytesIO(said))


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ({}, {"id": "another"}),
        ({}, {"title": "关于别的事项的通知"}),
        ({}, {"noted": {"title": "编辑核对过"}}),
        ({"noted": {"title": 7}}, {"noted": {"title": 7}}),
        ({"title": ["<b>"]}, {"title": ["<b>"]}),
        ({}, {"more": float("nan")}),
        ({}, '{"id":"another"},"audit":"已核对","more":{}'),
        ({}, '{"id": "another", "id": "told"}'),
        ({}, "[]"),
        ({}, "[" * 100_000),
    ],
)
def test_the_body_is_believed_no_more_than_its_head(head: dict[str, object], body: dict[str, object] | str) -> None:
    (read,) = hostile.chatter()
    whole = to_json(replace(document_of(read), id="told"))
    text = whole.pop("text")
    hanging = {name: type(whole[name])() for name in ("clauses", "responsibilities", "references", "repairs", "spans")}

    def say(body: str, head: dict[str, object]) -> bytes:
        contents = [each.encode() for each in (body, text)]
        line = {"head": head, "body": len(contents[0]), "text": len(contents[1]), "audit": "", "gaps": []}
        return b"\n".join((json.dumps({"documents": [line]}).encode(), b"".join(contents)))

    (sound,) = apart.told(BytesIO(say(json.dumps(whole), whole | hanging)))
    assert sound.document.clauses
    with pytest.raises(apart.CutOffError):
        apart.told(BytesIO(say(body if isinstance(body, str) else json.dumps(whole | body), whole | hanging | head)))


def test_a_clause_that_is_none_is_refused_when_it_is_opened() -> None:
    (read,) = hostile.chatter()
    whole = to_json(document_of(read))
    whole["clauses"][0]["title"] = ["<b>"]
    with pytest.raises(IngestError, match="不是一份文件"):
        opened(json.dumps(whole), whole["text"])


@pytest.mark.parametrize("goes_on", [True, False])
def test_a_child_that_says_nonsense_is_one_sentence_and_leaves_nobody_waiting(goes_on: bool) -> None:
    with pytest.raises(IngestError, match="中断了") as told:
        apart_from_us(partial(hostile.says, b'{"documents": [{', goes_on=goes_on))
    assert str(told.value).count("。") == 1


def test_a_reading_without_end_is_stopped_with_all_that_it_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(apart, "READING_SECONDS", 3.0)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = set(descendants(os.getpid()))
    with pytest.raises(IngestError, match="还没有读完"):
        apart_from_us(hostile.for_ever)
    assert until_gone(set(descendants(os.getpid())) - before)
    assert not list(tmp_path.iterdir())


def test_it_ends_with_the_process_that_asked() -> None:
    asks = "from ingest.apart import *; from tests.ingest import hostile; documents_apart(hostile.for_ever, catalog=None, directory=None)"
    with subprocess.Popen([sys.executable, "-c", asks], cwd=SEEDS.parent) as parent:
        deadline = time.monotonic() + 60
        while (
            len(started := descendants(parent.pid)) < 3
        ):  # the reader, the script that it started, and what that started
            assert time.monotonic() < deadline and parent.poll() is None
            time.sleep(0.05)
        parent.send_signal(signal.SIGKILL)
    assert until_gone(set(started))


def descendants(pid: int) -> list[int]:
    """Processes below this one."""
    found = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, path.read_text().split()):
            found += [child, *descendants(child)]
    return found


def until_gone(pids: set[int]) -> bool:
    deadline = time.monotonic() + 30
    while any(is_running(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
