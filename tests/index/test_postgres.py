"""PostgreSQL as the truth: the same answers as from a file, and every fault of it one sentence."""

import signal
import time
from contextlib import closing
from pathlib import Path

import pytest

from assistant.launch import open_index, read_settings
from index import connect
from index import postgres as engine
from index.__main__ import main
from index.curate import Curator
from index.home import Home
from index.library import Library
from index.postgres import UnavailableError
from index.search import Index
from index.verify import verify
from ingest.errors import IndexingError
from tests.deploy.cluster import PASSWORD, Cluster, cluster
from tests.index.conftest import HARBOUR, ORCHARD, document

QUESTIONS = (
    "岸电箱由谁配备",
    "果园滴灌每亩补助多少",
    "第1项任务谁负责",
    "《关于港口岸电的通知》讲什么",
    "“滴灌管材三百元”出自哪里",
    "市农业农村局",
)


@pytest.fixture
def server(postgres: Cluster) -> Cluster:
    return postgres


@pytest.fixture
def stored(home: Home) -> Home:
    documents = [document("harbour", HARBOUR), document("orchard", ORCHARD, number="江政办〔2023〕17号")]
    Curator(home, create=True).add_documents(documents)
    return home


def test_both_engines_find_the_same_to_the_last_digit(server: Cluster, tmp_path: Path) -> None:
    found = []
    for home in (Home(tmp_path / "file"), Home(tmp_path / "postgres", server.database())):
        Curator(home, create=True).build()
        with Index.open(home) as index:
            found.append(
                [index.explain(question) for question in (*QUESTIONS, "出口信用保险找谁", "武政规〔2021〕1号")]
            )
            assert not [finding.text for finding in verify(home) if not finding.sound]
    for here, there in zip(*found, strict=True):
        assert here.hits == there.hits != ()
        assert here.features == there.features


def test_what_another_process_changes_is_seen_at_once(stored: Home) -> None:
    with Index.open(stored) as index:
        before = index.generation()
        assert index.search("岸电箱")[0].document_id == "harbour"
        Curator(stored).remove(["harbour"])
        assert index.generation() != before
        assert all(hit.document_id == "orchard" for hit in index.search("岸电箱"))


def test_a_document_stored_again_keeps_its_position(stored: Home) -> None:
    Curator(stored).add_documents([document("harbour", HARBOUR + "\n又。")])
    with Index.open(stored) as index:
        assert [each.id for each in index.documents()] == ["harbour", "orchard"]
    assert all(finding.sound for finding in verify(stored))


def test_a_change_that_fails_leaves_nothing(stored: Home) -> None:
    with closing(Library.open(stored)) as library:
        before = [(each.id, each.hash) for each in library.documents()]
        with pytest.raises(ZeroDivisionError), library.changing() as change:
            change.remove(["harbour"])
            raise ZeroDivisionError
        assert [(each.id, each.hash) for each in library.documents()] == before


def test_a_reader_sees_one_state_while_another_writes(stored: Home) -> None:
    with closing(Library.open(stored)) as library, library.reading():
        first = [each.id for each in library.documents()]
        Curator(stored).remove(["harbour"])
        assert [each.id for each in library.documents()] == first == ["harbour", "orchard"]


def test_a_document_that_something_changed_costs_only_itself(stored: Home) -> None:
    with closing(Library.open(stored)) as library, library.changing(quietly=True) as change:
        change.run("update documents set text = replace(text, '岸电箱', '岸电柜') where id = 'harbour'")
    environment = {"POLICY_DATABASE_URL": stored.database}
    with open_index(read_settings(["--data", str(stored.folder)], environment)) as index:
        assert [each.id for each in index.documents()] == ["orchard"]
        assert {hit.document_id for hit in index.search("岸电箱由谁配备，果园滴灌呢")} == {"orchard"}
        assert "文件 harbour" in index.damage and "restore" in index.damage and PASSWORD not in index.damage
        assert str(stored) in index.damage and index.damage.count("。") == 1
    with closing(Library.open(stored)) as library:
        assert library.document_ids() == ["harbour", "orchard"]


def test_a_new_database_has_no_knowledge_base_yet(server: Cluster, tmp_path: Path) -> None:
    with pytest.raises(IndexingError, match="index build"):
        Library.open(Home(tmp_path, server.database()))


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("postgresql://policy:Kein-Wort-davon@127.0.0.1:1/kb", "连不上"),
        ("postgresql://policy:falsch@127.0.0.1:{port}/postgres", "用户名或口令"),
        ("postgresql://policy:Kein-Wort-davon@127.0.0.1:{port}/nirgends", "createdb"),
        ("postgresql://policy:Kein-Wort-davon@127.0.0.1:{port}/postgres?nonsense=1", "不是能用的数据库网址"),
        ("mysql://policy:Kein-Wort-davon@127.0.0.1:{port}/kb", "不是 PostgreSQL 的网址"),
    ],
)
def test_a_database_that_cannot_be_used_is_one_sentence_without_the_password(
    server: Cluster, tmp_path: Path, capsys: pytest.CaptureFixture[str], url: str, sentence: str
) -> None:
    environment = {"POLICY_DATABASE_URL": url.format(port=server.port)}
    assert main(["list", "--data", str(tmp_path)], env=environment) == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1 and sentence in said[0] and said[0].endswith("。")
    assert PASSWORD not in said[0] and "falsch" not in said[0]


def test_a_server_that_restarts_is_one_sentence_and_then_as_before(tmp_path: Path) -> None:
    with cluster() as own:
        home = Home(tmp_path, own.database())
        Curator(home, create=True).add_documents([document("harbour", HARBOUR)])
        with Index.open(home) as index:
            before = index.search("岸电箱")
            own.stop(signal.SIGQUIT)
            for _ in range(2):
                with pytest.raises(UnavailableError, match="PostgreSQL") as told:
                    index.search("岸电箱")
                assert PASSWORD not in str(told.value)
            own.start()
            time.sleep(engine._REST_S)
            assert index.search("岸电箱") == before


def test_a_session_that_the_server_ends_is_opened_again_unnoticed(stored: Home, server: Cluster) -> None:
    if not stored.database:
        pytest.skip("a file has no sessions")
    with Index.open(stored) as index:
        before = index.search("岸电箱")
        server.run("postgres", "select pg_terminate_backend(pid) from pg_stat_activity where datname like 'kb%'")
        assert index.search("岸电箱") == before


def test_a_change_that_loses_its_server_leaves_nothing_half(tmp_path: Path) -> None:
    with cluster() as own:
        home = Home(tmp_path, own.database())
        Curator(home, create=True).add_documents([document("harbour", HARBOUR), document("orchard", ORCHARD)])
        with closing(Library.open(home)) as library:
            with pytest.raises(UnavailableError, match="核对"), library.changing() as change:
                change.remove(["harbour"])
                own.stop(signal.SIGQUIT)
                change.remove(["orchard"])
            own.start()
            time.sleep(engine._REST_S)
            with library.reading():
                assert [each.id for each in library.documents()] == ["harbour", "orchard"]
        assert all(finding.sound for finding in verify(home))


def test_only_one_changes_at_a_time(stored: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_CHANGING", engine._CHANGING.replace("5s", "200ms"))
    monkeypatch.setattr(connect, "_PATIENCE_S", 0.2)
    with closing(Library.open(stored)) as first, first.changing():
        with pytest.raises(IndexingError, match="另一个程序正在写入"):
            Curator(stored).remove(["harbour"])
        with Index.open(stored) as index:
            assert index.search("岸电箱")
    Curator(stored).remove(["harbour"])


def test_what_the_database_cannot_store_is_said(stored: Home) -> None:
    if not stored.database:
        pytest.skip("a file stores everything")
    with pytest.raises(IndexingError, match="空字符"), closing(Library.open(stored)) as library:
        library.rows("select ?", ("\0",))
