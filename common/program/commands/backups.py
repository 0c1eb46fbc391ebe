"""Commands for the worst day: ``backup``, ``restore``, ``recovery show|release|begin``."""

from pathlib import Path
from typing import Any

import click

from common.casework import recovering
from common.domain.grants import NotAllowedError, Role
from common.domain.node import NodeId
from common.domain.recovery import Recovery
from common.domain.times import from_milliseconds
from common.exchange.epoch_answers import waited_for
from common.exchange.epochs import hub_stopped
from common.program.backup.making import Made, make_backup
from common.program.backup.restoring import Restored, restore_backup
from common.program.commands.nodes import node_id
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
from common.program.house import House
from common.program.house_epochs import begin_hub_epoch
from common.program.passphrase import typed
from common.program.root_stick import RootStick, read_stick
from common.store import accounts as account_rows

_MEGABYTE = 1024 * 1024
_root_option = click.option(
    "--root",
    "root_file",
    default=None,
    type=click.Path(dir_okay=False, path_type=Path),
    help="县根密钥文件，U盘上的 county-root-….key；只有县级中心要。",
)


@click.command("backup", help="备份本机，可在运行时做：目标名后缀是 jjb 的是一个文件，其他是可增量的目录。")
@click.argument("target", type=click.Path(path_type=Path))
@data_option
@click.option(
    "--as", "login", default=None, help="系统管理员账号；标准输入先给他的密码，再给备份口令。县级中心不用写。"
)
@click.option("--check-all", is_flag=True, help="写完后把全部内容读回核对，不只新写的。")
@json_option
@click.pass_context
def backup(
    context: click.Context, target: Path, path: Path, login: str | None, *, check_all: bool, as_json: bool
) -> None:
    """Back the node up; only a backup that reads back as it was meant counts."""
    place = target.absolute()

    async def work() -> Made:
        async with opened(context, path) as house:
            if not house.is_hub:
                await _administrator(house, login)
            return await make_backup(house, place, typed("备份口令"), check_all=check_all)

    made = run(work())
    value = {
        "files": made.files,
        "bytes": made.size,
        "new_pieces": made.written,
        "damaged": made.damaged,
        "database": made.database,
    }
    lines = [f"已备份并核对：{made.files}个文件，{made.size / _MEGABYTE:.1f} MB，新写{made.written}块。"]
    if made.damaged:
        lines.append(f"有{made.damaged}个附件在本机已损坏，请运行 verify。")
    if not made.database:
        lines.append("数据库在 PostgreSQL 里，不在这份备份中，请另外用 pg_dump 备份。")
    answer(value, "\n".join(lines), as_json=as_json)


async def _administrator(house: House, login: str | None) -> None:
    """Insist on an administrator, who unlocks the vault; where nobody has an account yet it is open.

    Raises:
        NotAllowedError: nobody was named, or the account is no administrator's.
    """
    if not await house.opened.read(account_rows.every):
        return
    if login is None:
        raise NotAllowedError("备份要写明系统管理员账号：请加 --as。")
    if Role.ADMINISTRATOR not in (await signed_in(house, login)).roles:
        raise NotAllowedError("这个账号不是系统管理员，不能备份。")


@click.command("restore", help="从备份恢复到一个空目录。标准输入给备份口令；县级中心再给县根密钥的口令。")
@click.argument("source", type=click.Path(path_type=Path))
@data_option
@_root_option
@click.option("--list", "name", default="", help="用目录备份里的哪一份，例如 lists/000007；不写：最新的。")
@json_option
@click.pass_context
def restore(
    context: click.Context, source: Path, path: Path, root_file: Path | None, name: str, *, as_json: bool
) -> None:
    """Restore a node from a backup: whole, or nothing."""
    program, place = program_of(context), source.absolute()

    async def work() -> Restored:
        passphrase = typed("备份口令")
        stick = await _stick(root_file)
        return await restore_backup(place, directory_of(path), program.tier, passphrase, stick, name)

    done = run(work())
    value = {"node": done.node, "made": done.made_at, "lacking": done.lacking, "order": done.order}
    lines = [f"已恢复 {done.node or '未加入网络的站点'}，备份时间 {done.made_at}。"]
    if done.order:
        lines.append(
            f"县级中心的第{done.order}个纪元已由县根签发；"
            "请把U盘上后缀是 signed 的文件也复制到另一个县根U盘。"
        )
        lines.append("未用的邀请码已全部作废。旧的那台县级中心请不要再开机。")
    if done.node:
        lines.append("以前的办件等各站点送回旧记录后才能继续办理：用 recovery show 查看。收件和新办件照常。")
    if not done.database:
        lines.append("数据库不在备份里：本次用的是设置里的 PostgreSQL 数据库。")
    answer(value, "\n".join(lines), as_json=as_json)


async def _stick(root_file: Path | None) -> RootStick | None:
    return None if root_file is None else await read_stick(root_file, typed("县根密钥的口令"))


def recovery_group(*, hub: bool) -> click.Group:
    """Return the ``recovery`` commands; ``hub`` says whether this tier's epochs are the root's to sign."""
    group = click.Group("recovery", help="恢复之后：还在等谁，放行谁。")
    group.add_command(show)
    group.add_command(release)
    if hub:
        group.add_command(begin)
    return group


@click.command("show", help="恢复之后还在等哪些站点送回旧记录，从什么时候起。")
@data_option
@click.option("--as", "login", default=None, help="用谁的密码解锁；县级中心不用写。")
@json_option
@click.pass_context
def show(context: click.Context, path: Path, login: str | None, *, as_json: bool) -> None:
    """Say whom the node waits for; 0 also where it waits for nobody."""

    async def work() -> tuple[dict[str, Any], str]:
        async with opened(context, path) as house:
            if login is not None:
                await signed_in(house, login)
            return await _told(house)

    value, text = run(work())
    answer(value, text, as_json=as_json)


async def _told(house: House) -> tuple[dict[str, Any], str]:
    desk = house.at_desk()
    _, exchange = house.enrolled()
    stopped = await hub_stopped(exchange) if house.is_hub else ""
    found = await desk.vault.read(recovering.find)
    if found is None:
        value: dict[str, Any] = {"recovering": False, "stopped": stopped, "nodes": []}
        return value, "本机没有恢复过，不在等任何站点。" if not stopped else "本机已停止办理。"
    since = from_milliseconds(found.since_ms).isoformat(timespec="seconds")
    nodes = [
        {"node": str(node), "name": exchange.network.name_of(node), "state": _state(found, node)}
        for node in sorted(waited_for(exchange))
    ]
    value = {"recovering": not found.is_over(), "stopped": stopped, "since": since, "nodes": nodes}
    names = {
        "waiting": "还没有答复",
        "coming": "已答复，旧记录还在路上",
        "answered": "已送回",
        "released": "已放行",
    }
    lines = [f"{one['node']}  {names[one['state']]}  {one['name']}" for one in nodes]
    head = "已恢复完毕" if found.is_over() else "正在恢复"
    return value, "\n".join([f"{head}，从 {since} 起。", *lines])


def _state(found: Recovery, node: NodeId) -> str:
    if found.done_with(node):
        return "released" if str(node) in found.released else "answered"
    return "coming" if str(node) in found.answers else "waiting"


@click.command("release", help="不再等一个站点：它手里的旧记录以后再来，也只作搁置。写入记录。")
@click.argument("node")
@click.option("--reason", required=True, help="原因，写入记录。")
@data_option
@as_option
@click.pass_context
def release(context: click.Context, node: str, reason: str, path: Path, login: str) -> None:
    """Wait for a node no longer."""

    async def work() -> None:
        async with opened(context, path) as house:
            actor = await signed_in(house, login)
            await recovering.release(house.at_desk(), actor, node_id(node), reason)

    run(work())
    say(f"已放行 {node}，不再等它；原因已写入记录。")


@click.command("begin", help="县级中心退回旧状态或换了机器：不从备份恢复，就地开始新纪元。先停 serve。")
@data_option
@click.option(
    "--root",
    "root_file",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="县根密钥文件；标准输入给它的口令。",
)
@click.pass_context
def begin(context: click.Context, path: Path, root_file: Path) -> None:
    """Let the county root sign this hub's next epoch in place."""
    directory = directory_of(path)
    directory.insist()

    async def work() -> int:
        stick = await read_stick(root_file, typed("县根密钥的口令"))
        async with opened(context, path) as house:
            return await begin_hub_epoch(house, stick)

    with directory.serving():
        order = run(work())
    say(f"县级中心的第{order}个纪元已由县根签发；请把U盘上后缀是 signed 的文件也复制到另一个县根U盘。")
