"""What a house gives its pages: the node as they name it, who is signed in, how the line stands."""

from common.casework import accounts
from common.casework.accounts import SignInRefusedError
from common.crypto.symmetric import random_bytes
from common.domain.division_code import DivisionCode
from common.domain.divisions import load_divisions
from common.domain.grants import Actor
from common.program.house import House
from common.program.keeper import Keeper
from common.web.context import WebContext
from common.web.views.frame import LineView, Site

_SESSION_KEY_BYTES = 32


async def context_of(house: House, keeper: Keeper) -> WebContext:
    """Return the context of a house's pages; a new session key at each start signs everybody out."""

    async def actor_of(login: str) -> Actor | None:
        if house.desk is None:
            return None
        try:
            return await accounts.actor(house.desk, login)
        except SignInRefusedError:
            return None

    async def line() -> LineView | None:
        if house.is_hub or house.seat is None:
            return None
        to = "乡镇" if house.seat.township is not None else "县里"
        return LineView(up=keeper.line_up, to=to, synced_at=keeper.synced_at)

    return WebContext(
        site=site_of(house),
        session_key=random_bytes(_SESSION_KEY_BYTES),
        actor_of=actor_of,
        line=line,
        now=house.clock.now,
    )


def site_of(house: House) -> Site:
    """Return the node as its pages name it; a box that is not enrolled has no number yet."""
    seat = house.seat
    if seat is None:
        return Site("0000", house.settings.tier, "未加入网络", "")
    county = load_divisions().path_name(DivisionCode(seat.node.county))
    return Site(seat.node.digits, seat.tier, seat.name, county)
