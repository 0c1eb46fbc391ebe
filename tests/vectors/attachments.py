"""Vectors of attachments (docs/spec/parcel.md §4)."""

from collections.abc import Iterator
from typing import Any

from common.journal.attachment import seal_attachment, seal_chunk
from tests.common.journal.samples import seed

KEY = seed("attachment key")
REFUSED = {"error": "cannot-open"}


def attachments() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield files of one chunk; longer ones are compared with the second decoder as they are made."""
    plain = seed("picture", 50)
    whole = seal_attachment(plain, KEY)
    for name, content in (("good", plain), ("good-empty", b"")):
        data = seal_attachment(content, KEY).hex()
        yield name, _vector(data, len(content), {"plain": content.hex()})
    defects = {
        "empty-bytes": (b"", 0),
        "cut-by-one": (whole[:-1], 50),
        "longer-by-one": (whole + b"\0", 50),
        "flipped": (bytes([whole[0] ^ 1]) + whole[1:], 50),
        "another-length-claimed": (whole, 51),
        "chunk-of-another-place": (seal_chunk(plain, KEY, 65_570, 1), 50),
        "not-marked-last": (seal_chunk(plain, KEY, 65_570, 0), 50),
    }
    for name, (sealed, length) in defects.items():
        yield name, _vector(sealed.hex(), length, REFUSED)


def _vector(data: str, length: int, expect: dict[str, Any]) -> dict[str, Any]:
    return {"bytes": data, "key": KEY.hex(), "length": length, "expect": expect}
