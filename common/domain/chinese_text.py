"""Dates, limits, money and counts the way they are written on Chinese forms."""

from datetime import date
from enum import StrEnum

from common.domain.clocks import DayUnit, DueDate, Limit
from common.domain.lateness import Lateness, Light

_WEEKDAYS = "一二三四五六日"
_UNITS = {DayUnit.WORKING: "个工作日", DayUnit.CALENDAR: "日"}
_PROVISIONAL = "（暂定）"
_FEN = 100


class CountWord(StrEnum):
    """Measure words between a number and its noun."""

    CASE = "件"
    COPY = "份"
    PERSON = "人"
    HOUSEHOLD = "户"
    PAGE = "页"
    SHEET = "张"
    KIND = "项"
    TIME = "次"


def date_text(day: date) -> str:
    """Return a day as ``2026年11月22日``."""
    return f"{day.year}年{day.month}月{day.day}日"


def weekday_date_text(day: date) -> str:
    """Return a day as ``2026年11月22日 星期日``."""
    return f"{date_text(day)} 星期{_WEEKDAYS[day.weekday()]}"


def limit_text(limit: Limit) -> str:
    """Return a limit as ``5个工作日`` or, in calendar days, ``7日``."""
    return days_text(limit.days, limit.unit)


def days_text(days: int, unit: DayUnit) -> str:
    """Return a number of days as ``5个工作日`` or ``7日``."""
    return f"{days}{_UNITS[unit]}"


def due_text(due: DueDate) -> str:
    """Return a last day with its weekday, followed by ``（暂定）`` where it may still change."""
    return weekday_date_text(due.day) + (_PROVISIONAL if due.provisional else "")


def lateness_text(lateness: Lateness) -> str:
    """Return one clock as a few words: ``还剩3个工作日``, ``最后一天``, ``已超期2个工作日``, ``未计时``."""
    if lateness.light is Light.STILL:
        return "未计时"
    if lateness.workdays > 0:
        words = f"还剩{days_text(lateness.workdays, DayUnit.WORKING)}"
    elif lateness.workdays < 0:
        words = f"已超期{days_text(-lateness.workdays, DayUnit.WORKING)}"
    else:
        words = "已到期" if lateness.light is Light.OVERDUE else "最后一天"
    return words + (_PROVISIONAL if lateness.provisional else "")


def money_text(fen: int) -> str:
    """Return an amount of money as ``¥1,234.00``.

    Args:
        fen: hundredths of a yuan; negative amounts get their sign in front.
    """
    yuan, rest = divmod(abs(fen), _FEN)
    return f"{'-' if fen < 0 else ''}¥{yuan:,}.{rest:02d}"


def count_text(number: int, word: CountWord, noun: str = "") -> str:
    """Return a count as ``3份材料``: number, measure word, noun."""
    return f"{number}{word}{noun}"
