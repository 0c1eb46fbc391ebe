"""``status``: who the node is, how it and the nodes below it stand, and what to do."""

from pathlib import Path
from typing import Any

import click

from common.casework.rules import load_rules
from common.domain.times import from_milliseconds
from common.exchange import backlog
from common.exchange.contacts import routes
from common.exchange.node_register import alarms
from common.exchange.version import PROGRAM
from common.program.backup.making import LAST
from common.program.commands import watch_words as words
from common.program.commands.shared import answer, data_option, json_option, opened, run
from common.program.dialler import upper_addresses, upper_node
from common.program.house import House
from common.program.measuring import Standing, standing
from common.store import letters, receipts, settings


@click.command("status", help="本机和下级站点的情况：正常、要看一看，还是没有消息，以及怎么办。")
@data_option
@json_option
@click.pass_context
def status(context: click.Context, path: Path, *, as_json: bool) -> None:
    """Say who the node is and how it stands; no password is needed and nothing personal is told."""

    async def work() -> tuple[dict[str, Any], Standing | None]:
        async with opened(context, path) as house:
            stands = await standing(house, serving=False)
            return await _status(house, stands), stands

    found, stands = run(work())
    lines = [
        f"节点 {found['node'] or '还没有加入网络'} {found['name']}",
        f"上级 {'、'.join(found['upper']) or '-'}{_by(found['reached'])}",
    ]
    if stands is not None:
        lines += words.own_words(stands.own)
    lines.append(f"最近一次核对过的备份 {found['backup'] or '还没有'}")
    lines.append(f"等候答复的信件 {found['letters_waiting']}")
    lines += [f"告警 {one['what']} {one['node']}" for one in found["alarms"]]
    if stands is not None:
        lines += words.below_words(stands)
    answer(found, "\n".join(lines), as_json=as_json)


async def _status(house: House, stands: Standing | None) -> dict[str, Any]:
    newest = await house.opened.read(receipts.newest_checkpoint)
    waiting = await house.opened.read(lambda tx: letters.in_state(tx, "waiting"))
    spoken = await house.opened.read(routes)
    return {
        "node": str(house.identity.node) if house.identity else None,
        "generation": house.identity.generation if house.identity else None,
        "tier": str(house.settings.tier),
        "name": house.seat.name if house.seat else "",
        "divisions": list(house.seat.divisions) if house.seat else [],
        "upper": list(await upper_addresses(house)),
        "reached": spoken.get(str(upper_node(house))) if house.seat else None,
        "routes": spoken,
        "hub_time": from_milliseconds(newest.hub_time_ms).isoformat() if newest else None,
        "items": len((await load_rules(house.opened)).in_force(house.clock.today())),
        "backup": await _last_backup(house),
        "carried": await _carried(house),
        "letters_waiting": len(waiting),
        "alarms": await house.opened.read(alarms),
        "program": PROGRAM,
        "checkpoint": newest.statement.hex() if newest else None,
        "standing": words.own_value(stands.own) if stands else None,
        "below": [words.below_value(one) for one in stands.below] if stands else [],
    }


def _by(route: str | None) -> str:
    return f"，上次经 {route}" if route else ""


async def _last_backup(house: House) -> str | None:
    kept = await house.opened.read(lambda tx: settings.get(tx, LAST))
    return None if kept is None else from_milliseconds(kept["at_ms"]).isoformat(timespec="seconds")


async def _carried(house: House) -> dict[str, int]:
    """How much lies here for others that this node cannot read."""
    if house.identity is None:
        return {"parcels": 0, "bytes": 0}
    node = house.identity.node
    lying = await house.opened.read(lambda tx: backlog.carried(tx, node))
    return {
        "parcels": sum(one.parcels.count for one in lying),
        "bytes": sum(one.parcels.size for one in lying),
    }
