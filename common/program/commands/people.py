"""Commands about accounts and grants: ``user add|list``, ``grant give|end|list``."""

from datetime import date, datetime
from pathlib import Path

import click

from common.casework.accounts import NewAccount
from common.casework.publishing import end_grant, give_grant
from common.domain.bodies.hub import GrantGiven
from common.domain.grants import GRANTED, ROLE_NAMES, Role
from common.program import house_accounts
from common.program.commands.nodes import node_id
from common.program.commands.shared import (
    answer,
    data_option,
    json_option,
    keeper_of_accounts,
    opened,
    operator,
    operator_option,
    run,
    say,
)
from common.program.passphrase import typed
from common.store import accounts, grants

day_type = click.DateTime(formats=["%Y-%m-%d"])


@click.group("user", help="账号：添加、列出。")
def user_group() -> None:
    """Accounts of this node."""


@user_group.command(
    "add",
    help="添加账号。标准输入：第一个账号只要一行密码；以后第一行是管理员密码（或恢复码），第二行是新密码。",
)
@click.argument("login")
@click.option("--name", required=True, help="姓名，印在文书上。")
@click.option(
    "--role",
    "roles",
    required=True,
    multiple=True,
    type=click.Choice([role.value for role in Role]),
    help="角色，可写多个。",
)
@click.option("--by", default=None, help="由哪个管理员添加。")
@click.option("--recovery", is_flag=True, help="第一行给恢复码，而不是管理员密码。")
@data_option
@click.pass_context
def add_user(
    context: click.Context,
    login: str,
    name: str,
    roles: tuple[str, ...],
    by: str | None,
    *,
    recovery: bool,
    path: Path,
) -> None:
    """Add an account; the passwords come from standard input."""
    new = NewAccount(login, name, frozenset(Role(role) for role in roles))

    async def work() -> None:
        async with opened(context, path) as house:
            await keeper_of_accounts(house, by, recovery=recovery)
            await house_accounts.add_user(house, new, typed(f"{login} 的新密码"))

    run(work())
    say(f"已添加账号 {login}（{'、'.join(ROLE_NAMES[role] for role in sorted(new.roles))}）。")


@user_group.command("list", help="列出账号，不含姓名。")
@data_option
@json_option
@click.pass_context
def list_users(context: click.Context, path: Path, *, as_json: bool) -> None:
    """List logins and roles; names lie in the vault."""

    async def work() -> list[dict[str, object]]:
        async with opened(context, path) as house:
            rows = await house.opened.read(accounts.every)
        return [{"login": row.login, "roles": row.roles, "disabled": row.disabled} for row in rows]

    found = run(work())
    lines = [
        f"{one['login']}  {'、'.join(map(str, one['roles']))}"
        for one in found
        if isinstance(one["roles"], list)
    ]
    answer(found, "\n".join(lines) or "还没有账号。", as_json=as_json)


@click.group("grant", help="授权：谁可以办哪些事项，从哪天到哪天。")
def grant_group() -> None:
    """Dated grants, signed by the hub."""


@grant_group.command("give", help="给一个站点的账号授权。")
@click.option("--node", default=None, help="账号所在站点；不写就是县级中心。")
@click.option("--login", "holder", required=True, help="账号。")
@click.option("--name", required=True, help="姓名，印在文书上。")
@click.option("--post", required=True, help="岗位。")
@click.option(
    "--power",
    "powers",
    required=True,
    multiple=True,
    type=click.Choice([power.value for power in sorted(GRANTED)]),
    help="可写多个。",
)
@click.option("--item", "items", required=True, multiple=True, help="事项编码，可写多个；* 为全部事项。")
@click.option("--since", type=day_type, default=None, help="从哪天起，默认今天。")
@click.option("--until", type=day_type, default=None, help="到哪天为止（当天已无效）；不写就是长期。")
@click.option("--deputy-of", default="", help="B岗：替哪个账号顶岗。")
@data_option
@operator_option
@json_option
@click.pass_context
def give(  # noqa: PLR0913, PLR0917 - one parameter an option
    context: click.Context,
    node: str | None,
    holder: str,
    name: str,
    post: str,
    powers: tuple[str, ...],
    items: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    deputy_of: str,
    path: Path,
    login: str | None,
    *,
    as_json: bool,
) -> None:
    """Give a dated grant."""

    async def work() -> str:
        async with opened(context, path) as house:
            who, _ = house.enrolled()
            actor = await operator(house, login)
            desk = house.at_desk()
            given = GrantGiven(
                grant="",
                node=str(node_id(node) if node else who.node),
                login=holder,
                name=name,
                post=post,
                powers=powers,
                items=items,
                since=_day(since) or desk.clock.today(),
                until=_day(until),
                deputy_of=deputy_of,
            )
            return await give_grant(desk, actor, given)

    grant = run(work())
    answer({"grant": grant}, f"已授权，授权编号 {grant}。", as_json=as_json)


@grant_group.command("end", help="结束一项授权。")
@click.argument("grant")
@click.option("--on", "last", type=day_type, default=None, help="从哪天起无效，默认今天。")
@click.option("--reason", default="", help="原因。")
@data_option
@operator_option
@click.pass_context
def end(
    context: click.Context, grant: str, last: datetime | None, reason: str, path: Path, login: str | None
) -> None:
    """End a grant."""

    async def work() -> None:
        async with opened(context, path) as house:
            actor = await operator(house, login)
            desk = house.at_desk()
            await end_grant(desk, actor, grant, _day(last) or desk.clock.today(), reason)

    run(work())
    say(f"授权 {grant} 已结束。")


@grant_group.command("list", help="列出授权。")
@data_option
@json_option
@click.pass_context
def list_grants(context: click.Context, path: Path, *, as_json: bool) -> None:
    """List the grants given, at the hub."""

    async def work() -> list[dict[str, object]]:
        async with opened(context, path) as house:
            rows = await house.at_desk().vault.read(grants.every)
        return [
            {
                "grant": row.grant_id,
                "node": row.node,
                "login": row.login,
                "powers": row.verbs,
                "items": row.items or ["*"],
                "since": row.valid_from.isoformat(),
                "last_day": row.valid_until.isoformat() if row.valid_until else None,
                "ended_on": row.ended_on.isoformat() if row.ended_on else None,
            }
            for row in rows
        ]

    found = run(work())
    lines = [f"{one['grant']}  {one['node']}  {one['login']}  {one['since']} 起" for one in found]
    answer(found, "\n".join(lines) or "还没有授权。", as_json=as_json)


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()
