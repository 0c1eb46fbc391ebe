"""Words over a whole page, so that a copy of it serves one purpose: seen at once, hiding nothing."""

from io import BytesIO
from math import ceil, hypot

from PIL import Image, ImageDraw, ImageFont

_DEGREES = 30
_HEIGHT, _DISTANCE = 1 / 32, 5
"""Height of the words as a part of the page's longer side; lines stand so many heights apart."""
_GREY, _STRENGTH = 120, 0.34
"""Between black and white, so that it shows on both; a third of the way, so that what is under it is read."""


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
    mask = Image.new("L", (side, side))
    draw = ImageDraw.Draw(mask)
    for line, top in enumerate(range(0, side, _DISTANCE * height)):
        for left in range(-(line % 2) * step // 2, side, step):
            draw.text((left, top), words, fill=round(255 * _STRENGTH), font=face)
    mask = mask.rotate(_DEGREES, Image.Resampling.BICUBIC)
    left, top = (side - page.width) // 2, (side - page.height) // 2
    mask = mask.crop((left, top, left + page.width, top + page.height))
    return Image.composite(Image.new("RGB", page.size, (_GREY, _GREY, _GREY)), page, mask)
