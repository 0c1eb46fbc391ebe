import pytest

from common.crypto.certificates import SignedCertificate, issue, read_certificate
from common.crypto.errors import BadSignatureError, CertificateError, OldHubError
from common.crypto.root import CountyRoot
from common.crypto.signing import SigningKey
from common.crypto.trust import check_chain, check_hub, check_not_older, within
from common.domain.node import NodeId, Tier
from tests.common.crypto.county import (
    HUB,
    HUB_SIGNED,
    ROOT,
    TOWNSHIP,
    TOWNSHIP_KEYS,
    VILLAGE_SIGNED,
    hub_certificate,
    node_certificate,
    signed,
)

HUB_CERT = hub_certificate()
TOWNSHIP_CERT = node_certificate(TOWNSHIP, TOWNSHIP_KEYS)


def test_a_chain_from_the_pinned_root_holds() -> None:
    assert check_chain(ROOT.public(), HUB_SIGNED, VILLAGE_SIGNED) == node_certificate()


def test_another_countys_root_vouches_for_nobody_here() -> None:
    with pytest.raises(BadSignatureError):
        check_chain(CountyRoot.create().public(), HUB_SIGNED, VILLAGE_SIGNED)


def test_a_township_cannot_certify_a_village() -> None:
    forged = read_certificate(issue(TOWNSHIP_KEYS.signing, node_certificate()))
    with pytest.raises(BadSignatureError):
        check_chain(ROOT.public(), HUB_SIGNED, forged)


def test_a_signature_as_node_is_none_as_hub() -> None:
    """The context names the kind: the authority's signature never makes a hub, nor the root's a node."""
    hub = read_certificate(issue(SigningKey.generate(), HUB_CERT))
    moved = SignedCertificate(hub.cert, hub.raw, hub.issuer, VILLAGE_SIGNED.signature, hub.encoded)
    with pytest.raises(BadSignatureError):
        check_hub(ROOT.public(), moved)


def test_the_kinds_are_not_mixed_up() -> None:
    with pytest.raises(CertificateError):
        check_hub(ROOT.public(), VILLAGE_SIGNED)
    with pytest.raises(CertificateError):
        check_chain(ROOT.public(), HUB_SIGNED, HUB_SIGNED)


def test_a_hub_certifies_its_own_county_only() -> None:
    foreign = node_certificate(NodeId("130629-0417"), parent=NodeId("130629-0003"))
    with pytest.raises(CertificateError):
        check_chain(ROOT.public(), HUB_SIGNED, signed(foreign))


@pytest.mark.parametrize(
    ("parent", "child", "inside"),
    [
        (HUB_CERT, TOWNSHIP_CERT, True),
        (TOWNSHIP_CERT, node_certificate(), True),
        (HUB_CERT, node_certificate(), False),
        (HUB_CERT, node_certificate(parent=HUB), True),
        (HUB_CERT, node_certificate(parent=HUB, divisions=("130629100201",)), False),
        (TOWNSHIP_CERT, node_certificate(divisions=("130638101201",)), False),
        (TOWNSHIP_CERT, node_certificate(divisions=("130638100201", "130638101201")), False),
        (TOWNSHIP_CERT, node_certificate(divisions=("130638",)), False),
        (node_certificate(TOWNSHIP, tier=Tier.VILLAGE), node_certificate(divisions=("130638100",)), False),
    ],
)
def test_a_childs_scope_lies_inside_its_parents(parent: object, child: object, inside: bool) -> None:
    assert within(parent, child) is inside  # type: ignore[arg-type]


def test_a_later_hub_is_taken_and_an_earlier_one_is_not() -> None:
    known = hub_certificate(order=3, generation=2)
    check_not_older(known, known)
    check_not_older(known, hub_certificate(order=3, generation=3))
    check_not_older(known, hub_certificate(order=4, generation=2, epoch=bytes(16)))
    for order, generation in ((2, 2), (2, 9), (3, 1)):
        with pytest.raises(OldHubError):
            check_not_older(known, hub_certificate(order=order, generation=generation))


def test_two_boxes_under_one_order_are_for_a_person() -> None:
    with pytest.raises(CertificateError, match="two hub epochs"):
        check_not_older(HUB_CERT, hub_certificate(epoch=bytes(16)))


def test_another_countys_hub_is_not_a_later_one() -> None:
    with pytest.raises(CertificateError, match="another county"):
        check_not_older(HUB_CERT, hub_certificate(node=NodeId("130629-0001"), order=9))
