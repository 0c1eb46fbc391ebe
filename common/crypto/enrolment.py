"""Enrolment: a sealed request that a carrier can neither read nor change, and its answer (identity.md §7)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from common.crypto.certificates import SIGNED_MAX, SignedCertificate, read_certificate
from common.crypto.errors import NotMineError, WrongRootError
from common.crypto.hashing import digest, same
from common.crypto.invitation import SECRET_BYTES, Invitation, secret_digest
from common.crypto.keyring import NodeKeys
from common.crypto.letters import DIGEST_BYTES, open_letter, seal_letter
from common.crypto.public_keys import PROOF_BYTES, PublicKeys, check_possession
from common.crypto.root import fingerprint
from common.crypto.sealing import SealingKey
from common.crypto.signing import PUBLIC_BYTES
from common.crypto.trust import check_chain, check_hub
from common.crypto.wire import Reader, Writer

REQUEST_MAGIC = b"JJE1"
REPLY_MAGIC = b"JJR1"
NODE_NAME_MAX = 200
OTHERS_MAX = 64


@dataclass(frozen=True, slots=True)
class EnrolRequest:
    """What a new node asks of the hub; every proof in it has been checked.

    Attributes:
        secret: the invitation's 10-byte secret.
        keys: the node's public keys.
        name: what the node calls itself, at most 200 bytes; a hint for the operator.
    """

    secret: bytes = field(repr=False)
    keys: PublicKeys
    name: str

    def secret_digest(self) -> bytes:
        """Return the 32 bytes by which the hub finds the invitation."""
        return secret_digest(self.secret)

    def keys_digest(self) -> bytes:
        """Return the 32 bytes that differ when the same secret comes with other keys: refuse and alarm."""
        return self.keys.digest()


@dataclass(frozen=True, slots=True)
class Introduction:
    """The county a node meets before it has a certificate: root and hub, checked against the invitation.

    Attributes:
        root_public: 32 bytes to pin.
        hub: the hub's certificate.
    """

    root_public: bytes
    hub: SignedCertificate


@dataclass(frozen=True, slots=True)
class Admission:
    """What a node has after enrolment or renewal; chain and keys checked.

    Attributes:
        node: its own certificate.
        hub: the hub's.
        others: certificates it will need first (its township, its villages); each under the same hub.
    """

    node: SignedCertificate
    hub: SignedCertificate
    others: tuple[SignedCertificate, ...]


def introduce(root_public: bytes, hub_signed: bytes) -> bytes:
    """Return what a hub, or any node of its county, shows to a box that wants to enrol."""
    return Writer().fixed(root_public, PUBLIC_BYTES).blob(hub_signed, SIGNED_MAX).done()


def split_introduction(data: bytes) -> tuple[bytes, SignedCertificate]:
    """Return the root public key and the hub's certificate an introduction shows; nothing is checked yet."""
    reader = Reader(data)
    root_public, hub = reader.fixed(PUBLIC_BYTES), read_certificate(reader.blob(SIGNED_MAX))
    reader.end()
    return root_public, hub


def read_introduction(data: bytes, invitation: Invitation) -> Introduction:
    """Return the county an introduction names, if it is the invitation's.

    Raises:
        WrongRootError: the root is another one; ``BadSignatureError`` when the root did not sign that hub,
            ``FormatError`` when the bytes are no introduction.
    """
    root_public, hub = split_introduction(data)
    if not same(fingerprint(root_public), invitation.fingerprint):
        raise WrongRootError("the county root is not the invitation's")
    check_hub(root_public, hub)
    return Introduction(root_public, hub)


def seal_request(hub: SignedCertificate, secret: bytes, keys: NodeKeys, name: str) -> bytes:
    """Return the request letter; keep the keys durably before it leaves."""
    public = keys.public()
    writer = Writer().fixed(secret, SECRET_BYTES)
    public.write(writer)
    writer.text(name, NODE_NAME_MAX)
    proofs = keys.prove(_transcript(hub, writer.done()))
    plain = writer.fixed(proofs, PROOF_BYTES).done()
    return seal_letter(REQUEST_MAGIC, hub.cert.sealing, plain, hub.digest())


def open_request(hub_key: SealingKey, hub: SignedCertificate, letter: bytes) -> EnrolRequest:
    """Return a request after checking every proof; whether the secret is good is the caller's to look up.

    ``FormatError``: no request. ``CannotOpenError``: to another hub certificate, or altered.
    ``BadKeyError``: a key nobody can use. ``BadSignatureError``: a key its sender does not hold.
    """
    plain = open_letter(REQUEST_MAGIC, hub_key, letter, hub.digest())
    reader = Reader(plain)
    request = EnrolRequest(reader.fixed(SECRET_BYTES), PublicKeys.read(reader), reader.text(NODE_NAME_MAX))
    claimed = reader.since(0)
    proofs = reader.fixed(PROOF_BYTES)
    reader.end()
    request.keys.check()
    check_possession(request.keys, _transcript(hub, claimed), proofs)
    return request


def seal_reply(
    node_sealing: bytes, request_digest: bytes, node: bytes, hub: bytes, others: Sequence[bytes] = ()
) -> bytes:
    """Return the answer to an enrolment or renewal, sealed to the key that asked.

    Args:
        node_sealing: the sealing key of the request, 1,216 bytes.
        request_digest: ``letter_digest`` of the request.
        node: the node's signed certificate.
        hub: the hub's signed certificate.
        others: signed certificates it will need first, at most 64.
    """
    writer = Writer().blob(node, SIGNED_MAX).blob(hub, SIGNED_MAX)
    writer.items(others, OTHERS_MAX, lambda w, cert: w.blob(cert, SIGNED_MAX))
    return seal_letter(REPLY_MAGIC, node_sealing, writer.done(), request_digest)


def open_reply(keys: NodeKeys, root_public: bytes, request_digest: bytes, reply: bytes) -> Admission:
    """Return what the hub answered, after checking chain and keys.

    ``FormatError``: no answer. ``CannotOpenError``: to another request, or altered. ``CertificateError`` or
    ``BadSignatureError``: a certificate does not hold under the pinned root.

    Raises:
        NotMineError: the certificate names other keys than these.
    """
    reader = Reader(open_letter(REPLY_MAGIC, keys.sealing, reply, _sized(request_digest)))
    node, hub = _signed(reader), _signed(reader)
    others = reader.items(OTHERS_MAX, _signed)
    reader.end()
    cert = check_chain(root_public, hub, node)
    for other in others:
        check_chain(root_public, hub, other)
    if not same(cert.keys.digest(), keys.public().digest()):
        raise NotMineError("the certificate names other keys")
    return Admission(node, hub, others)


def _signed(reader: Reader) -> SignedCertificate:
    return read_certificate(reader.blob(SIGNED_MAX))


def _sized(request_digest: bytes) -> bytes:
    return Writer().fixed(request_digest, DIGEST_BYTES).done()


def _transcript(hub: SignedCertificate, claimed: bytes) -> bytes:
    return digest(b"jiujin/enrol/1\0", hub.digest(), claimed)
