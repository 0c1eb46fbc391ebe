"""Routes: who reads a case and where custody goes."""

import pytest

from common.domain.item import Item
from common.domain.node import NodeId, Tier
from common.domain.routing import Seat, audience_of, custodian_after_receipt, next_custodian
from tests.builders.cases import HUB, TOWNSHIP, VILLAGE

V = Seat(VILLAGE, Tier.VILLAGE, "开口村", TOWNSHIP)
T = Seat(TOWNSHIP, Tier.TOWNSHIP, "雄州镇")
H = Seat(HUB, Tier.COUNTY, "雄县政务服务中心")
ALL = (Tier.VILLAGE, Tier.TOWNSHIP, Tier.COUNTY)


def item(route: tuple[Tier, ...], *, sensitive: bool = False) -> Item:
    return Item("sample-01", "某事项", route, sensitive=sensitive)


@pytest.mark.parametrize(
    ("seat", "route", "sensitive", "audience", "to"),
    [
        (V, ALL, False, "township:0101:0417", TOWNSHIP),
        (V, ALL, True, "township:0101:0417", TOWNSHIP),
        (V, (Tier.VILLAGE, Tier.COUNTY), False, "township:0101:0417", HUB),
        (V, (Tier.VILLAGE, Tier.COUNTY), True, "county:0417", HUB),
        (V, (Tier.VILLAGE,), False, "township:0101:0417", None),
        (V, (Tier.COUNTY,), False, "township:0101:0417", HUB),
        (T, ALL, False, "county:0101", HUB),
        (T, (Tier.VILLAGE, Tier.TOWNSHIP), False, "county:0101", None),
        (H, ALL, False, "county:0001", None),
    ],
)
def test_an_item_says_who_reads_its_cases_and_where_they_go(
    seat: Seat, route: tuple[Tier, ...], sensitive: bool, audience: str, to: NodeId | None
) -> None:
    asked = item(route, sensitive=sensitive)
    assert str(audience_of(asked, seat)) == audience
    assert next_custodian(asked, seat) == to


@pytest.mark.parametrize(
    ("node", "tier", "township"),
    [(VILLAGE, Tier.VILLAGE, None), (TOWNSHIP, Tier.TOWNSHIP, HUB), (TOWNSHIP, Tier.COUNTY, None)],
)
def test_a_seat_no_certificate_can_give_is_refused(node: NodeId, tier: Tier, township: NodeId | None) -> None:
    with pytest.raises(ValueError, match="nothing else"):
        Seat(node, tier, "", township)


def test_a_township_on_the_route_reviews_before_it_hands_on() -> None:
    assert custodian_after_receipt(item(ALL), T) is None
    assert custodian_after_receipt(item((Tier.VILLAGE, Tier.COUNTY)), T) == HUB
    assert custodian_after_receipt(item(ALL), V) == TOWNSHIP
