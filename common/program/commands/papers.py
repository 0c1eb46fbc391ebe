"""Papers at the shell: receipts as they are given, and a case's papers saved to a file."""

import asyncio
from pathlib import Path
from uuid import UUID

import click

from common.casework import book
from common.casework.acting import item_of
from common.casework.attachments import read_file
from common.casework.desk import Desk
from common.casework.errors import CaseworkError
from common.casework.receive import Taken
from common.domain.grants import Power, authorise
from common.papers.from_case import receipt_of
from common.papers.rendering import render
from common.program.commands.finding import find_case
from common.program.commands.shared import as_option, data_option, opened, run, say, signed_in
from common.store.files import write_durably


async def save_receipts(desk: Desk, taken: list[Taken], folder: Path) -> None:
    """Print receipts into ``folder``, each a PDF named by its number; query codes stand on these only."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    for one in taken:
        case = await desk.vault.read(lambda tx, one=one: book.load(tx, one.case_id))  # type: ignore[misc]
        paper = receipt_of(
            case, item_of(desk, case), desk.seat, desk.clock.reading, query_code=one.query_code, qr=one.token
        )
        document = await asyncio.to_thread(render, paper)
        await asyncio.to_thread(write_durably, folder / f"{one.number}.pdf", document)


@click.command("paper", help="把办件最新的文书存成 PDF 文件。")
@click.argument("number")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="存到哪个文件。")
@data_option
@as_option
@click.pass_context
def save_paper(context: click.Context, number: str, out: Path, path: Path, login: str) -> None:
    """Save the newest paper of a case."""

    async def work() -> None:
        async with opened(context, path) as house:
            actor = await signed_in(house, login)
            desk = house.at_desk()
            document = await _newest(desk, await find_case(desk, number))
            authorise(actor, Power.SEE_CASES, "*", desk.clock.today())
            await asyncio.to_thread(write_durably, out, document)

    run(work())
    say(f"已存到 {out}。")


async def _newest(desk: Desk, case_id: UUID) -> bytes:
    case = await desk.vault.read(lambda tx: book.load(tx, case_id))
    if not case.papers:
        raise CaseworkError("no paper was issued", "这个办件还没有出具文书。")
    return await read_file(desk, case.papers[-1].file)
