"""``quarantine list|release|refuse``: batches of revoked nodes wait for a named person at the hub."""

from pathlib import Path

import click

from common.domain.spoken_error import SpokenError
from common.exchange.quarantine import Apart, kept_apart, settle_by_hand
from common.program.commands.shared import (
    answer,
    data_option,
    json_option,
    opened,
    operator,
    operator_option,
    run,
    say,
)

_SHOWN = 16
"""Hex digits of a batch's name that people compare and type."""


class WhichParcelError(SpokenError):
    """What was typed names no batch in quarantine, or more than one."""

    def __init__(self) -> None:
        """Say where names are found."""
        super().__init__(
            "no such parcel", "没有找到这个包裹，或有几个开头相同的；请照 quarantine list 列出的写。"
        )


@click.group("quarantine", help="停用站点的包裹：列出、核实后收下、拒收。")
def quarantine_group() -> None:
    """Group the commands."""


@quarantine_group.command("list", help="列出等人处理的包裹，和里面能看到的办件。")
@data_option
@operator_option
@json_option
@click.pass_context
def list_apart(context: click.Context, path: Path, login: str | None, *, as_json: bool) -> None:
    """List what is kept apart."""

    async def work() -> list[Apart]:
        async with opened(context, path) as house:
            await operator(house, login)
            _, exchange = house.enrolled()
            return await kept_apart(exchange)

    found = run(work())
    value = [
        {
            "parcel": one.parcel.name.hex(),
            "writer": one.writer,
            "reason": one.parcel.reason,
            "first": one.parcel.first_number,
            "last": one.parcel.last_number,
            "cases": None
            if one.cases is None
            else [{"number": number, "applicant": name} for number, name in one.cases],
        }
        for one in found
    ]
    answer(value, "\n".join(map(_line, found)) or "没有等人处理的包裹。", as_json=as_json)


def _line(one: Apart) -> str:
    parcel = one.parcel
    inside = "打不开；要看里面的办件，请不写 --as，改用县里的密钥口令"
    if one.cases is not None:
        inside = "、".join(f"{number} {name}" for number, name in one.cases) or "没有新办件"
    numbers = f"第{parcel.first_number}到{parcel.last_number}条"
    return f"{parcel.name.hex()[:_SHOWN]}  {one.writer}  {numbers}  {inside}"


@quarantine_group.command("release", help="和申请人核实过，收下这个包裹。")
@click.argument("parcel")
@click.option("--reason", required=True, help="怎么核实的。")
@data_option
@operator_option
@click.pass_context
def release(context: click.Context, parcel: str, reason: str, path: Path, login: str | None) -> None:
    """Take a batch in after all."""
    _settle(context, path, login, parcel, reason, released=True)
    say("已收下，里面的办件照常办理。")


@quarantine_group.command("refuse", help="拒收这个包裹。")
@click.argument("parcel")
@click.option("--reason", required=True, help="为什么。")
@data_option
@operator_option
@click.pass_context
def refuse(context: click.Context, parcel: str, reason: str, path: Path, login: str | None) -> None:
    """Refuse a batch for ever."""
    _settle(context, path, login, parcel, reason, released=False)
    say("已拒收。")


def _settle(
    context: click.Context, path: Path, login: str | None, typed: str, reason: str, *, released: bool
) -> None:
    async def work() -> None:
        async with opened(context, path) as house:
            actor = await operator(house, login)
            _, exchange = house.enrolled()
            name = _named(await kept_apart(exchange), typed)
            await settle_by_hand(exchange, house.at_desk(), actor, name, reason, released=released)

    run(work())


def _named(found: list[Apart], typed: str) -> bytes:
    """Return the name of the batch a person typed the beginning of.

    Raises:
        WhichParcelError: it is none, or not the only one.
    """
    names = [one.parcel.name for one in found if one.parcel.name.hex().startswith(typed.strip().lower())]
    if len(names) != 1 or not typed.strip():
        raise WhichParcelError
    return names[0]
