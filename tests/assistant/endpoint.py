"""A real server that speaks the protocol of OpenAI-compatible endpoints; the NAME of the model selects what it does wrong."""

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TEXT = "先说要点。\n再说细节。"


@dataclass
class Served:
    """A running endpoint: where it is, and what it was asked. ``script`` holds the pieces that model “script” says."""

    url: str
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    script: list[str] = field(default_factory=lambda: [TEXT])
    finish: str | None = "stop"
    released: threading.Event = field(default_factory=threading.Event)


@contextmanager
def serving() -> Iterator[Served]:
    """The endpoint on a free port; whatever still hangs is let go at the end."""

    class Handler(_Handler):
        served: Served

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Handler.served = Served(f"http://127.0.0.1:{server.server_port}/v1")
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield Handler.served
    finally:
        Handler.served.released.set()
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    served: Served

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.served.requests.append({"path": self.path, **asked})
        self.served.keys.append(self.headers.get("Authorization", ""))
        try:
            FAULTS[asked["model"]](self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def answer(self, status: int, body: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def begin(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True

    def event(self, payload: object) -> None:
        text = payload if isinstance(payload, str) else json.dumps(payload, ensure_ascii=False)
        self.wfile.write(f"data: {text}\n\n".encode())
        self.wfile.flush()

    def say(self, *pieces: str | None, finish: str | None = "stop") -> None:
        self.begin()
        for piece in pieces:
            self.event(chunk(piece))
        if finish:
            self.event(chunk("", finish))
            self.event("[DONE]")


def chunk(piece: str | None, finish: str | None = None) -> dict[str, Any]:
    delta = {"role": "assistant", "content": piece}
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}


def _status(status: int) -> Callable[[_Handler], None]:
    """An error as services send it, the key repeated in it."""

    def fail(handler: _Handler) -> None:
        told = {"error": {"message": f"bad {handler.headers.get('Authorization')}", "type": "error", "code": None}}
        handler.answer(status, json.dumps(told).encode())

    return fail


def _hang(handler: _Handler) -> None:
    handler.served.released.wait(30)


def _stall(handler: _Handler) -> None:
    handler.begin()
    handler.event(chunk("先说要点。\n再说"))
    handler.served.released.wait(30)


def _drip(handler: _Handler, sign: bytes = b": still here\n\n") -> None:
    """Never silent for long, never saying anything: a timeout for each read never ends this."""
    handler.begin()
    while not handler.served.released.wait(0.05):
        handler.wfile.write(sign)
        handler.wfile.flush()


def _cut(handler: _Handler) -> None:
    """The connection ends properly in the middle of a line: nothing tells that text is missing."""
    handler.begin()
    handler.event(chunk("先说要点。\n再说"))


def _reset(handler: _Handler) -> None:
    handler.begin()
    handler.event(chunk("先说要点。\n再说"))
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def _error_event(handler: _Handler) -> None:
    handler.begin()
    handler.event(chunk("先说要点。\n"))
    handler.event({"error": {"message": "out of memory", "type": "server_error", "code": 500}})


def _no_choices(handler: _Handler) -> None:
    handler.begin()
    handler.event({**chunk(""), "choices": []})
    handler.event("[DONE]")


def _bad_events(handler: _Handler) -> None:
    handler.begin()
    handler.event('{"choices": [')


def _wrong_shape(handler: _Handler) -> None:
    handler.begin()
    handler.event({"choices": "none", "id": 1})


def _endless(handler: _Handler) -> None:
    handler.begin()
    for number in range(1_000_000):
        handler.event(chunk(f"这是很长的话之{'长' * (number % 40)}。\n"))


def _one_endless_line(handler: _Handler) -> None:
    handler.begin()
    while True:
        handler.event(chunk("长" * 200))


def _slow(handler: _Handler) -> None:
    handler.begin()
    for _ in range(100):
        handler.event(chunk("慢。\n"))
        if handler.served.released.wait(0.2):
            return


def _scripted(handler: _Handler) -> None:
    handler.say(*handler.served.script, finish=handler.served.finish)


def _redirect(handler: _Handler) -> None:
    handler.send_response(307)
    handler.send_header("Location", "/v1/elsewhere")
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def _letters(text: str) -> Sequence[str]:
    return list(text)


FAULTS: dict[str, Callable[[_Handler], None]] = {
    "good": lambda handler: handler.say(*_letters(TEXT)),
    "script": _scripted,
    "500": _status(500),
    "401": _status(401),
    "403": _status(403),
    "404": _status(404),
    "429": _status(429),
    "400": _status(400),
    "hang": _hang,
    "stall": _stall,
    "drip": _drip,
    "cut": _cut,
    "reset": _reset,
    "slow": _slow,
    "html": lambda handler: handler.answer(200, b"<html><body>Welcome</body></html>", "text/html"),
    "html-events": lambda handler: handler.answer(200, b"<html><body>Welcome</body></html>", "text/event-stream"),
    "bad-json": _bad_events,
    "wrong-shape": _wrong_shape,
    "no-choices": _no_choices,
    "null": lambda handler: handler.say(None),
    "empty": lambda handler: handler.say(),
    "blank": lambda handler: handler.say(" \n", "\n \n"),
    "error-event": _error_event,
    "length": lambda handler: handler.say("先说要点。\n再说", finish="length"),
    "filter": lambda handler: handler.say("先说要点。\n再说", finish="content_filter"),
    "tool": lambda handler: handler.say("", finish="tool_calls"),
    "think": lambda handler: handler.say("<th", "ink>想想第9", "9项\n再想\n</th", "ink>\n", *TEXT),
    "think-unclosed": lambda handler: handler.say("<think>", "想想第99项\n还在想"),
    "think-unopened": lambda handler: handler.say("想想怎么说\n", "</think>\n", *TEXT),
    "sorry": lambda handler: handler.say("对不起，我不能回答这个问题。\n", "再说细节。"),
    "cannot": lambda handler: handler.say("I cannot help with that.\n", "再说细节。"),
    "endless": _endless,
    "one-line": _one_endless_line,
    "redirect": _redirect,
}
"""The model's name → what the endpoint does."""


def wait_until(holds: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Whether something comes true in time."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True
