"""How much one client, and all of them together, may ask for."""

from collections.abc import Mapping
from dataclasses import dataclass

from ingest.errors import AssistantError

MIB = 1024 * 1024
_OFF = ("off", "0", "none")


@dataclass(frozen=True)
class Limits:
    """``rate`` is the number of questions and searches that one client may send a minute, None for any number.

    ``at_once`` questions are computed at the same time, ``waiting`` more may wait; whoever comes then is told to come again.
    ``upload_bytes`` is the most that one uploaded file may have. ``mcp_origins`` are the web pages that may call the tools.
    """

    rate: int | None = 6000
    at_once: int = 4
    waiting: int = 32
    upload_bytes: int = 50 * MIB
    mcp_origins: tuple[str, ...] = ()

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Limits":
        """POLICY_RATE_LIMIT, POLICY_AT_ONCE, POLICY_WAITING, POLICY_UPLOAD_MB, POLICY_MCP_ORIGINS. AssistantError where one is wrong."""
        rate = (env.get("POLICY_RATE_LIMIT") or "").strip().lower()
        origins = [each.strip().rstrip("/") for each in env.get("POLICY_MCP_ORIGINS", "").split(",")]
        return cls(
            rate=None if rate in _OFF else _number(env, "POLICY_RATE_LIMIT", 6000, 1_000_000),
            at_once=_number(env, "POLICY_AT_ONCE", cls.at_once, 64),
            waiting=_number(env, "POLICY_WAITING", cls.waiting, 10_000),
            upload_bytes=_number(env, "POLICY_UPLOAD_MB", 50, 2000) * MIB,
            mcp_origins=tuple(filter(None, origins)),
        )


def _number(env: Mapping[str, str], name: str, default: int, most: int) -> int:
    written = (env.get(name) or str(default)).strip()
    if not (written.isascii() and written.isdigit() and 1 <= int(written) <= most):
        raise AssistantError(f"环境变量 {name} 的值“{written}”不对，应是 1 到 {most} 的整数，请改正后再启动。")
    return int(written)
