"""Days and clock readings as they stand on paper."""

from datetime import date, datetime, timedelta

from common.domain.times import CHINA
from common.papers.parts import ClockedTime

_WEEKDAYS = "一二三四五六日"


def chinese_day(day: date) -> str:
    """Return ``2026年11月22日 星期日``."""
    return f"{day.year}年{day.month}月{day.day}日 星期{_WEEKDAYS[day.weekday()]}"


def chinese_time(instant: datetime) -> str:
    """Return ``2026年11月22日 09:05:07`` in China's time; ``instant`` must be aware."""
    there = instant.astimezone(CHINA)
    return f"{there.year}年{there.month}月{there.day}日 {there:%H:%M:%S}"


def county_time(taken: ClockedTime) -> str:
    """Return the instant by the county's clock, or an empty text where the device's clock is unmeasured."""
    if taken.offset_ms is None:
        return ""
    return chinese_time(taken.device - timedelta(milliseconds=taken.offset_ms))


def clock_sentence(taken: ClockedTime) -> str:
    """Return how the device's clock stands to the county's, as people say it."""
    if taken.offset_ms is None or taken.certainty_ms is None:
        return "尚未与县里对时，以县里记录的时间为准"
    sure = f"误差不超过{_span(taken.certainty_ms)}"
    if taken.offset_ms == 0:
        return f"与县里时间一致，{sure}"
    way = "快" if taken.offset_ms > 0 else "慢"
    return f"比县里{way}{_span(abs(taken.offset_ms))}，{sure}"


def _span(milliseconds: int) -> str:
    """Say a span in one or two units, never shorter than it is."""
    tenths = -(-milliseconds // 100)
    seconds, tenth = divmod(tenths, 10)
    if seconds < 60:  # noqa: PLR2004  # seconds in a minute
        return f"{seconds}.{tenth}秒" if tenth else f"{seconds}秒"
    minutes, seconds = divmod(seconds + (1 if tenth else 0), 60)
    if minutes < 60:  # noqa: PLR2004  # minutes in an hour
        return f"{minutes}分{seconds}秒" if seconds else f"{minutes}分钟"
    hours, minutes = divmod(minutes + (1 if seconds else 0), 60)
    return f"{hours}小时{minutes}分" if minutes else f"{hours}小时"
