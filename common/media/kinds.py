"""What a file is by its first bytes, never by its name or what the sender said."""

from enum import StrEnum

from common.media.limits import FILE_MAX
from common.media.refusal import PictureRefusedError, Refusal


class Kind(StrEnum):
    """Kinds that are taken; pictures by the name their decoder goes by."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    BMP = "BMP"
    TIFF = "TIFF"
    HEIC = "HEIF"
    PDF = "PDF"


_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"BM", Kind.BMP),
    (b"II*\0", Kind.TIFF),
    (b"MM\0*", Kind.TIFF),
    (b"%PDF-", Kind.PDF),
)
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1"}


def kind_of(data: bytes) -> Kind:
    """Return what a file is.

    Raises:
        PictureRefusedError: empty, more than ``FILE_MAX`` bytes, or of no kind that is taken.
    """
    if not data:
        raise PictureRefusedError(Refusal.EMPTY)
    if len(data) > FILE_MAX:
        raise PictureRefusedError(Refusal.TOO_HEAVY)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Kind.WEBP
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return Kind.HEIC
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    raise PictureRefusedError(Refusal.UNKNOWN)
