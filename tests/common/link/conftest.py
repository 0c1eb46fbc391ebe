"""A hub that listens on loopback by either carrier, the keys of a county, and the real OpenSSH client."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from common.domain.node import NodeId
from common.link import client as ssh_client
from common.link.address import Address
from common.link.certificates import (
    CertificateTerms,
    LinkIdentity,
    issue_host_certificate,
    issue_node_certificate,
)
from common.link.keys import private_key, public_text, raw_public
from common.link.limits import ServerLimits
from common.link.peer import REFUSED, Carrier, ExpectedPeer, Handler, Peer, Principal, Standing, Way
from common.link.server import LinkServer
from common.link.websocket import client as websocket_client
from common.link.websocket.server import WebSocketServer
from common.sync.channel import Channel

HUB = Principal(NodeId("130638-0001"), 1)
VILLAGE = Principal(NodeId("130638-0417"), 1)
OTHER = Principal(NodeId("130638-0418"), 1)


def raw(seed: bytes) -> bytes:
    found = raw_public(private_key(seed))
    assert found is not None
    return found


def terms(principal: Principal, *, days: int = 30, starts: int = -1) -> CertificateTerms:
    today = datetime.now(UTC)
    return CertificateTerms(principal, 7, today + timedelta(days=starts), today + timedelta(days=days))


@dataclass
class County:
    """Keys of a county, its registry, and what the hub's handler saw."""

    authority: bytes = bytes(range(32))
    registry: dict[Principal, Standing] = field(default_factory=dict)
    asked: list[Principal] = field(default_factory=list)
    seen: list[Peer] = field(default_factory=list)
    dates_trusted: bool = True

    def seed(self, principal: Principal) -> bytes:
        return bytes([principal.node.number % 251, principal.generation]) * 16

    def node(self, principal: Principal, *, days: int = 30, authority: bytes | None = None) -> LinkIdentity:
        seed = self.seed(principal)
        issued = terms(principal, days=days, starts=min(-1, days - 1))
        return LinkIdentity(
            principal, seed, issue_node_certificate(authority or self.authority, raw(seed), issued)
        )

    def box(self, principal: Principal, *, days: int = 30, authority: bytes | None = None) -> LinkIdentity:
        seed = self.seed(principal)
        issued = terms(principal, days=days, starts=min(-1, days - 1))
        return LinkIdentity(
            principal, seed, issue_host_certificate(authority or self.authority, raw(seed), issued)
        )

    def expected(self, principal: Principal = HUB) -> ExpectedPeer:
        return ExpectedPeer(principal.node, frozenset({raw(self.authority)}))

    async def standing(self, node: NodeId, generation: int) -> Standing:
        self.asked.append(Principal(node, generation))
        return self.registry.get(Principal(node, generation), REFUSED)

    async def echo(self, peer: Peer, channel: Channel) -> None:
        self.seen.append(peer)
        await channel.write(f"{peer.way} {peer.principal}\n".encode())
        while data := await channel.read():
            await channel.write(data)


Server = LinkServer | WebSocketServer
Serve = Callable[..., Awaitable[LinkServer]]


@pytest.fixture
def county() -> County:
    made = County()
    for principal in (VILLAGE, OTHER):
        made.registry[principal] = Standing(admitted=True, transport_key=raw(made.seed(principal)))
    return made


class Road:
    """One of the carriers, in words that both have."""

    def __init__(self, carrier: Carrier, county: County) -> None:
        self.carrier, self.county = carrier, county
        self.servers: list[Server] = []

    async def serve(
        self,
        handler: Handler | None = None,
        *,
        identity: LinkIdentity | None = None,
        limits: ServerLimits | None = None,
        host: str = "127.0.0.1",
    ) -> Server:
        """Start a server of the county on a free port."""
        kind = LinkServer if self.carrier is Carrier.SSH else WebSocketServer
        county = self.county
        server = kind(
            identity or county.box(HUB),
            {raw(county.authority)},
            county.standing,
            handler or county.echo,
            limits=limits,
            dates_trusted=lambda: county.dates_trusted,
        )
        await server.listen(host, 0)
        self.servers.append(server)
        return server

    async def connect(
        self,
        port: int,
        identity: LinkIdentity,
        expected: ExpectedPeer | None = None,
        way: Way = Way.SESSION,
    ) -> Channel:
        """Dial a port of loopback."""
        expected = expected or self.county.expected()
        if self.carrier is Carrier.SSH:
            return await ssh_client.connect("127.0.0.1", port, identity, expected, way)
        return await websocket_client.connect(self.address(port), identity, expected, way)

    async def enrol(self, port: int) -> Channel:
        """Dial as a stranger."""
        if self.carrier is Carrier.SSH:
            return await ssh_client.connect_to_enrol("127.0.0.1", port)
        return await websocket_client.connect_to_enrol(self.address(port))

    def address(self, port: int) -> Address:
        """Return the address of a port of loopback."""
        return Address(self.carrier, "127.0.0.1", port)

    async def close(self) -> None:
        """Close every server."""
        for server in self.servers:
            await server.close()


@pytest.fixture(params=list(Carrier))
async def road(request: pytest.FixtureRequest, county: County) -> AsyncIterator[Road]:
    """Each carrier in turn."""
    made = Road(request.param, county)
    yield made
    await made.close()


@pytest.fixture
async def serve(county: County) -> AsyncIterator[Serve]:
    """Return what starts an SSH server of the county on a free port of loopback."""
    made = Road(Carrier.SSH, county)
    yield made.serve  # type: ignore[misc] # the road is SSH, so is the server
    await made.close()


@pytest.fixture
async def wss(county: County) -> AsyncIterator[Road]:
    """The WebSocket carrier alone."""
    made = Road(Carrier.WEBSOCKET, county)
    yield made
    await made.close()


@dataclass
class Said:
    """What the OpenSSH client gave back."""

    code: int
    out: bytes
    err: str


@dataclass
class OpenSsh:
    """The real ``ssh``, with nothing of the machine's own configuration."""

    folder: Path
    county: County

    def options(self, identity: LinkIdentity | None) -> list[str]:
        known = self.folder / "known_hosts"
        known.write_text(f"@cert-authority * {public_text(raw(self.county.authority))}\n")
        said = {
            "BatchMode": "yes",
            "IdentitiesOnly": "yes",
            "IdentityAgent": "none",
            "StrictHostKeyChecking": "yes",
            "GlobalKnownHostsFile": "/dev/null",
            "UserKnownHostsFile": str(known),
            "HostKeyAlias": str(HUB),
            "HostKeyAlgorithms": "ssh-ed25519-cert-v01@openssh.com",
            "ConnectTimeout": "20",
        }
        if identity is not None:
            key = self.folder / "key"
            key.touch(mode=0o600)
            key.write_bytes(private_key(identity.seed).export_private_key("openssh"))
            said["IdentityFile"] = str(key)
            if identity.certificate is not None:
                certificate = self.folder / "key-cert.pub"
                certificate.write_bytes(identity.certificate)
                said["CertificateFile"] = str(certificate)
        else:
            said["IdentityFile"] = "none"
        return [part for name, value in said.items() for part in ("-o", f"{name}={value}")]

    async def run(
        self, server: LinkServer, user: str, identity: LinkIdentity | None, *args: str, data: bytes = b""
    ) -> Said:
        program = shutil.which("ssh")
        assert program, "these tests need the OpenSSH client: apt-get install openssh-client"
        whole = ["-F", "/dev/null", "-p", str(server.port), *self.options(identity), "-l", user, *args]
        process = await asyncio.create_subprocess_exec(
            program,
            *whole,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate(data)
        assert process.returncode is not None
        return Said(process.returncode, out, err.decode())

    async def subsystem(
        self, server: LinkServer, user: str, identity: LinkIdentity | None, name: str, data: bytes = b"hello"
    ) -> Said:
        return await self.run(server, user, identity, "-s", "127.0.0.1", name, data=data)


@pytest.fixture
def openssh(tmp_path: Path, county: County) -> OpenSsh:
    return OpenSsh(tmp_path, county)
