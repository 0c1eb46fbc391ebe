"""The project's own nodes for a measurement: real keys, certificates and databases, a real SSH server.

A county is built once; every round begins with a fresh copy of its closed files.
"""

import asyncio
import shutil
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from common.crypto.symmetric import random_bytes
from common.domain.audience import Audience
from common.domain.bodies.facts import HandedOver, Received
from common.domain.bodies.requests import Submitted
from common.domain.entries import FIRST_FENCE, FactPosition
from common.domain.kinds import KINDS
from common.domain.node import NodeId
from common.exchange.network import Network
from common.exchange.opening import entry_row
from common.exchange.report import SessionReport
from common.exchange.session import run_session
from common.journal.body import encode_body
from common.journal.chain import SALT_BYTES, chain, write_entry
from common.journal.entry import EntryHeader
from common.journal.ids import case_id_of
from common.link.certificates import (
    CertificateTerms,
    LinkIdentity,
    issue_host_certificate,
    issue_node_certificate,
)
from common.link.client import connect
from common.link.peer import ExpectedPeer, Peer, Principal, Standing
from common.link.server import LinkServer
from common.store import entries, journals, receipts
from common.store.engine import Tx
from common.sync.channel import Channel
from common.sync.greeting import Role
from tests.builders.cases import DAY, TOWNSHIP, VILLAGE
from tests.builders.county import Box, County, LocalClock, county
from tests.builders.desks import HandClock

_AT_ONCE = 500
Beside = Callable[[Box, asyncio.Event], Coroutine[Any, Any, None]]
"""What runs beside a node that serves."""


@dataclass(frozen=True)
class Land:
    """A county's closed files and the keys to open them.

    Attributes:
        folder: one folder a node.
        made: what the builder made; its databases are closed.
        networks: what each node knows of the others.
    """

    folder: Path
    made: County
    networks: dict[NodeId, Network]

    def copy(self, folder: Path) -> "Land":
        """Return it once more in a folder that is not there yet."""
        shutil.copytree(self.folder, folder)
        return Land(folder, self.made, self.networks)

    async def open(self, node: NodeId, *, locked: bool = False) -> Box:
        """Return a node with its databases open."""
        known = self.made.boxes[node]
        clock = LocalClock(HandClock(self.made.clock.at))
        box = Box(
            self.folder / str(node), known.seat, known.epoch, known.keys, clock, vault_key=known.vault_key
        )
        await box.open(self.networks[node])
        await box.exchange.refresh()
        if locked:
            box.lock()
        return box

    def identity(self, node: NodeId, *, host: bool) -> LinkIdentity:
        """Return what a node shows on the line."""
        keys, principal = self.made.boxes[node].keys, Principal(node, 1)
        now = datetime.now(UTC)
        terms = CertificateTerms(principal, node.number, now - timedelta(days=1), now + timedelta(days=30))
        issue = issue_host_certificate if host else issue_node_certificate
        authority = self.made.authority.ssh_authority.seed()
        return LinkIdentity(
            principal, keys.transport.seed(), issue(authority, keys.public().transport, terms)
        )

    @property
    def authorities(self) -> frozenset[bytes]:
        """Whose certificates are believed on the line."""
        return frozenset({self.made.authority.ssh_authority.public()})

    async def serve(
        self,
        node: NodeId,
        say: Callable[[int], None],
        stopped: asyncio.Event,
        *,
        locked: bool = False,
        beside: Beside | None = None,
    ) -> None:
        """Serve sessions on a free port of loopback, told to ``say``, until ``stopped``.

        Args:
            node: who serves.
            say: is told the port.
            stopped: ends it.
            locked: nothing is opened here.
            beside: runs meanwhile and is cancelled at the end; its event is set by every session.
        """
        box, served = await self.open(node, locked=locked), asyncio.Event()

        async def handle(peer: Peer, channel: Channel) -> None:
            if peer.node is not None:
                await run_session(box.exchange, channel, Role.ANSWERER, peer.node)
                served.set()

        async def standing(node: NodeId, generation: int) -> Standing:
            cert = box.exchange.network.signer(node, generation)
            return Standing(admitted=cert is not None, transport_key=cert.transport if cert else None)

        server = LinkServer(self.identity(node, host=True), self.authorities, standing, handle)
        await server.listen("127.0.0.1", 0)
        say(server.port)
        more = asyncio.create_task(beside(box, served)) if beside else None
        await stopped.wait()
        if more is not None:
            more.cancel()
            await asyncio.gather(more, return_exceptions=True)
        await server.close()
        await box.close()

    async def dial(self, box: Box, upper: NodeId, port: int) -> SessionReport:
        """Run one session of an open node with the one that serves on ``port``.

        Raises:
            RuntimeError: it did not finish.
        """
        expected = ExpectedPeer(upper, self.authorities)
        channel = await connect("127.0.0.1", port, self.identity(box.node, host=False), expected)
        report = await run_session(box.exchange, channel, Role.DIALER, upper)
        if not report.finished or report.refused or report.put_off or report.declined:
            raise RuntimeError(f"a session did not do its work: {report}")
        return report


async def build(folder: Path, villages: Sequence[NodeId] = (VILLAGE,)) -> Land:
    """Return a county in which everybody knows everybody and ``public`` has reached all."""
    await asyncio.to_thread(folder.mkdir, parents=True)
    async with county(folder, villages) as made:
        await made.settle()
        networks = {node: box.exchange.network for node, box in made.boxes.items()}
    return Land(folder, made, networks)


async def insist_on_receipt(box: Box, audience: Audience, receiver: NodeId, *, applied: bool) -> None:
    """Insist (``RuntimeError``) that the receiver's receipts name the last number of each of its journals."""

    async def read(tx: Tx) -> None:
        heads = await journals.heads(tx, audiences=[str(audience)])
        for head in (one for one in heads if one.writer != str(receiver)):
            receipt = await receipts.newest(tx, head.id, str(receiver))
            held, done = (receipt.held_number, receipt.applied_number) if receipt else (0, 0)
            if held != head.held_number or (applied and done != held):
                raise RuntimeError(f"of {head.held_number} entries {held} are held and {done} applied")

    await box.exchange.open.read(read)


async def write(box: Box, audience: Audience, cases: Iterable[Submitted], *, whole: bool) -> None:
    """Write cases into a node's own journal as if taken in; ``whole``: received and handed over too."""
    batch: list[Submitted] = []
    for case in cases:
        batch.append(case)
        if len(batch) == _AT_ONCE:
            await box.vault.write(_writing(box, audience, batch, whole=whole))
            batch = []
    if batch:
        await box.vault.write(_writing(box, audience, batch, whole=whole))


def _writing(box: Box, audience: Audience, cases: Sequence[Submitted], *, whole: bool) -> Callable[[Tx], Any]:
    desk, journal = box.desk, box.desk.journal(audience)

    async def work(tx: Tx) -> None:
        digest = journal.digest()
        await journals.get_or_create(tx, digest, str(box.node), box.epoch, str(audience))
        head = await journals.head_for_update(tx, digest)
        number, chained, rows = head.applied_number, head.applied_hash, []
        for case in cases:
            salt, now = random_bytes(SALT_BYTES), desk.clock.now()
            case_id = case_id_of(digest, salt, now)
            bodies: list[tuple[str, object]] = [("submitted", case)]
            if whole:
                bodies += [("received", Received(DAY, lawful=False, by=case.taken_by))]
                bodies += [("handed_over", HandedOver(str(TOWNSHIP), DAY, case.taken_by))]
            for place, (kind, body) in enumerate(bodies):
                at = FactPosition(FIRST_FENCE, place)
                header = EntryHeader(KINDS[kind].entry_class, kind, case_id, now, desk.clock.reading, at)
                entry = write_entry(
                    header, encode_body(body), salt if not place else random_bytes(SALT_BYTES)
                )
                number, chained = number + 1, chain(chained, entry)
                rows.append(entry_row(journal, head.id, number, entry, chained))
        await entries.insert_run(tx, rows)
        await journals.set_written(tx, head.id, number, chained)

    return work
