"""Commands of the catalogue: ``catalogue import FILE|publish|list``."""

from datetime import datetime
from pathlib import Path

import click

from common.casework.publishing import import_items, publish_catalogue
from common.program.commands.people import day_type
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
from common.sheets.catalogue_csv import read_catalogue
from common.store import items

_REFUSED = 1


@click.group("catalogue", help="事项目录：导入、发布、列出。")
def catalogue_group() -> None:
    """The catalogue of items."""


@catalogue_group.command("import", help="从 CSV 导入事项草稿；逐行报告不能导入的。")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@data_option
@operator_option
@json_option
@click.pass_context
def import_file(context: click.Context, file: Path, path: Path, login: str | None, *, as_json: bool) -> None:
    """Import items as drafts; rows that are refused are told, with row, column and reason."""
    reading = read_catalogue(file.read_bytes())

    async def work() -> int:
        async with opened(context, path) as house:
            actor = await operator(house, login)
            return await import_items(house.at_desk(), actor, reading.items)

    new = run(work()) if reading.items else 0
    refused = [{"row": one.row, "column": one.column, "reason": one.reason} for one in reading.refused]
    lines = [f"第{one.row}行 {one.column or '整行'}：{one.reason}" for one in reading.refused]
    told = f"读到{len(reading.items)}个事项，其中新的或改动的{new}个已存为草稿；{len(refused)}处没有导入。"
    value = {"read": len(reading.items), "new": new, "refused": refused}
    answer(value, "\n".join([*lines, told]), as_json=as_json)
    if refused:
        context.exit(_REFUSED)


@catalogue_group.command("publish", help="发布全部草稿，从某天起生效。")
@click.option("--effective", type=day_type, default=None, help="哪天起生效，默认今天。")
@data_option
@operator_option
@click.pass_context
def publish(context: click.Context, effective: datetime | None, path: Path, login: str | None) -> None:
    """Publish the drafts."""

    async def work() -> str:
        async with opened(context, path) as house:
            actor = await operator(house, login)
            desk = house.at_desk()
            return await publish_catalogue(desk, actor, effective.date() if effective else desk.clock.today())

    say(f"已发布，目录版本 {run(work())[:12]}。")


@catalogue_group.command("list", help="列出现行事项和草稿。")
@data_option
@json_option
@click.pass_context
def list_items(context: click.Context, path: Path, *, as_json: bool) -> None:
    """List item versions held here."""

    async def work() -> list[dict[str, object]]:
        async with opened(context, path) as house:
            rows = await house.opened.read(items.versions)
        return [
            {"code": row.code, "name": row.name, "state": row.state, "version": row.version} for row in rows
        ]

    found = run(work())
    lines = [f"{one['code']}  {one['name']}  {one['state']}" for one in found]
    answer(found, "\n".join(lines) or "还没有事项。", as_json=as_json)
