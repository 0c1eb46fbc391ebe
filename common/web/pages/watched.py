"""A node that is watched, in the words of pages: what is the matter, what to do, what it said of itself."""

from datetime import date, datetime, timedelta

from common.domain.figures import Figure, Figures
from common.domain.node import Tier
from common.domain.sentence import Part, Sentence
from common.domain.watching import HEALTH_NAMES, WHY_WORDS, Reason, Watched
from common.exchange.watching import NodeWatched
from common.web.pages.sizes import clock_words, size_text
from common.web.rendering import moment_text
from common.web.views.network import NodeView, Told

TIER_NAMES = {Tier.COUNTY: "县", Tier.TOWNSHIP: "乡镇", Tier.VILLAGE: "村"}
NEVER = "还没有联系过"
_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
_Facts = tuple[tuple[str, str], ...]


def state_of(watched: Watched) -> str:
    """Return how a node stands, in words."""
    return NEVER if watched.known.heard is None else HEALTH_NAMES[watched.health]


def told_of(watched: Watched) -> tuple[Told, ...]:
    """Return what is the matter and what to do, the gravest first."""
    return tuple(_told(reason) for reason in watched.reasons)


def grave(one: NodeWatched) -> Told | None:
    """Return what to say of a node whose silence is dangerous, None where it is not yet."""
    first = one.watched.reasons[0] if one.watched.reasons else None
    return _told(first) if first is not None and "day" in first.parts else None


def there(watched: Watched) -> Sentence | None:
    """Return what has not left a node yet, as it said itself."""
    figures = watched.known.figures
    if figures is None:
        return None
    if figures.count(Figure.CASES):
        return Sentence("{n}件", n=figures.count(Figure.CASES))
    parcels = figures.count(Figure.PARCELS)
    return Sentence("{n}个包裹", n=parcels) if parcels else None


def page_of(one: NodeWatched, parent: str, back: str, *, revoke: str = "") -> NodeView:
    """Return the page of one node; ``parent`` is the name of the node above it."""
    watched = one.watched
    return NodeView(
        name=one.row.name,
        node=one.row.node,
        tier=TIER_NAMES[Tier(one.row.tier)],
        facts=(("状态", Sentence(state_of(watched))), *_known(one, parent), *_said(watched.known.figures)),
        told=told_of(watched),
        said_at=watched.known.figures.made if watched.known.figures else None,
        back=back,
        revoke=revoke,
    )


def age_words(age: timedelta) -> Sentence:
    """Return how old something is: ``3小时前``."""
    for step, words in ((_DAY, "{n}天前"), (_HOUR, "{n}小时前"), (_MINUTE, "{n}分钟前")):
        if age >= step:
            return Sentence(words, n=age // step)
    return Sentence("刚刚")


def _told(reason: Reason) -> Told:
    what, do = WHY_WORDS[reason.why]
    parts = {name: _part(value) for name, value in reason.parts.items()}
    return Told(Sentence(what, **parts), Sentence(do))


def _part(value: datetime | date | int) -> Part:
    if isinstance(value, datetime):
        return moment_text(value)
    return _day(value) if isinstance(value, date) else value


def _day(day: date) -> Sentence:
    return Sentence("{month}月{day}日", month=day.month, day=day.day)


def _known(one: NodeWatched, parent: str) -> _Facts:
    known, running = one.watched.known, one.watched.danger
    return (
        ("最近联系", moment_text(known.heard)),
        ("上级", parent),
        ("最晚要联系上的日子", Sentence("不受影响") if running is None else _day(running.last_day)),
        ("没有采用的记录", _count(known.refused)),
        ("在等的记录", _count(known.waiting)),
        ("隔离的包裹", _count(known.quarantined)),
        ("程序版本", one.program or "—"),
        ("密钥", Sentence("第{n}代", n=one.row.generation)),
    )


def _said(figures: Figures | None) -> _Facts:
    if figures is None:
        return ()
    ahead = -timedelta(milliseconds=figures.count(Figure.CLOCK))
    measured = Figure.CLOCK in figures.values
    return (
        ("县里签名的最新时间", moment_text(figures.instant(Figure.FRESH))),
        ("它和上级的最近联系", moment_text(figures.instant(Figure.CONTACT))),
        ("待送的件", _count(figures.get(Figure.CASES))),
        ("待送的包裹", _parcels(figures)),
        ("时钟", clock_words(ahead) if measured else Sentence("还没有和上级对过")),
        ("时钟电池", Sentence("没电了" if figures.count(Figure.BATTERY) else "正常")),
        ("磁盘", _disk(figures)),
        ("锁", Sentence("锁着" if figures.count(Figure.LOCKED) else "已解锁")),
    )


def _parcels(figures: Figures) -> Sentence:
    count = figures.count(Figure.PARCELS)
    if not count:
        return Sentence("没有")
    size, since = size_text(figures.count(Figure.BYTES)), moment_text(figures.instant(Figure.OLDEST))
    return Sentence("{n}个，{size}，从{since}起", n=count, size=size, since=since)


def _disk(figures: Figures) -> Sentence:
    free, whole = size_text(figures.count(Figure.DISK_FREE)), size_text(figures.count(Figure.DISK))
    return Sentence("剩{free}，共{whole}", free=free, whole=whole)


def _count(number: int | None) -> str:
    if number is None:
        return Sentence("没有说")
    return str(number) if number else Sentence("没有")
