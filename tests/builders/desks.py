"""Desks over real database files: one node's casework without keys, lines or pages."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from common.casework.clock import NodeClock
from common.casework.desk import Desk
from common.casework.publishing import import_items, publish_calendar, publish_catalogue
from common.casework.rules import Rules
from common.domain.calendar import seed_calendar
from common.domain.clocks import DayUnit, Limit
from common.domain.grants import Actor, Grant, Power, Role
from common.domain.item import Item, Material, Necessity
from common.domain.node import NodeId, Tier
from common.domain.routing import Seat
from common.store.files import ParcelFiles
from tests.builders.cases import HUB, TOWNSHIP, VILLAGE
from tests.builders.databases import fresh_database

MONDAY = datetime(2026, 11, 16, 1, 30, tzinfo=UTC)
ITEMS = (
    Item(
        "YL-0001",
        "困难残疾人生活补贴",
        (Tier.VILLAGE, Tier.TOWNSHIP, Tier.COUNTY),
        department="民政局",
        statutory=Limit(24, DayUnit.WORKING),
        promised=Limit(4, DayUnit.WORKING),
        materials=(
            Material("m1", "残疾人证"),
            Material("m2", "户口簿", copies=0),
            Material("m3", "低保证", Necessity.OPTIONAL),
        ),
        sample=True,
    ),
    Item("YL-0002", "孤儿基本生活费", (Tier.VILLAGE, Tier.COUNTY), sensitive=True, sample=True),
    Item("YL-0003", "资格认证", (Tier.VILLAGE,), sample=True),
    Item(
        "YL-0004",
        "林木采伐许可证核发",
        (Tier.VILLAGE, Tier.TOWNSHIP),
        lawful_receiver=True,
        deemed_acceptance=True,
        sample=True,
    ),
)


class HandClock:
    """A clock a test sets by hand."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self.at = at

    def __call__(self) -> datetime:
        self.at += timedelta(milliseconds=7)
        return self.at


def seat_of(node: NodeId) -> Seat:
    """Return the seat of one of the three nodes tests use."""
    if node == HUB:
        return Seat(HUB, Tier.COUNTY, "雄县政务服务中心")
    if node == TOWNSHIP:
        return Seat(TOWNSHIP, Tier.TOWNSHIP, "雄州镇", divisions=("130638100",))
    return Seat(node, Tier.VILLAGE, "一铺东村", TOWNSHIP, ("130638100201",))


def person(login: str, *roles: Role) -> Actor:
    """Return an actor whose grants cover everything its roles open."""
    actor = Actor(login, f"{login}先生", frozenset(roles))
    grant = Grant(
        f"g-{login}", str(HUB), login, actor.name, "窗口", tuple(actor.powers), ("*",), date(2026, 1, 1)
    )
    return Actor(login, actor.name, actor.roles, (grant,))


HELPER = person("helper", Role.HELPER)
CLERK = person("clerk", Role.CLERK)
REVIEWER = person("reviewer", Role.REVIEWER)
CHIEF = person("chief", Role.CHIEF)
OFFICE = person("office", Role.CATALOGUE, Role.ADMINISTRATOR)
ALL_POWERS = tuple(Power)


async def open_desk(folder: Path, node: NodeId = VILLAGE, clock: HandClock | None = None) -> Desk:
    """Return a desk on fresh files; vault and open are one database, as at the hub."""
    database = await fresh_database(folder / f"{node}.db")
    seat = seat_of(node)
    hand = NodeClock(clock or HandClock())
    epoch = bytes(15) + bytes([node.number % 256])
    return Desk(seat, epoch, database, database, ParcelFiles(folder / "parcels"), hand, Rules())


async def with_catalogue(desk: Desk) -> Desk:
    """Publish the items above at the hub's desk."""
    await publish_calendar(desk, None, seed_calendar())
    await import_items(desk, OFFICE, ITEMS)
    await publish_catalogue(desk, OFFICE, date(2026, 1, 1))
    return desk
