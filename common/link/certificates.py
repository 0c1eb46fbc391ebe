"""OpenSSH certificates for nodes and for the boxes they dial (docs/spec/ssh.md §3)."""

from dataclasses import dataclass
from datetime import datetime

import asyncssh

from common.link.keys import private_key, public_key, raw_public
from common.link.peer import Principal

MAX_SERIAL = 2**64 - 1


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


def is_by(certificate: bytes, authorities: frozenset[bytes]) -> bool:
    """Whether an OpenSSH certificate is signed by one of these raw Ed25519 keys, in its dates or not."""
    try:
        signed = asyncssh.import_certificate(certificate)  # its own signature is checked in this
    except (asyncssh.KeyImportError, ValueError):
        return False
    by = getattr(signed, "signing_key", None)  # an X.509 certificate has none
    return isinstance(by, asyncssh.SSHKey) and raw_public(by) in {*authorities}


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
