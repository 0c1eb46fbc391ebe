"""Dates, limits and money the way they are written on Chinese forms."""

from datetime import date

from common.domain.clocks import DayUnit, DueDate, Limit
from common.domain.lateness import Lateness, Light
from common.domain.sentence import Sentence

_WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
_DAYS = {DayUnit.WORKING: "{n}个工作日", DayUnit.CALENDAR: "{n}日"}
_FEN = 100


def date_text(day: date) -> Sentence:
    """Return a day as ``2026年11月22日``."""
    return Sentence("{year}年{month}月{day}日", year=day.year, month=day.month, day=day.day)


def weekday_date_text(day: date) -> Sentence:
    """Return a day as ``2026年11月22日 星期日``."""
    return Sentence("{day} {weekday}", day=date_text(day), weekday=Sentence(_WEEKDAYS[day.weekday()]))


def limit_text(limit: Limit) -> Sentence:
    """Return a limit as ``5个工作日`` or, in calendar days, ``7日``."""
    return days_text(limit.days, limit.unit)


def days_text(days: int, unit: DayUnit) -> Sentence:
    """Return a number of days as ``5个工作日`` or ``7日``."""
    return Sentence(_DAYS[unit], n=days)


def due_text(due: DueDate) -> Sentence:
    """Return a last day with its weekday, followed by ``（暂定）`` where it may still change."""
    return _perhaps(weekday_date_text(due.day), provisional=due.provisional)


def lateness_text(lateness: Lateness) -> Sentence:
    """Return one clock as a few words: ``还剩3个工作日``, ``最后一天``, ``已超期2个工作日``, ``未计时``."""
    if lateness.light is Light.STILL:
        return Sentence("未计时")
    if lateness.workdays > 0:
        words = Sentence("还剩{days}", days=days_text(lateness.workdays, DayUnit.WORKING))
    elif lateness.workdays < 0:
        words = Sentence("已超期{days}", days=days_text(-lateness.workdays, DayUnit.WORKING))
    else:
        words = Sentence("已到期" if lateness.light is Light.OVERDUE else "最后一天")
    return _perhaps(words, provisional=lateness.provisional)


def _perhaps(words: Sentence, *, provisional: bool) -> Sentence:
    return Sentence("{words}（暂定）", words=words) if provisional else words


def money_text(fen: int) -> str:
    """Return an amount of money as ``¥1,234.00``.

    Args:
        fen: hundredths of a yuan; negative amounts get their sign in front.
    """
    yuan, rest = divmod(abs(fen), _FEN)
    return f"{'-' if fen < 0 else ''}¥{yuan:,}.{rest:02d}"
