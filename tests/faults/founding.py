"""Sets a founded hub up in one go, in a process of its own: catalogue, an account, invitations (printed)."""

import asyncio
import json
import sys
from datetime import date
from pathlib import Path

from common.casework.accounts import NewAccount
from common.casework.publishing import import_items, publish_catalogue
from common.domain.grants import Role
from common.domain.node import NodeId, Tier
from common.exchange.node_register import Wanted, invite
from common.exchange.sealing import seal_due
from common.program import house_accounts
from common.program.commands.shared import OPERATOR
from common.program.directory import NodeDirectory
from common.program.house import House
from common.sheets.catalogue_csv import read_catalogue
from demo.county import PASSWORD

ITEMS = Path(__file__).parents[2] / "demo" / "items.csv"


async def set_up(folder: Path, townships: int) -> None:
    """Print an invitation code for each township."""
    house = await House.open(NodeDirectory(folder), Tier.COUNTY)
    try:
        await house.unlock_hub(PASSWORD)
        desk, (who, exchange) = house.at_desk(), house.enrolled()
        roles = frozenset({Role.ADMINISTRATOR, Role.CATALOGUE, Role.REVIEWER, Role.CHIEF})
        await house_accounts.add_user(house, NewAccount("admin", "县管理员", roles), PASSWORD)
        await import_items(desk, OPERATOR, read_catalogue(ITEMS.read_bytes()).items)
        await publish_catalogue(desk, OPERATOR, date(2026, 1, 1))
        codes = []
        for number in range(townships):
            town = Wanted(Tier.TOWNSHIP, who.node, f"{number}镇", (f"13063810{number}",))
            codes.append((await invite(desk, OPERATOR, who.fingerprint(), town)).code)
        await seal_due(exchange)
        sys.stdout.write(json.dumps(codes))
    finally:
        await house.close()


async def invite_villages(folder: Path, parents: list[str]) -> None:
    """Print the code of one village below each of these townships, which are enrolled."""
    house = await House.open(NodeDirectory(folder), Tier.COUNTY)
    try:
        await house.unlock_hub(PASSWORD)
        desk, (who, exchange) = house.at_desk(), house.enrolled()
        codes = []
        for number, parent in enumerate(parents):
            village = Wanted(Tier.VILLAGE, NodeId(parent), f"{number}村", (f"13063810{number}201",))
            codes.append((await invite(desk, OPERATOR, who.fingerprint(), village)).code)
        await seal_due(exchange)
        sys.stdout.write(json.dumps(codes))
    finally:
        await house.close()


if __name__ == "__main__":
    if sys.argv[2].isdigit():
        asyncio.run(set_up(Path(sys.argv[1]), int(sys.argv[2])))
    else:
        asyncio.run(invite_villages(Path(sys.argv[1]), sys.argv[2:]))
