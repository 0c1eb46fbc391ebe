"""Pictures out of files: upright, in plain colours, no larger than wanted, nothing beside the pixels."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from PIL import ExifTags, Image, MpoImagePlugin, TiffImagePlugin, WebPImagePlugin
from pillow_heif import register_heif_opener

from common.media.kinds import Kind
from common.media.limits import PAGES_MAX, PIXELS_MAX, SIDE_MIN
from common.media.refusal import PictureRefusedError, Refusal

# A worker can open no file any more once it has its bytes: every decoder is imported now.
_PLUGINS = (MpoImagePlugin, TiffImagePlugin, WebPImagePlugin)
Image.preinit()
register_heif_opener(thumbnails=False)
Image.MAX_IMAGE_PIXELS = None  # PIXELS_MAX is asked at the same moment, with a sentence instead of a warning

_GREY16 = ("I;16", "I;16B", "I;16L", "I")
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_WHITE = "white"


def pictures(data: bytes, kind: Kind, longest: int) -> Iterator[Image.Image]:
    """Yield the pages of a file of pictures, one at a time; only a TIFF has more than one.

    Raises:
        PictureRefusedError: it cannot be shown; a decoder's own errors pass through beside it.
    """
    with _opened(data, kind) as picture:
        count = getattr(picture, "n_frames", 1)
        if count > 1 and kind in {Kind.PNG, Kind.WEBP}:
            raise PictureRefusedError(Refusal.MOVING)
        pages = count if kind is Kind.TIFF else 1
        if pages > PAGES_MAX:
            raise PictureRefusedError(Refusal.TOO_MANY_PAGES)
        for at in range(pages):
            if pages > 1:
                picture.seek(at)
            yield _page(picture, longest)


@contextmanager
def _opened(data: bytes, kind: Kind) -> Iterator[Image.Image]:
    with Image.open(BytesIO(data), formats=[kind.value]) as picture:
        yield picture


def _page(picture: Image.Image, longest: int) -> Image.Image:
    if picture.width * picture.height > PIXELS_MAX:
        raise PictureRefusedError(Refusal.TOO_MANY_PIXELS)
    picture.draft("RGB", _fitting(picture, longest))  # a JPEG is unpacked no larger than needed
    picture.load()
    size = _fitting(picture, longest)
    if min(size) < SIDE_MIN:
        raise PictureRefusedError(Refusal.TOO_SMALL)
    page = _plain(_workable(picture).resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0))
    turn = _TURNS.get(_orientation(picture))  # after loading: some decoders have turned it by then
    return page if turn is None else page.transpose(turn)


def _fitting(picture: Image.Image, longest: int) -> tuple[int, int]:
    share = min(1.0, longest / max(picture.size))
    return (round(picture.width * share), round(picture.height * share))


def _orientation(picture: Image.Image) -> int:
    try:
        value = picture.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # noqa: BLE001 - metadata in pieces is no reason to refuse a picture
        return 1
    return value if isinstance(value, int) else 1


def _workable(picture: Image.Image) -> Image.Image:
    """Return it in colours that can be scaled; sixteen bits become eight."""
    if picture.mode in _GREY16:
        return picture.convert("I").point(lambda value: value / 256).convert("L")
    if picture.mode in {"1", "F"}:
        return picture.convert("L")
    if picture.mode in {"P", "PA"}:
        return picture.convert("RGBA")
    return picture


def _plain(picture: Image.Image) -> Image.Image:
    """Return new pixels in RGB, what shows through on white; whatever stood beside them stays behind."""
    if picture.has_transparency_data:
        over = picture.convert("RGBA")
        plain = Image.new("RGB", picture.size, _WHITE)
        plain.paste(over, mask=over.getchannel("A"))
        return plain
    converted = picture.convert("RGB")
    plain = Image.new("RGB", picture.size)
    plain.paste(converted)
    return plain
