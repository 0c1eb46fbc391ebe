"""Packing of runs: one zstd frame that states its size (docs/spec/parcel.md §2)."""

import zstandard

from common.journal.errors import PackingError
from common.journal.limits import SMALL_PLAIN

_SMALL_LEVEL = 19
_LARGE_LEVEL = 3


def pack(plain: bytes) -> bytes:
    """Return ``plain`` as one zstd frame (RFC 8878), at level 19 where it is small, else at 3."""
    level = _SMALL_LEVEL if len(plain) <= SMALL_PLAIN else _LARGE_LEVEL
    return zstandard.ZstdCompressor(level=level).compress(plain)


def unpack(packed: bytes, plain_length: int) -> bytes:
    """Return the plain bytes, never allocating for more than ``plain_length`` of them.

    Raises:
        PackingError: the bytes are not one frame, without a dictionary, of exactly that size.
    """
    try:
        # Asked first: decompress() allocates whatever the frame states, whatever limit it is given.
        frame = zstandard.get_frame_parameters(packed)
        if frame.content_size != plain_length or frame.dict_id:
            raise PackingError("the packed run states another size")
        # It raises for a frame that unpacks to more or less than it states.
        return zstandard.ZstdDecompressor().decompress(packed, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise PackingError("the packed run is not a zstd frame") from error
