"""A file handed in becomes plain pages, or is refused with a sentence: bytes in, bytes out, no I/O."""

from collections.abc import Iterator
from io import BytesIO
from warnings import catch_warnings

from PIL import Image

from common.media import pdf
from common.media.kinds import Kind, kind_of
from common.media.limits import PAGE_BYTES_MAX
from common.media.order import Order
from common.media.pictures import pictures
from common.media.refusal import PictureRefusedError, Refusal
from common.media.watermark import watermarked

_QUALITIES = (84, 74, 62, 50)
_SHRINK = 0.75


def develop(data: bytes, order: Order, font: bytes) -> tuple[bytes, ...]:
    """Return the pages of a file as JPEG: upright, RGB, without metadata, within ``limits``.

    Decoders meet what strangers made: call it in a worker (``studio``), never in a serving program.

    Args:
        data: the file as it came.
        order: how its pages are wanted.
        font: TrueType font for watermark and for Chinese text in PDFs that bring none.

    Raises:
        PictureRefusedError: the file is not what we take; no other error leaves here.
    """
    kind = kind_of(data)
    try:
        with catch_warnings(action="ignore"):  # a decoder that grumbles and goes on has read the file
            return tuple(_written(page, order, font) for page in _pages(data, kind, order.longest, font))
    except PictureRefusedError:
        raise
    except MemoryError:
        raise PictureRefusedError(Refusal.TOO_HARD) from None
    except Exception:  # noqa: BLE001 - decoders raise whatever they like over a spoilt file
        raise PictureRefusedError(Refusal.BROKEN) from None


def _pages(data: bytes, kind: Kind, longest: int, font: bytes) -> Iterator[Image.Image]:
    return pdf.pages(data, longest, font) if kind is Kind.PDF else pictures(data, kind, longest)


def _written(page: Image.Image, order: Order, font: bytes) -> bytes:
    if order.watermark:
        page = watermarked(page, order.watermark, font)
    while True:
        for quality in _QUALITIES:
            written = _jpeg(page, quality)
            if len(written) <= PAGE_BYTES_MAX:
                return written
        page = page.resize((round(page.width * _SHRINK), round(page.height * _SHRINK)))


def _jpeg(page: Image.Image, quality: int) -> bytes:
    buffer = BytesIO()
    page.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
    return buffer.getvalue()
