"""A county in one process: real keys, certificates and files; only line and clock are a test's."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from common.casework.clock import NodeClock
from common.casework.desk import Desk
from common.casework.rules import load_rules
from common.casework.writing import append
from common.crypto.certificates import HubCertificate, NodeCertificate, issue
from common.crypto.keyring import AuthorityKeys, NodeKeys
from common.crypto.root import CountyRoot
from common.domain.audience import PUBLIC
from common.domain.bodies.hub import NodeCertified, NodeRevoked
from common.domain.node import NodeId, Tier
from common.domain.routing import Seat
from common.exchange.epochs import RESTORED, enter_epoch, leave_epoch
from common.exchange.exchange import Exchange, Unlocked
from common.exchange.hub_epoch import sign_next_epoch
from common.exchange.network import Network, admit, pin
from common.exchange.report import SessionReport
from common.exchange.session import run_session
from common.exchange.standing import Identity, identity, keep_identity
from common.store import registry
from common.store.engine import Database, Tx
from common.store.files import ParcelFiles
from common.store.rows import RevocationRow
from common.sync.greeting import Role
from common.sync.limits import Limits
from tests.builders.cases import DAY, HUB, TOWNSHIP, VILLAGE
from tests.builders.databases import fresh_database
from tests.builders.desks import HandClock, seat_of, with_catalogue
from tests.builders.lines import End, line

if TYPE_CHECKING:
    from tests.builders.postgres import Postgres

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
NEIGHBOUR = NodeId("130638-0418")
"""Another village of the same township."""


@dataclass
class LocalClock:
    """One box's clock: the county's time, off by as much as a test sets."""

    true: HandClock
    off: timedelta = timedelta()

    def __call__(self) -> datetime:
        return self.true() + self.off


@dataclass
class Box:
    """One node: its folder, keys and open databases."""

    folder: Path
    seat: Seat
    epoch: bytes
    keys: NodeKeys
    clock: LocalClock
    exchange: Exchange = field(init=False)
    vault: Database = field(init=False)
    vault_key: bytes | None = None
    urls: tuple[str, str] | None = None
    """Of the open database and the vault, where they are no files of the folder."""

    @property
    def node(self) -> NodeId:
        return self.seat.node

    @property
    def desk(self) -> Desk:
        """The desk; the box is unlocked."""
        assert self.exchange.unlocked is not None
        return self.exchange.unlocked.desk

    def lock(self) -> None:
        """Lock the box: signing and sealing keys and the vault are out of reach."""
        self.exchange.unlocked = None

    async def unlock(self) -> None:
        """Open the desk."""
        exchange = self.exchange
        desk = Desk(
            self.seat, self.epoch, self.vault, exchange.open, exchange.files, exchange.clock,
            await load_rules(exchange.open),
        )  # fmt: skip
        exchange.unlocked = Unlocked(desk, self.keys.split()[1])

    async def close(self) -> None:
        await self.exchange.open.close()
        await self.vault.close()

    async def open(self, network: Network) -> None:
        """Open the databases anew, as after the process was killed; nothing in memory remains."""
        self.vault = plain = await self._open_database(0)
        if self.vault_key is not None:
            self.vault = await self._open_database(1)
        self.exchange = Exchange(
            seat=self.seat,
            epoch=self.epoch,
            generation=1,
            open=plain,
            files=ParcelFiles(self.folder / "parcels"),
            clock=NodeClock(self.clock),
            keys=self.keys.split()[0],
            network=network,
        )
        await self.unlock()

    async def take_epoch(self) -> None:
        """Work in the epoch the open database names, as the program does at its start."""
        who = await self.exchange.open.read(identity)
        assert who is not None
        self.epoch = self.exchange.epoch = who.epoch
        await self.exchange.refresh()
        unlocked = Unlocked(replace(self.desk, epoch=who.epoch), self.keys.split()[1])
        await enter_epoch(self.exchange, unlocked)
        self.exchange.unlocked = unlocked

    async def begin_epoch(self, reason: str) -> None:
        """Write no more into the present epoch."""
        assert await self.exchange.open.write(lambda tx: leave_epoch(tx, reason)) is not None
        await self.take_epoch()

    async def _open_database(self, which: int) -> Database:
        if self.urls is not None:
            return await Database.open(self.urls[which])
        name = ("open.db", "vault.db")[which]
        return await Database.open(f"sqlite://{self.folder / name}", self.vault_key if which else None)

    async def beside(self) -> "Box":
        """Return the node once more, as another process on the same databases; the caller closes it."""
        box = Box(self.folder, self.seat, self.epoch, self.keys, self.clock, self.vault_key, self.urls)
        await box.open(self.exchange.network)
        return box

    async def restart(self) -> None:
        """Close everything and open it again from the disk."""
        locked = self.exchange.unlocked is None
        await self.close()
        await self.open(self.exchange.network)
        await self.exchange.refresh()
        if locked:
            self.lock()


@dataclass
class County:
    """Hub, townships and villages, each known to all that need it.

    Attributes:
        plain: no vault is encrypted, so that a test may look into the files.
    """

    folder: Path
    clock: HandClock = field(default_factory=HandClock)
    root: CountyRoot = field(default_factory=CountyRoot.create)
    authority: AuthorityKeys = field(default_factory=AuthorityKeys.generate)
    plain: bool = False
    boxes: dict[NodeId, Box] = field(default_factory=dict)
    certificates: dict[NodeId, bytes] = field(default_factory=dict)
    signed: list[bytes] = field(default_factory=list)
    """What the root's stick notes: every certificate of the hub it signed."""
    postgres: "Postgres | None" = None

    @property
    def hub(self) -> Box:
        return self.boxes[HUB]

    @property
    def township(self) -> Box:
        return self.boxes[TOWNSHIP]

    @property
    def village(self) -> Box:
        return self.boxes[VILLAGE]

    async def build(self, villages: Sequence[NodeId], strangers: Sequence[NodeId]) -> None:
        """Set up the hub with its catalogue, one township and villages; nobody knows ``strangers``."""
        for node in (HUB, TOWNSHIP, *villages, *strangers):
            await self._set_up(node)
        for box in self.boxes.values():
            known = [node for node in self.certificates if node not in strangers or node == box.node]
            box.exchange.network = await box.exchange.open.write(lambda tx, to=known: self._know(tx, to))  # type: ignore[misc]
            who = Identity(box.node, 1, box.epoch, self.root.public())
            await box.exchange.open.write(lambda tx, who=who: keep_identity(tx, who))  # type: ignore[misc]
        await self._publish()

    async def _set_up(self, node: NodeId) -> None:
        folder = self.folder / str(node)
        folder.mkdir()
        epoch = node.number.to_bytes(16, "big")
        key = None if node == HUB or self.plain else node.number.to_bytes(32, "big")
        box = Box(folder, seat_of(node), epoch, NodeKeys.generate(), LocalClock(self.clock), vault_key=key)
        if self.postgres is not None:
            first = 1 + 2 * len(self.boxes)
            box.urls = self.postgres.migrated(first), self.postgres.migrated(first + 1)
        else:
            await (await fresh_database(folder / "open.db")).close()
            if key is not None:
                await (await fresh_database(folder / "vault.db", key)).close()
        self.certificates[node] = self._certify(box)
        await box.open(Network(self.root.public()))
        self.boxes[node] = box

    def _certify(self, box: Box) -> bytes:
        public, seat = box.keys.public(), box.seat
        if seat.tier is Tier.COUNTY:
            return self.root.certify_hub(
                HubCertificate(
                    node=HUB, generation=1, epoch=box.epoch, order=1, name=seat.name,
                    signing=public.signing, sealing=public.sealing,
                    transport=public.transport, receipt=public.receipt,
                    authority=self.authority.authority.public(),
                    ssh_authority=self.authority.ssh_authority.public(), valid_from=SINCE,
                )
            )  # fmt: skip
        return issue(
            self.authority.authority,
            NodeCertificate(
                node=box.node, generation=1, tier=seat.tier, name=seat.name,
                parent=seat.township or HUB, divisions=seat.divisions,
                signing=public.signing, sealing=public.sealing,
                transport=public.transport, receipt=public.receipt,
                valid_from=SINCE, valid_until=SINCE + timedelta(days=3650), serial=box.node.number,
            ),
        )  # fmt: skip

    async def _know(self, tx: Tx, nodes: Sequence[NodeId]) -> Network:
        network = await pin(tx, self.root.public(), self.certificates[HUB])
        for node in nodes:
            if node != HUB:
                network = await admit(tx, network, self.certificates[node])
        return network

    async def _publish(self) -> None:
        await with_catalogue(self.hub.desk)

    async def copy(self, folder: Path) -> "County":
        """Return this county once more, from copies of its closed files in a folder that is not there yet."""
        await asyncio.to_thread(shutil.copytree, self.folder, folder)
        land = County(
            folder, HandClock(self.clock.at), self.root, self.authority,
            certificates=self.certificates, signed=list(self.signed),
        )  # fmt: skip
        for node, box in self.boxes.items():
            clock = LocalClock(land.clock, box.clock.off)
            copied = Box(folder / str(node), box.seat, box.epoch, box.keys, clock, vault_key=box.vault_key)
            await copied.open(box.exchange.network)
            await copied.exchange.refresh()
            land.boxes[node] = copied
        return land

    def note(self, certificate: bytes) -> None:
        """Note on the root's stick what it signed."""
        if certificate not in self.signed:
            self.signed.append(certificate)

    async def put_back(self, node: NodeId, copy: Path) -> Box:
        """Put a copy of a box's closed files in their place, as a disk of yesterday; nothing else is done."""
        box = self.boxes[node]
        await box.close()
        await asyncio.to_thread(shutil.rmtree, box.folder)
        await asyncio.to_thread(shutil.copytree, copy, box.folder)
        await box.open(Network(self.root.public()))
        who = await box.exchange.open.read(identity)
        assert who is not None
        box.epoch = box.exchange.epoch = who.epoch
        await box.exchange.refresh()
        await box.unlock()
        return box

    async def restore(self, node: NodeId, copy: Path) -> Box:
        """Restore a box from a copy of its files, as the program does: in a new epoch before it writes."""
        box = await self.put_back(node, copy)
        if node == HUB:
            await sign_next_epoch(box.exchange, self.root, list(self.signed), self.note)
            await box.take_epoch()
        else:
            await box.begin_epoch(RESTORED)
        return box

    async def keep_copy(self, node: NodeId, folder: Path) -> Path:
        """Return a copy of a box's files, which is closed for it."""
        box = self.boxes[node]
        locked = box.exchange.unlocked is None
        await box.close()
        await asyncio.to_thread(shutil.copytree, box.folder, folder)
        await box.open(box.exchange.network)
        if locked:
            box.lock()
        return folder

    async def certify(self, node: NodeId) -> None:
        """Let the hub publish a node's certificate."""
        body = NodeCertified(str(node), 1, self.certificates[node].hex())

        async def work(tx: Tx) -> None:
            await append(tx, self.hub.desk, PUBLIC, "node_certified", body)
            await admit(tx, self.hub.exchange.network, self.certificates[node])

        await self.hub.desk.vault.write(work)
        await self.hub.exchange.refresh()

    async def revoke(self, node: NodeId) -> None:
        """Let the hub revoke a node's keys, publicly."""
        now = int(self.clock.at.timestamp() * 1000)

        async def work(tx: Tx) -> None:
            body = NodeRevoked(str(node), 1, "stolen", DAY)
            await append(tx, self.hub.desk, PUBLIC, "node_revoked", body)
            await registry.revoke(tx, RevocationRow(str(node), 1, now, b""))

        await self.hub.desk.vault.write(work)
        await self.hub.exchange.refresh()

    async def meet(
        self,
        lower: Box,
        upper: Box,
        *,
        dies_after: int | None = None,
        seed: int = 0,
        ends: tuple[End, End] | None = None,
    ) -> tuple[SessionReport, SessionReport]:
        """Run one session between two boxes, over ``ends`` or a line made for it, and return both reports."""
        one, two = ends or line(dies_after, seed)
        return await asyncio.gather(
            run_session(lower.exchange, one, Role.DIALER, upper.node, limits=Limits()),
            run_session(upper.exchange, two, Role.ANSWERER, lower.node, limits=Limits()),
        )

    async def settle(self, rounds: int = 3) -> None:
        """Let every village meet the township and the township the hub until nothing new is left."""
        for _ in range(rounds):
            for box in self.boxes.values():
                if box.seat.tier is Tier.VILLAGE:
                    await self.meet(box, self.township)
            await self.meet(self.township, self.hub)
        for box in self.boxes.values():
            if box.seat.tier is Tier.VILLAGE:
                await self.meet(box, self.township)

    async def close(self) -> None:
        for box in self.boxes.values():
            await box.close()


@asynccontextmanager
async def county(
    folder: Path,
    villages: Sequence[NodeId] = (VILLAGE,),
    strangers: Sequence[NodeId] = (),
    *,
    plain: bool = False,
    postgres: "Postgres | None" = None,
) -> AsyncIterator[County]:
    """Build a county on fresh files, or on databases of a server, and close it at the end."""
    built = County(folder, plain=plain, postgres=postgres)
    try:
        await built.build(villages, strangers)
        yield built
    finally:
        await built.close()
