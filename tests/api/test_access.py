"""Logging in, apart from any web: settings, passwords, sessions, and waiting after failures."""

import logging
from pathlib import Path

import pytest

from assistant.accounts.access import SESSION_S, Access, AccessDenied
from assistant.accounts.attempts import FREE
from assistant.accounts.password import Password
from ingest.errors import AssistantError

RIGHT = Password.of("果园 2026")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def access(clock: Clock) -> Access:
    return Access("甲", RIGHT, clock=clock)


def settings(path: Path, text: str, mode: int = 0o600) -> dict[str, str]:
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return {"POLICY_EDITOR_USER": "甲", "POLICY_EDITOR_PASSWORD_FILE": str(path)}


def test_without_settings_there_is_no_editor_and_it_says_how_to_have_one() -> None:
    access = Access.from_env({})
    assert not access.has_editor
    with pytest.raises(AccessDenied, match="POLICY_EDITOR_PASSWORD_FILE"):
        access.login("", "", client="here")


@pytest.mark.parametrize(
    "line",
    ["果园 2026", "果园 2026\r\n", RIGHT.line, f"{RIGHT.line}\n"],
    ids=["password", "password and line end", "sum", "sum and line end"],
)
def test_the_file_holds_the_password_or_its_sum(tmp_path: Path, line: str) -> None:
    access = Access.from_env(settings(tmp_path / "p", line))
    assert access.editor_of(access.login("甲", "果园 2026", client="here")) == "甲"


def test_a_password_is_the_same_however_its_characters_were_typed(access: Access) -> None:
    with_accent = Access("a", Password.of("caf\u00e9"))
    assert with_accent.editor_of(with_accent.login("a", "cafe\u0301", client="here")) == "a"


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"POLICY_EDITOR_USER": "甲"}, "POLICY_EDITOR_PASSWORD_FILE"),
        ({"POLICY_EDITOR_PASSWORD_FILE": "p"}, "POLICY_EDITOR_USER"),
        ({"POLICY_EDITOR_USER": "甲", "POLICY_EDITOR_PASSWORD_FILE": "/nowhere/p"}, "/nowhere/p"),
        ({"POLICY_AUTH": "sesame"}, "sesame"),
        ({"POLICY_AUTH": "login"}, "POLICY_EDITOR_USER"),
    ],
)
def test_wrong_settings_are_refused_with_a_sentence(env: dict[str, str], said: str) -> None:
    with pytest.raises(AssistantError, match=said) as refused:
        Access.from_env(env)
    assert str(refused.value).endswith("。")


@pytest.mark.parametrize("text", ["", "\n\n", "scrypt$1$2", "scrypt$32768$8$1$AA==$AA==", "scrypt$9999999999$8$1$x$y"])
def test_an_empty_or_damaged_password_file_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(AssistantError, match="口令文件"):
        Access.from_env(settings(tmp_path / "p", text))


def test_a_file_that_others_can_read_is_warned_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert Access.from_env(settings(tmp_path / "p", "果园", 0o644)).has_editor
    assert "chmod 600" in caplog.text and "果园" not in caplog.text


@pytest.mark.parametrize(("user", "password"), [("甲", "果园"), ("乙", "果园 2026"), ("", ""), ("甲", "x" * 10_000)])
def test_wrong_names_and_passwords_get_the_same_answer(access: Access, user: str, password: str) -> None:
    with pytest.raises(AccessDenied, match="登录名或口令不对"):
        access.login(user, password, client="here")


def test_every_login_gives_a_token_of_its_own_that_ends(access: Access, clock: Clock) -> None:
    first, second = (access.login("甲", "果园 2026", client="here") for _ in range(2))
    assert first != second and len(first) >= 40
    access.logout(first)
    assert (access.editor_of(first), access.editor_of(second)) == (None, "甲")
    clock.now += SESSION_S
    assert access.editor_of(second) is None


@pytest.mark.parametrize("token", [None, "", "x", "\ud800", "甲" * 10_000])
def test_no_other_token_is_anybody(access: Access, token: str | None) -> None:
    access.login("甲", "果园 2026", client="here")
    assert access.editor_of(token) is None


def test_neither_password_nor_token_can_be_read_from_what_is_kept(access: Access) -> None:
    token = access.login("甲", "果园 2026", client="here")
    assert token not in repr(vars(access._sessions)) and "果园 2026" not in repr(vars(access))


def failed(access: Access, client: str, count: int) -> AccessDenied:
    for _ in range(count):
        with pytest.raises(AccessDenied) as refused:
            access.login("甲", "错", client=client)
    return refused.value


def test_after_some_failures_one_waits_longer_and_longer(access: Access, clock: Clock) -> None:
    assert failed(access, "there", FREE).wait_s == 0
    waits = []
    for _ in range(4):
        waits.append(failed(access, "there", 1).wait_s)
        clock.now += waits[-1]
        assert failed(access, "there", 1).wait_s == 0
    assert waits == [2, 4, 8, 16]


def test_trying_while_waiting_neither_helps_nor_makes_it_longer(access: Access, clock: Clock) -> None:
    failed(access, "there", FREE)
    for _ in range(50):
        with pytest.raises(AccessDenied, match="2 秒"):
            access.login("甲", "果园 2026", client="there")
    clock.now += 2
    assert access.login("甲", "果园 2026", client="there")


def test_a_name_is_slowed_down_for_every_client_but_those_that_know_the_password(access: Access) -> None:
    access.login("甲", "果园 2026", client="office")
    for number in range(FREE):
        failed(access, f"bot {number}", 1)
    assert failed(access, "another bot", 1).wait_s > 0
    assert access.login("甲", "果园 2026", client="office")


def test_an_editor_is_never_shut_out_for_more_than_a_minute(access: Access, clock: Clock) -> None:
    for number in range(2 * FREE + 2):  # beyond the longest wait
        failed(access, f"bot {number}", 1)
        clock.now += 61
    failed(access, "bot", 1)
    clock.now += 60
    assert access.login("甲", "果园 2026", client="home")
