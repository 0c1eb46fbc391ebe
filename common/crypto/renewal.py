"""Renewal: the certified signing key asks for a new certificate, with old or new keys (identity.md §8)."""

from collections.abc import Callable
from dataclasses import dataclass

from common.crypto import signing
from common.crypto.certificates import NODE_ID_BYTES, SignedCertificate
from common.crypto.errors import UnknownCertificateError
from common.crypto.hashing import digest
from common.crypto.keyring import NodeKeys
from common.crypto.letters import DIGEST_BYTES, open_letter, seal_letter
from common.crypto.public_keys import PROOF_BYTES, PublicKeys, check_possession
from common.crypto.sealing import SealingKey
from common.crypto.wire import Reader, Writer
from common.domain.node import NodeId

RENEWAL_MAGIC = b"JJN1"
_CONTEXT = b"jiujin/renewal-by/1\0"


@dataclass(frozen=True, slots=True)
class RenewRequest:
    """What a certified node asks of the hub; signature and proofs have been checked.

    Attributes:
        node: who asks.
        certificate: digest of the certificate it has, 32 bytes.
        keys: the public keys it wants certified: those it has, or new ones.
    """

    node: NodeId
    certificate: bytes
    keys: PublicKeys


def seal_renewal(
    hub: SignedCertificate, mine: SignedCertificate, certified: signing.SigningKey, keys: NodeKeys
) -> bytes:
    """Return the renewal letter; keep new keys durably, and the old ones, before it leaves.

    Args:
        hub: the hub's newest certificate.
        mine: the certificate to renew, expired or not.
        certified: the signing key ``mine`` names.
        keys: what is to be certified.
    """
    writer = Writer().text(mine.cert.node.text, NODE_ID_BYTES).fixed(mine.digest(), DIGEST_BYTES)
    keys.public().write(writer)
    transcript = _transcript(hub, writer.done())
    writer.fixed(keys.prove(transcript), PROOF_BYTES)
    writer.fixed(certified.sign(_CONTEXT, transcript), signing.SIGNATURE_BYTES)
    return seal_letter(RENEWAL_MAGIC, hub.cert.sealing, writer.done(), hub.digest())


def open_renewal(
    hub_key: SealingKey,
    hub: SignedCertificate,
    letter: bytes,
    current: Callable[[NodeId], SignedCertificate | None],
) -> RenewRequest:
    """Return a renewal after checking it is by the node's certified key and every new key is held.

    ``FormatError``: no renewal. ``CannotOpenError``: to another hub certificate, or altered.
    ``BadKeyError`` and ``BadSignatureError`` as for enrolment.

    Args:
        hub_key: the hub's sealing key.
        hub: the hub's certificate the letter was sealed under.
        letter: the bytes as carried.
        current: the certificate the hub holds as current for a node, None if there is none or it is revoked.

    Raises:
        UnknownCertificateError: the hub holds another certificate as that node's current one, or none.
    """
    reader = Reader(open_letter(RENEWAL_MAGIC, hub_key, letter, hub.digest()))
    request = RenewRequest(
        reader.text_as(NodeId, NODE_ID_BYTES), reader.fixed(DIGEST_BYTES), PublicKeys.read(reader)
    )
    transcript = _transcript(hub, reader.since(0))
    proofs, signature = reader.fixed(PROOF_BYTES), reader.fixed(signing.SIGNATURE_BYTES)
    reader.end()
    held = current(request.node)
    if held is None or held.digest() != request.certificate:
        raise UnknownCertificateError("not the certificate held as current")
    signing.verify(held.cert.signing, _CONTEXT, transcript, signature)
    request.keys.check()
    check_possession(request.keys, transcript, proofs)
    return request


def _transcript(hub: SignedCertificate, claimed: bytes) -> bytes:
    return digest(b"jiujin/renewal/1\0", hub.digest(), claimed)
