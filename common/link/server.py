"""The listening end of the SSH carrier (docs/spec/ssh.md)."""

import asyncio
import logging
from collections.abc import Callable, Collection

import asyncssh

from common.domain.log import event
from common.link import algorithms
from common.link.certificates import LinkIdentity
from common.link.channel import SshChannel
from common.link.gate import Gate, GateRules
from common.link.limits import KEEPALIVE_COUNT, KEEPALIVE_SECONDS, MAX_PACKET, WINDOW, ServerLimits
from common.link.peer import Handler, Peer, Principal, Registry
from common.link.visitors import VisitorBook

_log = logging.getLogger(__name__)


def _always() -> bool:
    return True


class LinkServer:
    """Listens for nodes and hands each opened subsystem to ``handler(peer, channel)``.

    The handler may simply return; the channel is closed behind it. A line that is cut ends it
    with ``b""`` from ``read`` and ``ConnectionError`` from ``write``.
    """

    def __init__(
        self,
        identity: LinkIdentity,
        authorities: Collection[bytes],
        registry: Registry,
        handler: Handler,
        *,
        limits: ServerLimits | None = None,
        dates_trusted: Callable[[], bool] = _always,
    ) -> None:
        """Prepare; nothing listens yet.

        Args:
            identity: this box's transport key and host certificate.
            authorities: raw public ``ssh_authority`` keys whose certificates let nodes in.
            registry: asked for a node's standing at each log-in and each opened subsystem.
            handler: gets every peer that came in; which way is ``peer.way``.
            limits: how many and how long.
            dates_trusted: False while this box's clock is unmeasured.
        """
        self._identity, self._handler = identity, handler
        self._rules = GateRules(frozenset(authorities), registry, dates_trusted)
        self._limits = limits or ServerLimits()
        self._book = VisitorBook(self._limits)
        self._gates: set[Gate] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._acceptor: asyncssh.SSHAcceptor | None = None

    async def listen(self, host: str, port: int) -> None:
        """Start listening; port 0 takes any free one. An address in use or not ours is an ``OSError``."""
        self._acceptor = await asyncssh.listen(
            host,
            port,
            config=None,
            server_factory=self._gate,
            server_host_keys=self._identity.key_pairs(),
            server_version="Jiujin",
            kex_algs=algorithms.KEY_EXCHANGE,
            encryption_algs=algorithms.CIPHERS,
            mac_algs=algorithms.MACS,
            compression_algs=algorithms.COMPRESSION,
            signature_algs=algorithms.SIGNATURES,
            x509_trusted_certs=None,
            gss_host=None,
            password_auth=False,
            kbdint_auth=False,
            host_based_auth=False,
            allow_pty=False,
            agent_forwarding=False,
            encoding=None,
            line_editor=False,
            window=WINDOW,
            max_pktsize=MAX_PACKET,
            login_timeout=self._limits.login_seconds,
            keepalive_interval=KEEPALIVE_SECONDS,
            keepalive_count_max=KEEPALIVE_COUNT,
        )

    @property
    def port(self) -> int:
        """The port listened on; 0 before ``listen``."""
        return self._acceptor.get_port() if self._acceptor else 0

    @property
    def inside(self) -> frozenset[Principal]:
        """The nodes that are logged in now."""
        return frozenset(gate.principal for gate in self._gates if gate.principal)

    def renew(self, identity: LinkIdentity, authorities: Collection[bytes]) -> None:
        """Take a new host certificate and the authorities known now; open lines go on."""
        self._identity = identity
        self._rules.authorities = frozenset(authorities)
        if self._acceptor is not None:
            self._acceptor.update(server_host_keys=identity.key_pairs())

    def expel(self, principal: Principal) -> None:
        """Cut every open line of a node whose revocation has just become known."""
        for gate in [gate for gate in self._gates if gate.principal == principal]:
            gate.drop()

    async def close(self) -> None:
        """Stop listening, end the handlers and drop every line."""
        if self._acceptor is not None:
            self._acceptor.close()
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        gates = tuple(self._gates)
        for gate in gates:
            gate.drop()
        await asyncio.gather(*(gate.gone.wait() for gate in gates))
        if self._acceptor is not None:
            await self._acceptor.wait_closed()

    def _gate(self) -> Gate:
        gate = Gate(self._rules, self._book, self._serve, self._gates.discard)
        self._gates.add(gate)
        return gate

    def _serve(self, peer: Peer, channel: SshChannel) -> None:
        task = asyncio.get_running_loop().create_task(self._handled(peer, channel))
        self._tasks.add(task)
        task.add_done_callback(self._handler_ended)

    async def _handled(self, peer: Peer, channel: SshChannel) -> None:
        status = 1
        try:
            await self._handler(peer, channel)
            status = 0
        except ConnectionError as error:
            event(
                _log,
                logging.INFO,
                "line_ended",
                peer=str(peer.principal or "enrolling"),
                why=type(error).__name__,
            )
        finally:
            channel.finish(status)

    def _handler_ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            event(_log, logging.ERROR, "handler_failed", error=error)
