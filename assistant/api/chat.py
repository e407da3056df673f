"""The OpenAI form: any chat client that can be given a base URL can ask. Streams as server-sent events."""

import json
import logging
import secrets
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse, StreamingResponse

from assistant.answer import Answer, to_json
from assistant.api.chat_shapes import ChatCompletion, ChatMessage, ChatRequest, ModelList, OpenAIError
from assistant.api.errors import RequestError, refused
from assistant.api.parts import Parts
from assistant.api.reading import READING, computed
from assistant.found.standing import WARNING
from assistant.model.explain import HEADING
from ingest.errors import KnowledgeBaseError

LOG = logging.getLogger(__name__)
NAME = "policy-assistant"
_ERRORS: dict[int | str, dict[str, Any]] = {
    status: told | {"model": OpenAIError} for status, told in READING.items() if status not in (403, 404)
}
_Growing = tuple[Answer, str | None]
"""An answer as far as it is told, with its ticket once it is whole."""
_MADE = 1767225600  # of the name, not of anything that a client could act on


@dataclass(frozen=True)
class _Turns:
    question: str
    history: tuple[str, ...]
    is_streamed: bool
    wants_usage: bool

    @property
    def length(self) -> int:
        return len(self.question) + sum(map(len, self.history))


def add_routes(api: FastAPI, parts: Parts) -> None:
    card = {"id": NAME, "object": "model", "created": _MADE, "owned_by": "policy-assistant"}

    @api.get("/v1/models", tags=["OpenAI 形式"], summary="模型名称", response_model=ModelList, responses=_ERRORS)
    async def models() -> JSONResponse:
        return JSONResponse({"object": "list", "data": [card]})

    @api.post(
        "/v1/chat/completions",
        tags=["OpenAI 形式"],
        summary="回答一个问题（可流式）",
        response_model=ChatCompletion,
        responses=_ERRORS | {200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
    )
    async def completions(asked: ChatRequest) -> Response:
        turns, head = _turns(asked), _Head.new(asked.model)
        if turns.is_streamed:
            return await _streamed(parts, turns, head)
        answer, ticket = await computed(parts, lambda: parts.answering.ask(turns.question, turns.history, way="openai"))
        return JSONResponse(head.whole(answer, ticket, turns.length))


@dataclass(frozen=True)
class _Head:
    """What every piece of one reply begins with."""

    id: str
    created: int
    model: str

    @classmethod
    def new(cls, model: str) -> "_Head":
        return cls(f"chatcmpl-{secrets.token_hex(12)}", int(time.time()), model)

    def whole(self, answer: Answer, ticket: str | None, asked: int) -> dict[str, Any]:
        message = {"role": "assistant", "content": content(answer), "refusal": None, **_extras(answer, ticket)}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return self._row("chat.completion", [choice]) | {"usage": _usage(asked, message["content"])}

    def piece(self, delta: dict[str, Any], finish: str | None = None, **more: Any) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return _event(self._row("chat.completion.chunk", [choice]) | more)

    def usage(self, asked: int, said: str) -> bytes:
        return _event(self._row("chat.completion.chunk", []) | {"usage": _usage(asked, said)})

    def _row(self, kind: str, choices: list[Any]) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model, "choices": choices}


def content(answer: Answer) -> str:
    """The whole answer for people who see nothing else: other notes, dates and a model's explanation below it."""
    parts = [_said(answer)]
    below = [note for note in answer.notes if not note.startswith(WARNING)]
    if told := (*below, *([answer.as_of] if answer.as_of else [])):
        parts.append("\n".join(f"- {note}" for note in told))
    if answer.explanation or answer.explanation_note:
        parts += ["---", f"**{HEADING}**", *filter(None, (answer.explanation, answer.explanation_note))]
    return "\n\n".join(parts)


def _said(answer: Answer) -> str:
    """The answer, below what has ended."""
    return "\n\n".join([*(note for note in answer.notes if note.startswith(WARNING)), answer.answer])


def _turns(asked: ChatRequest) -> _Turns:
    """The users' words alone: nobody gives orders here, and what was answered before proves nothing."""
    users = [message for message in asked.messages if message.role == "user"]
    if not users or not _is_last(asked.messages, users[-1]):
        raise RequestError(422, "messages 里最后一条要是 user 的问题。")
    question = users[-1].words.strip()
    if not question:
        raise RequestError(422, "最后一条 user 消息里没有文字，请写上问题。")
    usage = bool(asked.stream_options and asked.stream_options.include_usage)
    return _Turns(question, tuple(filter(None, (each.words for each in users[:-1]))), bool(asked.stream), usage)


def _is_last(messages: Sequence[ChatMessage], message: ChatMessage) -> bool:
    spoken = [each for each in messages if each.role in ("user", "assistant", "tool", "function")]
    return spoken[-1] is message


async def _streamed(parts: Parts, turns: _Turns, head: _Head) -> Response:
    """What can be refused is refused with its status, before the first byte."""
    answers = parts.gate.stream(lambda: _recorded(parts, turns))
    first = await anext(answers)
    return StreamingResponse(
        _pieces(turns, head, _with(first, answers)),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def _recorded(parts: Parts, turns: _Turns) -> Iterator[_Growing]:
    """The answer as it grows, and once more with its ticket; recorded at the place that it has, for it may find no other."""
    for answer in parts.answering.stream(turns.question, turns.history):
        yield answer, None
    yield answer, parts.answering.recorded(turns.question, answer, "openai")


async def _with(first: _Growing, others: AsyncIterator[_Growing]) -> AsyncIterator[_Growing]:
    yield first
    async for answer in others:
        yield answer


async def _pieces(turns: _Turns, head: _Head, answers: AsyncIterator[_Growing]) -> AsyncIterator[bytes]:
    yield head.piece({"role": "assistant", "content": ""})
    said = ""
    try:
        async for growing in answers:
            answer, ticket = growing
            # an explanation may be taken back while it grows: it is sent once it is final
            composed = _said(answer)
            if composed.startswith(said) and len(composed) > len(said):
                yield head.piece({"content": composed[len(said) :]})
                said = composed
    except KnowledgeBaseError as error:
        yield _error(str(error))
        return
    except Exception:
        LOG.exception("streaming failed")
        yield _error("")
        return
    rest = content(answer)[len(said) :]
    if rest:
        yield head.piece({"content": rest})
    yield head.piece({}, "stop", **_extras(answer, ticket))
    if turns.wants_usage:
        yield head.usage(turns.length, said + rest)
    yield b"data: [DONE]\n\n"


def _error(sentence: str) -> bytes:
    body = refused("/v1/", 500, sentence).body
    return b"data: " + bytes(body) + b"\n\n"


def _extras(answer: Answer, ticket: str | None) -> dict[str, Any]:
    """Beyond OpenAI's form: what proves the answer, and what it is."""
    row = to_json(replace(answer, answer=""))
    names = ("citations", "nearest", "units", "kind", "refused", "followups", "hotline", "as_of")
    return {name: row[name] for name in names} | {"entry": ticket}


def _usage(asked: int, said: str) -> dict[str, int]:
    return {"prompt_tokens": asked, "completion_tokens": len(said), "total_tokens": asked + len(said)}


def _event(row: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(row, ensure_ascii=False)}\n\n".encode()
