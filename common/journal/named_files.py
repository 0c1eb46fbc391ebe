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
    """Return the attachments a body names; ``BodyError`` where one that may name some is none of its kind."""
    if body is None or not _may_name_one(body):
        return frozenset()
    return frozenset(_found(decode_body(kind, body)))


def _may_name_one(body: bytes) -> bool:
    # Most bodies name none, and each is asked when it is sealed. A member's name is written in plain letters
    # or with escapes; a citation holds the body it cites in another encoding.
    return b'"parcel"' in body or b"\\" in body or b'"entry"' in body


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
