"""The dialling end of the SSH carrier (docs/spec/ssh.md §5)."""

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncssh

from common.domain.node import NodeId
from common.link import algorithms
from common.link.certificates import LinkIdentity
from common.link.channel import ClientSession, SshChannel
from common.link.errors import (
    BusyError,
    IncompatibleError,
    LineLostError,
    LinkError,
    PeerExpiredError,
    RefusedError,
    RenewalNeededError,
    UnreachableError,
    WrongPeerError,
)
from common.link.keys import public_key
from common.link.limits import CONNECT_SECONDS, KEEPALIVE_COUNT, KEEPALIVE_SECONDS, MAX_PACKET, WINDOW
from common.link.peer import ENROL_USER, ExpectedPeer, Way


async def connect(
    host: str, port: int, identity: LinkIdentity, expected: ExpectedPeer, way: Way = Way.SESSION
) -> SshChannel:
    """Dial a box, prove who it is, and open one subsystem there.

    Args:
        host: name or address; a hint and never an identity.
        port: TCP port.
        identity: this node's transport key and user certificate. To renew only the key is shown.
        expected: whom to reach.
        way: ``session`` or ``renew``.

    What goes wrong is a ``LinkError``, one kind for each who must act (see ``common.link.errors``).
    """
    shown = LinkIdentity(identity.principal, identity.seed) if way is Way.RENEW else identity
    options = {"username": str(identity.principal), "client_keys": shown.key_pairs(), **_trust(expected)}
    return await _dial(host, port, expected.node, way, options)


async def connect_to_enrol(host: str, port: int) -> SshChannel:
    """Dial a box as a stranger and open its ``enrol`` subsystem.

    Whoever answers is accepted: nothing is known yet but the fingerprint in the invitation. The enrolment
    letter is sealed to the hub certified under that fingerprint, so a wrong box learns nothing and can
    change nothing. What goes wrong is a ``LinkError``.
    """
    options = {
        "username": ENROL_USER,
        "client_keys": None,
        "known_hosts": None,
        "server_host_key_algs": [*algorithms.HOST_CERTIFICATE, *algorithms.HOST_KEY],
    }
    return await _dial(host, port, None, Way.ENROL, options)


def _trust(expected: ExpectedPeer) -> dict[str, Any]:
    revoked = [public_key(raw) for raw in expected.revoked]
    if expected.pinned is not None:
        trusted: tuple[Sequence[asyncssh.SSHKey], ...] = ([public_key(expected.pinned)], [], revoked)
        shown: tuple[str, ...] = algorithms.HOST_KEY
    else:
        trusted = ([], [public_key(raw) for raw in expected.authorities], revoked)
        # A bare key is never believed here; asking for it too turns an impostor into a named error.
        shown = algorithms.HOST_CERTIFICATE + algorithms.HOST_KEY
    return {"known_hosts": trusted, "host_key_alias": expected.name, "server_host_key_algs": list(shown)}


async def _dial(host: str, port: int, node: NodeId | None, way: Way, options: dict[str, Any]) -> SshChannel:
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            connection = await asyncssh.connect(host, port, config=None, **_FIXED, **options)
            return await _open(connection, node, way)
    except (OSError, asyncssh.Error) as error:
        raise _named(error, node, way) from error


async def _open(connection: asyncssh.SSHClientConnection, node: NodeId | None, way: Way) -> SshChannel:
    channel = SshChannel(node)
    opened = False
    try:
        await connection.create_session(
            lambda: ClientSession(channel),
            subsystem=way.subsystem,
            encoding=None,
            window=WINDOW,
            max_pktsize=MAX_PACKET,
        )
        channel.owns(connection)
        opened = True
    finally:
        if not opened:
            connection.abort()
    return channel


def _named(error: OSError | asyncssh.Error, node: NodeId | None, way: Way) -> LinkError:
    """Return the named error for what the SSH library said."""
    kind: type[LinkError] = UnreachableError
    if isinstance(error, asyncssh.HostKeyNotVerifiable):
        # The library tells an expired certificate from a foreign one only by its words.
        dated = "expired" in error.reason or "not yet valid" in error.reason
        kind = PeerExpiredError if dated else WrongPeerError
    elif isinstance(error, asyncssh.PermissionDenied):
        kind = RefusedError
    elif isinstance(error, asyncssh.KeyExchangeFailed | asyncssh.ProtocolNotSupported):
        kind = IncompatibleError
    elif isinstance(error, asyncssh.ChannelOpenError):
        kind = _refused_channel(error, way)
    elif isinstance(error, asyncssh.Error | ConnectionResetError | ConnectionAbortedError | BrokenPipeError):
        kind = LineLostError  # somebody answered, then hung up
    return kind(node, f"{type(error).__name__}: {error}")


def _refused_channel(error: asyncssh.ChannelOpenError, way: Way) -> type[LinkError]:
    if error.code == asyncssh.OPEN_RESOURCE_SHORTAGE:
        return BusyError
    if error.code == asyncssh.OPEN_ADMINISTRATIVELY_PROHIBITED or way is not Way.SESSION:
        return RefusedError
    return RenewalNeededError


_FIXED: dict[str, Any] = {
    "client_version": "Jiujin",
    "kex_algs": algorithms.KEY_EXCHANGE,
    "encryption_algs": algorithms.CIPHERS,
    "mac_algs": algorithms.MACS,
    "compression_algs": algorithms.COMPRESSION,
    "signature_algs": algorithms.SIGNATURES,
    "x509_trusted_certs": None,
    "agent_path": None,
    "gss_host": None,
    "gss_kex": False,
    "gss_auth": False,
    "password_auth": False,
    "kbdint_auth": False,
    "host_based_auth": False,
    "preferred_auth": "publickey",
    "keepalive_interval": KEEPALIVE_SECONDS,
    "keepalive_count_max": KEEPALIVE_COUNT,
}
