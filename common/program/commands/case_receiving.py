"""``case receive`` and ``case schema``: applications from a file, with the page's checks."""

import json
from dataclasses import replace
from pathlib import Path

import click

from common.casework.application_file import (
    ApplicationFileError,
    WrongLine,
    application_schema,
    read_applications,
)
from common.casework.errors import SomeNotReadyError
from common.casework.receive import Taken, receive_many
from common.domain.grants import Power, authorise
from common.program.commands.papers import save_receipts
from common.program.commands.pictures import with_pictures
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


@click.command("schema", help="打印申请文件的 JSON Schema。")
@click.option("--data", expose_value=False, help="和别的命令一样可以写；这里用不到。")
def schema() -> None:
    """Print the JSON Schema of an application."""
    say(json.dumps(application_schema(), ensure_ascii=False, indent=2))


@click.command(
    "receive",
    help="从文件收件：一份 JSON，或每行一份。检查和网页相同；全部收下或全部不收，同一个文件只收一遍。"
    "材料的 files 写照片和 PDF 的文件名，从这个文件所在的目录算起。",
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--insist", is_flag=True, help="缺材料也坚持提交。")
@click.option("--again", is_flag=True, help="同一个文件收过了，确实要再收一遍。")
@click.option(
    "--receipts", type=click.Path(file_okay=False, path_type=Path), help="收据（PDF）存到哪个目录。"
)
@data_option
@as_option
@json_option
@click.pass_context
def receive_file(  # noqa: PLR0913 - an option each
    context: click.Context,
    file: Path,
    receipts: Path | None,
    path: Path,
    login: str,
    *,
    insist: bool,
    again: bool,
    as_json: bool,
) -> None:
    """Take applications in and print their receipt numbers."""
    data = file.read_bytes()
    filed, folder = read_applications(data), file.absolute().parent

    async def work() -> list[Taken]:
        async with opened(context, path) as house:
            actor = await signed_in(house, login)
            authorise(actor, Power.TAKE_IN, "*", house.at_desk().clock.today())
            read = await with_pictures(house.at_desk(), filed, folder)
            applications = [replace(one, insisted=True) for one in read] if insist else read
            try:
                taken = await receive_many(house.at_desk(), actor, applications, once=b"" if again else data)
            except SomeNotReadyError as error:
                wrong = [WrongLine(filed[at].number, why) for at, why in error.refused]
                raise ApplicationFileError(tuple(wrong)) from None
            if receipts is not None:
                await save_receipts(house.at_desk(), taken, receipts)
            return taken

    taken = run(work())
    value = [
        {
            "case": str(one.case_id),
            "number": str(one.number),
            "query_code": one.query_code,
            "token": one.token,
            "missing": list(one.missing),
        }
        for one in taken
    ]
    lines = [f"收件号 {one.number}  查询码 {one.query_code}{_missing(one)}" for one in taken]
    answer(value, "\n".join(lines), as_json=as_json)


def _missing(taken: Taken) -> str:
    return f"  缺 {'、'.join(taken.missing)}" if taken.missing else ""
