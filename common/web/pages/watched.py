"""A node that is watched, in the words of pages: what is the matter, what to do, what it said of itself."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from common.domain.figures import Figure, Figures
from common.domain.node import NodeId, Tier
from common.domain.watching import HEALTH_NAMES, WHY_WORDS, Reason, Watched
from common.exchange.watching import NodeWatched
from common.web.pages.sizes import clock_words, size_text
from common.web.rendering import moment_text
from common.web.views.network import NodeView, Told

TIER_NAMES = {Tier.COUNTY: "县", Tier.TOWNSHIP: "乡镇", Tier.VILLAGE: "村"}
NEVER = "还没有联系过"
_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def state_of(watched: Watched) -> str:
    """Return how a node stands, in words."""
    return NEVER if watched.known.heard is None else HEALTH_NAMES[watched.health]


def told_of(watched: Watched) -> tuple[Told, ...]:
    """Return what is the matter and what to do, the gravest first."""
    return tuple(_told(reason) for reason in watched.reasons)


def grave(one: NodeWatched) -> Told | None:
    """Return what to say of a node whose silence is dangerous, None where it is not yet."""
    first = one.watched.reasons[0] if one.watched.reasons else None
    return _told(first) if first is not None and one.watched.danger and "day" in first.parts else None


def there(watched: Watched) -> Told | None:
    """Return what has not left a node yet, as it said itself."""
    figures = watched.known.figures
    if figures is None:
        return None
    if figures.count(Figure.CASES):
        return Told("{n}件", "", {"n": figures.count(Figure.CASES)})
    parcels = figures.count(Figure.PARCELS)
    return Told("{n}个包裹", "", {"n": parcels}) if parcels else None


def page_of(one: NodeWatched, parent: str, back: str, *, revoke: str = "") -> NodeView:
    """Return the page of one node; ``parent`` is the name of the node above it."""
    watched = one.watched
    return NodeView(
        name=one.row.name,
        node=one.row.node,
        tier=TIER_NAMES[Tier(one.row.tier)],
        facts=(("状态", _plain(state_of(watched))), *_known(one, parent), *_said(watched.known.figures)),
        told=told_of(watched),
        said_at=watched.known.figures.made if watched.known.figures else None,
        back=back,
        revoke=revoke,
    )


def age_words(age: timedelta) -> Told:
    """Return how old something is: ``3小时前``."""
    for step, words in ((_DAY, "{n}天前"), (_HOUR, "{n}小时前"), (_MINUTE, "{n}分钟前")):
        if age >= step:
            return Told(words, "", {"n": age // step})
    return Told("刚刚", "")


def number_of(node: str) -> str:
    """Return the four digits of a node."""
    return NodeId(node).digits


def _told(reason: Reason) -> Told:
    what, do = WHY_WORDS[reason.why]
    return Told(what, do, {name: _part(value) for name, value in reason.parts.items()})


def _part(value: object) -> object:
    if isinstance(value, datetime):
        return moment_text(value)
    return f"{value.month}月{value.day}日" if isinstance(value, date) else value


def _known(one: NodeWatched, parent: str) -> tuple[tuple[str, Told], ...]:
    known, running = one.watched.known, one.watched.danger
    last = "不受影响" if running is None else f"{running.last_day.month}月{running.last_day.day}日"
    return (
        ("最近联系", _plain(moment_text(known.heard))),
        ("上级", _plain(parent)),
        ("最晚要联系上的日子", _plain(last)),
        ("没有采用的记录", _count(known.refused)),
        ("在等的记录", _count(known.waiting)),
        ("隔离的包裹", _count(known.quarantined)),
        ("程序版本", _plain(one.program or "—")),
        ("密钥", Told("第{n}代", "", {"n": one.row.generation})),
    )


def _said(figures: Figures | None) -> tuple[tuple[str, Told], ...]:
    if figures is None:
        return ()
    values: Mapping[Figure, int] = figures.values
    parcels = Told(
        "{n}个，{size}，从{since}起",
        "",
        {
            "n": figures.count(Figure.PARCELS),
            "size": size_text(figures.count(Figure.BYTES)),
            "since": moment_text(figures.instant(Figure.OLDEST)),
        },
    )
    disk = Told("剩{free}，共{whole}", "", {
        "free": size_text(figures.count(Figure.DISK_FREE)), "whole": size_text(figures.count(Figure.DISK))
    })  # fmt: skip
    ahead = -timedelta(milliseconds=figures.count(Figure.CLOCK))
    return (
        ("县里签名的最新时间", _plain(moment_text(figures.instant(Figure.FRESH)))),
        ("它和上级的最近联系", _plain(moment_text(figures.instant(Figure.CONTACT)))),
        ("待送的件", _count(values.get(Figure.CASES))),
        ("待送的包裹", parcels if figures.count(Figure.PARCELS) else _count(0)),
        ("时钟", _plain(clock_words(ahead) if Figure.CLOCK in values else "还没有和上级对过")),
        ("时钟电池", _plain("没电了" if figures.count(Figure.BATTERY) else "正常")),
        ("磁盘", disk),
        ("锁", _plain("锁着" if figures.count(Figure.LOCKED) else "已解锁")),
    )


def _count(number: int | None) -> Told:
    return (
        _plain("没有说") if number is None else Told("{n}", "", {"n": number}) if number else _plain("没有")
    )


def _plain(words: str) -> Told:
    return Told(words, "")
