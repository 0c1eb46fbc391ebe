"""Attachments: files sealed in pieces that open one by one (docs/spec/parcel.md §4)."""

from common.crypto.errors import CannotOpenError
from common.crypto.symmetric import NONCE_BYTES, TAG_BYTES, decrypt, encrypt
from common.crypto.wire import Writer
from common.journal.limits import ATTACHMENT_MAX, CHUNK

PIECE = CHUNK - TAG_BYTES
"""Plain bytes of every chunk but the last."""
_ATTACHMENT = b"jiujin/attachment/1\0"


def chunk_count(length: int) -> int:
    """Return how many chunks a file of ``length`` plain bytes has; an empty one has one.

    Raises:
        ValueError: the length is not 0 to ``ATTACHMENT_MAX``.
    """
    if not 0 <= length <= ATTACHMENT_MAX:
        raise ValueError("an attachment is at most 64 MiB")
    return max(1, -(-length // PIECE))


def sealed_length(length: int) -> int:
    """Return how many bytes a file of ``length`` plain bytes has sealed."""
    return length + chunk_count(length) * TAG_BYTES


def seal_chunk(piece: bytes, key: bytes, length: int, index: int) -> bytes:
    """Return chunk ``index`` (from 0) of a file of ``length`` plain bytes; ``key`` seals one file only."""
    return encrypt(key, _nonce(index), piece, _associated_data(length, index))


def open_chunk(chunk: bytes, key: bytes, length: int, index: int) -> bytes:
    """Return the plain bytes of chunk ``index`` (from 0) of a file of ``length`` plain bytes.

    Raises:
        CannotOpenError: it is another chunk, of another file, altered or cut.
    """
    if not 0 <= index < chunk_count(length):
        raise CannotOpenError
    return decrypt(key, _nonce(index), chunk, _associated_data(length, index))


def seal_attachment(data: bytes, key: bytes) -> bytes:
    """Return the parcel of a file, sealed with the file's own fresh 32-byte key.

    Its name is ``parcel_name`` of these bytes; name, length and key belong into the entry that names it.
    """
    pieces = (data[start : start + PIECE] for start in range(0, max(1, len(data)), PIECE))
    chunk_count(len(data))  # refuses what is too long before anything is sealed
    return b"".join(seal_chunk(piece, key, len(data), index) for index, piece in enumerate(pieces))


def open_attachment(data: bytes, key: bytes, length: int) -> bytes:
    """Return the file of a parcel.

    Args:
        data: the sealed bytes.
        key: 32 bytes, from the entry that names it.
        length: plain length, from that entry.

    Raises:
        CannotOpenError: it is another file, altered, cut or longer.
    """
    if len(data) != sealed_length(length):
        raise CannotOpenError
    chunks = (data[start : start + CHUNK] for start in range(0, len(data), CHUNK))
    return b"".join(open_chunk(chunk, key, length, index) for index, chunk in enumerate(chunks))


def _nonce(index: int) -> bytes:
    return index.to_bytes(NONCE_BYTES, "big")


def _associated_data(length: int, index: int) -> bytes:
    last = index == chunk_count(length) - 1
    return Writer().raw(_ATTACHMENT).uint(length).uint(index).flag(last).done()
