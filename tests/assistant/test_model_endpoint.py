"""An OpenAI-compatible endpoint: whatever it does wrong ends in time, as one fault that a user can read."""

import logging
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from assistant.model.llm import Endpoint, Fault, Gate, Message, ModelError
from assistant.model.llm_settings import endpoint_from_env
from ingest.errors import AssistantError
from tests.assistant.endpoint import TEXT, Served, serving, wait_until

PROMPT = [Message("system", "说明"), Message("user", "问题")]
KEY = "sk-secret-0123456789"


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving() as endpoint:
        Endpoint(endpoint.url, "good").stream(PROMPT).__next__()  # the client library is loaded once
        yield endpoint


def read(endpoint: Endpoint) -> tuple[str, Fault | None]:
    """All the text that came, and how it ended."""
    text = ""
    try:
        for piece in endpoint.stream(PROMPT):
            text += piece
    except ModelError as error:
        return text, error.fault
    return text, None


def test_text_comes_in_pieces_and_whole(served: Served) -> None:
    pieces = list(Endpoint(served.url, "good", KEY).stream(PROMPT))
    assert len(pieces) > 1
    assert "".join(pieces) == TEXT
    sent = served.requests[-1]
    assert sent["path"] == "/v1/chat/completions"
    assert sent["messages"] == [{"role": "system", "content": "说明"}, {"role": "user", "content": "问题"}]
    assert sent["stream"] is True and sent["temperature"] == 0
    assert served.keys[-1] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("500", Fault.BROKEN),
        ("400", Fault.BROKEN),
        ("401", Fault.KEY),
        ("403", Fault.KEY),
        ("404", Fault.NO_MODEL),
        ("429", Fault.LIMITED),
        ("redirect", Fault.BROKEN),
        ("html", Fault.BROKEN),
        ("html-events", Fault.BROKEN),
        ("bad-json", Fault.BROKEN),
        ("wrong-shape", Fault.BROKEN),
        ("no-choices", Fault.BROKEN),
        ("tool", Fault.BROKEN),
        ("error-event", Fault.BROKEN),
        ("cut", Fault.CUT),
        ("reset", Fault.CUT),
        ("length", Fault.TOO_LONG),
        ("filter", Fault.DECLINED),
    ],
)
def test_a_fault_is_told_apart_and_tried_once(served: Served, name: str, fault: Fault) -> None:
    before = len(served.requests)
    assert read(Endpoint(served.url, name, deadline_s=5))[1] is fault
    assert len(served.requests) == before + 1


@pytest.mark.parametrize("name", ["hang", "stall", "drip", "slow"])
def test_the_deadline_is_for_the_whole_text(served: Served, name: str) -> None:
    endpoint, began = Endpoint(served.url, name, deadline_s=0.6), time.monotonic()
    assert read(endpoint)[1] is Fault.LATE
    assert time.monotonic() - began < 1.2
    assert wait_until(lambda: _free(endpoint) == 2, 3.0), "the reading thread goes on after the deadline"


def test_a_content_of_null_is_no_text(served: Served) -> None:
    assert read(Endpoint(served.url, "null", deadline_s=5)) == ("", None)


def test_a_refused_connection_is_told_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    began = time.monotonic()
    assert read(Endpoint(f"http://127.0.0.1:{port}/v1", "good")) == ("", Fault.UNREACHABLE)
    assert time.monotonic() - began < 2


def test_stopping_to_read_ends_the_call(served: Served) -> None:
    endpoint = Endpoint(served.url, "endless")
    stream = endpoint.stream(PROMPT)
    assert next(stream)
    stream.close()
    assert wait_until(lambda: _free(endpoint) == 2)


def test_a_full_gate_turns_away_at_once(served: Served) -> None:
    endpoint = Endpoint(served.url, "hang", deadline_s=1.5)
    waiting = [threading.Thread(target=read, args=(endpoint,)) for _ in range(2)]
    for thread in waiting:
        thread.start()
    assert wait_until(lambda: _free(endpoint) == 0)
    began = time.monotonic()
    assert read(endpoint) == ("", Fault.BUSY)
    assert time.monotonic() - began < 0.3
    for thread in waiting:
        thread.join()


def test_after_failures_in_a_row_nobody_calls_for_a_while(served: Served) -> None:
    endpoint = Endpoint(served.url, "500", gate=Gate(failures=2, rest_s=0.3))
    assert [read(endpoint)[1] for _ in range(3)] == [Fault.BROKEN, Fault.BROKEN, Fault.RESTING]
    count = len(served.requests)
    assert read(endpoint)[1] is Fault.RESTING
    assert len(served.requests) == count
    time.sleep(0.35)
    assert [read(endpoint)[1] for _ in range(2)] == [Fault.BROKEN, Fault.RESTING]


def test_a_text_that_came_through_ends_the_count_of_failures(served: Served) -> None:
    gate = Gate(failures=2)
    names = ["500", "good", "500", "length", "500", "good"]
    assert [read(Endpoint(served.url, name, gate=gate))[1] for name in names].count(Fault.RESTING) == 0


def test_no_proxy_stands_before_a_near_endpoint(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    endpoint = endpoint_from_env(
        {"POLICY_LLM_BASE_URL": served.url, "POLICY_LLM_MODEL": "good", "http_proxy": "http://127.0.0.1:9"}
    )
    assert endpoint is not None
    assert read(endpoint) == (TEXT, None)


def test_a_far_endpoint_goes_through_the_proxy_that_is_set() -> None:
    far = {"POLICY_LLM_BASE_URL": "https://api.example.com/v1", "POLICY_LLM_MODEL": "m", "https_proxy": "http://p:8"}
    assert _proxy(far) == "http://p:8"
    assert _proxy({**far, "NO_PROXY": "example.com"}) is None
    assert _proxy({**far, "POLICY_LLM_BASE_URL": "https://192.168.3.4/v1"}) is None
    assert _proxy({**far, "POLICY_LLM_BASE_URL": "https://gpu.lan/v1"}) is None


def test_the_key_is_never_logged_nor_shown(
    served: Served, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("good", "401", "500", "cut"):
        endpoint = Endpoint(served.url, name, KEY)
        try:
            list(endpoint.stream(PROMPT))
        except ModelError as error:
            assert KEY not in str(error)
        assert KEY not in repr(endpoint)
    assert caplog.records
    assert KEY not in caplog.text


def test_without_settings_there_is_no_model() -> None:
    assert endpoint_from_env({}) is None
    assert endpoint_from_env({"POLICY_LLM_BASE_URL": " ", "POLICY_LLM_DEADLINE_S": "5"}) is None


URL, MODEL, API_KEY = "POLICY_LLM_BASE_URL", "POLICY_LLM_MODEL", "POLICY_LLM_API_KEY"


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({URL: "http://h/v1"}, "POLICY_LLM_MODEL"),
        ({MODEL: "m"}, "POLICY_LLM_BASE_URL"),
        ({API_KEY: KEY}, "POLICY_LLM_BASE_URL"),
        ({URL: "h:11434/v1", MODEL: "m"}, "http://主机"),
        ({URL: "http://h:port/v1", MODEL: "m"}, "http://主机"),
        ({URL: f"http://u:{KEY}@h/v1", MODEL: "m"}, "用户名"),
        ({URL: f"http://h/v1?key={KEY}", MODEL: "m"}, "参数"),
        ({URL: "http://h/v1/chat/completions", MODEL: "m"}, "/v1 为止"),
        ({URL: "http://api.example.com/v1", MODEL: "m", API_KEY: KEY}, "https://"),
        ({URL: "https://h/v1", MODEL: "m", API_KEY: "密 钥"}, "复制错"),
        ({URL: "http://h/v1", MODEL: "m", "POLICY_LLM_DEADLINE_S": "soon"}, "秒数"),
        ({URL: "http://h/v1", MODEL: "m", "POLICY_LLM_DEADLINE_S": "0"}, "秒数"),
        ({URL: "https://a.example.com/v1", MODEL: "m", "all_proxy": "socks5://p:1"}, "代理"),
    ],
)
def test_settings_that_do_not_fit_are_one_sentence(env: dict[str, str], said: str) -> None:
    with pytest.raises(AssistantError) as caught:
        endpoint_from_env(env)
    assert said in str(caught.value)
    assert KEY not in str(caught.value)
    assert str(caught.value).count("。") == 1


def _proxy(env: dict[str, str]) -> str | None:
    endpoint = endpoint_from_env(env)
    assert endpoint is not None
    return endpoint.proxy


def _free(endpoint: Endpoint) -> int:
    return endpoint.gate._free
