"""``status``: who the node is, how it and the nodes below it stand, and what to do."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from common.casework.rules import load_rules
from common.domain.chinese_text import date_text
from common.domain.times import china_day, from_milliseconds
from common.exchange import backlog
from common.exchange.contacts import routes
from common.exchange.node_register import alarms
from common.exchange.version import PROGRAM
from common.program.backup.making import LAST
from common.program.certificate_ended import ended_at, valid_until
from common.program.commands import watch_words as words
from common.program.commands.shared import answer, data_option, json_option, opened, run
from common.program.dialler import upper_addresses, upper_node
from common.program.house import House
from common.program.measuring import Standing, standing
from common.store import letters, receipts, settings
from common.web.pages.hub.nodes import ALARMS

_ENDED = (
    "锁着的机器不能续期，线路暂时用不了，已收的件都在本机，没有丢。"
    "请帮办员或别的工作人员在网页上登录解锁，解锁后会自动续期，接着往上送。"
)


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
    answer(found, "\n".join(_lines(found, stands)), as_json=as_json)


async def _status(house: House, stands: Standing | None) -> dict[str, Any]:
    until = await valid_until(house)
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
        "certificate_until": until.isoformat() if until else None,
        "certificate_ended": await ended_at(house) is not None,
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


def _lines(found: Mapping[str, Any], stands: Standing | None) -> list[str]:
    return [
        f"节点 {found['node'] or '还没有加入网络'} {found['name']}",
        f"上级 {'、'.join(found['upper']) or '-'}{_by(found['reached'])}",
        *_certificate(found),
        *(words.own_words(stands.own) if stands else []),
        f"最近一次核对过的备份 {found['backup'] or '还没有'}",
        f"等候答复的信件 {found['letters_waiting']}",
        *(f"告警 {ALARMS.get(one['what'], one['what']).format(name=one['node'])}" for one in found["alarms"]),
        *(words.below_words(stands) if stands else []),
    ]


def _certificate(found: Mapping[str, Any]) -> list[str]:
    if found["certificate_until"] is None:
        return []
    day = date_text(china_day(datetime.fromisoformat(found["certificate_until"])))
    if not found["certificate_ended"]:
        return [f"证书 有效到{day}"]
    # A command cannot see whether the ``serve`` beside it is unlocked: the sentence is true of both.
    return [f"证书 {day}已经到期：{_ENDED}"]
