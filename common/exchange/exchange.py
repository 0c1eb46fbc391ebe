"""The handle of a node's exchange: who it is, its databases, the keys that are open now."""

import asyncio
from dataclasses import dataclass, field

from common.casework.clock import NodeClock
from common.casework.desk import Desk
from common.casework.rules import load_rules
from common.crypto.keyring import LockedKeys, OpenKeys
from common.domain.audience import Audience
from common.domain.node import NodeId
from common.domain.routing import Seat
from common.exchange.network import Network, load_network
from common.journal.receipt import ReceiptException
from common.store import marks
from common.store.engine import Database
from common.store.files import ParcelFiles

GIGABYTE = 1024**3


@dataclass(frozen=True, slots=True)
class Quotas:
    """How much a node keeps; what is above waits at its sender (*later*).

    Attributes:
        parcels: bytes of all parcels together.
        attachment: bytes of the largest attachment taken in, sealed.
    """

    parcels: int = 20 * GIGABYTE
    attachment: int = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Unlocked:
    """What is there only after a helper's sign-in."""

    desk: Desk
    keys: LockedKeys


@dataclass(frozen=True, slots=True)
class Said:
    """What a node's own newest receipt says of a journal."""

    held: int
    applied: int
    applied_hash: bytes
    exceptions: tuple[ReceiptException, ...]
    safe: int = 0


@dataclass(slots=True)
class Exchange:
    """Everything exchange needs of its node; locked, it still carries and gives *held* receipts.

    Attributes:
        seat: who and where the node is.
        epoch: the node's current epoch, 16 bytes.
        generation: of the node's keys.
        open: the database that is not encrypted: parcels, heads, registry, receipts, ``public``.
        files: attachments, and parcels on their way in.
        clock: the device's clock, the desk's own.
        keys: transport and receipt key.
        network: replaced whole when ``public`` brought news.
        quotas: how much is kept.
        unlocked: desk and locked keys; None while the box is locked.
        said: own receipts' counter and content by journal key of the open database; a memory of what is in
            the table, good only for the receipt of that counter.
        obeyed: whether erasures ordered before this process began were looked for.
    """

    seat: Seat
    epoch: bytes
    generation: int
    open: Database
    files: ParcelFiles
    clock: NodeClock
    keys: OpenKeys
    network: Network
    quotas: Quotas = field(default_factory=Quotas)
    unlocked: Unlocked | None = None
    said: dict[int, tuple[int, Said]] = field(default_factory=dict)
    obeyed: bool = False
    sealing: asyncio.Lock = field(default_factory=asyncio.Lock)
    applying: asyncio.Lock = field(default_factory=asyncio.Lock)
    receipting: asyncio.Lock = field(default_factory=asyncio.Lock)
    clearing: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def node(self) -> NodeId:
        """The node's own id."""
        return self.seat.node

    @property
    def one_database(self) -> bool:
        """Whether vault and open database are one, as at the hub."""
        return self.unlocked is not None and self.unlocked.desk.vault is self.open

    def reads(self, audience: Audience) -> bool:
        """Whether this node is one of the readers; of ``public`` everybody is."""
        return audience.is_public or self.node in audience.readers(self.node.county)

    async def refresh(self) -> None:
        """Take network and rules anew from the open database, where this or another process changed them."""
        now = await self.open.read(marks.current)
        if now.get(marks.NETWORK, "") != self.network.mark:
            self.network = await load_network(self.open)
        unlocked = self.unlocked
        if unlocked is not None and now.get(marks.RULES, "") != unlocked.desk.rules.mark:
            unlocked.desk.rules = await load_rules(self.open)
