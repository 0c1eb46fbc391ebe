"""Files people hand in, made as cameras and offices make them; and what attackers make of them."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw
from pillow_heif import register_heif_opener
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

register_heif_opener()

RED, GREEN, BLUE, YELLOW = (220, 30, 30), (30, 160, 30), (30, 30, 220), (230, 220, 30)
GPS = {1: "N", 2: (38.0, 59.0, 41.5), 3: "E", 4: (116.0, 6.0, 30.0)}
_GPS, _ORIENTATION, _MAKER = 0x8825, 0x0112, 0x010F


def corners(size: tuple[int, int] = (480, 320)) -> Image.Image:
    """Return a picture whose corners are, from the upper left clockwise, red, green, blue, yellow."""
    width, height = size
    picture = Image.new("RGB", size)
    draw = ImageDraw.Draw(picture)
    for colour, at in zip((RED, GREEN, BLUE, YELLOW), ((0, 0), (1, 0), (1, 1), (0, 1)), strict=True):
        left, top = at[0] * width // 2, at[1] * height // 2
        draw.rectangle((left, top, left + width // 2, top + height // 2), fill=colour)
    return picture


def saved(picture: Image.Image, form: str, **options: Any) -> bytes:
    """Return a picture's file."""
    buffer = BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def picture(
    form: str = "JPEG", mode: str = "RGB", size: tuple[int, int] = (480, 320), **options: Any
) -> bytes:
    """Return a file of :func:`corners` in a form and mode."""
    return saved(corners(size).convert(mode), form, **options)


def exif(orientation: int = 1) -> bytes:
    """Return EXIF as a phone writes it: maker, place, how it was held."""
    tags = Image.Exif()
    tags[_ORIENTATION] = orientation
    tags[_MAKER] = "SECRETPHONE"
    tags[_GPS] = GPS
    return tags.tobytes()


def held(orientation: int, form: str = "JPEG") -> bytes:
    """Return :func:`corners` as a phone held another way stores it."""
    turned = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = corners()
    if orientation in turned:
        stored = stored.transpose(turned[orientation])
    return saved(stored, form, exif=exif(orientation), quality=90)


def moving(form: str) -> bytes:
    """Return a picture that moves."""
    frames = [corners(), corners().rotate(180)]
    return saved(frames[0], form, save_all=True, append_images=frames[1:], duration=100)


def document(*pages: str, font: str = "Helvetica") -> bytes:
    """Return a PDF with a line of Latin text on each page, in a font that is not in the file."""
    return written([content(page.encode("ascii"), font) for page in pages])


def content(text: bytes, font: str = "Helvetica") -> tuple[bytes, str]:
    """Return a page's drawing of one line at its top, and the font it needs."""
    return b"BT /F1 40 Tf 60 740 Td (" + text + b") Tj ET", font


def chinese(text: str) -> bytes:
    """Return a PDF with a line of Chinese in STSong-Light, which is not in the file: common in offices."""
    return written(
        [(b"BT /F1 40 Tf 60 740 Td <" + text.encode("gbk").hex().encode() + b"> Tj ET", "STSong-Light")]
    )


def written(pages: list[tuple[bytes, str]], box: tuple[int, int] = (595, 842)) -> bytes:
    """Return a PDF of drawings and their fonts."""
    writer = PdfWriter()
    for drawing, font in pages:
        page = writer.add_blank_page(*box)
        stream = StreamObject()
        stream.set_data(drawing)
        page[NameObject("/Contents")] = writer._add_object(stream)
        fonts = DictionaryObject({NameObject("/F1"): writer._add_object(_font(font))})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    return _bytes(writer)


def _font(name: str) -> DictionaryObject:
    named = {NameObject("/Type"): NameObject("/Font"), NameObject("/BaseFont"): NameObject(f"/{name}")}
    if name != "STSong-Light":
        return DictionaryObject(named | {NameObject("/Subtype"): NameObject("/Type1")})
    system = DictionaryObject(
        {
            NameObject("/Registry"): TextStringObject("Adobe"),
            NameObject("/Ordering"): TextStringObject("GB1"),
            NameObject("/Supplement"): NumberObject(4),
        }
    )
    descendant = DictionaryObject(
        named | {NameObject("/Subtype"): NameObject("/CIDFontType0"), NameObject("/CIDSystemInfo"): system}
    )
    return DictionaryObject(
        named
        | {
            NameObject("/Subtype"): NameObject("/Type0"),
            NameObject("/Encoding"): NameObject("/GBK-EUC-H"),
            NameObject("/DescendantFonts"): ArrayObject([descendant]),
        }
    )


def dangerous_document() -> bytes:
    """Return a PDF with a script run when it is opened, a file inside it, and metadata."""
    writer = PdfWriter(clone_from=BytesIO(document("PAGE ONE")))
    script = {
        NameObject("/S"): NameObject("/JavaScript"),
        NameObject("/JS"): TextStringObject("SECRETSCRIPT()"),
    }
    writer._root_object[NameObject("/OpenAction")] = DictionaryObject(script)
    writer.add_attachment("SECRETFILE.exe", b"MZ SECRETFILE")
    writer.add_metadata({"/Author": "SECRETAUTHOR"})
    return _bytes(writer)


def locked_document() -> bytes:
    """Return a PDF that opens with a password only."""
    writer = PdfWriter(clone_from=BytesIO(document("PAGE ONE")))
    writer.encrypt("password", algorithm="AES-256")
    return _bytes(writer)


def swelling_document(side: int = 14_000) -> bytes:
    """Return a PDF of a few KB whose one picture is ``side`` times ``side`` pixels once unpacked, twice."""
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    picture = StreamObject()
    packer = zlib.compressobj(9)
    start = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    rows = packer.compress(bytes(side * 3 * 100)) + packer.flush(zlib.Z_FULL_FLUSH)
    picture.set_data(zlib.compress(start + rows * (side // 100), 9))
    picture.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Width"): NumberObject(side),
            NameObject("/Height"): NumberObject(side),
            NameObject("/ColorSpace"): NameObject("/DeviceRGB"),
            NameObject("/BitsPerComponent"): NumberObject(8),
            NameObject("/Filter"): ArrayObject([NameObject("/FlateDecode"), NameObject("/FlateDecode")]),
        }
    )
    drawing = StreamObject()
    drawing.set_data(b"q 595 0 0 842 0 0 cm /P Do Q")
    page[NameObject("/Contents")] = writer._add_object(drawing)
    pictures = DictionaryObject({NameObject("/P"): writer._add_object(picture)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): pictures})
    return _bytes(writer)


def _bytes(writer: PdfWriter) -> bytes:
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def png_bomb(side: int = 50_000) -> bytes:
    """Return a PNG of some hundred KB whose head says ``side`` times ``side`` pixels, as it then has."""
    row = zlib.compressobj(9)
    squeezed = row.compress(bytes((side * 3 + 1) * 64)) + row.flush()
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", squeezed) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
