"""The optional language model: any OpenAI-compatible endpoint, read line by line under a deadline of its own.

Whatever goes wrong there (stack of errors, silence, endless talk) ends as one ``ModelError`` whose text a user can read. Nothing
here decides what may be shown: that is ``explain.py`` and, behind it, the check.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextvars import copy_context
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from queue import Empty, Queue
from typing import TYPE_CHECKING, Any, Literal, Protocol

from ingest.errors import AssistantError

if TYPE_CHECKING:
    import httpx

_LOG = logging.getLogger(__name__)
_MOST_BYTES = 4 << 20
_MOST_TOKENS = 2048  # thinking counts as well
_AT_ONCE = 2
"""Calls at the same time; fewer than the page answers at once, so that a slow endpoint leaves room for everybody else."""
_FAILURES = 3
_REST_S = 30.0


@dataclass(frozen=True)
class Message:
    """One message to the model."""

    role: Literal["system", "user"]
    text: str


class Fault(StrEnum):
    """Why a model's text is missing or not whole, as a user is told."""

    LATE = "模型没有在规定时间内写完"
    UNREACHABLE = "模型服务连不上"
    KEY = "模型服务不接受所设的密钥，请告诉管理员"
    NO_MODEL = "模型服务里没有所设的模型，请告诉管理员"
    LIMITED = "模型服务的用量到了上限"
    BROKEN = "模型服务出错了"
    CUT = "与模型服务的连接中途断了"
    TOO_LONG = "模型写得太长，后面的没有采用"
    DECLINED = "模型没有作答"
    SILENT = "模型什么也没有写"
    BUSY = "模型正忙"
    RESTING = "模型服务接连出错，暂停使用片刻"


HARMLESS = frozenset({Fault.TOO_LONG, Fault.DECLINED, Fault.SILENT})
"""Faults of the text, not of the service: they do not count towards a rest."""


class ModelError(AssistantError):
    """The model's text ended for a reason other than being finished."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault}。")
        self.fault = fault


class Model(Protocol):
    """Whatever can go on from a prompt. ``stream`` yields pieces of text and raises ModelError unless they are the whole."""

    @property
    def name(self) -> str: ...

    def stream(self, prompt: Sequence[Message]) -> Iterator[str]: ...


class Gate:
    """Who may call: a few at once, and nobody for a while after several failures in a row."""

    def __init__(self, *, at_once: int = _AT_ONCE, failures: int = _FAILURES, rest_s: float = _REST_S) -> None:
        self._lock = threading.Lock()
        self._free, self._most_failures, self._rest_s = at_once, failures, rest_s
        self._failed, self._rests_until = 0, 0.0
        self.outcomes = Counter[str]()
        """What came of the calls so far, "ok" or a fault's name; refused calls included."""
        self.listeners: list[Callable[[float], None]] = []
        """Told of every call that has ended, how many seconds it took."""

    def enter(self) -> None:
        """Take a place at once or not at all: nobody queues for a model."""
        with self._lock:
            if time.monotonic() < self._rests_until:
                self.outcomes[Fault.RESTING.name.lower()] += 1
                raise ModelError(Fault.RESTING)
            if not self._free:
                self.outcomes[Fault.BUSY.name.lower()] += 1
                raise ModelError(Fault.BUSY)
            self._free -= 1

    def leave(self, seconds: float) -> None:
        with self._lock:
            self._free += 1
        for listener in self.listeners:
            listener(seconds)

    def note(self, fault: Fault | None) -> None:
        """Count what came of a call; after a rest a single further failure is enough for the next."""
        with self._lock:
            self.outcomes[fault.name.lower() if fault else "ok"] += 1
            if fault is None or fault in HARMLESS:
                self._failed = 0
                return
            self._failed += 1
            if self._failed >= self._most_failures:
                self._rests_until = time.monotonic() + self._rest_s


@dataclass(frozen=True)
class Endpoint:
    """A model behind an OpenAI-compatible URL. ``deadline_s`` is for the whole of a text; ``proxy`` None calls directly."""

    base_url: str
    name: str
    api_key: str | None = field(default=None, repr=False)
    deadline_s: float = 20.0
    proxy: str | None = field(default=None, repr=False)
    gate: Gate = field(default_factory=Gate, repr=False, compare=False)

    def stream(self, prompt: Sequence[Message]) -> Iterator[str]:
        """Pieces of text as they come. ModelError at the deadline at the latest, however slowly the endpoint drips."""
        _library()  # seconds on the first call, which the endpoint must not be charged with
        call = _Call(self, prompt)
        try:
            self.gate.enter()
            call.start()
            while True:
                piece = call.next()
                if piece is None:
                    self.gate.note(None)
                    return
                if isinstance(piece, Fault):
                    self.gate.note(piece)
                    raise ModelError(piece)
                if piece:
                    yield piece
        finally:
            call.stop()


class _Call:
    """One request, read in a thread of its own: whoever waits for it can stop waiting at any time."""

    def __init__(self, endpoint: Endpoint, prompt: Sequence[Message]) -> None:
        self._inbox: Queue[str | Fault | None] = Queue()
        self._stopped, self._deadline = threading.Event(), time.monotonic() + endpoint.deadline_s
        self._endpoint, self._prompt = endpoint, prompt
        self._http = _client(endpoint, self._is_over)

    def start(self) -> None:
        """Send the request; the reading thread gives back the place at the gate when it is really done."""
        threading.Thread(target=copy_context().run, args=(self._read,), name="model", daemon=True).start()

    def next(self) -> str | Fault | None:
        """A piece of text, the fault that ended it, or None where it is whole."""
        try:
            return self._inbox.get(timeout=max(self._deadline - time.monotonic(), 0.001))
        except Empty:
            _LOG.warning("model call ended: no more within %s s", self._endpoint.deadline_s)
            return Fault.LATE

    def stop(self) -> None:
        self._stopped.set()
        self._http.close()

    def _is_over(self) -> bool:
        return self._stopped.is_set() or time.monotonic() > self._deadline

    def _read(self) -> None:
        """Everything that a foreign endpoint can do wrong ends here as a fault; the key is in no message that is logged."""
        end: Fault | None = Fault.BROKEN
        began = time.monotonic()
        try:
            for piece, reason in self._pieces():
                self._inbox.put(piece)
                if reason:
                    end = _ENDS.get(reason, Fault.BROKEN)
                elif piece and end is Fault.BROKEN:
                    end = Fault.CUT  # until the endpoint says that it has finished: a cut connection raises nothing
        except _library().errors as error:
            end = _fault_of(error)
            if not self._stopped.is_set():
                _LOG.warning("model call ended: %s %s", type(error).__name__, getattr(error, "status_code", ""))
        finally:
            self._http.close()
            self._endpoint.gate.leave(time.monotonic() - began)
            self._inbox.put(end)

    def _pieces(self) -> Iterator[tuple[str, str | None]]:
        library = _library()
        endpoint = self._endpoint
        model = library.client(
            model=endpoint.name,
            api_base=endpoint.base_url,
            api_key=endpoint.api_key or "none",  # the client insists on one
            is_chat_model=True,
            is_function_calling_model=False,
            temperature=0.0,
            max_tokens=_MOST_TOKENS,
            timeout=endpoint.deadline_s,
            max_retries=0,
            http_client=self._http,
        )
        messages = [library.message(role=message.role, content=message.text) for message in self._prompt]
        for response in model.stream_chat(messages):
            if self._is_over():
                return
            choices = getattr(response.raw, "choices", None) or ()
            yield response.delta or "", choices[0].finish_reason if choices else None


_ENDS: dict[str, Fault | None] = {"stop": None, "length": Fault.TOO_LONG, "content_filter": Fault.DECLINED}


def _client(endpoint: Endpoint, is_over: Any) -> "httpx.Client":
    """A client for one call. No proxy but the one that was set for this endpoint; redirects are not followed: they would
    carry the key elsewhere."""
    import httpx

    class Bounded(httpx.SyncByteStream):
        """A body that ends with its call: the client's own timeout is for each read, and comments reset it."""

        def __init__(self, body: Any) -> None:
            self._body = body

        def __iter__(self) -> Iterator[bytes]:
            received = 0
            for part in self._body:
                received += len(part)
                if is_over() or received > _MOST_BYTES:
                    raise httpx.ReadTimeout("the call is over")
                yield part

        def close(self) -> None:
            self._body.close()

    class Transport(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            response = super().handle_request(request)
            return httpx.Response(
                response.status_code,
                headers=response.headers,
                stream=Bounded(response.stream),
                extensions=response.extensions,
            )

    timeout = httpx.Timeout(endpoint.deadline_s, connect=min(endpoint.deadline_s, 5.0))
    return httpx.Client(transport=Transport(proxy=endpoint.proxy), trust_env=False, timeout=timeout)


@dataclass(frozen=True)
class _Library:
    client: Any
    message: Any
    errors: tuple[type[Exception], ...]


@cache
def _library() -> _Library:
    """The client library, and what it raises. Its own loggers would tell requests, so they are kept to warnings."""
    import httpx
    from llama_index.core.llms import ChatMessage
    from llama_index.llms.openai_like import OpenAILike
    from openai import OpenAIError

    for name in ("openai", "httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # malformed answers surface as errors of values, types and positions deep inside the library
    shapes = (ValueError, TypeError, AttributeError, LookupError, OSError, RuntimeError)
    return _Library(OpenAILike, ChatMessage, (OpenAIError, httpx.HTTPError, httpx.StreamError, *shapes))


def _fault_of(error: Exception) -> Fault:
    import httpx
    import openai

    table: tuple[tuple[type[Exception] | tuple[type[Exception], ...], Fault], ...] = (
        ((openai.APITimeoutError, httpx.TimeoutException), Fault.LATE),
        (openai.APIConnectionError, Fault.UNREACHABLE),
        ((openai.AuthenticationError, openai.PermissionDeniedError), Fault.KEY),
        (openai.NotFoundError, Fault.NO_MODEL),
        (openai.RateLimitError, Fault.LIMITED),
        ((httpx.HTTPError, httpx.StreamError, OSError), Fault.CUT),
    )
    return next((fault for kind, fault in table if isinstance(error, kind)), Fault.BROKEN)
