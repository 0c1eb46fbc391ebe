"""``sync``: exchange once, with the upper node over a line or with a stick."""

from pathlib import Path

import click

from common.link.folder.telling import sentences
from common.program.commands.folder_words import Progress, shown
from common.program.commands.shared import (
    answer,
    data_option,
    directory_of,
    json_option,
    opened,
    run,
    signed_in,
)
from common.program.directory import DirectoryError
from common.program.folders import visit_folder
from common.program.house import House
from common.program.keeper import Keeper
from common.program.passphrase import hub_passphrase

_REFUSED = 1
_folder = click.Path(file_okay=False, path_type=Path)
_HELP = "U盘或摆渡目录；数据写在其中的 JIUJIN 里。"


@click.command("sync", help="和上级站点交换一次；写了 --folder 就和U盘交换。")
@data_option
@click.option("--folder", default=None, type=_folder, help=_HELP)
@click.option("--as", "login", default=None, help="用谁的密码解锁；不写：锁着的站点只转运不拆封。")
@json_option
@click.pass_context
def sync(context: click.Context, path: Path, folder: Path | None, login: str | None, *, as_json: bool) -> int:
    """Exchange once with the upper node, or by a folder; beside a running ``serve`` that one dials."""
    directory = directory_of(path)
    directory.insist()
    if folder is not None:
        return run(_sync_folder(context, path, folder, login, as_json=as_json))

    async def work() -> None:
        async with opened(context, path) as house:
            house.enrolled()
            if login is not None:
                await signed_in(house, login)
            keeper = Keeper(house)
            await keeper.round()
            if keeper.last_error is not None:
                raise keeper.last_error

    try:
        with directory.serving():
            run(work())
    except DirectoryError:
        directory.nudge()
        said = "serve 正在运行，已通知它马上交换。"
    else:
        said = "已和上级站点交换一次。"
    answer({"said": said}, said, as_json=as_json)
    return 0


@click.command("sync", help="和U盘或摆渡目录交换一次。")
@data_option
@click.option("--folder", required=True, type=_folder, help=_HELP)
@json_option
@click.pass_context
def sync_hub(context: click.Context, path: Path, folder: Path, *, as_json: bool) -> int:
    """Exchange once by a folder: nobody is above the hub."""
    return run(_sync_folder(context, path, folder, None, as_json=as_json))


async def _sync_folder(
    context: click.Context, path: Path, folder: Path, login: str | None, *, as_json: bool
) -> int:
    async with opened(context, path) as house:
        house.enrolled()
        if house.is_hub:
            await house.unlock_hub(hub_passphrase(house.settings.passphrase_file))
        elif login is not None:
            await signed_in(house, login)
        return await sync_folder(house, folder, as_json=as_json)


async def sync_folder(house: House, folder: Path, *, as_json: bool) -> int:
    """Visit the folder, say what happened, and return the exit code."""
    report = await visit_folder(house, folder, Progress())
    answer(shown(report), "\n".join(sentences(report)), as_json=as_json)
    return 0 if report.finished and not report.rolled_back else _REFUSED
