"""Between whom journals and receipts travel."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from common.exchange.network import Network
from common.exchange.scope import lower_of, scope_of, shared
from tests.builders.cases import HUB, TOWNSHIP, VILLAGE
from tests.builders.county import NEIGHBOUR, county


@pytest.fixture
async def network(tmp_path: Path) -> AsyncIterator[Network]:
    async with county(tmp_path, (VILLAGE, NEIGHBOUR)) as land:
        yield land.hub.exchange.network


def test_the_lower_of_two_dials_and_two_villages_never_meet(network: Network) -> None:
    for lower, upper in ((VILLAGE, TOWNSHIP), (VILLAGE, HUB), (TOWNSHIP, HUB)):
        assert lower_of(lower, upper, network) == lower_of(upper, lower, network) == lower
    assert lower_of(VILLAGE, NEIGHBOUR, network) is None
    assert lower_of(HUB, HUB, network) is None


def test_two_villages_share_what_is_public_and_no_receipt(network: Network) -> None:
    between = shared(VILLAGE, NEIGHBOUR, network)
    assert between.audiences == {"public"}
    assert not between.receipt("public", VILLAGE)
    assert not between.receipt("county:0417", HUB)


def test_through_the_hub_everything_passes(network: Network) -> None:
    whole = scope_of(HUB, network)
    assert {"public", "county:0417", "drop:0418", "township:0101:0418", "county:0101"} <= whole.audiences
    assert whole.receipt("public", VILLAGE)


def test_through_a_village_passes_its_own_alone(network: Network) -> None:
    own = scope_of(VILLAGE, network)
    assert own.audiences == {"public", "county:0417", "drop:0417", "township:0101:0417"}
    assert own.receipt("public", VILLAGE)
    assert not own.receipt("public", NEIGHBOUR)
