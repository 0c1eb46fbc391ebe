"""How much, in words: bytes and offsets of clocks."""

from datetime import timedelta

from common.domain.sentence import Sentence

_STEP = 1024
_STILL_RIGHT = timedelta(seconds=5)


def size_text(size: int) -> str:
    """Return bytes as people say them, ``312 KB``."""
    if size < _STEP:
        return Sentence("{n} 字节", n=size)
    if size < _STEP * _STEP:
        return f"{size / _STEP:.0f} KB"
    if size < _STEP * _STEP * _STEP:
        return f"{size / _STEP / _STEP:.1f} MB"
    return f"{size / _STEP / _STEP / _STEP:.1f} GB"


def clock_words(ahead: timedelta) -> Sentence:
    """Return how far a clock is off, ``快3分钟``; a few seconds are right."""
    off = abs(ahead)
    if off < _STILL_RIGHT:
        return Sentence("准")
    return Sentence("快{span}" if ahead > timedelta() else "慢{span}", span=_span(off))


def _span(off: timedelta) -> Sentence:
    if off < timedelta(minutes=1):
        return Sentence("{n}秒", n=off.seconds)
    if off < timedelta(hours=1):
        return Sentence("{n}分钟", n=off // timedelta(minutes=1))
    if off < timedelta(days=1):
        return Sentence("{n}小时", n=off // timedelta(hours=1))
    return Sentence("{n}天", n=off.days)
