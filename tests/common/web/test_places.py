"""The rail: nobody sees more places than they take in, and nobody lacks the one they need."""

import pytest

import county_hub.pages
import township_node.pages
import village_station.pages
from common.domain.grants import ROLE_POWERS, Power, Role
from common.domain.node import Tier
from common.program.pages import TierPages
from common.web.views.frame import MOST_PLACES, Place, Site, shown_to

TIERS = (county_hub.pages.make_pages, township_node.pages.make_pages, village_station.pages.make_pages)


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("role", Role)
def test_no_role_sees_more_than_five_places(tier: TierPages, role: Role) -> None:
    assert len(shown_to(tier.places, ROLE_POWERS[role])) <= MOST_PLACES


@pytest.mark.parametrize("tier", TIERS)
def test_an_administrator_finds_the_accounts_at_every_tier(tier: TierPages) -> None:
    paths = [place.path for place in shown_to(tier.places, ROLE_POWERS[Role.ADMINISTRATOR])]
    assert "/desk/accounts" in paths


def test_a_rail_too_long_for_one_role_is_refused() -> None:
    places = tuple(Place(f"/desk/{at}", "办件", "cases", Power.SEE_CASES) for at in range(MOST_PLACES + 1))
    with pytest.raises(ValueError, match="more than 5 places"):
        Site("0001", Tier.COUNTY, "雄县政务服务中心", "雄县", places)
