"""What a thief looks for on a copied disk: texts and bytes in every writing they might be found in."""

import base64
from collections.abc import Collection, Iterator
from pathlib import Path

SHORTEST_BASE64 = 8


def needles(texts: Collection[str], pieces: Collection[bytes] = ()) -> Iterator[tuple[str, bytes]]:
    """Yield (what, bytes) of texts in four encodings, and of all in hex and base64."""
    for at, text in enumerate(texts):
        for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030"):
            yield f"text {at} in {encoding}", text.encode(encoding)
        # As the text index writes it: the code points of its characters.
        yield f"text {at} indexed", " ".join(f"{ord(one):x}" for one in text).encode()
    for at, plain in enumerate([*(text.encode() for text in texts), *pieces]):
        yield f"bytes {at} plain", plain
        yield f"bytes {at} in hex", plain.hex().encode()
        yield f"bytes {at} in HEX", plain.hex().upper().encode()
        for cut in range(3):
            encoded = base64.b64encode(plain[cut : cut + (len(plain) - cut) // 3 * 3])
            if len(encoded) >= SHORTEST_BASE64:
                yield f"bytes {at} in base64", encoded


def files_of(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder by its path in it."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def found(folder: Path, wanted: Collection[tuple[str, bytes]]) -> list[tuple[str, str]]:
    """Return (what, file) of everything that lies in a folder's files."""
    return [
        (what, name) for name, data in files_of(folder).items() for what, needle in wanted if needle in data
    ]
