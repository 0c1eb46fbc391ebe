"""The kinds of columns the tables are made of; the ORM's own for bytes can be no key."""

from typing import Any

import orjson
from tortoise import fields

DIGEST_BYTES = 32
NODE_ID = 11
UUID_TEXT = 36
AUDIENCE = 24
WORD = 40


class BytesColumn(fields.BinaryField[Any]):
    """Bytes that can be a key, unique, indexed and compared."""

    indexable = True


def sorted_json(value: Any) -> str:
    """Return JSON with its keys in order, so that the same content is the same text."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


class JsonColumn(fields.JSONField[Any]):
    """JSON content, written with its keys in order."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("encoder", sorted_json)
        options.setdefault("decoder", orjson.loads)
        super().__init__(**options)

    def to_db_value(self, value: Any, instance: Any) -> str | None:  # noqa: ARG002 - tortoise's signature
        """Return the value as JSON text; the ORM's own takes a text for JSON already."""
        return None if value is None else sorted_json(value)


def node_id(**options: Any) -> Any:
    """A node's id, as in ``130638-0417``."""
    return fields.CharField(max_length=NODE_ID, **options)


def uuid_text(**options: Any) -> Any:
    """A UUID as its 36 letters."""
    return fields.CharField(max_length=UUID_TEXT, **options)


def word(**options: Any) -> Any:
    """A short name of a kind, state or reason."""
    return fields.CharField(max_length=WORD, **options)
