"""Logins are known to every process that shares a database: a session, its end, and how often somebody failed."""

from pathlib import Path

import pytest

from assistant.accounts.access import Access, AccessDenied
from assistant.accounts.attempts import FREE
from assistant.accounts.password import Password
from index.home import Home
from index.postgres import UnavailableError
from tests.deploy.cluster import Cluster

RIGHT = "夜市按时收摊"


@pytest.fixture
def pair(postgres: Cluster, tmp_path: Path) -> tuple[Access, Access]:
    home = Home(tmp_path, postgres.database())
    one, other = (Access("编辑", Password.read(RIGHT), home=home) for _ in range(2))
    return one, other


def test_a_session_begun_at_one_ends_at_the_other(pair: tuple[Access, Access]) -> None:
    one, other = pair
    token = one.login("编辑", RIGHT, client="10.0.0.1")
    assert other.editor_of(token) == one.editor_of(token) == "编辑"
    other.logout(token)
    assert one.editor_of(token) is None
    assert one.editor_of("\0' or 1=1 --") is None


def test_tokens_cannot_be_read_out_of_the_database(pair: tuple[Access, Access], postgres: Cluster) -> None:
    import psycopg

    token = pair[0].login("编辑", RIGHT, client="10.0.0.1")
    assert pair[0].home
    with psycopg.connect(pair[0].home.database) as session:
        kept = session.execute("select token, login from sessions").fetchall()
    assert len(kept) == 1 and token not in kept[0]


def test_failures_count_over_both_and_do_not_shut_out_who_is_known(pair: tuple[Access, Access]) -> None:
    one, other = pair
    one.login("编辑", RIGHT, client="10.0.0.1")
    for attempt in range(FREE):
        with pytest.raises(AccessDenied) as refused:
            (one, other)[attempt % 2].login("编辑", "falsch", client="6.6.6.6")
        assert refused.value.wait_s == 0
    for access in (one, other):
        with pytest.raises(AccessDenied) as refused:
            access.login("编辑", RIGHT, client="6.6.6.6")
        assert refused.value.wait_s > 0
    assert other.login("编辑", RIGHT, client="10.0.0.1")


def test_without_the_database_nobody_is_logged_in_by_mistake(tmp_path: Path) -> None:
    access = Access("编辑", Password.read(RIGHT), home=Home(tmp_path, "postgresql://policy:x@127.0.0.1:1/kb"))
    with pytest.raises(UnavailableError, match="连不上"):
        access.editor_of("token")
