"""Metrics for Prometheus on a listener of their own: what a node knows of itself and of those below it.

Labels are node ids, tiers, versions and fixed words: nothing personal, and no more than there are nodes.
"""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from common.domain.figures import Figure
from common.domain.times import CHINA
from common.domain.watching import Health, Watched, Why

PATH = "/metrics"
_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_MILLISECOND = 0.001
_PROGRAM = re.compile(r"jiujin/[0-9]{1,4}(\.[0-9]{1,4}){1,3}")
"""What a node calls its program is its own to say; as a label it must be one of few."""
_FIGURES: Mapping[Figure, tuple[str, str, float]] = {
    Figure.FRESH: (
        "fresh_timestamp_seconds",
        "Hub time of its newest checkpoint.",
        _MILLISECOND,
    ),
    Figure.CONTACT: ("contact_timestamp_seconds", "When it last spoke with the node above.", _MILLISECOND),
    Figure.CASES: ("backlog_cases", "Applications the node above has not receipted.", 1),
    Figure.PARCELS: ("backlog_parcels", "Parcels the node above has not receipted.", 1),
    Figure.BYTES: ("backlog_bytes", "Bytes of these parcels.", 1),
    Figure.OLDEST: (
        "backlog_oldest_timestamp_seconds",
        "Since when the oldest lies there.",
        _MILLISECOND,
    ),
    Figure.CLOCK: ("clock_offset_seconds", "True time less device time, as measured.", _MILLISECOND),
    Figure.BATTERY: ("clock_battery_dead", "1: the clock lost its time without power.", 1),
    Figure.DISK_FREE: ("disk_free_bytes", "Bytes free where the node's data lies.", 1),
    Figure.DISK: ("disk_bytes", "Bytes there in all.", 1),
    Figure.LOCKED: ("locked", "1: nobody has signed in since the power came.", 1),
}
_HEALTH = {Health.FINE: 0, Health.LOOK: 1, Health.SILENT: 2}
_ALARM = {Why.SILENCE_NEAR: 1, Why.SILENCE_PASSED: 2}


@dataclass(frozen=True, slots=True)
class Measured:
    """One node as metrics show it."""

    node: str
    tier: str
    program: str
    watched: Watched


Measure = Callable[[], Awaitable[tuple[Measured, ...]]]
"""Says how this node and those below it stand now; nothing before the box is enrolled."""


class Meters:
    """What is counted while the program runs; a restart begins at 0, as Prometheus expects."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._sessions = Counter(
            "jiujin_sessions", "Sessions, by how they ended.", ["ending"], registry=self.registry
        )
        self._bytes = Counter(
            "jiujin_session_bytes", "Bytes of parcels in sessions.", ["direction"], registry=self.registry
        )
        self._dials = Counter(
            "jiujin_dials_failed", "Dials to the node above that failed.", registry=self.registry
        )
        ProcessCollector(namespace="jiujin", registry=self.registry)

    def session(self, ending: str, received: int, sent: int) -> None:
        """Count one session; ``ending`` is a word of the program's."""
        self._sessions.labels(ending).inc()
        self._bytes.labels("in").inc(received)
        self._bytes.labels("out").inc(sent)

    def dial_failed(self) -> None:
        """Count a dial that failed."""
        self._dials.inc()


def exposition(meters: Meters, measured: tuple[Measured, ...]) -> bytes:
    """Return everything as Prometheus reads it."""
    gauges = CollectorRegistry()
    gauges.register(_Gauges(measured))
    return generate_latest(meters.registry) + generate_latest(gauges)


def metrics_app(meters: Meters, measure: Measure) -> web.Application:
    """Return the application that answers scrapes and nothing else."""

    async def scrape(_: web.Request) -> web.Response:
        return web.Response(body=exposition(meters, await measure()), headers={"Content-Type": _TYPE})

    app = web.Application()
    app.router.add_get(PATH, scrape)
    return app


class _Gauges(Collector):
    def __init__(self, measured: tuple[Measured, ...]) -> None:
        self._measured = measured

    def collect(self) -> Iterator[Metric]:
        """Yield every family, each with a sample a node that has it."""
        yield self._info()
        for figure, (name, told, scale) in _FIGURES.items():
            yield self._family(name, told, lambda one, of=figure, by=scale: _scaled(one, of, by))  # type: ignore[misc]
        yield self._family("heard_timestamp_seconds", "Last sign of life.", lambda one: _at(one.known.heard))
        yield self._family("entries_refused", "Its entries that were refused.", lambda one: one.known.refused)
        yield self._family("entries_waiting", "Its entries that wait.", lambda one: one.known.waiting)
        yield self._family("parcels_quarantined", "Parcels in quarantine.", lambda one: one.known.quarantined)
        yield self._family("health", "0 fine, 1 needs a look, 2 silent.", lambda one: _HEALTH[one.health])
        yield self._family(
            "silence_alarm",
            "1: half of the time before a deemed acceptance is over; 2: all of it.",
            lambda one: max((_ALARM.get(reason.why, 0) for reason in one.reasons), default=0),
        )
        yield self._family(
            "silence_danger_timestamp_seconds",
            "End of the last day (China) before a deemed acceptance can pass unseen.",
            lambda one: _end_of(one.danger.last_day) if one.danger else None,
        )

    def _info(self) -> Metric:
        family = GaugeMetricFamily("jiujin_node_info", "What runs where.", labels=["node", "tier", "program"])
        for one in self._measured:
            program = one.program if _PROGRAM.fullmatch(one.program) else "other"
            family.add_metric([one.node, one.tier, program], 1)
        return family

    def _family(self, name: str, told: str, value: Callable[[Watched], float | None]) -> Metric:
        family = GaugeMetricFamily(f"jiujin_{name}", told, labels=["node"])
        for one in self._measured:
            measured = value(one.watched)
            if measured is not None:
                family.add_metric([one.node], measured)
        return family


def _end_of(day: date) -> float:
    return datetime.combine(day + timedelta(days=1), time(), CHINA).timestamp()


def _scaled(watched: Watched, figure: Figure, scale: float) -> float | None:
    value = watched.known.figures.get(figure) if watched.known.figures is not None else None
    return None if value is None else value * scale


def _at(instant: datetime | None) -> float | None:
    return instant.timestamp() if instant is not None else None
