"""Lines to other nodes: who is let in, what is done with each way, and sessions with the upper node."""

import logging
from collections.abc import Callable

from common.domain.log import event
from common.domain.node import NodeId
from common.exchange.contacts import note_route
from common.exchange.enrolment import introduction_of
from common.exchange.letters import LetterBox, serve_letters
from common.exchange.letters_line import LetterLine
from common.exchange.report import SessionReport
from common.exchange.session import run_session
from common.link.peer import REFUSED, Carrier, Peer, Standing, Way
from common.link.server import LinkServer
from common.link.websocket.server import WebSocketServer
from common.program.clock_trust import dates_trusted
from common.program.dialler import Dialler, Route, link_identity, ssh_authorities, upper_node
from common.program.house import House, NotEnrolledYetError
from common.program.house_epochs import leave_rolled_back
from common.store.errors import StoreError
from common.sync.channel import Channel
from common.sync.greeting import Role
from common.web.metrics import Meters

_log = logging.getLogger(__name__)


class Lines:
    """Everything of a house that listens or dials."""

    def __init__(self, house: House, kick: Callable[[], None]) -> None:
        """Take the house, and what starts a round of its keeper."""
        self._house, self._kick = house, kick
        self.letters = LetterBox(house.opened, house.clock, kick)
        self.meters = Meters()
        self._dialler = Dialler(house)
        self._servers: dict[Carrier, LinkServer | WebSocketServer] = {}

    @property
    def ports(self) -> dict[Carrier, int]:
        """Where lower nodes are heard."""
        return {carrier: server.port for carrier, server in self._servers.items()}

    async def listen(self, carrier: Carrier, host: str, port: int) -> int:
        """Listen for lower nodes and return the port; an address in use is an ``OSError``."""
        kind = WebSocketServer if carrier is Carrier.WEBSOCKET else LinkServer
        server = kind(
            await link_identity(self._house, host_certificate=True),
            ssh_authorities(self._house),
            self._standing,
            self._handle,
            dates_trusted=lambda: dates_trusted(self._house.clock),
        )
        await server.listen(host, port)
        self._servers[carrier] = server
        return server.port

    async def close(self) -> None:
        """Stop listening and drop every line."""
        for server in self._servers.values():
            await server.close()

    async def renewed(self) -> None:
        """Show the certificate this node has now, on lines opened from now on."""
        identity = await link_identity(self._house, host_certificate=True)
        for server in self._servers.values():
            server.renew(identity, ssh_authorities(self._house))

    def expel_revoked(self) -> None:
        """Cut the open lines of nodes that are revoked by now."""
        _, exchange = self._house.enrolled()
        for server in self._servers.values():
            for principal in server.inside:
                if exchange.network.revoked(principal.node, principal.generation):
                    server.expel(principal)

    async def session(self) -> None:
        """Dial the upper node and exchange what is new; what goes wrong is a ``LinkError``."""
        _, exchange = self._house.enrolled()
        upper = upper_node(self._house)
        channel, route = await self._dial(Way.SESSION)
        try:
            report = await run_session(exchange, channel, Role.DIALER, upper)
        finally:
            await channel.close()
        await note_route(self._house.opened, upper, str(route))
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
        channel, _ = await self._dial(Way.RENEW)
        try:
            await self.letters.carry(LetterLine(channel))
        finally:
            await channel.close()

    async def letter_line(self) -> tuple[LetterLine, Channel]:
        """Dial the upper node for a renewal; the caller closes the channel."""
        channel, _ = await self._dial(Way.RENEW)
        return LetterLine(channel), channel

    async def _dial(self, way: Way) -> tuple[Channel, Route]:
        return await self._dialler.dial(upper_node(self._house), way)

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
            event(_log, logging.INFO, "session_began", peer=str(peer.node), carrier=str(peer.carrier))
            try:
                report = await run_session(exchange, channel, Role.ANSWERER, peer.node)
                await note_route(self._house.opened, peer.node, peer.carrier)
                await self._after(report)
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
