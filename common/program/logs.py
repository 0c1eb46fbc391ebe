"""The log on standard error: a line of text or a line of JSON for each event (docs/reference/events.md).

Errors are told by their type and where they happened: the text of an error may quote what people typed.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from types import TracebackType
from typing import Literal

from common.domain.log import error_text
from common.program.settings import NodeSettings

_LIBRARY = "library"
_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class TextLines(logging.Formatter):
    """``2026-11-16 09:30:00,123 INFO common.program.lines session_ended peer=130638-0003``."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Return the line: one, whatever a library says."""
        return super().format(record).replace("\n", " ")

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 - logging's name
        """Return type and places of an error."""
        return error_text(ei[1]) if ei[1] is not None else ""


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, event, and the event's own fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        name = getattr(record, "event", _LIBRARY)
        said: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": name,
        }
        said |= {"text": record.getMessage()} if name == _LIBRARY else dict(getattr(record, "fields", {}))
        if record.exc_info and record.exc_info[1] is not None:
            said["error"] = error_text(record.exc_info[1])
        return json.dumps(said, ensure_ascii=False, default=str)


def begin() -> None:
    """Log to standard error, before any setting is known."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(TextLines())
    root = logging.getLogger()
    for other in list(root.handlers):
        root.removeHandler(other)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for library in ("asyncssh", "zeroconf"):
        logging.getLogger(library).setLevel(logging.WARNING)


def follow(settings: NodeSettings, *, serves: bool) -> None:
    """Log as a node's settings say; where they name no weight, only ``serve`` says what goes well."""
    lines = _LINES[settings.log]()
    root = logging.getLogger()
    for handler in root.handlers:
        if isinstance(handler.formatter, TextLines | JsonLines):
            handler.setFormatter(lines)
    root.setLevel(settings.log_level or ("INFO" if serves else "WARNING"))


_LINES: dict[Literal["text", "json"], type[TextLines] | type[JsonLines]] = {
    "text": TextLines,
    "json": JsonLines,
}
