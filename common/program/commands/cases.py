"""Commands on cases, for a person who signs in: the same use cases as the pages (issue contract of names)."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from common.casework.accept import accept
from common.casework.application_file import application_schema, read_applications
from common.casework.decide import decide
from common.casework.desk import Desk
from common.casework.errors import ArchivedError, UnknownCaseError
from common.casework.hand_out import hand_out
from common.casework.notice import give_notice
from common.casework.receive import Taken, receive_many
from common.casework.review import review
from common.domain.bodies.facts import MissingThing, Outcome
from common.domain.case import Case
from common.domain.course import STATE_NAMES, State
from common.domain.grants import Actor, Power, authorise
from common.domain.times import from_milliseconds
from common.domain.whereabouts import Filled, StepShown
from common.exchange.where import steps_of
from common.papers.office import issue_decision
from common.program.commands.custody import adopt_aside, reverse_aside
from common.program.commands.finding import find_case
from common.program.commands.keeping import erase_case, list_erased
from common.program.commands.papers import save_paper, save_receipts
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
from common.store import cases, ledger
from common.store.case_rows import CaseProjection, CaseRow

Verb = Callable[[Desk, Actor, UUID], Awaitable[Case]]


def case_group(*, takes_in: bool) -> click.Group:
    """Return the ``case`` commands of a tier; stations and townships take applications in."""
    group = click.Group("case", help="办件。每个命令都要账号和密码，和网页上权限相同。")
    for command in (
        list_cases,
        show_case,
        save_paper,
        accept_case,
        notice_case,
        review_case,
        decide_case,
        issue_case,
        adopt_aside,
        reverse_aside,
    ):
        group.add_command(command)
    for command in (receive_file, deliver_case, schema) if takes_in else (erase_case, list_erased):
        group.add_command(command)
    return group


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
            taken = await receive_many(house.at_desk(), actor, applications, once=b"" if again else data)
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


@click.command("list", help="列出办件；申请人只显示隐名。")
@click.option("--search", default="", help="收件号、事项或申请人的字。")
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([state.value for state in State]),
    help="状态，可写多个。",
)
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000), help="最多几件。")
@data_option
@as_option
@json_option
@click.pass_context
def list_cases(
    context: click.Context,
    search: str,
    states: tuple[str, ...],
    limit: int,
    path: Path,
    login: str,
    *,
    as_json: bool,
) -> None:
    """List cases, newest change first."""
    wanted = ledger.LedgerFilter(text=search, states=states)

    async def work() -> ledger.Page:
        async with opened(context, path) as house:
            actor = await signed_in(house, login)
            desk = house.at_desk()
            authorise(actor, Power.SEE_CASES, "*", desk.clock.today())
            return await desk.vault.read(lambda tx: ledger.page(tx, wanted, limit=limit))

    found = run(work()).cases
    lines = [
        f"{row.number}  {STATE_NAMES[State(row.state)]}  {row.title}  {row.applicant_masked}" for row in found
    ]
    answer([_row(row) for row in found], "\n".join(lines) or "没有办件。", as_json=as_json)


@click.command("show", help="看一个办件。")
@click.argument("number")
@data_option
@as_option
@json_option
@click.pass_context
def show_case(context: click.Context, number: str, path: Path, login: str, *, as_json: bool) -> None:
    """Show one case and its timeline, the applicant masked.

    Raises:
        UnknownCaseError: there is no such case here.
    """

    async def work() -> tuple[CaseProjection | None, tuple[StepShown, ...]]:
        async with opened(context, path) as house:
            actor = await signed_in(house, login)
            desk = house.at_desk()
            authorise(actor, Power.SEE_CASES, "*", desk.clock.today())
            case_id = await find_case(desk, number)
            _, exchange = house.enrolled()
            try:
                shown = await steps_of(exchange, desk, case_id)
            except ArchivedError:
                shown = ()  # what stays of it is its row
            return await desk.vault.read(lambda tx: cases.load(tx, str(case_id))), shown

    found, shown = run(work())
    if found is None:
        raise UnknownCaseError
    steps = [
        {"kind": step.kind, "at": from_milliseconds(step.at_ms).isoformat(), "node": step.node}
        for step in found.steps
    ]
    papers = [{"kind": paper.kind, "number": paper.number} for paper in found.papers]
    materials = [{"code": one.code, "name": one.name, "state": one.state} for one in found.materials]
    where = [{"key": step.key, "word": step.staff, "filled": str(step.filled)} for step in shown]
    value = {**_row(found.case), "where": where, "steps": steps, "papers": papers, "materials": materials}
    text = [
        f"{found.case.number}  {found.case.title}  {found.case.applicant_masked}",
        f"状态 {STATE_NAMES[State(found.case.state)]}  现在由 {found.case.custodian} 办理",
        " → ".join(f"{'●' if step.filled is Filled.DONE else '○'}{step.staff}" for step in shown)
        or "已归档到县里：材料和经过请向县政务服务中心查询。",
        *(f"  {one['at']}  {one['kind']}  {one['node']}" for one in steps),
    ]
    answer(value, "\n".join(text), as_json=as_json)


def _verb(context: click.Context, path: Path, login: str, number: str, verb: Verb) -> None:
    async def work() -> Case:
        async with opened(context, path) as house:
            actor = await signed_in(house, login)
            desk = house.at_desk()
            return await verb(desk, actor, await find_case(desk, number))

    say(f"{number} 现在是“{STATE_NAMES[run(work()).state]}”。")


@click.command("deliver", help="登记结果已交付。")
@click.argument("number")
@click.option("--to", default="本人", show_default=True, help="交给了谁。")
@data_option
@as_option
@click.pass_context
def deliver_case(context: click.Context, number: str, to: str, path: Path, login: str) -> None:
    """Record that the result was handed over."""
    _verb(context, path, login, number, lambda desk, actor, case_id: hand_out(desk, actor, case_id, to))


@click.command("accept", help="受理。")
@click.argument("number")
@data_option
@as_option
@click.pass_context
def accept_case(context: click.Context, number: str, path: Path, login: str) -> None:
    """Accept the case."""
    _verb(context, path, login, number, accept)


@click.command("notice", help="一次性告知需要补正的内容。")
@click.argument("number")
@click.option(
    "--missing", "missing", required=True, multiple=True, help="缺什么，写成 材料编码=说明；可写多个。"
)
@data_option
@as_option
@click.pass_context
def notice_case(
    context: click.Context, number: str, missing: tuple[str, ...], path: Path, login: str
) -> None:
    """Give the one-time notice."""
    things = tuple(_thing(text) for text in missing)
    _verb(
        context, path, login, number, lambda desk, actor, case_id: give_notice(desk, actor, case_id, things)
    )


def _thing(text: str) -> MissingThing:
    code, equals, what = text.partition("=")
    return MissingThing(code.strip(), what.strip()) if equals else MissingThing("", text.strip())


@click.command("review", help="审核（乡镇为初审），写明意见。")
@click.argument("number")
@click.option("--opinion", required=True, help="意见。")
@click.option("--unfavourable", is_flag=True, help="意见为不同意。")
@data_option
@as_option
@click.pass_context
def review_case(
    context: click.Context, number: str, opinion: str, path: Path, login: str, *, unfavourable: bool
) -> None:
    """Review the case."""

    async def verb(desk: Desk, actor: Actor, case_id: UUID) -> Case:
        return await review(desk, actor, case_id, opinion, favourable=not unfavourable)

    _verb(context, path, login, number, verb)


@click.command("decide", help="作出决定。")
@click.argument("number")
@click.option(
    "--outcome",
    required=True,
    type=click.Choice([one.value for one in Outcome]),
    help="granted 准予，refused 不予。",
)
@click.option("--reason", default="", help="理由；不予时必须写。")
@data_option
@as_option
@click.pass_context
def decide_case(
    context: click.Context, number: str, outcome: str, reason: str, path: Path, login: str
) -> None:
    """Decide the case under a grant."""
    _verb(
        context,
        path,
        login,
        number,
        lambda desk, actor, case_id: decide(desk, actor, case_id, Outcome(outcome), reason),
    )


@click.command("issue", help="出具决定书。")
@click.argument("number")
@data_option
@as_option
@click.pass_context
def issue_case(context: click.Context, number: str, path: Path, login: str) -> None:
    """Make the decision's paper."""
    _verb(context, path, login, number, issue_decision)


def _row(row: CaseRow) -> dict[str, Any]:
    return {
        "case": row.case_id,
        "number": row.number,
        "item": row.item_code,
        "title": row.title,
        "applicant": row.applicant_masked,
        "state": row.state,
        "outcome": row.outcome,
        "custodian": row.custodian,
        "received_on": row.received_on.isoformat(),
        "due_on": row.due_on.isoformat() if row.due_on else None,
    }
