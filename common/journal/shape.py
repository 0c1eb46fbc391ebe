"""Typed values out of JSON somebody wrote by hand: told where it is wrong, never what it said."""

from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

Shaped = TypeVar("Shaped")


class ShapeError(ValueError):
    """The JSON is not of the shape asked for.

    Attributes:
        places: where, as dotted paths; empty for text that is no JSON at all.
    """

    def __init__(self, places: tuple[str, ...]) -> None:
        """Keep the places; no value ever reaches the message."""
        super().__init__(f"{len(places)} places are not of the expected shape")
        self.places = places


def read_shape(wanted: type[Shaped], data: bytes) -> Shaped:
    """Return the dataclass ``wanted`` of its JSON; members it does not have are wrong too.

    Raises:
        ShapeError: anything else.
    """
    target: Any = wanted
    try:
        value: Shaped = TypeAdapter(target).validate_json(data, extra="forbid")
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        places = [".".join(str(part) for part in one["loc"]) for one in found]
        raise ShapeError(tuple(place for place in places if place)) from None
    return value


def json_schema(wanted: type) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a dataclass, as ``read_shape`` takes it."""
    target: Any = wanted
    return TypeAdapter(target).json_schema()
