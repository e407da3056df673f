"""Ways in for programs, in the same process as the screens: REST, the OpenAI form, MCP, login, metrics."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.screens.context import Context


def add_routes(app: "FastAPI", context: "Context") -> None:
    """Everything for programs at ``app``, and the guard and the security headers in front of its pages too."""
    from assistant.api.app import add_routes as add

    add(app, context)
