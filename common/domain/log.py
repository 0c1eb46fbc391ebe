"""What is said in the log: an event by its stable name, with fields; English, and nothing personal.

Names and fields are in docs/reference/events.md: a contract with whoever reads logs by program.
"""

import logging
import traceback

Field = str | int | float | bool | BaseException | None
"""A node id, a count, a fixed word, an error: never a name, number or telephone of a person."""


def event(logger: logging.Logger, level: int, name: str, **fields: Field) -> None:
    """Log an event.

    Args:
        logger: of the module.
        level: as ``logging`` has it.
        name: lower case with underscores, the same for ever.
        fields: lower case names; what is None is left out, and of an error type and places are said.
    """
    said = {
        key: error_text(value) if isinstance(value, BaseException) else value
        for key, value in fields.items()
        if value is not None
    }
    text = " ".join([name, *(f"{key}={value}" for key, value in said.items())])
    logger.log(level, "%s", text, extra={"event": name, "fields": said})


def error_text(error: BaseException) -> str:
    """Return an error's type and where it happened: its own text may quote what people typed."""
    places = " < ".join(
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno}"
        for frame in reversed(traceback.extract_tb(error.__traceback__))
    )
    return f"{type(error).__name__} at {places}" if places else type(error).__name__
