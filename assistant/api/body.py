"""A request's body looked at before an application of others gets it."""

import json
from typing import Any

from starlette.types import Message, Receive


async def read(receive: Receive) -> bytes | None:
    """The whole body, which the guard keeps small; None when the client has gone."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)


def parsed(body: bytes) -> Any:
    """The JSON value; None where it is none, or could not be written again: half a character cannot, nor can NaN."""
    try:
        told = json.loads(body)
        json.dumps(told, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        return None
    return told


def replayed(body: bytes, receive: Receive) -> Receive:
    """``receive`` for the application: what was read, and then whatever comes."""
    is_read = False

    async def receive_again() -> Message:
        nonlocal is_read
        if is_read:
            return await receive()
        is_read = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again
