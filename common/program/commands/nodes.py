"""Commands that make a node and let it in: ``init``, ``enrol``, ``invite``, ``node list|revoke``."""

import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import click
from click.core import ParameterSource

from common.domain.node import NodeId, Tier
from common.domain.spoken_error import SpokenError
from common.domain.times import from_milliseconds
from common.exchange.node_register import Wanted, invite, revoke
from common.program import founding, house_accounts, joining
from common.program.commands.shared import (
    answer,
    data_option,
    directory_of,
    json_option,
    opened,
    operator,
    operator_option,
    program_of,
    run,
    say,
)
from common.program.passphrase import hub_passphrase, typed
from common.store import registry

_IN_THE_OPEN = (
    "密码不要写在命令行上，别人看得到。请写进环境变量 JIUJIN_DATABASE，"
    "或用 ~/.pgpass、本机套接字，地址里不带密码。"
)
_COUNTY = re.compile(r"[1-9][0-9]{5}")
_TIERS = {"township": Tier.TOWNSHIP, "village": Tier.VILLAGE}


class NodeIdError(SpokenError):
    """What was typed is no node's id."""


def node_id(text: str) -> NodeId:
    """Return the node a person typed.

    Raises:
        NodeIdError: it is none.
    """
    try:
        return NodeId(text.strip())
    except ValueError as error:
        raise NodeIdError("not a node id", "站点编号要写成 130638-0417 这样。") from error


@click.command("init", help="建一个站点的数据目录，并显示一次恢复码。")
@data_option
@json_option
@click.pass_context
def init_node(context: click.Context, path: Path, *, as_json: bool) -> None:
    """Make a township's or a station's directory."""
    directory = directory_of(path)
    code = run(founding.found_node(directory, program_of(context).tier))
    text = (
        f"已建好 {directory.path}\n恢复码（只显示这一次，请抄下交乡镇保管）：{code}\n"
        "下一步：用邀请码运行 enrol。"
    )
    answer({"data": str(directory.path), "recovery_code": code}, text, as_json=as_json)


@click.command("init", help="建县级中心和县根密钥。密钥口令从 systemd 凭据、口令文件或标准输入读。")
@data_option
@click.option("--county", required=True, help="县的六位区划代码。")
@click.option("--name", required=True, help="县级中心的名称，例如：雄县政务服务中心。")
@click.option(
    "--root",
    "root_folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="县根密钥写在哪里（U盘）；写完请拔下带走。",
)
@click.option(
    "--database",
    default="",
    envvar="JIUJIN_DATABASE",
    help="postgres://…，不带密码；不写就用目录里的 SQLite。",
)
@click.option("--passphrase-file", type=click.Path(dir_okay=False, path_type=Path), help="密钥口令的文件。")
@json_option
def init_hub(
    path: Path,
    county: str,
    name: str,
    root_folder: Path,
    database: str,
    passphrase_file: Path | None,
    *,
    as_json: bool,
) -> None:
    """Make the hub and its county root.

    Raises:
        BadParameter: the county is not six digits, or a password stands on the command line for all to see.
    """
    if not _COUNTY.fullmatch(county):
        raise click.BadParameter("县的区划代码是六位数字。", param_hint="--county")
    source = click.get_current_context().get_parameter_source("database")
    if source is ParameterSource.COMMANDLINE and urlsplit(database).password is not None:
        raise click.BadParameter(_IN_THE_OPEN, param_hint="--database")
    directory = directory_of(path)
    passphrase = hub_passphrase(passphrase_file)
    made = run(founding.found_hub(directory, root_folder.absolute(), county, name, passphrase, database))
    text = (
        f"县级中心 {made.node} 已建好：{directory.path}\n县根指纹：{made.fingerprint}\n"
        f"县根密钥在 {root_folder}，请复制到两个U盘分开保管，并从本机删除。\n"
        f"县根密钥的口令（只显示这一次，请抄下，不要和U盘放在一起）：{made.root_code}"
    )
    value = {"node": str(made.node), "fingerprint": made.fingerprint, "root_code": made.root_code}
    answer(value, text, as_json=as_json)


@click.command("enrol", help="用县里给的邀请码加入网络。")
@data_option
@click.option("--code", required=True, help="邀请码；大小写、空格、横线都不要紧。")
@click.option("--via", default=None, help="上级站点的地址，HOST:PORT。")
@click.option(
    "--folder",
    default=None,
    type=click.Path(file_okay=False, path_type=Path),
    help="没有线路时：写申请、取答复的U盘；先后运行两次。",
)
@click.option(
    "--wait", "seconds", default=60, show_default=True, type=click.IntRange(0, 86_400), help="最多等几秒。"
)
@click.option("--as", "login", default=None, help="本机已有账号时：用谁的密码解锁。")
@json_option
@click.pass_context
def enrol(  # noqa: PLR0913 - one parameter an option
    context: click.Context,
    path: Path,
    code: str,
    via: str | None,
    folder: Path | None,
    seconds: int,
    login: str | None,
    *,
    as_json: bool,
) -> None:
    """Join the network with an invitation code, over a line or by a folder.

    Raises:
        UsageError: neither a line nor a folder is named, or both are.
    """
    if (via is None) is (folder is None):
        raise click.UsageError("--via 和 --folder 要写一个，也只写一个。")

    async def work() -> NodeId | None:
        async with opened(context, path) as house:
            if login is not None:
                await house_accounts.unlock_by(house, login, typed(f"{login} 的密码"))
            if folder is not None:
                joined = await joining.join_by_folder(house, code, folder)
                return joined.node if joined else None
            return (await joining.join(house, code, str(via), seconds)).node

    node = run(work())
    waiting = (
        "申请已写到U盘。请把U盘带到县级中心（或乡镇）运行 sync --folder，再拿回来用同一个邀请码运行一次。"
    )
    told = waiting if node is None else f"已加入网络，本机编号 {node}。"
    answer({"node": str(node) if node else None}, told, as_json=as_json)


@click.command("invite", help="邀请一个乡镇或村级站点，显示一次邀请码。")
@data_option
@click.option("--tier", required=True, type=click.Choice(sorted(_TIERS)), help="哪一级。")
@click.option("--parent", default=None, help="上级站点编号；乡镇的上级是县级中心，可以不写。")
@click.option("--division", "divisions", required=True, multiple=True, help="服务的区划代码，可写多个。")
@click.option("--name", required=True, help="站点名称。")
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, 30), help="几天内有效。")
@operator_option
@json_option
@click.pass_context
def invite_node(  # noqa: PLR0913, PLR0917 - one parameter an option
    context: click.Context,
    path: Path,
    tier: str,
    parent: str | None,
    divisions: tuple[str, ...],
    name: str,
    days: int,
    login: str | None,
    *,
    as_json: bool,
) -> None:
    """Invite a node and print its code once."""

    async def work() -> tuple[NodeId, str, str]:
        async with opened(context, path) as house:
            who, _ = house.enrolled()
            actor = await operator(house, login)
            above = node_id(parent) if parent else who.node
            wanted = Wanted(_TIERS[tier], above, name, divisions)
            given = await invite(house.at_desk(), actor, who.fingerprint(), wanted, timedelta(days=days))
            return given.node, given.code, given.expires.isoformat(timespec="seconds")

    node, code, expires = run(work())
    text = f"站点编号 {node}\n邀请码（只显示这一次）：{code}\n有效到 {expires}"
    answer({"node": str(node), "code": code, "expires": expires}, text, as_json=as_json)


def node_group(*, keeps: bool) -> click.Group:
    """Return the ``node`` commands; ``keeps`` says whether this tier revokes."""
    group = click.Group("node", help="站点。")
    group.add_command(list_nodes)
    if keeps:
        group.add_command(revoke_node)
    return group


@click.command("list", help="列出本机知道的站点。")
@data_option
@json_option
@click.pass_context
def list_nodes(context: click.Context, path: Path, *, as_json: bool) -> None:
    """List the nodes known here, and open invitations at the hub."""

    async def work() -> list[dict[str, object]]:
        async with opened(context, path) as house:
            rows = await house.opened.read(registry.certificates)
            invited = await house.opened.read(registry.invitations)
        known: list[dict[str, object]] = [
            {
                "node": row.node,
                "generation": row.generation,
                "tier": row.tier,
                "parent": row.parent,
                "name": row.name,
                "divisions": row.divisions,
                "state": "revoked" if row.revoked_ms is not None else "certified",
                "valid_until": _day(row.valid_until_ms),
            }
            for row in rows
        ]
        known += [
            {
                "node": row.node,
                "generation": row.generation,
                "tier": row.tier,
                "parent": row.parent,
                "name": row.name,
                "divisions": row.divisions,
                "state": "invited",
                "valid_until": _day(row.expires_ms),
            }
            for row in invited
            if row.state == "open"
        ]
        return known

    found = run(work())
    names = {"certified": "在用", "revoked": "已停用", "invited": "已邀请"}
    lines = [
        f"{one['node']}  {names[str(one['state'])]}  {one['name']}  上级 {one['parent'] or '-'}"
        for one in found
    ]
    answer(found, "\n".join(lines) or "还没有站点。", as_json=as_json)


@click.command("revoke", help="停用一个站点：马上断开，并告知全县。")
@click.argument("node")
@click.option("--reason", default="", help="原因。")
@data_option
@operator_option
@click.pass_context
def revoke_node(context: click.Context, node: str, path: Path, reason: str, login: str | None) -> None:
    """Revoke a node's newest generation."""

    async def work() -> int:
        async with opened(context, path) as house:
            actor = await operator(house, login)
            return await revoke(house.at_desk(), actor, node_id(node), reason)

    generation = run(work())
    say(f"{node} 第{generation}代密钥已停用，连接已断开，其他站点下次联系时得知。")


def _day(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else from_milliseconds(milliseconds).date().isoformat()
