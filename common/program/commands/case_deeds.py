"""The commands that move one case: accept, notice, review, decide, issue, and deliver at its end."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import click

from common.casework.accept import accept
from common.casework.decide import decide
from common.casework.desk import Desk
from common.casework.hand_out import hand_out
from common.casework.notice import give_notice
from common.casework.review import review
from common.domain.bodies.facts import MissingThing, Outcome
from common.domain.case import Case
from common.domain.course import STATE_NAMES
from common.domain.grants import Actor
from common.papers.office import issue_decision
from common.program.commands.finding import find_case
from common.program.commands.shared import (
    as_option,
    data_option,
    opened,
    run,
    say,
    signed_in,
)

Verb = Callable[[Desk, Actor, UUID], Awaitable[Case]]


def _verb(context: click.Context, path: Path, login: str, number: str, verb: Verb) -> None:
    async def work() -> Case:
        async with opened(context, path) as house:
            actor = await signed_in(house, login)
            desk = house.at_desk()
            return await verb(desk, actor, await find_case(desk, number))

    say(f"{number} 现在是“{STATE_NAMES[run(work()).state]}”。")


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


@click.command("deliver", help="登记结果已交付。")
@click.argument("number")
@click.option("--to", default="本人", show_default=True, help="交给了谁。")
@data_option
@as_option
@click.pass_context
def deliver_case(context: click.Context, number: str, to: str, path: Path, login: str) -> None:
    """Record that the result was handed over."""
    _verb(context, path, login, number, lambda desk, actor, case_id: hand_out(desk, actor, case_id, to))
