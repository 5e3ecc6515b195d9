"""What the service tells its operator: one line for each record, as text or as JSON.

What a client sent stands in fields of its own and never in the message, so that no text of a client can pass for a
line of the log: `extra={"fields": …}`. Every record carries the id of the request that it belongs to.
"""

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Literal, TextIO

from graph.keys.secret import redacted

LogFormat = Literal["text", "json"]
REQUEST: ContextVar[str] = ContextVar("request", default="")
"""Id of the request that is worked on."""
_LONGEST = 300
"""Characters of a field."""


def set_up(form: LogFormat, *, access: bool, out: TextIO = sys.stderr) -> None:
    """Send the records of the service, of its server and of what sends its spans to a stream; those of each request
    only where asked for.
    """
    handler = logging.StreamHandler(out)
    handler.setFormatter(_Json() if form == "json" else _Text())
    for name in ("argumap", "uvicorn", "opentelemetry"):
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.propagate = False
        logger.setLevel(logging.INFO if name == "argumap" else logging.WARNING)
    logging.getLogger("argumap.access").setLevel(logging.INFO if access else logging.WARNING)


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    given: dict[str, Any] = dict(getattr(record, "fields", {}))
    if number := REQUEST.get():
        given.setdefault("request", number)
    return {name: _shown(value) for name, value in given.items() if value is not None}


def _shown(value: object) -> object:
    if isinstance(value, str):
        return redacted(value if len(value) <= _LONGEST else value[:_LONGEST] + "…")
    return value


class _Json(logging.Formatter):
    """A JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        whole = {
            "time": moment.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redacted(record.getMessage()),
            **_fields(record),
        }
        if record.exc_info:
            whole["trace"] = redacted(self.formatException(record.exc_info))
        return json.dumps(whole, ensure_ascii=True, default=str)


class _Text(logging.Formatter):
    """A line for people: time, level, sentence, and the fields as JSON values, which hold no line break."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        told = " ".join(f"{name}={json.dumps(value, default=str)}" for name, value in _fields(record).items())
        message = redacted(record.getMessage()).replace("\r", "\\r").replace("\n", "\\n")
        line = f"{moment} {record.levelname.lower()} {record.name}: {message} {told}".rstrip()
        if record.exc_info:
            line += "\n" + redacted(self.formatException(record.exc_info))
        return line
