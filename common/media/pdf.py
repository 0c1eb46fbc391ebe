"""PDFs: every page becomes a picture, so that nothing in it can act, hide, or be cut out again."""

import ctypes
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw
from PIL import Image

from common.media.limits import PAGES_MAX, SIDE_MIN
from common.media.refusal import PictureRefusedError, Refusal

_CHINESE, _OTHER = 1, 0
_EAST_ASIAN = {128, 129, 134, 136}
"""Character sets of FPDF_SYSFONTINFO: Shift JIS, Hangul, GB 2312, Big 5."""


def pages(data: bytes, longest: int, font: bytes) -> Iterator[Image.Image]:
    """Yield every page as a picture, filled-in forms and notes on it included.

    Args:
        data: the file.
        longest: pixels of a page's longer side.
        font: a TrueType font for Chinese, Japanese and Korean text whose own font is not in the file.

    Raises:
        PictureRefusedError: it cannot be opened or shown; pdfium's own errors pass through beside it.
    """
    _OurFont(font).setup()
    document = _opened(data)
    try:
        if not 0 < len(document) <= PAGES_MAX:
            raise PictureRefusedError(Refusal.TOO_MANY_PAGES if len(document) else Refusal.BROKEN)
        document.init_forms()
        for page in document:
            yield _picture(page, longest)
            page.close()
    finally:
        document.close()


def _opened(data: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD
        raise PictureRefusedError(Refusal.LOCKED if locked else Refusal.BROKEN) from None


def _picture(page: pypdfium2.PdfPage, longest: int) -> Image.Image:
    width, height = page.get_size()
    if min(width, height) <= 0 or min(width, height) * longest < SIDE_MIN * max(width, height):
        raise PictureRefusedError(Refusal.TOO_SMALL)
    picture: Image.Image = page.render(scale=longest / max(width, height)).to_pil()
    return picture.convert("RGB")


class _OurFont(pypdfium2.PdfSysfontBase):  # type: ignore[misc] # it has no types
    """Lends pdfium one font, from memory, instead of the machine's: a page looks the same everywhere."""

    def __init__(self, font: bytes) -> None:
        super().__init__()
        self._font = font

    def EnumFonts(self, *_: Any) -> None:  # noqa: N802 - pdfium's name
        """No font of the machine is there."""

    def MapFont(self, _info: Any, _weight: int, _italic: int, charset: int, *_: Any) -> int:  # noqa: N802
        """Ours for East Asian text, pdfium's built-in ones for the rest."""
        return _CHINESE if charset in _EAST_ASIAN else _OTHER

    def GetFont(self, *_: Any) -> int:  # noqa: N802
        """No font is known by name."""
        return _OTHER

    def GetFontData(self, _info: Any, _font: Any, table: int, buffer: Any, size: int) -> int:  # noqa: N802
        """Give the whole file; pdfium asks for its size first."""
        if table:
            return 0
        if size >= len(self._font):
            ctypes.memmove(buffer, self._font, len(self._font))
        return len(self._font)

    def GetFaceName(self, *_: Any) -> int:  # noqa: N802
        """No name is told."""
        return 0

    def GetFontCharset(self, *_: Any) -> int:  # noqa: N802
        """Simplified Chinese."""
        return 134

    def DeleteFont(self, *_: Any) -> None:  # noqa: N802
        """There is nothing to give back."""
