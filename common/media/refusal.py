"""Why a file cannot be taken, each with what to do about it."""

from enum import StrEnum

from common.domain.sentence import Sentence
from common.domain.spoken_error import SpokenError
from common.media.limits import FILE_MAX, PAGES_MAX, PIXELS_MAX


class Refusal(StrEnum):
    """A reason; its value crosses the line from the worker."""

    EMPTY = "empty"
    TOO_HEAVY = "too-heavy"
    UNKNOWN = "unknown"
    BROKEN = "broken"
    TOO_MANY_PIXELS = "too-many-pixels"
    TOO_SMALL = "too-small"
    MOVING = "moving"
    LOCKED = "locked"
    TOO_MANY_PAGES = "too-many-pages"
    TOO_HARD = "too-hard"


_SENTENCES: dict[Refusal, str] = {
    Refusal.EMPTY: "这个文件是空的，请重新拍照或选择文件。",
    Refusal.TOO_HEAVY: Sentence(
        "这个文件超过{most}MB，请拍得小一些，或分成几个文件。", most=FILE_MAX // 1024 // 1024
    ),
    Refusal.UNKNOWN: "只收照片（JPG、PNG、HEIC、WebP、BMP、TIFF）和PDF文件，请重新拍照或选择文件。",
    Refusal.BROKEN: "这个文件不完整或者打不开，请重新拍照，或请发来的人再发一次。",
    Refusal.TOO_MANY_PIXELS: Sentence(
        "这张照片超过{most}万像素，请把照片调小一些再交。", most=PIXELS_MAX // 10_000
    ),
    Refusal.TOO_SMALL: "这张图太小或太窄长，看不清字。请走近些重新拍；长截图请分成几张。",
    Refusal.MOVING: "这是一张会动的图，请改交静止的照片。",
    Refusal.LOCKED: "这个PDF有密码，打不开。请去掉密码，或打印出来拍照再交。",
    Refusal.TOO_MANY_PAGES: Sentence(
        "这个文件超过{most}页，请分成几个文件，或只交需要的几页。", most=PAGES_MAX
    ),
    Refusal.TOO_HARD: "这个文件太复杂，没有读完。请改成照片，或打印出来拍照再交。",
}


class PictureRefusedError(SpokenError):
    """A file was not taken; nothing of it is kept.

    Attributes:
        refusal: why.
    """

    def __init__(self, refusal: Refusal) -> None:
        """Say why, and what to do."""
        super().__init__(f"the file was refused: {refusal.value}", _SENTENCES[refusal])
        self.refusal = refusal
