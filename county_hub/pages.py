"""The pages of the county hub."""

from common.program.house import House
from common.program.keeper import Keeper
from common.program.pages import context_of
from common.web.app import make_app
from common.web.serving import Pages


async def make_pages(house: House, keeper: Keeper) -> Pages:
    """Return the pages of this node; they kick the keeper after every write."""
    return make_app(await context_of(house, keeper))
