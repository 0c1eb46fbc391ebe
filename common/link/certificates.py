"""OpenSSH certificates for nodes and for the boxes they dial (docs/spec/ssh.md §3)."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

import asyncssh
from asyncssh.public_key import SSHOpenSSHCertificate

from common.link.keys import private_key, public_key, raw_public
from common.link.peer import Principal

MAX_SERIAL = 2**64 - 1
_LINE = b"ssh-ed25519-cert-v01@openssh.com "


@dataclass(frozen=True, slots=True)
class CertificateTerms:
    """What a certificate says beside the key.

    Attributes:
        principal: the node and generation it names.
        serial: 0 … 2^64-1, the number of the node certificate it goes with.
        valid_from: aware; bounds connecting, never a signature.
        valid_until: aware, later than ``valid_from``; the first moment it is expired.
    """

    principal: Principal
    serial: int
    valid_from: datetime
    valid_until: datetime

    def __post_init__(self) -> None:
        """Refuse terms no certificate can carry.

        Raises:
            ValueError: a naive time, an empty validity or a serial out of range.
        """
        if self.valid_from.tzinfo is None or self.valid_until.tzinfo is None:
            message = "a certificate's validity is in aware times"
            raise ValueError(message)
        if self.valid_from >= self.valid_until or not 0 <= self.serial <= MAX_SERIAL:
            message = "a certificate needs a validity and a serial of 64 bits"
            raise ValueError(message)


def issue_node_certificate(authority_seed: bytes, transport_public: bytes, terms: CertificateTerms) -> bytes:
    """Return the OpenSSH user certificate with which a node logs in, as one line of text.

    Its only principal is the node in its generation; it permits no forwarding, no terminal.

    Args:
        authority_seed: the hub's ``ssh_authority`` key, raw Ed25519 seed, 32 bytes.
        transport_public: the node's raw Ed25519 public key, 32 bytes.
        terms: whom it names and how long.
    """
    certificate = private_key(authority_seed).generate_user_certificate(
        public_key(transport_public),
        str(terms.principal),
        serial=terms.serial,
        principals=[str(terms.principal)],
        valid_after=int(terms.valid_from.timestamp()),
        valid_before=int(terms.valid_until.timestamp()),
        permit_x11_forwarding=False,
        permit_agent_forwarding=False,
        permit_port_forwarding=False,
        permit_pty=False,
        permit_user_rc=False,
    )
    return certificate.export_certificate("openssh")


def issue_host_certificate(authority_seed: bytes, transport_public: bytes, terms: CertificateTerms) -> bytes:
    """Return the OpenSSH host certificate a hub or township shows to those who dial it.

    Its principals are the node id and the node in its generation, never a network name:
    the caller proves which box it reached, wherever that box stands.

    Args:
        authority_seed: the hub's ``ssh_authority`` key, raw Ed25519 seed, 32 bytes.
        transport_public: the box's raw Ed25519 public key, 32 bytes.
        terms: whom it names and how long.
    """
    certificate = private_key(authority_seed).generate_host_certificate(
        public_key(transport_public),
        str(terms.principal),
        serial=terms.serial,
        principals=[str(terms.principal.node), str(terms.principal)],
        valid_after=int(terms.valid_from.timestamp()),
        valid_before=int(terms.valid_until.timestamp()),
    )
    return certificate.export_certificate("openssh")


class CertificateKind(IntEnum):
    """Whom a certificate is for (PROTOCOL.certkeys)."""

    USER = 1
    HOST = 2


class CertificateTextError(ValueError):
    """The bytes are no OpenSSH certificate of ours."""


@dataclass(frozen=True, slots=True)
class ShownCertificate:
    """A certificate a peer shows, its signature verified under ``authority`` and nothing else believed yet.

    Attributes:
        key: the raw Ed25519 key it is over, 32 bytes.
        authority: the raw Ed25519 key that signed it, 32 bytes.
        principals: whom it names.
        in_date: whether this machine's clock is inside its dates.
    """

    key: bytes
    authority: bytes
    principals: frozenset[str]
    in_date: bool


def read_certificate(text: bytes, kind: CertificateKind) -> ShownCertificate:
    """Read an OpenSSH certificate of one line: Ed25519, of that kind, without options.

    Raises:
        CertificateTextError: it is anything else, or its signature is not by the key it names.
    """
    if not text.startswith(_LINE):
        raise CertificateTextError("no Ed25519 certificate of OpenSSH")
    try:
        certificate = asyncssh.import_certificate(text)
    except (ValueError, asyncssh.Error) as error:
        raise CertificateTextError("an unreadable certificate") from error
    if not isinstance(certificate, SSHOpenSSHCertificate):
        raise CertificateTextError("a certificate of another kind")
    key, authority = raw_public(certificate.key), raw_public(certificate.signing_key)
    if key is None or authority is None or certificate.options:
        raise CertificateTextError("a certificate with other keys or with options")
    return ShownCertificate(key, authority, frozenset(certificate.principals), _in_date(certificate, kind))


def _in_date(certificate: SSHOpenSSHCertificate, kind: CertificateKind) -> bool:
    try:
        certificate.validate(kind, None)
    except ValueError as error:
        # The library tells a certificate of another kind from one out of its dates only by its words.
        if "type" in str(error):
            raise CertificateTextError("a certificate for the other end") from error
        return False
    return True


def is_by(certificate: bytes, authorities: frozenset[bytes]) -> bool:
    """Whether a node's certificate is signed by one of these raw Ed25519 keys, in its dates or not."""
    try:
        return read_certificate(certificate, CertificateKind.USER).authority in authorities
    except CertificateTextError:
        return False


@dataclass(frozen=True, slots=True)
class LinkIdentity:
    """This box on a line: its name, its transport key and the certificate over it.

    Attributes:
        principal: this node in its generation.
        seed: raw Ed25519 seed of the transport key, 32 bytes; kept out of ``repr``.
        certificate: OpenSSH text; the user certificate where it dials, the host certificate where it listens.
            None where it has none: then it can only renew.
    """

    principal: Principal
    seed: bytes
    certificate: bytes | None = None

    def __repr__(self) -> str:
        """Return the name alone: keys never reach a log."""
        return f"LinkIdentity({self.principal})"

    def key_pairs(self) -> list[asyncssh.SSHKey | tuple[asyncssh.SSHKey, asyncssh.SSHCertificate]]:
        """Return the keys in the form the SSH library takes; an unreadable one is a ``ValueError``."""
        key = private_key(self.seed)
        if self.certificate is None:
            return [key]
        return [(key, asyncssh.import_certificate(self.certificate))]
