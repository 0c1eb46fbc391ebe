"""Names on the line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.domain.node import NodeId
from common.link.peer import MAX_GENERATION, Peer, Principal, Way

NODE = NodeId("130638-0417")


@given(st.integers(1, 9999), st.integers(1, MAX_GENERATION))
def test_a_principal_reads_back_as_written(number: int, generation: int):
    principal = Principal(NodeId.of("130638", number), generation)
    assert Principal.parse(str(principal)) == principal


@given(st.text(max_size=20))
def test_no_other_text_is_a_principal(text: str):
    found = Principal.parse(text)
    assert found is None or str(found) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "enrol",
        "root",
        "130638-0417",
        "130638-0417.g0",
        "130638-0417.g01",
        "130638-0417.g1000000",
        "130638-0000.g1",
        "130638-0417.g1\n",
        " 130638-0417.g1",
        "130638-0417.G1",
        "130638-041٧.g1",
    ],
)
def test_what_is_nearly_a_principal_is_none(text: str):
    assert Principal.parse(text) is None


@pytest.mark.parametrize("generation", [0, -1, MAX_GENERATION + 1])
def test_a_generation_out_of_range_is_refused(generation: int):
    with pytest.raises(ValueError, match="generation"):
        Principal(NODE, generation)


def test_every_way_has_its_own_subsystem():
    assert {way.subsystem for way in Way} == {"jiujin", "jiujin-enrol", "jiujin-renew"}
    assert all(Way.of_subsystem(way.subsystem) is way for way in Way)
    assert Way.of_subsystem("sftp") is None


def test_only_a_stranger_has_no_name():
    stranger = Peer(None, Way.ENROL, "192.0.2.7")
    assert stranger.node is None
    assert stranger.generation is None
    assert "192.0.2.7" not in repr(stranger)
    known = Peer(Principal(NODE, 2), Way.SESSION)
    assert (known.node, known.generation) == (NODE, 2)
    for principal, way in ((None, Way.SESSION), (None, Way.RENEW), (Principal(NODE, 1), Way.ENROL)):
        with pytest.raises(ValueError, match="enrol"):
            Peer(principal, way)
