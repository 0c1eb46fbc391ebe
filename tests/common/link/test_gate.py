"""Proof and verdict cannot be torn apart by packets in another order."""

from common.link.channel import SshChannel
from common.link.gate import Gate, GateRules
from common.link.keys import private_key, public_key
from common.link.limits import ServerLimits
from common.link.peer import ENROL_USER, Peer, Way
from common.link.visitors import VisitorBook
from tests.common.link.conftest import OTHER, VILLAGE, County, raw


def gate_of(county: County) -> Gate:
    def nothing(_: Peer, channel: SshChannel) -> None:
        raise AssertionError(channel)

    rules = GateRules(frozenset({raw(county.authority)}), county.standing, lambda: True)
    return Gate(rules, VisitorBook(ServerLimits()), nothing, lambda _: None)


async def test_a_stranger_inside_cannot_become_a_node(county: County):
    gate = gate_of(county)
    assert not await gate.begin_auth(ENROL_USER)
    gate.auth_completed()
    assert await gate.begin_auth(str(VILLAGE))
    assert not gate.validate_ca_key(str(VILLAGE), private_key(county.authority))
    assert not gate.validate_public_key(str(VILLAGE), public_key(raw(county.seed(VILLAGE))))
    gate.auth_completed()
    assert gate.reaches("jiujin") is None
    assert gate.reaches("jiujin-enrol") is Way.ENROL
    gate.connection_lost(None)


async def test_a_name_asked_for_is_the_only_name_proven(county: County):
    gate = gate_of(county)
    assert await gate.begin_auth(str(VILLAGE))
    assert not gate.validate_ca_key(str(OTHER), private_key(county.authority))
    assert not gate.validate_public_key(str(OTHER), public_key(raw(county.seed(OTHER))))
    gate.auth_completed()
    assert [gate.reaches(way.subsystem) for way in Way] == [None, None, None]
    gate.connection_lost(None)


async def test_a_tried_certificate_does_not_raise_what_a_key_proved(county: County):
    gate = gate_of(county)
    assert await gate.begin_auth(str(VILLAGE))
    assert gate.validate_ca_key(str(VILLAGE), private_key(county.authority))
    assert gate.validate_public_key(str(VILLAGE), public_key(raw(county.seed(VILLAGE))))
    gate.auth_completed()
    assert gate.reaches("jiujin") is None
    assert gate.reaches("jiujin-renew") is Way.RENEW
    gate.connection_lost(None)


async def test_a_tried_certificate_does_not_make_a_stranger_a_node(county: County):
    gate = gate_of(county)
    assert await gate.begin_auth(str(VILLAGE))
    assert gate.validate_ca_key(str(VILLAGE), private_key(county.authority))
    assert not await gate.begin_auth(ENROL_USER)
    gate.auth_completed()
    assert gate.principal is None
    assert [gate.reaches(way.subsystem) for way in Way] == [None, Way.ENROL, None]
    gate.connection_lost(None)
