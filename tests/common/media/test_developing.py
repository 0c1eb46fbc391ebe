"""Whatever is handed in becomes upright plain pages within the limits, or a sentence; never anything else."""

from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from common.domain.item import Item, Material, Shows
from common.domain.node import Tier
from common.media.developing import develop
from common.media.limits import FILE_MAX, PAGE_BYTES_MAX, PAGES_MAX, SIDE_MIN
from common.media.order import Order, order_for
from common.media.refusal import PictureRefusedError, Refusal
from tests.builders import pictures as made
from tests.common.media.conftest import FONT

CORPUS = sorted((Path(__file__).parent / "corpus").iterdir())
SECRETS = (
    b"SECRET",
    b"Exif",
    b"http://ns.adobe.com",
    b"ICC_PROFILE",
    b"Photoshop",
    b"<script",
    b"/JavaScript",
)
ORDER = Order(1600)


def opened(page: bytes) -> Image.Image:
    picture = Image.open(BytesIO(page))
    picture.load()
    return picture


def is_plain(page: bytes, order: Order = ORDER) -> Image.Image:
    """The promises of every page: a JPEG that opens, RGB, within limits, nothing beside its pixels."""
    picture = opened(page)
    assert (picture.format, picture.mode) == ("JPEG", "RGB")
    assert max(picture.size) <= order.longest
    assert len(page) <= PAGE_BYTES_MAX
    assert not picture.getexif()
    assert set(picture.info) <= {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "progressive",
        "progression",
    }
    assert not [secret for secret in SECRETS if secret in page]
    return picture


def corners_of(picture: Image.Image) -> list[tuple[int, int, int]]:
    width, height = picture.size
    places = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9))
    return [picture.getpixel((int(width * x), int(height * y))) for x, y in places]  # type: ignore[misc]


def alike(one: tuple[int, int, int], two: tuple[int, int, int]) -> bool:
    return all(abs(a - b) < 40 for a, b in zip(one, two, strict=True))


def is_upright(picture: Image.Image) -> bool:
    wanted = (made.RED, made.GREEN, made.BLUE, made.YELLOW)
    return all(alike(*pair) for pair in zip(corners_of(picture), wanted, strict=True))


def refusal_of(data: bytes, font: bytes, order: Order = ORDER) -> Refusal:
    with pytest.raises(PictureRefusedError) as refused:
        develop(data, order, font)
    assert refused.value.sentence.endswith("。")
    return refused.value.refusal


@pytest.mark.parametrize(
    ("form", "mode"),
    [
        *(("JPEG", mode) for mode in ("RGB", "CMYK")),
        *(("PNG", mode) for mode in ("RGB", "RGBA", "P")),
        *(("WEBP", mode) for mode in ("RGB", "RGBA")),
        *(("TIFF", mode) for mode in ("RGB", "RGBA", "CMYK", "P", "LAB")),
        *(("BMP", mode) for mode in ("RGB", "P")),
        *(("HEIF", mode) for mode in ("RGB", "RGBA")),
    ],
)
def test_a_picture_of_any_kind_and_colour_becomes_a_plain_page(form: str, mode: str, font: bytes) -> None:
    (page,) = develop(made.picture(form, mode), ORDER, font)
    assert is_upright(is_plain(page))


@pytest.mark.parametrize(
    ("form", "mode"),
    [("JPEG", "L"), ("PNG", "L"), ("PNG", "1"), ("PNG", "LA"), ("TIFF", "1"), ("TIFF", "F"), ("WEBP", "L")],
)
def test_a_grey_picture_keeps_its_light_and_dark(form: str, mode: str, font: bytes) -> None:
    grey = Image.new("L", (400, 300), 0)
    grey.paste(255, (200, 0, 400, 300))
    (page,) = develop(made.saved(grey.convert(mode), form), ORDER, font)
    shown = is_plain(page)
    assert shown.getpixel((50, 150)) == (0, 0, 0)
    assert shown.getpixel((350, 150)) == (255, 255, 255)


def test_sixteen_bits_become_eight_and_not_white(font: bytes) -> None:
    deep = Image.new("I;16", (400, 300), 30_000)
    (page,) = develop(made.saved(deep, "PNG"), ORDER, font)
    (shade, *_) = is_plain(page).getpixel((200, 150))  # type: ignore[misc]
    assert abs(shade - 30_000 / 256) < 4


def test_what_shines_through_is_white(font: bytes) -> None:
    (page,) = develop(made.saved(Image.new("RGBA", (400, 300), (0, 0, 0, 0)), "PNG"), ORDER, font)
    assert is_plain(page).getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.parametrize("form", ["JPEG", "HEIF", "WEBP", "TIFF", "PNG"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_upright_however_the_phone_was_held(
    form: str, orientation: int, font: bytes
) -> None:
    (page,) = develop(made.held(orientation, form), ORDER, font)
    picture = is_plain(page)
    assert picture.size == (480, 320)
    assert is_upright(picture)


@pytest.mark.parametrize("form", ["JPEG", "HEIF", "WEBP", "TIFF", "PNG"])
def test_place_maker_and_notes_stay_behind(form: str, font: bytes) -> None:
    with_place = made.held(1, form)
    assert b"SECRETPHONE" in with_place
    (page,) = develop(with_place, ORDER, font)
    is_plain(page)


def test_comments_profiles_and_foreign_segments_stay_behind(font: bytes) -> None:
    data = made.picture(
        comment=b"SECRETCOMMENT", xmp=b"<x:xmpmeta>SECRETXMP</x:xmpmeta>", icc_profile=b"SECRETICC"
    )
    assert data.count(b"SECRET") == 3
    (page,) = develop(data + b"<script>SECRETTAIL()</script>PK\x03\x04", ORDER, font)
    is_plain(page)


def test_broken_notes_of_a_camera_are_no_reason_to_refuse(font: bytes) -> None:
    (page,) = develop(made.picture(exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff broken"), ORDER, font)
    assert is_upright(is_plain(page))


def test_a_large_picture_is_made_as_large_as_wanted_and_a_small_one_stays(font: bytes) -> None:
    (page,) = develop(made.picture(size=(3000, 2000)), Order(1200), font)
    assert is_plain(page).size == (1200, 800)
    (page,) = develop(made.picture(size=(480, 320)), Order(1200), font)
    assert is_plain(page).size == (480, 320)


def test_a_page_weighs_no_more_than_its_limit_whatever_is_on_it(font: bytes) -> None:
    noise = Image.merge("RGB", [Image.effect_noise((2200, 2200), 120) for _ in range(3)])
    order = Order(2000)
    (page,) = develop(made.saved(noise, "JPEG", quality=95), order, font)
    assert max(is_plain(page, order).size) > 1000


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_a_picture_that_moves_is_refused(form: str, font: bytes) -> None:
    assert refusal_of(made.moving(form), font) is Refusal.MOVING


def test_of_a_phones_double_picture_the_first_is_taken(font: bytes) -> None:
    double = made.saved(made.corners(), "MPO", save_all=True, append_images=[Image.new("RGB", (480, 320))])
    (page,) = develop(double, ORDER, font)
    assert is_upright(is_plain(page))


def test_a_scan_of_several_pages_gives_them_in_order(font: bytes) -> None:
    colours = (made.RED, made.GREEN, made.BLUE)
    sheets = [Image.new("RGB", (300, 400), colour) for colour in colours]
    pages = develop(made.saved(sheets[0], "TIFF", save_all=True, append_images=sheets[1:]), ORDER, font)
    assert len(pages) == 3
    for page, colour in zip(pages, colours, strict=True):
        assert alike(corners_of(is_plain(page))[0], colour)


def test_a_document_gives_a_picture_for_each_page_in_order(font: bytes) -> None:
    pages = develop(made.document("PAGE ONE", "AND PAGE TWO"), Order(1000), font)
    ink = [dark_of(is_plain(page)) for page in pages]
    assert len(ink) == 2
    assert 0 < ink[0] < ink[1], "the second line is the longer one"


def dark_of(picture: Image.Image) -> int:
    return sum(picture.convert("L").histogram()[:100])


def test_of_a_document_only_what_is_seen_is_left(font: bytes) -> None:
    data = made.dangerous_document()
    assert data.count(b"SECRET") >= 3
    assert develop(data, ORDER, font) == develop(made.document("PAGE ONE"), ORDER, font)


def test_chinese_without_a_font_of_its_own_is_drawn_in_ours_and_not_the_machines(font: bytes) -> None:
    (page,) = develop(made.chinese("居民身份证"), Order(1000), font)
    (blank,) = develop(made.chinese(""), Order(1000), font)
    assert dark_of(is_plain(page)) > dark_of(opened(blank)) + 1000


def test_a_document_with_a_password_or_too_many_pages_is_refused(font: bytes) -> None:
    assert refusal_of(made.locked_document(), font) is Refusal.LOCKED
    assert refusal_of(made.document(*["x"] * (PAGES_MAX + 1)), font) is Refusal.TOO_MANY_PAGES
    sheets = [Image.new("1", (200, 200))] * (PAGES_MAX + 1)
    long_scan = made.saved(sheets[0], "TIFF", save_all=True, append_images=sheets[1:])
    assert refusal_of(long_scan, font) is Refusal.TOO_MANY_PAGES


@pytest.mark.parametrize("box", [(1, 5000), (14_400, 10)])
def test_a_document_of_a_shape_nobody_can_read_is_refused(box: tuple[int, int], font: bytes) -> None:
    assert refusal_of(made.written([made.content(b"x")], box), font) is Refusal.TOO_SMALL


def test_what_needs_more_memory_than_there_is_is_refused(
    font: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_memory(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("common.media.pdf.pages", no_memory)
    assert refusal_of(made.document("x"), font) is Refusal.TOO_HARD


def test_bombs_are_refused_before_they_are_unpacked(font: bytes) -> None:
    assert refusal_of(made.png_bomb(), font) is Refusal.TOO_MANY_PIXELS
    assert refusal_of(bytes(FILE_MAX + 1), font) is Refusal.TOO_HEAVY


@pytest.mark.parametrize("size", [(1, 1), (SIDE_MIN - 1, 4000), (1600, 150), (1080, 20_000)])
def test_what_nobody_could_read_is_refused(size: tuple[int, int], font: bytes) -> None:
    assert refusal_of(made.picture("PNG", size=size), font) is Refusal.TOO_SMALL


@pytest.mark.parametrize(
    "data",
    [
        b"GIF89a/*\x01\x00*/=1;alert(1)//" + bytes(100),
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"\xef\xbb\xbf%PDF-1.4",
        b"MZ" + bytes(200),
        b"PK\x03\x04" + bytes(200),
        b"RIFF\x10\0\0\0WAVEfmt ",
        b"\0\0\0\x18ftypisom",
        b"\0\0\0\x1cftypavif",
    ],
)
def test_what_only_has_the_name_of_a_picture_is_refused(data: bytes, font: bytes) -> None:
    assert refusal_of(data, font) is Refusal.UNKNOWN


@pytest.mark.parametrize(
    "head",
    [
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"BM",
        b"II*\0",
        b"%PDF-1.4 ",
        b"RIFF\0\0\0\0WEBP",
        b"\0\0\0\x18ftypheic",
    ],
)
def test_a_head_alone_is_a_broken_file(head: bytes, font: bytes) -> None:
    assert refusal_of(head + b"alert(1)//" * 20, font) in {Refusal.BROKEN, Refusal.TOO_SMALL}
    assert refusal_of(head, font) is Refusal.BROKEN
    assert refusal_of(b"", font) is Refusal.EMPTY


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_a_file_cut_at_every_eighth_byte_is_a_page_or_a_sentence(path: Path, font: bytes) -> None:
    data = path.read_bytes()
    for end in range(8, len(data), 8):
        develops_or_refuses(data[:end], font)


def develops_or_refuses(data: bytes, font: bytes) -> bool:
    try:
        pages = develop(data, SMALL, font)
    except PictureRefusedError:
        return False
    assert pages
    for page in pages:
        is_plain(page, SMALL)
    return True


SMALL = Order(300)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    data=st.sampled_from(CORPUS).map(Path.read_bytes),
    changes=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=8)), max_size=6
    ),
    tail=st.binary(max_size=40),
)
def test_no_bytes_raise_anything_but_the_refusal(
    data: bytes, changes: list[tuple[float, bytes]], tail: bytes
) -> None:
    spoilt = bytearray(data)
    for place, new in changes:
        at = int(place * len(spoilt))
        spoilt[at : at + len(new)] = new
    develops_or_refuses(bytes(spoilt) + tail, FONT.read_bytes())


@given(st.binary(max_size=400))
def test_random_bytes_are_refused(data: bytes) -> None:
    assert not develops_or_refuses(data, b"")


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_every_file_of_the_corpus_is_what_it_says(path: Path, font: bytes) -> None:
    assert develops_or_refuses(path.read_bytes(), font) is not path.name.startswith("refused")


# The watermark


WORDS = "仅供办理城乡居民基本养老保险参保登记使用"


def card() -> Image.Image:
    """A white card with a number on it, and a dark one below."""
    page = Image.new("RGB", (1600, 1000), "white")
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 500, 1600, 1000), fill=(20, 20, 20))
    draw.text((200, 200), "130638196003030028", fill="black", font_size=70)
    return page


def test_a_watermark_is_on_every_part_of_the_page_and_hides_nothing(font: bytes) -> None:
    data = made.saved(card(), "PNG")
    (bare,) = develop(data, Order(1600), font)
    (marked,) = develop(data, Order(1600, WORDS), font)
    before, after = (opened(page).convert("L") for page in (bare, marked))
    for left in range(0, 1600, 400):
        for top in range(0, 1000, 250):
            place = (left, top, left + 400, top + 250)
            changed = sum(
                abs(one - two) > 20
                for one, two in zip(before.crop(place).tobytes(), after.crop(place).tobytes(), strict=True)
            )
            assert changed > 300, f"nothing is written at {place}"
    differences = [abs(one - two) for one, two in zip(before.tobytes(), after.tobytes(), strict=True)]
    assert max(differences) < 110, "what is under it can still be told from what is around it"
    number = after.crop((200, 200, 1000, 280))
    ink, paper = (number.histogram()[low:high] for low, high in ((0, 90), (165, 256)))
    assert sum(ink) > 5000
    assert sum(ink) + sum(paper) > 0.9 * number.width * number.height, "black on white still, nothing between"


def test_each_use_has_its_own_words(font: bytes) -> None:
    data = made.saved(card(), "PNG")
    one, two = (develop(data, Order(1600, words), font) for words in ("仅供办理甲使用", "仅供办理乙使用"))
    assert one != two


def test_sizes_fall_from_small_print_to_faces() -> None:
    item = Item("X-1", "很长" * 40, (Tier.VILLAGE,))
    orders = {shows: order_for(item, Material("m1", "材料", shows=shows)) for shows in Shows}
    assert all(one.longest > two.longest for one, two in pairwise(orders[shows] for shows in Shows))
    assert [shows for shows, order in orders.items() if order.watermark] == [Shows.IDENTITY]
    assert len(orders[Shows.IDENTITY].watermark) < 50
    with pytest.raises(ValueError, match="4,000"):
        Order(0)
