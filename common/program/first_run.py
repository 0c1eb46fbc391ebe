"""The first run in the browser: an empty box finds its way up, is enrolled, gets its first administrator."""

from collections.abc import Callable

from common.casework.accounts import NewAccount
from common.crypto.enrolment import read_introduction
from common.crypto.invitation import parse_code
from common.exchange.letters_line import LetterLine
from common.link.dialling import connect_to_enrol
from common.link.errors import LinkError, UnreachableError
from common.program import house_accounts
from common.program.house import House
from common.program.joining import NotAnsweredError, join
from common.program.settings import dial_address
from common.web.context import WebContext
from common.web.first_run_office import (
    CountyFound,
    FirstRunOffice,
    NobodyThereError,
    NotReachedError,
    StillWaitingError,
)
from common.web.pages.first_run.pages import make_first_run
from common.web.serving import Pages

PATIENCE = 45.0
"""Seconds the page waits for the hub's answer before it says that it is still waiting."""


def first_run_pages(house: House, context: WebContext, settled: Callable[[], None]) -> Pages:
    """Return the pages of an empty box; ``settled`` is called when they are done."""

    async def find(code: str, via: str) -> CountyFound:
        return await _find(code, via)

    async def enrol(code: str, via: str) -> None:
        await _enrol(house, code, via)

    async def found(account: NewAccount, password: str) -> str:
        recovery = await house_accounts.new_recovery_code(house)
        await house_accounts.add_user(house, account, password)
        return recovery

    office = FirstRunOffice(house.settings.tier, house.opened, find, enrol, found, settled)
    return make_first_run(context, office)


async def _find(code: str, via: str) -> CountyFound:
    invitation = parse_code(code)
    address = dial_address(via)
    try:
        channel = await connect_to_enrol(address)
        try:
            introduction = await LetterLine(channel).introduction()
        finally:
            await channel.close()
    except UnreachableError as error:
        raise NobodyThereError from error
    except LinkError as error:
        raise NotReachedError(str(error), error.sentence) from error
    hub = read_introduction(introduction, invitation).hub.cert
    return CountyFound(hub.node.county, hub.name, invitation.fingerprint)


async def _enrol(house: House, code: str, via: str) -> None:
    try:
        await join(house, code, via, PATIENCE)
    except NotAnsweredError as error:
        raise StillWaitingError from error
    except LinkError as error:
        raise NotReachedError(str(error), error.sentence) from error
