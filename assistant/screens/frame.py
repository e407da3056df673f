"""What all pages share: how their events run, and what is seen when drawing one fails."""

import logging
from collections.abc import Callable
from typing import Any

LOG = logging.getLogger(__name__)
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
"""For every event: not offered as an API of its own, and nothing that blinks while it runs."""


def said(draw: Callable[..., str], *values: Any) -> str:
    """A page's content; a defect is logged and said in one sentence."""
    try:
        return draw(*values)
    except Exception:
        LOG.exception("%s failed", draw.__name__)
        return '<p class="empty" role="alert">程序出错，没有显示出来；详情已写入运行日志，请重试。</p>'
