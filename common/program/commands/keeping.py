"""How long cases stay: ``purge`` below the hub, ``case erase`` and ``case erased`` at the hub."""

from pathlib import Path
from typing import Any

import click

from common.casework.erasing import order_erasure
from common.casework.erasures import Erasure, erasures
from common.domain.bodies.hub import GROUND_NAMES, Ground
from common.domain.grants import Power, authorise
from common.domain.node import NodeId
from common.domain.retention import KEPT_WORDS
from common.exchange.clearing import clear
from common.exchange.exchange import Exchange
from common.exchange.purging import Looked, look, purge
from common.program.commands.finding import find_case
from common.program.commands.shared import (
    answer,
    as_option,
    data_option,
    json_option,
    opened,
    run,
    say,
    signed_in,
)


@click.command(
    "purge",
    help="归档：办结、各方都已入账、县里已备份、留存时间已过的办件，材料和经过从本机撤下，只留收件号和结果。",
)
@click.option("--dry-run", is_flag=True, help="只列出哪些可以归档、哪些还不行和原因，什么都不动。")
@click.option("--yes", is_flag=True, help="现在就归档。")
@data_option
@as_option
@json_option
@click.pass_context
def purge_cases(
    context: click.Context, path: Path, login: str, *, dry_run: bool, yes: bool, as_json: bool
) -> None:
    """Show what the purge rule says of every closed case, or let go of what may.

    Raises:
        UsageError: neither or both of the two are said.
    """
    if dry_run == yes:
        raise click.UsageError("请写 --dry-run 先看一遍，或写 --yes 现在归档。")

    async def work() -> tuple[list[Looked], int, Exchange]:
        async with opened(context, path) as house:
            actor = await signed_in(house, login)
            authorise(actor, Power.SEE_CASES, "*", house.clock.today())
            house.at_desk()
            _, exchange = house.enrolled()
            if dry_run:
                return [one async for one in look(exchange)], 0, exchange
            gone = await purge(exchange)
            return [one async for one in look(exchange)], gone, exchange

    found, gone, exchange = run(work())
    lines = [_line(exchange, one) for one in found]
    told = f"可以归档{sum(not one.kept for one in found)}件。" if dry_run else f"已归档{gone}件。"
    value = {"archived": gone, "cases": [_value(one) for one in found]}
    answer(value, "\n".join([*lines, told]), as_json=as_json)


def _line(exchange: Exchange, one: Looked) -> str:
    if not one.kept:
        return f"{one.number}  {one.title}  可以归档"
    nodes = "、".join(exchange.network.name_of(node) for node in one.lacking)
    words = "，".join(KEPT_WORDS[kept] for kept in one.kept)
    return f"{one.number}  {one.title}  留着：{words}{f'（{nodes}）' if nodes else ''}"


def _value(one: Looked) -> dict[str, Any]:
    return {
        "case": str(one.case_id),
        "number": one.number,
        "kept": [str(kept) for kept in one.kept],
        "lacking": [str(node) for node in one.lacking],
    }


@click.command(
    "erase", help="依法删除一个已结束的办件里的全部个人信息（个人信息保护法第四十七条），各站点都删。"
)
@click.argument("number")
@click.option(
    "--reason",
    required=True,
    type=click.Choice([one.value for one in Ground]),
    help="依据：" + "；".join(f"{one.value} {name}" for one, name in GROUND_NAMES.items()) + "。",
)
@click.option("--second", required=True, help="第二个人的账号；标准输入第二行是他的密码。")
@data_option
@as_option
@click.pass_context
def erase_case(context: click.Context, number: str, reason: str, second: str, path: Path, login: str) -> None:
    """Order an erasure; two persons sign in for it."""

    async def work() -> Erasure:
        async with opened(context, path) as house:
            actor, other = await signed_in(house, login), await signed_in(house, second)
            desk = house.at_desk()
            case_id = await find_case(desk, number)
            await order_erasure(desk, actor, other, case_id, Ground(reason))
            _, exchange = house.enrolled()
            await clear(exchange)
            every = await desk.vault.read(erasures)
            return next(one for one in every if one.case_id == case_id)

    ordered = run(work())
    say(
        f"已下令删除 {ordered.number}，县里已删；还要等 {len(ordered.waiting)} 个站点答复，"
        "用 case erased 查看。"
    )


@click.command("erased", help="下令删除的办件：哪些站点已删，哪些还没有。")
@data_option
@as_option
@json_option
@click.pass_context
def list_erased(context: click.Context, path: Path, login: str, *, as_json: bool) -> None:
    """List every erasure and who has answered."""

    async def work() -> tuple[list[Erasure], Exchange]:
        async with opened(context, path) as house:
            actor = await signed_in(house, login)
            desk = house.at_desk()
            authorise(actor, Power.ERASE, "*", desk.clock.today())
            _, exchange = house.enrolled()
            return await desk.vault.read(erasures), exchange

    found, exchange = run(work())

    def named(nodes: list[NodeId]) -> str:
        return "、".join(exchange.network.name_of(node) for node in nodes) or "-"

    lines = [
        f"{one.number}  {one.order.on.isoformat()}  {GROUND_NAMES[one.order.ground]}  "
        f"已删：{named([node for node, done in one.nodes if done])}  还没有：{named(list(one.waiting))}"
        for one in found
    ]
    value = [
        {
            "number": one.number,
            "case": str(one.case_id),
            "ground": str(one.order.ground),
            "on": one.order.on.isoformat(),
            "done": {str(node): done.isoformat() for node, done in one.nodes if done},
            "waiting": [str(node) for node in one.waiting],
        }
        for one in found
    ]
    answer(value, "\n".join(lines) or "没有下令删除过办件。", as_json=as_json)
