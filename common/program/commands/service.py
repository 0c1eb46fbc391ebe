"""Commands about the node itself: ``serve``, ``status``, ``rebuild``."""

from pathlib import Path
from typing import Any

import click

from common.casework.rebuilding import Rebuilt, rebuild_projections
from common.casework.rules import load_rules
from common.domain.node import Tier
from common.domain.times import from_milliseconds
from common.exchange import backlog
from common.exchange.node_register import alarms
from common.program.commands.shared import (
    answer,
    as_option,
    data_option,
    directory_of,
    json_option,
    opened,
    program_of,
    run,
    say,
    signed_in,
)
from common.program.founding import found_node
from common.program.house import House
from common.program.lines import upper_addresses
from common.program.passphrase import hub_passphrase
from common.program.serving import Served, serve_until_told
from common.store import letters, receipts

_WRONG = 1


_web_option = click.option("--web", default=None, help="网页地址，HOST:PORT；端口0为任选。")
_HELP = "运行：网页、连接和后台，一个进程；Ctrl-C 或 SIGTERM 正常结束。"


@click.command("serve", help=_HELP)
@data_option
@_web_option
@click.option("--ssh", default=None, help="下级站点连接的地址，HOST:PORT。")
@click.pass_context
def serve(context: click.Context, path: Path, web: str | None, ssh: str | None) -> None:
    """Serve pages and lines until told to end."""
    _serve(context, path, web, ssh)


@click.command("serve", help=_HELP)
@data_option
@_web_option
@click.pass_context
def serve_station(context: click.Context, path: Path, web: str | None) -> None:
    """Serve pages until told to end: nobody dials a station."""
    _serve(context, path, web, "")


def _serve(context: click.Context, path: Path, web: str | None, ssh: str | None) -> None:
    program, directory = program_of(context), directory_of(path)

    async def work() -> None:
        async with opened(context, path) as house:
            if house.is_hub:
                await house.unlock_hub(hub_passphrase(house.settings.passphrase_file))
            lines = house.settings.ssh if ssh is None else ssh
            await serve_until_told(house, web or house.settings.web, lines, program.make_pages, _ready)

    if program.tier is not Tier.COUNTY and not directory.settings.exists():
        run(found_node(directory, program.tier))  # the first run in the browser gives its own recovery code
    directory.insist()
    with directory.serving():
        run(work())


def _ready(served: Served) -> None:
    say(f"网页 http://{served.web}/")
    if served.ssh:
        say(f"连接 {served.ssh}")
    say("已就绪。")


@click.command("status", help="本机的情况。")
@data_option
@json_option
@click.pass_context
def status(context: click.Context, path: Path, *, as_json: bool) -> None:
    """Say who the node is and how it stands; no password is needed and nothing personal is told."""

    async def work() -> dict[str, Any]:
        async with opened(context, path) as house:
            return await _status(house)

    found = run(work())
    lines = [
        f"节点 {found['node'] or '还没有加入网络'} {found['name']}",
        f"上级 {'、'.join(found['upper']) or '-'}",
        f"最近的县里时间签名 {found['hub_time'] or '还没有'}",
        f"等候答复的信件 {found['letters_waiting']}",
    ]
    lines += [f"告警 {one['what']} {one['node']}" for one in found["alarms"]]
    answer(found, "\n".join(lines), as_json=as_json)


async def _status(house: House) -> dict[str, Any]:
    newest = await house.opened.read(receipts.newest_checkpoint)
    waiting = await house.opened.read(lambda tx: letters.in_state(tx, "waiting"))
    return {
        "node": str(house.identity.node) if house.identity else None,
        "generation": house.identity.generation if house.identity else None,
        "tier": str(house.settings.tier),
        "name": house.seat.name if house.seat else "",
        "divisions": list(house.seat.divisions) if house.seat else [],
        "upper": list(await upper_addresses(house)),
        "hub_time": from_milliseconds(newest.hub_time_ms).isoformat() if newest else None,
        "items": len((await load_rules(house.opened)).in_force(house.clock.today())),
        "carried": await _carried(house),
        "letters_waiting": len(waiting),
        "alarms": await house.opened.read(alarms),
    }


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


@click.command("rebuild", help="从日志重做全部查询表，并和原来的比较。")
@data_option
@as_option
@click.pass_context
def rebuild(context: click.Context, path: Path, login: str) -> None:
    """Make the projections again; they must come out the same."""

    async def work() -> Rebuilt:
        async with opened(context, path) as house:
            await signed_in(house, login)
            return await rebuild_projections(house.at_desk())

    found = run(work())
    if found.differing:
        say(f"已重做{found.cases}个办件；这些表和原来不同：{'、'.join(found.differing)}。")
        context.exit(_WRONG)
    say(f"已重做{found.cases}个办件，和原来完全一样。")
