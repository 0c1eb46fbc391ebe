"""Bodies: the domain's dataclasses as JSON and back, by one TypeAdapter each (docs/spec/journal.md §5)."""

import json
import re
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson
from pydantic import TypeAdapter, ValidationError

from common.domain.kinds import BODY_TYPES
from common.journal.errors import BodyError

Body = TypeVar("Body")
_INTEGER_MAX = 2**53 - 1
_INTEGER_DIGITS = 17
_LONG_INTEGER = re.compile(rb"[:,\[][ \t\r\n]*-?[0-9]{16}")
"""How a long integer begins, and a text that holds one (the number of an identity card) does not."""
_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


@dataclass(frozen=True, slots=True)
class UnknownBody:
    """The body of a kind this program does not know yet.

    Attributes:
        kind: the entry's kind.
        values: the JSON object as it came.
    """

    kind: str
    values: dict[str, Any]


def encode_body(body: Any) -> bytes:
    """Return a body dataclass as JSON in UTF-8; members equal to their default are left out."""
    plain = _adapter(body.__class__).dump_python(body, mode="json", exclude_defaults=True)
    return orjson.dumps(plain, option=orjson.OPT_STRICT_INTEGER)


def decode_body(kind: str, data: bytes) -> Any:
    """Return the body dataclass of ``kind``, or an ``UnknownBody``.

    Raises:
        BodyError: the bytes are no JSON object, or not of that kind's shape.
    """
    if kind not in BODY_TYPES:
        return UnknownBody(kind, _json_object(data))
    try:
        body = _adapter(BODY_TYPES[kind]).validate_json(data, strict=True)
    except ValidationError as error:
        # Neither the values nor pydantic's message may reach a log: they hold what the entry says.
        raise BodyError(f"the body of a {kind} has {error.error_count()} wrong members") from None
    if _LONG_INTEGER.search(data):
        _refuse_long_integers(data)
    return body


def to_plain(value: Any) -> dict[str, Any]:
    """Return a domain dataclass as plain JSON values, for a table's JSON column."""
    plain: dict[str, Any] = _adapter(value.__class__).dump_python(value, mode="json", exclude_defaults=True)
    return plain


def from_plain(body_type: type[Body], values: dict[str, Any]) -> Body:
    """Return the dataclass ``to_plain`` took apart; ``BodyError`` where the values are not of its shape."""
    return decode_as(body_type, orjson.dumps(values))


def decode_as(body_type: type[Body], data: bytes) -> Body:
    """Return the dataclass of its JSON.

    Raises:
        BodyError: the bytes are not of its shape.
    """
    wanted: Any = body_type
    try:
        body: Body = _adapter(wanted).validate_json(data, strict=True)
    except ValidationError as error:
        raise BodyError(f"a kept {body_type.__name__} has {error.error_count()} wrong members") from None
    return body


def _refuse_long_integers(data: bytes) -> None:
    # They fit no column and no other JSON reader; long digits inside a text are no integer.
    def bounded(digits: str) -> int:
        if len(digits) > _INTEGER_DIGITS or abs(int(digits)) > _INTEGER_MAX:
            raise BodyError("an integer beyond 53 bits")
        return int(digits)

    json.loads(data, parse_int=bounded)


def _json_object(data: bytes) -> dict[str, Any]:
    try:
        values = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise BodyError("the body is not JSON") from None
    if not isinstance(values, dict):
        raise BodyError("the body is not a JSON object")
    return values


def _adapter(body_type: Any) -> TypeAdapter[Any]:
    """Making an adapter takes milliseconds, so each is made once."""
    if body_type not in _ADAPTERS:
        _ADAPTERS[body_type] = TypeAdapter(body_type)
    return _ADAPTERS[body_type]
