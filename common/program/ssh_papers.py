"""The OpenSSH certificates that go with a node's certificate (docs/spec/ssh.md §3)."""

from datetime import datetime, timedelta

from common.crypto.certificates import HubCertificate, NodeCertificate
from common.domain.node import Tier
from common.exchange.standing import SshCertificates
from common.link.certificates import CertificateTerms, issue_host_certificate, issue_node_certificate
from common.link.peer import Principal

_HUB_VALIDITY = timedelta(days=365)
_BACKDATED = timedelta(days=1)


def node_papers(authority_seed: bytes, cert: NodeCertificate) -> SshCertificates:
    """Return the user certificate of a node, and a township's host certificate."""
    terms = CertificateTerms(
        Principal(cert.node, cert.generation), cert.serial, cert.valid_from, cert.valid_until
    )
    host = (
        issue_host_certificate(authority_seed, cert.transport, terms) if cert.tier is Tier.TOWNSHIP else b""
    )
    return SshCertificates(issue_node_certificate(authority_seed, cert.transport, terms), host)


def hub_papers(authority_seed: bytes, cert: HubCertificate, now: datetime) -> SshCertificates:
    """Return the hub's host certificate, made anew at every start: it dials nobody."""
    terms = CertificateTerms(Principal(cert.node, cert.generation), 0, now - _BACKDATED, now + _HUB_VALIDITY)
    return SshCertificates(b"", issue_host_certificate(authority_seed, cert.transport, terms))
