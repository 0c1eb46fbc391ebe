"""Words over a whole page, so that a copy of it serves one purpose: seen at once, hiding nothing."""

from io import BytesIO
from math import ceil, hypot

from PIL import Image, ImageDraw, ImageFont

_DEGREES = 30
_HEIGHT, _DISTANCE = 1 / 32, 5
"""Height of the words as a part of the page's longer side; lines stand so many heights apart."""
_INK, _INK_STRENGTH = (60, 60, 60), 0.34
_HALO, _HALO_STRENGTH = (255, 255, 255), 0.25
"""Dark words in a light rim show on every colour; as faint as they are, what is under them is read."""


def watermarked(page: Image.Image, words: str, font: bytes) -> Image.Image:
    """Return an RGB page with ``words`` written across it again and again, slanting.

    Args:
        page: the page.
        words: one line.
        font: a TrueType font that has the words' characters.
    """
    side = ceil(hypot(*page.size))
    height = round(max(page.size) * _HEIGHT)
    face = ImageFont.truetype(BytesIO(font), height, layout_engine=ImageFont.Layout.BASIC)
    step = ceil(face.getlength(words)) + 2 * height
    halo, ink = Image.new("L", (side, side)), Image.new("L", (side, side))
    for line, top in enumerate(range(0, side, _DISTANCE * height)):
        for left in range(-(line % 2) * step // 2, side, step):
            _write(halo, (left, top), words, face, _HALO_STRENGTH, rim=max(1, height // 20))
            _write(ink, (left, top), words, face, _INK_STRENGTH)
    return _over(_over(page, _HALO, halo), _INK, ink)


def _write(
    mask: Image.Image,
    place: tuple[int, int],
    words: str,
    face: ImageFont.FreeTypeFont,
    strength: float,
    rim: int = 0,
) -> None:
    fill = round(255 * strength)
    ImageDraw.Draw(mask).text(place, words, fill=fill, font=face, stroke_width=rim, stroke_fill=fill)


def _over(page: Image.Image, colour: tuple[int, int, int], mask: Image.Image) -> Image.Image:
    """Return the page with the colour where the slanted mask lets it through."""
    slanted = mask.rotate(_DEGREES, Image.Resampling.BICUBIC)
    left, top = (mask.width - page.width) // 2, (mask.height - page.height) // 2
    part = slanted.crop((left, top, left + page.width, top + page.height))
    return Image.composite(Image.new("RGB", page.size, colour), page, part)
