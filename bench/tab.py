"""A tab of the page 问答 without a browser: the requests that the page's own script makes, in a session of its own."""

import json
import secrets
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Tab:
    """``messages`` is what stands in the conversation; the rest of it the server keeps by ``session``."""

    url: str
    event: dict[str, Any]
    chat: int
    """The conversation's place among the event's outputs."""
    session: str = field(default_factory=lambda: secrets.token_hex(6))
    messages: list[Any] = field(default_factory=list)

    @classmethod
    def open(cls, url: str) -> "Tab":
        """Read from the page itself which event the question box sends, and which output is the conversation."""
        with urllib.request.urlopen(f"{url}/config", timeout=60) as given:
            page = json.load(given)
        number = {each["props"].get("elem_id"): each["id"] for each in page["components"]}
        event = next(each for each in page["dependencies"] if [number["question"], "submit"] in each["targets"])
        return cls(url, event, event["outputs"].index(number["chat"]))

    def ask(self, question: str, _: Sequence[str] = ()) -> str:
        """The answer as it stands on the page when it is whole."""
        body = {
            "data": [question, None, self.messages],
            "fn_index": self.event["id"],
            "trigger_id": self.event["targets"][0][0],
            "session_hash": self.session,
            "event_data": None,
        }
        request = urllib.request.Request(
            f"{self.url}/gradio_api/queue/join", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=60) as joined:
            event_id = json.load(joined)["event_id"]
        shown: list[Any] = []
        for told in self._heard():
            if told.get("event_id") != event_id or "output" not in told:
                continue
            if not told.get("success", True):
                raise RuntimeError(f"the page failed: {told['output'].get('error')}")
            shown = _next(shown, told["output"].get("data") or [], told["msg"])
            if told["msg"] == "process_completed":
                break
        self.messages = shown[self.chat]
        return str(self.messages[-1]["content"][-1]["text"])

    def _heard(self) -> Iterator[dict[str, Any]]:
        address = f"{self.url}/gradio_api/queue/data?session_hash={self.session}"
        with urllib.request.urlopen(address, timeout=60) as lines:
            for line in lines:
                if line.startswith(b"data: "):
                    yield json.loads(line[6:])


def _next(shown: list[Any], given: list[Any], message: str) -> list[Any]:
    """The outputs after a message: whole at first and at the end, between them what changed since the last one."""
    if message == "process_generating" and shown:
        return [_changed(value, changes) for value, changes in zip(shown, given, strict=True)]
    return given or shown


def _changed(value: Any, changes: Any) -> Any:
    for action, path, new in changes:
        if not path:
            value = new if action == "replace" else value + new
            continue
        inner = value
        for key in path[:-1]:
            inner = inner[key]
        if action == "delete":
            del inner[path[-1]]
        elif action == "append":
            inner[path[-1]] += new
        elif action == "add" and isinstance(inner, list):
            inner.insert(path[-1], new)
        else:
            inner[path[-1]] = new
    return value
