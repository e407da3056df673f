"""What the server keeps of every open tab: only what its events need.

Gradio copies every component of every page for each tab, for links into a session; this app offers none. That copy was
0.4 MB a tab and was made again with each answer.
"""

from types import SimpleNamespace
from typing import Any

from fastapi import FastAPI
from gradio.routes import App
from gradio.state_holder import SessionState, StateHolder

TABS = 1000
"""Whose conversations are kept in memory, the latest; a browser keeps its own besides."""


class _Tab(SessionState):
    def __init__(self, blocks: Any) -> None:
        without_copies: Any = SimpleNamespace(default_config=blocks.default_config, blocks={})
        super().__init__(without_copies)
        self.blocks_config.config_for_block = _undescribed  # type: ignore[assignment, method-assign]

    def _update_config(self, key: int) -> None:
        """No copy, so nothing to bring up to date."""

    def _update_value_in_config(self, key: int, value: Any) -> None:
        """No copy, so nothing to bring up to date."""


def _undescribed(*_: object) -> dict[str, Any]:
    """In place of the copy that is made of each component that changes."""
    return {}


class Tabs(StateHolder):
    """The open tabs, by their sessions' names."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def __getitem__(self, session_id: str) -> SessionState:
        if session_id not in self.session_data:
            self.session_data[session_id] = _Tab(self.blocks)
        return super().__getitem__(session_id)


def keep_little(served: FastAPI, blocks: Any) -> None:
    """Let the pages mounted in ``served`` keep their tabs so.

    Raises:
        LookupError: no page of Gradio's is mounted there.
    """
    mounted = [app for app in (getattr(route, "app", None) for route in served.routes) if isinstance(app, App)]
    if not mounted:
        raise LookupError("no Gradio pages are mounted")
    for app in mounted:
        blocks.state_session_capacity = TABS
        app.state_holder = Tabs()
        app.state_holder.set_blocks(blocks)
