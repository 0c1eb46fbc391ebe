"""Commands of the operator over custody: ``custody take|release|force|list``, and ``case adopt|reverse``."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import click

from common.casework import custody
from common.casework.desk import Desk
from common.domain.case import Case
from common.domain.course import STATE_NAMES, State
from common.domain.grants import Actor, Power, authorise
from common.program.commands.finding import find_case
from common.program.commands.nodes import node_id
from common.program.commands.shared import (
    answer,
    as_option,
    data_option,
    json_option,
    opened,
    operator,
    operator_option,
    run,
    say,
    signed_in,
)
from common.store import ledger

_WAITING = {
    "waiting": "缺前面的记录",
    "set_aside": "有记录没有采用",
    "unanswered": "等原办理站点答复",
    "stopped": "要升级程序",
}
"""Marks of cases that go on only when a person does something, and what for."""
Act = Callable[[Desk, Actor, UUID], Awaitable[Case]]


@click.group("custody", help="办理权：接管、放行、跳过缺失的记录，列出等人处理的办件。")
def custody_group() -> None:
    """Group the hub's commands on custody."""


def _as_operator(context: click.Context, path: Path, login: str | None, number: str, act: Act) -> Case:
    async def work() -> Case:
        async with opened(context, path) as house:
            actor = await operator(house, login)
            desk = house.at_desk()
            return await act(desk, actor, await find_case(desk, number))

    return run(work())


@custody_group.command("take", help="把一个办件接管过来，交给另一个站点办理。")
@click.argument("number")
@click.option("--to", "to", required=True, help="交给哪个站点，例如 130638-0001（县里）。")
@click.option("--reason", required=True, help="为什么接管。")
@click.option("--destroyed", is_flag=True, help="证明原来的机器已经毁坏，不会再有它的记录。")
@data_option
@operator_option
@click.pass_context
def take(
    context: click.Context,
    number: str,
    to: str,
    reason: str,
    path: Path,
    login: str | None,
    *,
    destroyed: bool,
) -> None:
    """Give custody of a case to another node."""
    node = node_id(to)

    async def act(desk: Desk, actor: Actor, case_id: UUID) -> Case:
        return await custody.take_custody(desk, actor, case_id, node, reason, destroyed=destroyed)

    case = _as_operator(context, path, login, number, act)
    waits = "、".join(one.digits for one in case.unanswered)
    say(f"{number} 现在由{node}办理。" + (f"作决定前要等{waits}号站点答复，或由县里放行。" if waits else ""))


@custody_group.command("release", help="不再等原办理站点答复。")
@click.argument("number")
@click.option("--node", "released", required=True, help="不再等哪个站点。")
@click.option("--reason", required=True, help="怎么核实的。")
@data_option
@operator_option
@click.pass_context
def release(
    context: click.Context, number: str, released: str, reason: str, path: Path, login: str | None
) -> None:
    """Wait for a node no more."""
    node = node_id(released)
    _as_operator(
        context, path, login, number, lambda desk, actor, of: custody.release(desk, actor, of, node, reason)
    )
    say(f"{number} 不再等{node}答复，可以继续办。")


@custody_group.command("force", help="跳过缺失的那条记录；它以后到了也不采用。")
@click.argument("number")
@click.option("--reason", required=True, help="为什么跳过。")
@data_option
@operator_option
@click.pass_context
def force(context: click.Context, number: str, reason: str, path: Path, login: str | None) -> None:
    """Skip the missing fact."""
    case = _as_operator(
        context, path, login, number, lambda desk, actor, of: custody.force(desk, actor, of, reason)
    )
    say(f"{number} 已跳过缺失的记录，现在是“{STATE_NAMES[case.state]}”。")


@custody_group.command("list", help="列出等人处理的办件，和各自等什么。")
@click.option("--limit", default=200, show_default=True, type=click.IntRange(1, 10_000), help="最多几件。")
@data_option
@as_option
@json_option
@click.pass_context
def waiting(context: click.Context, limit: int, path: Path, login: str, *, as_json: bool) -> None:
    """List the cases that go on only when a person does something."""

    async def work() -> ledger.Page:
        async with opened(context, path) as house:
            actor = await signed_in(house, login)
            desk = house.at_desk()
            authorise(actor, Power.SEE_CASES, "*", desk.clock.today())
            wanted = ledger.LedgerFilter(waits_only=True)
            return await desk.vault.read(lambda tx: ledger.page(tx, wanted, limit=limit))

    found = run(work()).cases
    value = [
        {"case": row.case_id, "number": row.number, "custodian": row.custodian, "marks": row.marks}
        for row in found
    ]
    lines = [
        f"{row.number}  {STATE_NAMES[State(row.state)]}  由{row.custodian}办理  "
        + "、".join(_WAITING[mark] for mark in row.marks if mark in _WAITING)
        for row in found
    ]
    answer(value, "\n".join(lines) or "没有等人处理的办件。", as_json=as_json)


def _settle(context: click.Context, path: Path, login: str, number: str, reason: str, *, adopt: bool) -> None:
    async def work() -> Case:
        async with opened(context, path) as house:
            actor = await signed_in(house, login)
            desk = house.at_desk()
            case_id = await find_case(desk, number)
            return await custody.settle_aside(desk, actor, case_id, reason, adopt=adopt)

    say(f"{number} 现在是“{STATE_NAMES[run(work()).state]}”。")


@click.command("adopt", help="采用没有被采用的记录（照原样再写一遍）。")
@click.argument("number")
@click.option("--reason", required=True, help="理由。")
@data_option
@as_option
@click.pass_context
def adopt_aside(context: click.Context, number: str, reason: str, path: Path, login: str) -> None:
    """Adopt what was set aside."""
    _settle(context, path, login, number, reason, adopt=True)


@click.command("reverse", help="不采用那些记录，写明理由。")
@click.argument("number")
@click.option("--reason", required=True, help="理由；会告诉原办理站点。")
@data_option
@as_option
@click.pass_context
def reverse_aside(context: click.Context, number: str, reason: str, path: Path, login: str) -> None:
    """Reverse what was set aside."""
    _settle(context, path, login, number, reason, adopt=False)
