"""Lines to other nodes: who is let in, what is done with each way, and how the upper node is dialled."""

import logging
from collections.abc import Callable
from dataclasses import replace

from common.domain.log import event
from common.domain.node import NodeId
from common.exchange.enrolment import introduction_of
from common.exchange.letters import LetterBox, serve_letters
from common.exchange.letters_line import LetterLine
from common.exchange.report import SessionReport
from common.exchange.session import run_session
from common.exchange.standing import ssh_certificates
from common.link.certificates import LinkIdentity
from common.link.channel import SshChannel
from common.link.client import ExpectedPeer, connect
from common.link.errors import LinkError, PeerExpiredError, UnreachableError
from common.link.peer import REFUSED, Peer, Principal, Standing, Way
from common.link.server import LinkServer
from common.program.clock_trust import dates_trusted
from common.program.house import House, NotEnrolledYetError
from common.program.house_epochs import leave_rolled_back
from common.program.settings import host_port
from common.store import settings
from common.store.errors import StoreError
from common.sync.channel import Channel
from common.sync.greeting import Role
from common.web.metrics import Meters

_UPPER = "upper_address"
_log = logging.getLogger(__name__)


class Lines:
    """Everything of a house that listens or dials."""

    def __init__(self, house: House, kick: Callable[[], None]) -> None:
        """Take the house, and what starts a round of its keeper."""
        self._house, self._kick = house, kick
        self.letters = LetterBox(house.opened, house.clock, kick)
        self.meters = Meters()
        self._server: LinkServer | None = None

    @property
    def listening(self) -> bool:
        """Whether lower nodes are heard."""
        return self._server is not None

    async def listen(self, host: str, port: int) -> int:
        """Listen for lower nodes and return the port; an address in use is an ``OSError``."""
        server = LinkServer(
            await self._identity(host_certificate=True),
            self._authorities(),
            self._standing,
            self._handle,
            dates_trusted=lambda: dates_trusted(self._house.clock),
        )
        await server.listen(host, port)
        self._server = server
        return server.port

    async def close(self) -> None:
        """Stop listening and drop every line."""
        if self._server is not None:
            await self._server.close()

    async def renewed(self) -> None:
        """Show the certificate this node has now, on lines opened from now on."""
        if self._server is not None:
            self._server.renew(await self._identity(host_certificate=True), self._authorities())

    def expel_revoked(self) -> None:
        """Cut the open lines of nodes that are revoked by now."""
        if self._server is not None:
            _, exchange = self._house.enrolled()
            for principal in self._server.inside:
                if exchange.network.revoked(principal.node, principal.generation):
                    self._server.expel(principal)

    async def session(self) -> None:
        """Dial the upper node and exchange what is new; what goes wrong is a ``LinkError``."""
        _, exchange = self._house.enrolled()
        upper = self.upper()
        channel = await self._dial(upper, Way.SESSION)
        try:
            report = await run_session(exchange, channel, Role.DIALER, upper)
        finally:
            await channel.close()
        await self._after(report)

    async def _after(self, report: SessionReport) -> None:
        """Whoever is told of entries of its own that it does not have was rolled back: a new epoch begins."""
        self.meters.session(report.ending.name.lower(), report.received, report.sent)
        event(
            _log,
            logging.INFO,
            "session_ended",
            peer=str(report.peer),
            ending=report.ending.name.lower(),
            received=report.received,
            sent=report.sent,
            parcels=report.parcels_in,
            receipts=report.receipts_in,
            refused=len(report.refused),
            put_off=len(report.put_off),
            forks=len(report.forks),
            fault=report.fault or None,
        )
        if report.rolled_back:
            event(_log, logging.WARNING, "rolled_back", peer=str(report.peer))
            await leave_rolled_back(self._house)

    async def carry_letters(self) -> None:
        """Hand letters that wait here on to the upper node; what goes wrong is a ``LinkError``."""
        if not await self.letters.waiting():
            return
        channel = await self._dial(self.upper(), Way.RENEW)
        try:
            await self.letters.carry(LetterLine(channel))
        finally:
            await channel.close()

    async def letter_line(self) -> tuple[LetterLine, Channel]:
        """Dial the upper node for a renewal; the caller closes the channel."""
        channel = await self._dial(self.upper(), Way.RENEW)
        return LetterLine(channel), channel

    def upper(self) -> NodeId:
        """Return the node that is dialled: a village's township, a township's hub.

        Raises:
            NotEnrolledYetError: this node is not enrolled.
        """
        seat = self._house.seat
        if seat is None:
            raise NotEnrolledYetError
        return seat.township or seat.node.hub()

    async def _dial(self, node: NodeId, way: Way) -> Channel:
        addresses = await upper_addresses(self._house)
        expected = self._expected(node)
        identity = await self._identity(host_certificate=False)
        failed: LinkError = UnreachableError(node, "no address of the upper node is known")
        for address in addresses:
            try:
                return await self._reach(address, identity, expected, way)
            except LinkError as error:
                failed = error
        raise failed

    async def _reach(
        self, address: str, identity: LinkIdentity, expected: ExpectedPeer, way: Way
    ) -> SshChannel:
        """Dial one address; while the clock is unmeasured its judgement of dates is not the last word.

        Raises:
            PeerExpiredError: the box's certificate is out of its dates by a clock that was measured.
        """
        host, port = host_port(address)
        clock, pinned = self._house.clock, self._pinned(expected)
        if not dates_trusted(clock):
            return await connect(host, port, identity, pinned, way)
        try:
            return await connect(host, port, identity, expected, way)
        except PeerExpiredError:
            if clock.reading.offset_ms is not None or pinned.pinned is None:
                raise
            return await connect(host, port, identity, pinned, way)

    def _pinned(self, expected: ExpectedPeer) -> ExpectedPeer:
        _, exchange = self._house.enrolled()
        cert = exchange.network.current(expected.node)
        return replace(expected, pinned=cert.transport) if cert is not None else expected

    def _expected(self, node: NodeId) -> ExpectedPeer:
        _, exchange = self._house.enrolled()
        network = exchange.network
        revoked = frozenset(
            cert.transport
            for (who, generation), cert in network.certificates.items()
            if who == node and network.revoked(who, generation)
        )
        return ExpectedPeer(node, self._authorities(), revoked=revoked)

    async def _identity(self, *, host_certificate: bool) -> LinkIdentity:
        who, _ = self._house.enrolled()
        kept = await self._house.opened.read(ssh_certificates)
        shown = kept.host if host_certificate else kept.user
        return LinkIdentity(
            Principal(who.node, who.generation), self._house.open_keys.transport.seed(), shown or None
        )

    def _authorities(self) -> frozenset[bytes]:
        _, exchange = self._house.enrolled()
        return frozenset(cert.ssh_authority for cert in exchange.network.hubs())

    async def _standing(self, node: NodeId, generation: int) -> Standing:
        """Say what the registry knows; a township also takes the certificate of a node it never heard of."""
        who, exchange = self._house.enrolled()
        await exchange.refresh()  # another process may have let it in or revoked it
        network = exchange.network
        cert = network.signer(node, generation)
        if node == who.node or network.revoked(node, generation):
            return REFUSED
        if cert is None:
            return Standing(admitted=not who.node.is_hub)
        return Standing(admitted=True, transport_key=cert.transport)

    async def _handle(self, peer: Peer, channel: Channel) -> None:
        who, exchange = self._house.enrolled()
        if peer.way is Way.SESSION and peer.node is not None:
            event(_log, logging.INFO, "session_began", peer=str(peer.node))
            try:
                await self._after(await run_session(exchange, channel, Role.ANSWERER, peer.node))
            except StoreError as error:
                event(_log, logging.ERROR, "session_unfinished", peer=str(peer.node), error=error)
            self._kick()
            return
        hub = await self._house.hub_certificate()
        if hub is None:
            raise NotEnrolledYetError
        registrar = self._house.registrar
        if who.node.is_hub and registrar is not None:
            await serve_letters(LetterLine(channel), registrar.introduction(), registrar.take)
            await exchange.refresh()
            self._kick()
        else:
            await serve_letters(LetterLine(channel), introduction_of(who, hub), self.letters.take)


async def upper_addresses(house: House) -> tuple[str, ...]:
    """Return where the upper node is dialled: the settings', else the one it was enrolled through."""
    if house.settings.upper:
        return house.settings.upper
    kept = await house.opened.read(lambda tx: settings.get(tx, _UPPER, ""))
    return (kept,) if kept else ()


async def keep_upper_address(house: House, address: str) -> None:
    """Keep where the upper node was found."""
    await house.opened.write(lambda tx: settings.put(tx, _UPPER, address))
