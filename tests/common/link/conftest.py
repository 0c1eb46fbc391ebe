"""A hub that listens on loopback, the keys of a county, and the real OpenSSH client."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from common.domain.node import NodeId
from common.link.certificates import (
    CertificateTerms,
    LinkIdentity,
    issue_host_certificate,
    issue_node_certificate,
)
from common.link.client import ExpectedPeer
from common.link.keys import private_key, public_text, raw_public
from common.link.limits import ServerLimits
from common.link.peer import REFUSED, Peer, Principal, Standing
from common.link.server import Handler, LinkServer
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


Serve = Callable[..., Awaitable[LinkServer]]


@pytest.fixture
def county() -> County:
    made = County()
    for principal in (VILLAGE, OTHER):
        made.registry[principal] = Standing(admitted=True, transport_key=raw(made.seed(principal)))
    return made


@pytest.fixture
async def serve(county: County) -> AsyncIterator[Serve]:
    """Return what starts a server of the county on a free port of loopback."""
    servers: list[LinkServer] = []

    async def start(
        handler: Handler | None = None,
        *,
        identity: LinkIdentity | None = None,
        limits: ServerLimits | None = None,
    ) -> LinkServer:
        server = LinkServer(
            identity or county.box(HUB),
            {raw(county.authority)},
            county.standing,
            handler or county.echo,
            limits=limits,
            dates_trusted=lambda: county.dates_trusted,
        )
        await server.listen("127.0.0.1", 0)
        servers.append(server)
        return server

    yield start
    for server in servers:
        await server.close()


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
