"""The fonts papers are set in: our own files, never the machine's, so that a paper is the same everywhere."""

import struct
from functools import cache
from pathlib import Path

import typst

FAMILY = "Noto Sans SC"
FOLDER = Path(__file__).parent / "fonts"
_FILES = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf")
REGULAR = FOLDER / _FILES[0]
"""For whoever writes on pictures what papers say in print."""
_SEGMENTED_COVERAGE = 12


class PaperFontsMissingError(RuntimeError):
    """The font files are not there; nothing can be printed.

    Attributes:
        sentence: what to do, in Chinese.
    """

    def __init__(self, missing: Path) -> None:
        """Name the missing file."""
        super().__init__(f"paper font missing: {missing.name}; run `make setup` or install from the wheel")
        self.sentence = (
            "打印用的字体文件不在，暂时不能生成纸质文书；已收的办件没有丢。请联系县里重新安装程序。"
        )


@cache
def load(folder: Path = FOLDER) -> typst.Fonts:
    """Return the fonts for typst, read once; `PaperFontsMissingError` where a file is not there."""
    for name in _FILES:
        _existing(folder / name)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


@cache
def coverage(folder: Path = FOLDER) -> frozenset[int]:
    """Return the code points both weights have; `PaperFontsMissingError` where a file is not there."""
    sets = [_code_points(_existing(folder / name).read_bytes()) for name in _FILES]
    return frozenset(sets[0]).intersection(*sets[1:])


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise PaperFontsMissingError(path)
    return path


def _code_points(font: bytes) -> set[int]:
    """Read the ``cmap`` subtable of format 12 (OpenType 1.9, cmap), which holds every plane."""
    (tables,) = struct.unpack_from(">H", font, 4)
    records = (struct.unpack_from(">4sIII", font, 12 + 16 * index) for index in range(tables))
    cmap = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    (count,) = struct.unpack_from(">H", font, cmap + 2)
    starts = (cmap + struct.unpack_from(">HHI", font, cmap + 4 + 8 * index)[2] for index in range(count))
    table = next(at for at in starts if struct.unpack_from(">H", font, at)[0] == _SEGMENTED_COVERAGE)
    (groups,) = struct.unpack_from(">I", font, table + 12)
    points: set[int] = set()
    for index in range(groups):
        first, last, _ = struct.unpack_from(">III", font, table + 16 + 12 * index)
        points.update(range(first, last + 1))
    return points
