"""Letters: sealed bytes for one addressee that any carrier may take along (identity.md §7)."""

from common.crypto.errors import CannotOpenError
from common.crypto.hashing import digest
from common.crypto.sealing import KEY_ID_BYTES, OVERHEAD_BYTES, SealingKey, key_id, open_from, seal_to
from common.crypto.wire import FormatError, Reader, Writer

LETTER_MAX = 262_144
"""Bytes of the largest letter; a carrier refuses longer ones unread."""
DIGEST_BYTES = 32
_MAGIC_BYTES = 4
_PLAIN_MAX = LETTER_MAX - _MAGIC_BYTES - KEY_ID_BYTES - OVERHEAD_BYTES


def seal_letter(magic: bytes, public: bytes, plain: bytes, binding: bytes) -> bytes:
    """Return a letter of the kind ``magic`` (4 bytes) to the holder of a sealing key.

    Args:
        magic: the kind; part of what the sealed bytes are bound to.
        public: the addressee's 1,216-byte sealing key.
        plain: what it says.
        binding: 32 bytes the addressee must name to open it.

    Raises:
        ValueError: it would be longer than ``LETTER_MAX``.
    """
    if len(plain) > _PLAIN_MAX:
        raise ValueError("a letter is at most 256 KiB")
    writer = Writer().raw(magic).fixed(key_id(public), KEY_ID_BYTES)
    return writer.raw(seal_to(public, plain, _info(magic, binding))).done()


def open_letter(magic: bytes, key: SealingKey, letter: bytes, binding: bytes) -> bytes:
    """Return what a letter says.

    Raises:
        FormatError: it is too long, or of another kind.
        CannotOpenError: it is to another key, bound to something else, or altered.
    """
    if len(letter) > LETTER_MAX:
        raise FormatError("letter too long", LETTER_MAX)
    reader = Reader(letter)
    if reader.fixed(_MAGIC_BYTES) != magic:
        raise FormatError("another kind of letter", 0)
    if reader.fixed(KEY_ID_BYTES) != key.key_id():
        raise CannotOpenError
    return open_from(key, reader.rest(), _info(magic, binding))


def addressee(letter: bytes) -> bytes:
    """Return the 8-byte id of the sealing key a letter is to; ``FormatError`` when it is cut off."""
    reader = Reader(letter)
    reader.fixed(_MAGIC_BYTES)
    return reader.fixed(KEY_ID_BYTES)


def letter_digest(letter: bytes) -> bytes:
    """Return the 32 bytes by which an answer names the letter it answers."""
    return digest(b"jiujin/letter/1\0", letter)


def _info(magic: bytes, binding: bytes) -> bytes:
    return digest(b"jiujin/letter-info/1\0", magic, binding)
