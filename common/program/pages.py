"""What a house gives its pages: who it is, who is signed in, how the line stands, desk and exchange."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from uuid import UUID

from common.casework import accounts
from common.casework.accounts import SignInRefusedError
from common.casework.desk import Desk
from common.casework.rules import load_rules
from common.crypto.hashing import digest
from common.crypto.symmetric import random_bytes
from common.domain.division_code import DivisionCode
from common.domain.divisions import load_divisions
from common.domain.grants import Actor
from common.domain.node import NodeId
from common.domain.routing import Seat
from common.domain.sentence import Sentence
from common.domain.times import china_day, from_milliseconds
from common.domain.watching import SILENT_AFTER
from common.domain.whereabouts import Reached
from common.exchange.where import waiting_cases, whereabouts
from common.program import house_accounts
from common.program.certificate_ended import ended_at
from common.program.first_run import first_run_pages
from common.program.folders import visit_folder
from common.program.house import House
from common.program.keeper import Keeper
from common.program.sticks import Sticks
from common.store import receipts
from common.web.access_office import ACCESS, AccessOffice
from common.web.app import make_app
from common.web.context import WebContext
from common.web.network_office import NETWORK, NetworkOffice
from common.web.office import OFFICE, Office
from common.web.pages.access import pages as access
from common.web.pages.desk import pages as desk
from common.web.routing import Page
from common.web.serving import Pages
from common.web.stick_office import STICKS, StickOffice
from common.web.views.frame import LineView, Place, Site

_SESSION_KEY_BYTES = 32
_SESSION = b"jiujin/page-session-key/1\0"
_RETRY, _STICK = "/desk/sync/retry", "/desk/stick"


@dataclass(frozen=True, slots=True)
class TierPages:
    """What a tier shows beside sign-in and the desk.

    Attributes:
        places: of the rail, at most five for one role.
        pages: the tier's own.
        public: villagers use it without an account.
    """

    places: tuple[Place, ...]
    pages: Callable[[], tuple[Page, ...]]
    public: bool = False

    async def __call__(self, house: House, keeper: Keeper, settled: Callable[[], None]) -> Pages:
        """Return the pages of this node, or of the first run while the box has no certificate or account."""
        context = await _context(house, keeper, self)
        if house.seat is None or not await house_accounts.has_accounts(house):
            return first_run_pages(house, context, settled)
        return _node_pages(house, keeper, context, house.seat, self)


def _node_pages(house: House, keeper: Keeper, context: WebContext, seat: Seat, tier: TierPages) -> Pages:
    office = _access(house)
    front = () if tier.public else (desk.front(),)
    app = make_app(context, (*front, *access.pages(context, office), *desk.pages(), *tier.pages()))
    app[OFFICE], app[ACCESS] = _office(house, keeper, seat), office
    app[NETWORK] = NetworkOffice(house.settings.ssh, lambda: _network_changed(house, keeper))
    sticks = Sticks(partial(visit_folder, house), keeper.kick, house.settings.sticks)
    app[STICKS] = StickOffice(sticks.found, sticks.visit, sticks.start)
    return app


async def _context(house: House, keeper: Keeper, tier: TierPages) -> WebContext:
    async def actor_of(login: str) -> Actor | None:
        if house.desk is None:
            return None
        if house.exchange is not None:
            await house.exchange.refresh()  # another process may have published
        try:
            return await accounts.actor(house.desk, login)
        except SignInRefusedError:
            return None

    async def line() -> LineView | None:
        return await _line(house, keeper)

    held = await load_rules(house.opened)

    def site() -> Site:
        rules = house.desk.rules if house.desk else held
        sample = any(item.sample for item in rules.versions.values())
        return replace(_site(house, tier), sample=sample)

    return WebContext(site, _session_key(house), actor_of, line, house.clock.now, sessions=house.opened)


def _session_key(house: House) -> bytes:
    """Return what seals the cookies: the same at all processes of the hub; elsewhere a start signs out."""
    if house.is_hub and house.locked_keys is not None:
        return digest(_SESSION, house.locked_keys.to_bytes())
    return random_bytes(_SESSION_KEY_BYTES)


async def _line(house: House, keeper: Keeper) -> LineView | None:
    if house.is_hub or house.seat is None or house.exchange is None:
        return None
    up, ended = keeper.line_up, await ended_at(house)
    return LineView(
        up=up,
        to="乡镇" if house.seat.township is not None else "县里",
        synced_at=keeper.synced_at,
        waiting=await waiting_cases(house.exchange),
        stale_since=await _stale_since(house),
        ended=china_day(ended) if ended and not up else None,
        why=keeper.last_error.sentence if keeper.last_error else "",
        retry=_RETRY,
        export=_STICK,
    )


async def _stale_since(house: House) -> datetime | None:
    """Return the hub's newest signed time where it is older than it should be, None where it is fresh."""
    newest = await house.opened.read(receipts.newest_checkpoint)
    if newest is None:
        return None
    signed = from_milliseconds(newest.hub_time_ms)
    return signed if house.clock.corrected() - signed > SILENT_AFTER else None


def _site(house: House, tier: TierPages) -> Site:
    """Return the node as its pages name it; a box that is not enrolled has no number yet."""
    seat = house.seat
    if seat is None:
        return Site("0000", house.settings.tier, Sentence("未加入网络"), "")
    county = load_divisions().path_name(DivisionCode(seat.node.county))
    return Site(seat.node.digits, seat.tier, seat.name, county, tier.places, tier.public)


def _office(house: House, keeper: Keeper, seat: Seat) -> Office:
    async def reaches(cases: Sequence[UUID]) -> Mapping[UUID, tuple[Reached, Reached]]:
        return await whereabouts(house.exchange, cases) if house.exchange else {}

    def node_name(node: str) -> str:
        return house.exchange.network.name_of(NodeId(node)) if house.exchange else node

    def desk_now() -> Desk | None:
        return house.desk

    return Office(seat, house.opened, desk_now, keeper.kick, reaches, node_name)


def _access(house: House) -> AccessOffice:
    async def sign_in(login: str, password: str) -> None:
        await house_accounts.sign_in(house, login, password)

    return AccessOffice(
        locked=lambda: house.desk is None,
        sign_in=sign_in,
        recover=partial(house_accounts.recover, house),
        add_user=partial(house_accounts.add_user, house),
        set_password=partial(house_accounts.set_password, house),
    )


async def _network_changed(house: House, keeper: Keeper) -> None:
    if house.exchange is not None:
        await house.exchange.refresh()
    keeper.lines.expel_revoked()
    keeper.kick()
