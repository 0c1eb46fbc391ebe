"""Which attachments entries name: found in their bodies, cited ones too."""

import dataclasses
from collections.abc import Iterator

from common.crypto.wire import FormatError
from common.domain.application import FileRef
from common.domain.bodies.hub import Cited
from common.journal.batch_header import AttachmentRef
from common.journal.body import decode_body
from common.journal.citation import from_body
from common.journal.entry import EntryHeader
from common.journal.errors import BodyError


def named_files(kind: str, body: bytes | None) -> frozenset[AttachmentRef]:
    """Return the attachments an entry's body names; ``BodyError`` where the body is none of its kind."""
    return frozenset(_found(decode_body(kind, body))) if body is not None else frozenset()


def _found(value: object) -> Iterator[AttachmentRef]:
    if isinstance(value, FileRef):
        yield AttachmentRef(bytes.fromhex(value.parcel), value.length)
    elif isinstance(value, Cited):
        entry = from_body(value).entry
        yield from named_files(_kind(entry.header), entry.body)
    elif dataclasses.is_dataclass(value):
        for item in dataclasses.fields(value):
            yield from _found(getattr(value, item.name))
    elif isinstance(value, dict):
        for one in value.values():
            yield from _found(one)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _found(one)


def _kind(header: bytes) -> str:
    try:
        return EntryHeader.decode(header).kind
    except FormatError as error:
        raise BodyError("a citation of an entry without a header") from error
