"""Who may come in, how often, and with how much: the application in this process with limits and settings of its own."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import httpx
import pytest

from assistant.accounts.access import COOKIE, Access
from assistant.accounts.password import Password
from assistant.answer import Answer
from assistant.api.settings import Limits
from ingest.errors import AssistantError
from tests.api.conftest import Within
from tests.assistant.editors import Room

SECRET = Password.of("果园 2026")
CREDENTIALS = {"user": "甲", "password": "果园 2026"}
Talk = Callable[[httpx.AsyncClient], Awaitable[None]]


def talking(client: httpx.AsyncClient, talk: Talk) -> None:
    async def run() -> None:
        async with client:
            await talk(client)

    asyncio.run(run())


def editors() -> Access:
    return Access("甲", SECRET)


async def token(client: httpx.AsyncClient) -> str:
    return str((await client.post("/login", json=CREDENTIALS)).json()["token"])


def test_one_client_may_ask_so_often_and_another_is_not_held_up(within: Within) -> None:
    async def talk(client: httpx.AsyncClient) -> None:
        statuses = [(await client.get("/api/units")).status_code for _ in range(5)]
        assert statuses == [200, 200, 200, 429, 429]
        refused = await client.post("/v1/chat/completions", json={})
        assert refused.status_code == 429 and int(refused.headers["retry-after"]) >= 1
        assert refused.json()["error"]["type"] == "rate_limit_error"
        assert (await client.get("/healthz")).status_code == 200
        inner = client._transport
        assert isinstance(inner, httpx.ASGITransport)
        inner.client = ("198.51.100.8", 1)
        assert (await client.get("/api/units")).status_code == 200

    talking(within(limits=Limits(rate=3)), talk)


def test_addresses_of_one_ipv6_network_count_as_one_client(within: Within) -> None:
    async def talk(client: httpx.AsyncClient) -> None:
        inner = client._transport
        assert isinstance(inner, httpx.ASGITransport)
        statuses = []
        for last in range(4):
            inner.client = (f"2001:db8:0:1::{last + 1}", 1)
            statuses.append((await client.get("/api/units")).status_code)
        assert statuses == [200, 200, 429, 429]

    talking(within(limits=Limits(rate=2)), talk)


def test_whoever_comes_when_all_places_are_taken_is_told_to_come_again(within: Within, table: Room) -> None:
    entered, released = threading.Semaphore(0), threading.Event()

    class Slow:
        """Answers once it is let."""

        def __getattr__(self, name: str) -> Any:
            return getattr(table.assistant, name)

        def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
            entered.release()
            assert released.wait(30)
            return table.assistant.ask(question, history)

    async def talk(client: httpx.AsyncClient) -> None:
        asked = [asyncio.create_task(client.post("/api/ask", json={"question": "果园步道"})) for _ in range(2)]
        await asyncio.to_thread(entered.acquire)
        while len([task for task in asyncio.all_tasks() if task in asked]) < 2:
            await asyncio.sleep(0)
        for _ in range(200):  # the second has come in by now and waits
            await asyncio.sleep(0)
        refused = await client.post("/api/ask", json={"question": "果园步道"})
        assert refused.status_code == 503 and refused.headers["retry-after"]
        assert (await client.get("/healthz")).status_code == 200
        released.set()
        assert [given.status_code for given in await asyncio.gather(*asked)] == [200, 200]

    talking(within(assistant=Slow(), limits=Limits(at_once=1, waiting=1)), talk)


@pytest.mark.parametrize("path", ["/api/ask", "/v1/chat/completions", "/mcp", "/login"])
def test_a_body_over_a_megabyte_is_refused_announced_or_not(within: Within, path: str) -> None:
    async def pieces() -> Any:
        for _ in range(20):
            yield b"x" * 65_536

    async def talk(client: httpx.AsyncClient) -> None:
        for content in (b"x" * 1_200_000, pieces()):
            given = await client.post(path, content=content, headers={"content-type": "application/json"})
            assert given.status_code == 413 and "1 MB" in given.json()["error"]["message"]

    talking(within(), talk)


def test_reading_is_open_and_editing_is_not(within: Within) -> None:
    async def talk(client: httpx.AsyncClient) -> None:
        assert (await client.get("/api/units")).status_code == 200
        for kept in ({}, {"authorization": "Bearer nonsense"}, {"cookie": f"{COOKIE}=nonsense"}):
            refused = await client.get("/api/editor/queue", headers=kept)
            assert refused.status_code == 401 and refused.headers["www-authenticate"] == "Bearer"
        allowed = {"authorization": f"Bearer {await token(client)}"}
        assert (await client.get("/api/editor/queue", headers=allowed)).status_code == 200
        assert (await client.post("/logout", headers=allowed)).status_code == 204
        assert (await client.get("/api/editor/queue", headers=allowed)).status_code == 401

    talking(within(access=editors()), talk)


@pytest.mark.parametrize("path", ["/api/units", "/api/search?q=a", "/v1/models", "/openapi.json", "/"])
def test_reading_needs_a_login_where_the_settings_say_so(within: Within, path: str) -> None:
    async def talk(client: httpx.AsyncClient) -> None:
        assert (await client.get(path)).status_code == 401
        led = await client.get(path, headers={"accept": "text/html"})
        assert led.status_code == 303 and led.headers["location"].startswith("/login?next=/")
        for opened in ("/healthz", "/metrics", "/login"):
            assert (await client.get(opened)).status_code == 200
        allowed = {"authorization": f"Bearer {await token(client)}"}
        assert (await client.get(path, headers=allowed)).status_code == 200

    talking(within(access=Access("甲", SECRET, reading_needs_login=True)), talk)


def test_another_site_can_do_nothing_with_the_editors_cookie(within: Within) -> None:
    async def talk(client: httpx.AsyncClient) -> None:
        cookie = {"cookie": f"{COOKIE}={await token(client)}"}
        body = {"documents": ["orchard"]}
        for foreign in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {}):
            given = await client.post("/api/editor/documents/remove", json=body, headers=cookie | foreign)
            assert given.status_code == 403, foreign
        ours = cookie | {"origin": "http://policy.test"}
        assert (
            await client.post("/api/editor/documents/discard", json={"drafts": ["x"]}, headers=ours)
        ).status_code != 403

    talking(within(access=editors()), talk)


def test_a_browser_logs_in_by_the_form_and_is_led_on_to_this_site_only(within: Within) -> None:
    async def talk(client: httpx.AsyncClient) -> None:
        own = {"origin": "http://policy.test"}
        wrong = await client.post("/login", data={"user": "甲", "password": "<script>"}, headers=own)
        assert wrong.status_code == 401 and "<script>" not in wrong.text
        for onward, led in (
            ("/matrix?unit=a", "/matrix?unit=a"),
            ("//evil.example", "/knowledge"),
            ("https://e", "/knowledge"),
        ):
            given = await client.post("/login", params={"next": onward}, data=CREDENTIALS, headers=own)
            assert (given.status_code, given.headers["location"]) == (303, led)
        kept = given.headers["set-cookie"].lower()
        assert "httponly" in kept and "samesite=strict" in kept
        foreign = await client.post("/login", data=CREDENTIALS, headers={"origin": "https://evil.example"})
        assert foreign.status_code == 403

    talking(within(access=editors()), talk)


def test_every_answer_tells_browsers_what_not_to_do(within: Within) -> None:
    async def talk(client: httpx.AsyncClient) -> None:
        for path in ("/", "/api/units", "/login", "/api/nothing"):
            told = (await client.get(path)).headers
            assert told["x-content-type-options"] == "nosniff" and told["x-frame-options"] == "DENY", path

    talking(within(), talk)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("POLICY_RATE_LIMIT", "often"),
        ("POLICY_RATE_LIMIT", "-1"),
        ("POLICY_AT_ONCE", "0"),
        ("POLICY_WAITING", "１"),
        ("POLICY_UPLOAD_MB", "9999999"),
    ],
)
def test_a_limit_that_is_no_number_is_refused_with_its_name(name: str, value: str) -> None:
    with pytest.raises(AssistantError, match=name):
        Limits.from_env({name: value})


def test_limits_are_read_from_the_settings() -> None:
    env = {
        "POLICY_RATE_LIMIT": "off",
        "POLICY_AT_ONCE": "2",
        "POLICY_UPLOAD_MB": "3",
        "POLICY_MCP_ORIGINS": "https://a/, b",
    }
    assert Limits.from_env(env) == Limits(None, 2, 32, 3 * 1024 * 1024, ("https://a", "b"))
    assert Limits.from_env({}) == Limits()
