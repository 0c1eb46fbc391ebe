"""How a node stands, judged from what is known of it: fine, needs a look, or silent, and what to do.

All pure: figures, times, limits and the calendar in, reasons out. Nothing here is a card for anybody.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from common.domain.calendar import CalendarUnknownError, WorkCalendar
from common.domain.clocks import Limit, due
from common.domain.figures import Figure, Figures
from common.domain.item import Item
from common.domain.node import Tier
from common.domain.times import china_day

SILENT_AFTER = timedelta(hours=26)
"""A station that works by day is heard once a day; two hours are for clocks and late mornings."""
OLD_BACKLOG = timedelta(hours=26)
"""How long parcels may lie at a node that is heard."""
CLOCK_OFF = timedelta(minutes=5)
"""By how much a clock is off before somebody should set it."""
DISK_LEAST = 2 * 1024**3
"""Bytes free below which somebody should make room; or a twentieth of the disk, whichever is less."""
_DISK_PART = 20
_RANK = {Tier.VILLAGE: 0, Tier.TOWNSHIP: 1, Tier.COUNTY: 2}
_NO_PARTS: Mapping[str, date | int] = MappingProxyType({})


class Health(StrEnum):
    """How a node stands."""

    FINE = "fine"
    LOOK = "look"
    SILENT = "silent"


class Why(StrEnum):
    """Why a node needs a look, the gravest first."""

    SILENCE_PASSED = "silence_passed"
    SILENCE_NEAR = "silence_near"
    NEVER_HEARD = "never_heard"
    SILENT = "silent"
    BATTERY = "battery"
    DISK = "disk"
    LOCKED = "locked"
    QUARANTINED = "quarantined"
    REFUSED = "refused"
    STALE = "stale"
    BACKLOG = "backlog"
    WAITING = "waiting"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason; of its parts ``since`` and ``day`` are dates or instants, ``n`` is a number."""

    why: Why
    parts: Mapping[str, date | int] = field(default_factory=lambda: _NO_PARTS)


@dataclass(frozen=True, slots=True)
class Danger:
    """When silence becomes dangerous.

    Attributes:
        since: the day up to which everything taken in there is known here.
        last_day: the last day on which an application taken in since could be answered in time; after it one
            may be accepted by law with nobody having seen it (行政许可法 32(4)).
        warn_from: from when on this is said: half of the time.
    """

    since: date
    last_day: date
    warn_from: date

    def reason(self, today: date) -> Reason | None:
        """Return what there is to say of it on ``today``, None while there is time."""
        parts = {"since": self.since, "day": self.last_day}
        if today > self.last_day:
            return Reason(Why.SILENCE_PASSED, parts)
        return Reason(Why.SILENCE_NEAR, parts) if today >= self.warn_from else None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a node where it is judged.

    Attributes:
        heard: the last sign of life; None where it was never heard.
        figures: what it said of itself last; None where it said nothing yet.
        refused: entries of its own refused here or elsewhere.
        waiting: entries of its own that wait here or elsewhere.
        quarantined: parcels in quarantine there, and of its own here.
    """

    heard: datetime | None
    figures: Figures | None = None
    refused: int = 0
    waiting: int = 0
    quarantined: int = 0


@dataclass(frozen=True, slots=True)
class Watched:
    """How a node stands.

    Attributes:
        reasons: the gravest first; none where all is well.
        danger: when its silence becomes dangerous; None where no limit runs there.
    """

    health: Health
    known: Known
    reasons: tuple[Reason, ...] = ()
    danger: Danger | None = None


def limits_running(items: Iterable[Item], tier: Tier) -> frozenset[Limit]:
    """Return the limits after which silence means acceptance, of applications a node of ``tier`` takes in.

    They run where a lawful receiver takes in what a tier above has to answer: a township always is one, a
    village for the items that say so.
    """
    return frozenset(
        item.correction
        for item in items
        if item.deemed_acceptance
        and _RANK[item.decides] > _RANK[tier]
        and (item.lawful_receiver or tier is not Tier.VILLAGE)
    )


def danger(since: datetime, limits: Iterable[Limit], calendar: WorkCalendar) -> Danger | None:
    """Return when silence since an instant becomes dangerous: by the shortest of the limits."""
    day = china_day(since)
    found = [Danger(day, _day(limit, day, calendar), _day(_half(limit), day, calendar)) for limit in limits]
    return min(found, key=lambda one: (one.last_day, one.warn_from), default=None)


def judge(known: Known, now: datetime, running: Danger | None) -> Watched:
    """Return how a node stands ``now`` (aware); ``running`` is when its silence becomes dangerous."""
    silence = _silence(known, now)
    grave = running.reason(china_day(now)) if running is not None else None
    told = [grave, silence, *_said(known, now)]
    reasons = sorted((one for one in told if one is not None), key=lambda one: _ORDER[one.why])
    silent = silence is not None or grave is not None
    health = Health.SILENT if silent else Health.LOOK if reasons else Health.FINE
    return Watched(health, known, tuple(reasons), running)


def complete_to(known: Known) -> datetime | None:
    """Return the instant up to which everything a node took in is known to have gone up."""
    if known.heard is None or known.figures is None:
        return known.heard
    oldest = known.figures.instant(Figure.OLDEST)
    return known.heard if oldest is None else min(known.heard, oldest)


def _silence(known: Known, now: datetime) -> Reason | None:
    if known.heard is None:
        return Reason(Why.NEVER_HEARD)
    return Reason(Why.SILENT, {"since": known.heard}) if now - known.heard > SILENT_AFTER else None


def _said(known: Known, now: datetime) -> Iterable[Reason | None]:
    figures = known.figures
    yield _counted(Why.REFUSED, known.refused)
    yield _counted(Why.WAITING, known.waiting)
    yield _counted(Why.QUARANTINED, known.quarantined)
    if figures is None:
        return
    yield _stale(figures)
    oldest = figures.instant(Figure.OLDEST)
    if oldest is not None and now - oldest > OLD_BACKLOG:
        yield Reason(Why.BACKLOG, {"n": figures.count(Figure.PARCELS), "since": oldest})
    if figures.count(Figure.BATTERY):
        yield Reason(Why.BATTERY)
    if figures.count(Figure.LOCKED):
        yield Reason(Why.LOCKED)
    off = timedelta(milliseconds=abs(figures.count(Figure.CLOCK)))
    if off > CLOCK_OFF:
        yield Reason(Why.CLOCK, {"n": off // timedelta(minutes=1)})
    yield _disk(figures)


def _counted(why: Why, number: int) -> Reason | None:
    return Reason(why, {"n": number}) if number else None


def _stale(figures: Figures) -> Reason | None:
    """Freshness when the figures were said: a carrier that is heard and hands nothing on shows here."""
    fresh = figures.instant(Figure.FRESH)
    if fresh is None or figures.made - fresh <= SILENT_AFTER:
        return None
    return Reason(Why.STALE, {"since": fresh})


def _disk(figures: Figures) -> Reason | None:
    free, whole = figures.get(Figure.DISK_FREE), figures.get(Figure.DISK)
    if free is None or whole is None or free >= min(DISK_LEAST, whole // _DISK_PART):
        return None
    return Reason(Why.DISK, {"n": free // 1024**2})


def _half(limit: Limit) -> Limit:
    return Limit(max(limit.days // 2, 1), limit.unit, limit.whose)


def _day(limit: Limit, since: date, calendar: WorkCalendar) -> date:
    try:
        last = due(limit, since, (), calendar)
    except CalendarUnknownError as unknown:
        return unknown.provisional
    return last.day if last is not None else since


_ORDER = {why: place for place, why in enumerate(Why)}

HEALTH_NAMES: dict[Health, str] = {
    Health.FINE: "正常",
    Health.LOOK: "要看一看",
    Health.SILENT: "没有消息",
}
WHY_WORDS: dict[Why, tuple[str, str]] = {
    Why.SILENCE_PASSED: (
        "从{since}起收下的件没有送上来，{day}已过：可能有件已经视为受理",
        "今天就派人去，把件带回来，逐件核对收件日期，按视为受理办。",
    ),
    Why.SILENCE_NEAR: (
        "从{since}起收下的件没有送上来；到{day}还看不到，可能有件没人看过就视为受理",
        "今天打电话；线路修不好就派人用U盘把件带回来。",
    ),
    Why.NEVER_HEARD: ("还没有联系过", "请站里开机联网，在“同步”页点“现在同步”。"),
    Why.SILENT: ("{since}以后没有消息", "打电话问有没有停电、断网；能开机就在“同步”页点“现在同步”。"),
    Why.BATTERY: ("断过电以后时钟走丢了", "给主板换一颗纽扣电池（CR2032），再把电脑时间设对。"),
    Why.DISK: ("磁盘只剩{n} MB", "清理磁盘或换大的；满了就收不下新的件。"),
    Why.LOCKED: ("断电重启后还锁着", "请帮办员登录一次；锁着时照常转送，办不了件。"),
    Why.QUARANTINED: ("{n}个包裹被隔离", "由县级管理员逐个核对是谁写的，再决定收不收。"),
    Why.REFUSED: ("{n}条记录没有被采用", "先把两边的程序升到同一版本；还在就把编号报给县级管理员。"),
    Why.STALE: ("县里签名的时间停在{since}", "上级可能没有把新的转下来：看上级的线路；急用可以用U盘带一份。"),
    Why.BACKLOG: ("{n}个包裹从{since}起没有送上去", "看线路通不通、上级磁盘满没满；可以用U盘带上去。"),
    Why.WAITING: ("{n}条记录在等前面的内容", "到齐后会自动接着办；过一天还在就看缺的是哪个站的。"),
    Why.CLOCK: ("电脑时钟差{n}分钟", "程序已自动校正；请把电脑时间和时区设对。"),
}
"""By reason: what is the matter, and what to do."""
