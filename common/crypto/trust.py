"""Whether a certificate holds: signatures up to the pinned root, scope, hub order (identity.md §5)."""

from common.crypto.certificates import Certificate, HubCertificate, NodeCertificate, SignedCertificate
from common.crypto.errors import CertificateError, OldHubError
from common.crypto.hashing import same
from common.domain.division_code import DivisionCode
from common.domain.node import Tier


def check_hub(root_public: bytes, hub_signed: SignedCertificate) -> HubCertificate:
    """Return the hub's certificate after checking it against the pinned root; the bytes decide, no clock.

    Raises:
        CertificateError: it is not a hub's; ``BadSignatureError`` when the root did not sign it.
    """
    if not isinstance(hub_signed.cert, HubCertificate):
        raise CertificateError("expected the hub's certificate")
    hub_signed.verify(root_public)
    return hub_signed.cert


def check_chain(
    root_public: bytes, hub_signed: SignedCertificate, node_signed: SignedCertificate
) -> NodeCertificate:
    """Return a node's certificate after checking root → hub → node.

    Validity dates are not looked at: they bound connecting, never signatures (design §5).

    Raises:
        CertificateError: a certificate is of the wrong kind or another county; ``BadSignatureError`` when one
            is not signed by the one above it.
    """
    hub = check_hub(root_public, hub_signed)
    if not isinstance(node_signed.cert, NodeCertificate):
        raise CertificateError("expected a node's certificate")
    node_signed.verify(hub.authority)
    if node_signed.cert.node.county != hub.node.county:
        raise CertificateError("a hub certifies nodes of its own county")
    return node_signed.cert


def within(parent: Certificate, child: NodeCertificate) -> bool:
    """Whether a child's scope lies inside its parent's: named as parent, tier above, divisions contained."""
    if child.parent != parent.node:
        return False
    if isinstance(parent, HubCertificate):
        return all(code.startswith(parent.node.county) for code in child.divisions)
    served = [DivisionCode(code) for code in parent.divisions]
    return (
        parent.tier is Tier.TOWNSHIP
        and child.tier is Tier.VILLAGE
        and all(any(own.contains(DivisionCode(code)) for own in served) for code in child.divisions)
    )


def check_not_older(known: HubCertificate, presented: HubCertificate) -> None:
    """Insist that a hub is not an earlier one than is already known (both already checked by the root).

    Raises:
        OldHubError: its epoch's order or its generation is lower; nothing is taken from that box.
        CertificateError: another epoch under the same order: the root signed two boxes, a person must look.
    """
    if presented.node != known.node:
        raise CertificateError("the hub of another county")
    if presented.order < known.order or (
        presented.order == known.order and presented.generation < known.generation
    ):
        raise OldHubError("an earlier epoch or generation of the hub is presented as current")
    if presented.order == known.order and not same(presented.epoch, known.epoch):
        raise CertificateError("two hub epochs under one order")
