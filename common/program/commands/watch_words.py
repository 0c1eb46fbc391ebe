"""How nodes stand, as ``status`` says it to people."""

from datetime import date, datetime

from common.domain.figures import Figure, Figures
from common.domain.times import CHINA
from common.domain.watching import HEALTH_NAMES, WHY_WORDS, Health, Reason, Watched
from common.exchange.watching import NodeWatched
from common.program.measuring import Standing

_MOST = 50


def own_words(own: Watched) -> list[str]:
    """Return how this node stands: a word, then every reason with what to do."""
    lines = [f"情况 {HEALTH_NAMES[own.health]}"]
    lines += [f"  {reason_words(one)}" for one in own.reasons]
    figures = own.known.figures
    if figures is not None:
        lines += _figures_words(figures)
    return lines


def below_words(found: Standing) -> list[str]:
    """Return which nodes below need a look and why, the silent ones first."""
    if not found.below:
        return []
    counts = {health: sum(one.watched.health is health for one in found.below) for health in Health}
    said = "，".join(f"{HEALTH_NAMES[health]}{count}个" for health, count in counts.items() if count)
    lines = [f"下级站点 {len(found.below)}个：{said}"]
    ordered = sorted(found.below, key=lambda one: (-_WEIGHT[one.watched.health], one.row.node))
    for one in [one for one in ordered if one.watched.reasons][:_MOST]:
        lines += [
            f"  {one.row.name}（{one.row.node}）：{reason_words(reason)}" for reason in one.watched.reasons
        ]
    return lines


def reason_words(reason: Reason) -> str:
    """Return a reason and what to do about it."""
    what, do = WHY_WORDS[reason.why]
    return f"{what.format(**{name: _part(value) for name, value in reason.parts.items()})}。{do}"


def own_value(own: Watched) -> dict[str, object]:
    """Return the same for programs."""
    return _value(own)


def below_value(one: NodeWatched) -> dict[str, object]:
    """Return how one node below stands, for programs."""
    return {
        "node": one.row.node,
        "name": one.row.name,
        "tier": one.row.tier,
        "program": one.program,
        **_value(one.watched),
    }


def _value(watched: Watched) -> dict[str, object]:
    known, running = watched.known, watched.danger
    figures = known.figures
    return {
        "health": str(watched.health),
        "heard": known.heard.isoformat() if known.heard else None,
        "reasons": [{"why": str(one.why), "sentence": reason_words(one)} for one in watched.reasons],
        "silence_danger": running.last_day.isoformat() if running else None,
        "silence_warned_from": running.warn_from.isoformat() if running else None,
        "refused": known.refused,
        "waiting": known.waiting,
        "quarantined": known.quarantined,
        "figures": {one.name.lower(): value for one, value in figures.values.items()} if figures else {},
        "figures_made": figures.made.isoformat() if figures else None,
    }


def _figures_words(figures: Figures) -> list[str]:
    fresh, contact = figures.instant(Figure.FRESH), figures.instant(Figure.CONTACT)
    lines = [f"程序 {figures.program}"]
    if contact is not None:
        lines.append(f"和上级最近联系 {_moment(contact)}")
    lines.append(f"最近的县里时间签名 {_moment(fresh) if fresh else '还没有'}")
    waiting = figures.count(Figure.PARCELS)
    if waiting:
        oldest = figures.instant(Figure.OLDEST)
        since = f"，从{_moment(oldest)}起" if oldest else ""
        cases = figures.get(Figure.CASES)
        of_cases = f"，其中办件{cases}件" if cases else ""
        lines.append(f"等着送出 {waiting}个包裹，{figures.count(Figure.BYTES)}字节{since}{of_cases}")
    free = figures.get(Figure.DISK_FREE)
    if free is not None:
        lines.append(f"磁盘还剩 {free // 1024**2} MB")
    return lines


_WEIGHT = {Health.FINE: 0, Health.LOOK: 1, Health.SILENT: 2}


def _part(value: object) -> object:
    if isinstance(value, datetime):
        return _moment(value)
    return f"{value.month}月{value.day}日" if isinstance(value, date) else value


def _moment(at: datetime) -> str:
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"
