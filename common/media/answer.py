"""What a worker says: pages or a refusal, in bytes its program trusts no more than the file's."""

import struct
from collections.abc import Iterable

from common.media.limits import PAGE_BYTES_MAX, PAGES_MAX
from common.media.refusal import PictureRefusedError, Refusal

MEDIA_TYPE = "image/jpeg"
"""What every page is."""
_PAGES, _REFUSED = b"+", b"-"
_LENGTH = struct.Struct(">I")
_JPEG = b"\xff\xd8\xff"


class AnswerError(ValueError):
    """The bytes are no answer of a worker."""


def write_pages(pages: Iterable[bytes]) -> bytes:
    """Return the answer that gives pages."""
    return _PAGES + b"".join(_LENGTH.pack(len(page)) + page for page in pages)


def write_refusal(refusal: Refusal) -> bytes:
    """Return the answer that refuses."""
    return _REFUSED + refusal.value.encode()


def read_answer(answer: bytes) -> tuple[bytes, ...]:
    """Return the pages of an answer: 1 to ``PAGES_MAX``, each a JPEG of at most ``PAGE_BYTES_MAX`` bytes.

    Raises:
        PictureRefusedError: the worker refused the file.
        AnswerError: anything else.
    """
    said, rest = answer[:1], answer[1:]
    if said == _REFUSED and rest.decode("ascii", "replace") in set(Refusal):
        raise PictureRefusedError(Refusal(rest.decode()))
    if said != _PAGES:
        raise AnswerError("neither pages nor a refusal")
    pages = []
    while rest:
        page, rest = _first(rest)
        pages.append(page)
    if not 0 < len(pages) <= PAGES_MAX:
        raise AnswerError("no pages, or too many")
    return tuple(pages)


def _first(rest: bytes) -> tuple[bytes, bytes]:
    if len(rest) < _LENGTH.size:
        raise AnswerError("cut inside a length")
    (length,) = _LENGTH.unpack_from(rest)
    page = rest[_LENGTH.size : _LENGTH.size + length]
    if len(page) != length or length > PAGE_BYTES_MAX or not page.startswith(_JPEG):
        raise AnswerError("a page is cut, too large, or no JPEG")
    return page, rest[_LENGTH.size + length :]
