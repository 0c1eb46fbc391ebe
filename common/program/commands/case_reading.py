"""``case list`` and ``case show``: what is known here of cases, applicants masked."""

from pathlib import Path
from typing import Any

import click

from common.casework.errors import ArchivedError, UnknownCaseError
from common.domain.course import STATE_NAMES, State
from common.domain.grants import Power, authorise
from common.domain.node import NodeId
from common.domain.times import CHINA, from_milliseconds
from common.domain.whereabouts import Filled, StepShown
from common.exchange.network import Network
from common.exchange.where import steps_of
from common.program.commands.finding import find_case
from common.program.commands.shared import (
    answer,
    as_option,
    data_option,
    json_option,
    opened,
    run,
    signed_in,
)
from common.store import cases, ledger
from common.store.case_rows import CaseProjection, CaseRow
from common.web.pages.desk.words import STEP_WORDS


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

    async def work() -> tuple[CaseProjection | None, tuple[StepShown, ...], Network]:
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
            found = await desk.vault.read(lambda tx: cases.load(tx, str(case_id)))
            return found, shown, exchange.network

    found, shown, network = run(work())
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
    answer(value, "\n".join(_lines(found, shown, network)), as_json=as_json)


def _lines(found: CaseProjection, shown: tuple[StepShown, ...], network: Network) -> list[str]:
    """Return the case as the page tells it: its words, China's time, nodes by name."""

    def name(node: str) -> str:
        return network.name_of(NodeId(node))

    return [
        f"{found.case.number}  {found.case.title}  {found.case.applicant_masked}",
        f"状态 {STATE_NAMES[State(found.case.state)]}  现在由{name(found.case.custodian)}办理",
        " → ".join(f"{'●' if step.filled is Filled.DONE else '○'}{step.staff}" for step in shown)
        or "已归档到县里：材料和经过请向县政务服务中心查询。",
        *(
            f"  {from_milliseconds(step.at_ms).astimezone(CHINA):%Y-%m-%d %H:%M}"
            f"  {STEP_WORDS.get(step.kind, step.kind)}  {name(step.node)}"
            for step in found.steps
        ),
    ]


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
