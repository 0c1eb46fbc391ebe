"""What every command needs: a house opened and closed, who acts, and how answers are said."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from common.casework import accounts
from common.domain.grants import Actor, NotAllowedError, Role
from common.domain.node import Tier
from common.exchange.applying import apply_held
from common.exchange.clearing import clear
from common.exchange.receipts import give_due
from common.exchange.sealing import seal_due
from common.program import house_accounts, logs
from common.program.directory import NodeDirectory
from common.program.house import House
from common.program.passphrase import hub_passphrase, typed
from common.program.serving import MakePages
from common.program.settings import load_settings
from common.store import accounts as account_rows

T = TypeVar("T")
Decorated = Callable[..., Any]

data_option = click.option(
    "--data",
    "path",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    envvar="JIUJIN_DATA",
    help="节点的数据目录。",
)
json_option = click.option("--json", "as_json", is_flag=True, help="给程序读的 JSON。")
as_option = click.option("--as", "login", required=True, help="以哪个账号办理；密码从标准输入读。")
operator_option = click.option(
    "--as", "login", default=None, help="以哪个账号办理；密码从标准输入读。不写：凭县级中心的密钥口令。"
)

OPERATOR = Actor("operator", "运维人员", frozenset({Role.ADMINISTRATOR, Role.CATALOGUE}))
"""Who acts without an account: whoever knows the hub's passphrase."""


@dataclass(frozen=True, slots=True)
class Program:
    """One of the three programs.

    Attributes:
        name: of the command.
        make_pages: its pages for ``serve``.
    """

    name: str
    tier: Tier
    make_pages: MakePages


def program_of(context: click.Context) -> Program:
    """Return the program a command belongs to.

    Raises:
        RuntimeError: a programmer's mistake: the command hangs in no program.
    """
    found = context.find_object(Program)
    if found is None:
        raise RuntimeError("a command outside its program")
    return found


def directory_of(path: Path) -> NodeDirectory:
    """Return the node's directory."""
    return NodeDirectory(path.absolute())


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's work to its end."""
    return asyncio.run(work)


@asynccontextmanager
async def opened(context: click.Context, path: Path, *, serves: bool = False) -> AsyncIterator[House]:
    """Open the node inside the block; a running ``serve`` is told afterwards that there may be news.

    Args:
        context: of the command.
        path: the node's directory.
        serves: this is ``serve`` itself, whose log is read later and not while somebody waits.
    """
    directory = directory_of(path)
    directory.insist()
    logs.follow(load_settings(directory.settings), serves=serves)
    house = await House.open(directory, program_of(context).tier)
    try:
        yield house
        await _work_off(house)
    finally:
        await house.close()
    house.directory.nudge()


async def _work_off(house: House) -> None:
    """Apply what came and seal what was written while the vault is open here: ``serve`` may be locked."""
    if house.exchange is not None and house.exchange.unlocked is not None:
        await apply_held(house.exchange)
        await clear(house.exchange)
        await seal_due(house.exchange)
        await give_due(house.exchange)


async def signed_in(house: House, login: str) -> Actor:
    """Return the actor of a login whose password is the next line of standard input."""
    await house_accounts.unlock_by(house, login, typed(f"{login} 的密码"))
    await _work_off(house)  # what lay here unopened may be the very grant the actor needs
    return await accounts.actor(house.at_desk(), login)


async def operator(house: House, login: str | None) -> Actor:
    """Return who keeps the hub: an account, or whoever knows the passphrase."""
    if login is not None:
        return await signed_in(house, login)
    await house.unlock_hub(hub_passphrase(house.settings.passphrase_file))
    return OPERATOR


async def keeper_of_accounts(house: House, by: str | None, *, recovery: bool) -> None:
    """Insist on somebody who may make accounts: nobody is needed for the first one.

    Raises:
        NotAllowedError: the account is no administrator's, or nobody was named.
    """
    if not await house.opened.read(account_rows.every):
        return
    if recovery and not house.is_hub:
        await house.unlock(await accounts.recover(house.opened, typed("恢复码")))
    elif by is not None:
        password = typed(f"{by} 的密码")
        account = await accounts.prove(house.opened, house.clock, by, password)
        if Role.ADMINISTRATOR not in account.roles:
            raise NotAllowedError("这个账号不是系统管理员，不能添加账号。")
        key = await accounts.vault_key(account, password)
        if key is not None:
            await house.unlock(key)
    elif house.is_hub:
        await house.unlock_hub(hub_passphrase(house.settings.passphrase_file))
    else:
        raise NotAllowedError(
            "已经有账号了：请用 --by 写明管理员账号，标准输入第一行给他的密码，第二行给新密码。"
        )


def say(text: str) -> None:
    """Print a line for people."""
    click.echo(text)


def answer(value: Any, text: str, *, as_json: bool) -> None:
    """Print an answer as JSON for a program, or as text for people."""
    click.echo(json.dumps(value, ensure_ascii=False, default=str) if as_json else text)
