"""A village that takes applications in until it is killed: each receipt number is printed as it is given."""

import asyncio
import sys
from datetime import date
from pathlib import Path

from common.casework import receive
from common.casework.clock import NodeClock
from common.casework.desk import Desk
from common.casework.publishing import import_items, publish_catalogue
from common.casework.rules import Rules, load_rules
from common.domain.application import MaterialGiven
from common.store.engine import Database
from common.store.files import ParcelFiles
from tests.builders.cases import HUB, VILLAGE, application
from tests.builders.desks import HELPER, ITEMS, OFFICE, seat_of

KEY = bytes(range(32))
FORM = application(item="YL-0001", materials=(MaterialGiven("m1", copies=1), MaterialGiven("m2", copies=1)))


async def open_desk(folder: Path) -> Desk:
    """Return the desk of a village on a data directory, made where there is none."""
    plain = await Database.open(f"sqlite://{folder}/open.db")
    vault = await Database.open(f"sqlite://{folder}/vault.db", KEY)
    for database in (plain, vault):
        await database.migrate()
    files, clock = ParcelFiles(folder / "parcels"), NodeClock()
    if not (await load_rules(plain)).versions:
        hub = Desk(seat_of(HUB), bytes(15) + b"1", plain, plain, files, clock, Rules())
        await import_items(hub, OFFICE, ITEMS)
        await publish_catalogue(hub, OFFICE, date(2026, 1, 1))
    return Desk(seat_of(VILLAGE), bytes(16), vault, plain, files, clock, await load_rules(plain))


async def take_in_for_ever(folder: Path) -> None:
    """Take applications in, one by one, until the process ends."""
    desk = await open_desk(folder)
    while True:
        taken = await receive.receive(desk, HELPER, FORM)
        sys.stdout.write(f"{taken.case_id} {taken.number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(take_in_for_ever(Path(sys.argv[1])))
