"""What a reader of the finished PDF sees, read by another library than the one that wrote it."""

from io import BytesIO
from typing import Any

from pypdf import PageObject, PdfReader


def opened(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf), strict=True)


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in opened(pdf).pages)


def fonts_of(page: PageObject) -> list[Any]:
    fonts: Any = page["/Resources"]
    return [font.get_object()["/DescendantFonts"][0].get_object() for font in fonts["/Font"].values()]


def tight(text: str) -> str:
    """Without blanks: typesetting sets thin ones between Chinese and digits, and breaks lines."""
    return "".join(text.split())
