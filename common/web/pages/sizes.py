"""How much, in words: bytes and offsets of clocks."""

from datetime import timedelta

_STEP = 1024
_STILL_RIGHT = timedelta(seconds=5)


def size_text(size: int) -> str:
    """Return bytes as people say them, ``312 KB``."""
    if size < _STEP:
        return f"{size} 字节"
    if size < _STEP * _STEP:
        return f"{size / _STEP:.0f} KB"
    return f"{size / _STEP / _STEP:.1f} MB"


def clock_words(ahead: timedelta) -> str:
    """Return how far a clock is off, ``快3分钟``; a few seconds are right."""
    off = abs(ahead)
    if off < _STILL_RIGHT:
        return "准"
    direction = "快" if ahead > timedelta() else "慢"
    return f"{direction}{_span(off)}"


def _span(off: timedelta) -> str:
    if off < timedelta(minutes=1):
        return f"{off.seconds}秒"
    if off < timedelta(hours=1):
        return f"{off // timedelta(minutes=1)}分钟"
    if off < timedelta(days=1):
        return f"{off // timedelta(hours=1)}小时"
    return f"{off.days}天"
