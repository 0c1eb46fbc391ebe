"""Which attachments an entry's body names, wherever in it they stand."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from common.domain.application import FileRef


def named_files(body: object) -> Iterator[FileRef]:
    """Yield every :class:`FileRef` inside ``body``, in order."""
    if isinstance(body, FileRef):
        yield body
    elif is_dataclass(body):
        for one in fields(body):
            yield from named_files(getattr(body, one.name))
    elif isinstance(body, Mapping):
        for value in body.values():
            yield from named_files(value)
    elif isinstance(body, tuple | list):
        for value in body:
            yield from named_files(value)
