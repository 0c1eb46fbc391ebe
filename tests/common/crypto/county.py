"""A small county for the tests of keys and certificates: one root, one hub, one township, one village."""

from datetime import UTC, datetime, timedelta

from common.crypto.certificates import (
    HubCertificate,
    NodeCertificate,
    SignedCertificate,
    issue,
    read_certificate,
)
from common.crypto.keyring import AuthorityKeys, NodeKeys
from common.crypto.passwords import PasswordCost
from common.crypto.root import CountyRoot
from common.domain.node import NodeId, Tier

NOW = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
CHEAP = PasswordCost(memory_kib=8, passes=1, lanes=1)
HUB, TOWNSHIP, VILLAGE = NodeId("130638-0001"), NodeId("130638-0003"), NodeId("130638-0417")

ROOT = CountyRoot.create()
AUTHORITY = AuthorityKeys.generate()
HUB_KEYS, TOWNSHIP_KEYS, VILLAGE_KEYS = NodeKeys.generate(), NodeKeys.generate(), NodeKeys.generate()


def hub_certificate(**changes: object) -> HubCertificate:
    keys = HUB_KEYS.public()
    fields: dict[str, object] = {
        "node": HUB,
        "generation": 1,
        "epoch": bytes(range(16)),
        "order": 1,
        "name": "雄县县级平台",
        "signing": keys.signing,
        "sealing": keys.sealing,
        "transport": keys.transport,
        "receipt": keys.receipt,
        "authority": AUTHORITY.authority.public(),
        "ssh_authority": AUTHORITY.ssh_authority.public(),
        "valid_from": NOW,
    }
    return HubCertificate(**(fields | changes))  # type: ignore[arg-type]


def node_certificate(
    node: NodeId = VILLAGE, keys: NodeKeys = VILLAGE_KEYS, **changes: object
) -> NodeCertificate:
    public = keys.public()
    township = node == TOWNSHIP
    fields: dict[str, object] = {
        "node": node,
        "generation": 1,
        "tier": Tier.TOWNSHIP if township else Tier.VILLAGE,
        "name": "黄湾村服务站",
        "parent": HUB if township else TOWNSHIP,
        "divisions": ("130638100",) if township else ("130638100201",),
        "signing": public.signing,
        "sealing": public.sealing,
        "transport": public.transport,
        "receipt": public.receipt,
        "valid_from": NOW,
        "valid_until": NOW + timedelta(days=365),
        "serial": 7,
    }
    return NodeCertificate(**(fields | changes))  # type: ignore[arg-type]


def signed(cert: NodeCertificate) -> SignedCertificate:
    return read_certificate(issue(AUTHORITY.authority, cert))


HUB_SIGNED = read_certificate(ROOT.certify_hub(hub_certificate()))
TOWNSHIP_SIGNED = signed(node_certificate(TOWNSHIP, TOWNSHIP_KEYS))
VILLAGE_SIGNED = signed(node_certificate())
