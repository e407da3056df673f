"""What the server writes down, one line for each thing that happened: as text, or as JSON for programs that collect logs."""

import json
import logging
from datetime import UTC, datetime

from assistant.traced import current

FORMS = ("text", "json")
_TEXT = "%(asctime)s %(levelname)s %(name)s %(message)s"
_KEPT = frozenset(vars(logging.makeLogRecord({})))
"""What every record has; anything else was given by who wrote it, and is told under its own name."""


def begin(level: str, form: str) -> None:
    """Everything from ``level`` up goes to stderr in that form, what libraries and warnings say included."""
    handler = logging.StreamHandler()
    handler.setFormatter(AsJson() if form == "json" else AsText(_TEXT))
    logging.basicConfig(level=level.upper(), handlers=[handler])
    logging.captureWarnings(True)


class AsText(logging.Formatter):
    """For people; the request's id stands behind the line."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 — logging's own name
        trace = current()
        return super().formatMessage(record) + (f" [{trace.id}]" if trace else "")


class AsJson(logging.Formatter):
    """One object a line, a traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if trace := current():
            told["request"] = trace.id
        told |= {name: value for name, value in vars(record).items() if name not in _KEPT}
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False, default=str)
