"""Who may come in, and how far: the rules of one connection (docs/spec/ssh.md §4).

The registry is asked while a log-in begins, when the library reads nothing else from the peer;
everything after that is decided without waiting, so no later packet can slip between
a proof and its verdict.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import asyncssh

from common.link.channel import ServerSession, SshChannel
from common.link.keys import raw_public
from common.link.peer import ENROL_USER, REFUSED, Peer, Principal, Registry, Standing, Way
from common.link.visitors import VisitorBook

Serve = Callable[[Peer, SshChannel], None]


@dataclass(slots=True)
class GateRules:
    """What every connection is measured against.

    Attributes:
        authorities: raw public keys of the hub's ``ssh_authority``, now and before; replaced as a whole.
        registry: says a node's standing.
        dates_trusted: whether this box's clock is measured. While it is not, a registered key
            is as good as a certificate: pinned keys count, dates do not.
    """

    authorities: frozenset[bytes]
    registry: Registry
    dates_trusted: Callable[[], bool]


class Gate(asyncssh.SSHServer):
    """One connection: logs one principal in by one way, and opens one subsystem for it."""

    def __init__(
        self, rules: GateRules, book: VisitorBook, serve: Serve, left: Callable[["Gate"], None]
    ) -> None:
        """Take the server's rules, its counts, what starts a handler and what is told at the end."""
        self._rules, self._book, self._serve, self._left = rules, book, serve, left
        self.gone = asyncio.Event()
        self._connection: asyncssh.SSHServerConnection | None = None
        self._address: str | None = None
        self._principal: Principal | None = None
        self._standing = REFUSED
        self._proving: Way | None = None
        self.admitted: Way | None = None
        self._enrolling = False
        self._deadline: asyncio.TimerHandle | None = None
        self._open = False

    @property
    def principal(self) -> Principal | None:
        """Who logged in; None before that and for those who enrol."""
        return self._principal if self.admitted not in {None, Way.ENROL} else None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Count the connection in, or drop it where there is no place."""
        self._connection = conn
        address = str(conn.get_extra_info("peername", ("",))[0])
        if self._book.enter(address):
            self._address = address
        else:
            conn.abort()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the library's signature
        """Count the connection out."""
        self._connection = None
        if self._deadline is not None:
            self._deadline.cancel()
        if self._address is not None:
            self._book.leave(self._address)
        if self._enrolling:
            self._book.end_enrolment()
        self._left(self)
        self.gone.set()

    def drop(self) -> None:
        """Cut the connection at once."""
        if self._connection is not None:
            self._connection.abort()

    async def begin_auth(self, username: str) -> bool:
        """Look the user name up; only ``enrol`` comes in without proof."""
        if self.admitted is not None:
            return True
        self._proving, self._principal, self._standing = None, None, REFUSED
        if username == ENROL_USER:
            self._proving = Way.ENROL
            return False
        principal = Principal.parse(username)
        if principal is not None:
            self._standing = await self._rules.registry(principal.node, principal.generation)
            self._principal = principal
        return True

    def public_key_auth_supported(self) -> bool:
        """Keys and certificates are the only proof there is."""
        return True

    def validate_ca_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        """Accept the hub's authority; the library then holds the name and dates against the certificate."""
        return self._prove(username, Way.SESSION, proven=raw_public(key) in self._rules.authorities)

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        """Accept the key registered for just this node and generation: enough to renew."""
        registered = self._standing.transport_key
        way = Way.RENEW if self._rules.dates_trusted() else Way.SESSION
        return self._prove(username, way, proven=registered is not None and raw_public(key) == registered)

    def _prove(self, username: str, way: Way, *, proven: bool) -> bool:
        named = self._principal is not None and str(self._principal) == username
        accepted = named and proven and self._standing.admitted and self.admitted is None
        self._proving = way if accepted else None
        return accepted

    def auth_completed(self) -> None:
        """Freeze what was proven; from here nothing changes it."""
        self.admitted = self.admitted or self._proving
        self._wait(self._book.limits.linger_seconds)

    async def session_requested(self) -> asyncssh.SSHServerSession[bytes]:
        """Return the one session of this connection, after asking the registry once more.

        Raises:
            asyncssh.ChannelOpenError: a second one, no place left, or the node has lost its standing since.
        """
        if self._open or self.admitted is None:
            raise asyncssh.ChannelOpenError(
                asyncssh.OPEN_ADMINISTRATIVELY_PROHIBITED, "one session a connection"
            )
        self._open = True
        if self.admitted is Way.ENROL:
            self._enrolling = self._book.begin_enrolment()
            if not self._enrolling:
                raise asyncssh.ChannelOpenError(asyncssh.OPEN_RESOURCE_SHORTAGE, "too many enrolments")
        elif not await self._still_admitted():
            raise asyncssh.ChannelOpenError(asyncssh.OPEN_ADMINISTRATIVELY_PROHIBITED, "no longer admitted")
        return _Opening(self)

    async def _still_admitted(self) -> bool:
        if self._principal is None:
            return False
        now: Standing = await self._rules.registry(self._principal.node, self._principal.generation)
        return now.admitted and now.transport_key in {None, self._standing.transport_key}

    def reaches(self, subsystem: str) -> Way | None:
        """Return the way a subsystem opens, if the peer may go it."""
        way = Way.of_subsystem(subsystem)
        return way if self.admitted and way and self.admitted.reaches(way) else None

    def started(self, way: Way, channel: SshChannel) -> None:
        """Hand an opened subsystem to its handler."""
        if way is Way.ENROL:
            self._wait(self._book.limits.enrol_seconds)
        elif self._deadline is not None:
            self._deadline.cancel()
        self._serve(Peer(self.principal, way, self._address or ""), channel)

    def session_over(self) -> None:
        """Leave the peer time to hang up by itself."""
        if self._connection is not None:
            self._wait(self._book.limits.linger_seconds)

    def _wait(self, seconds: float) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = asyncio.get_running_loop().call_later(seconds, self.drop)


class _Opening(ServerSession):
    """A session that becomes one subsystem, or nothing."""

    def __init__(self, gate: Gate) -> None:
        super().__init__(SshChannel(gate.principal.node if gate.principal else None))
        self._gate = gate
        self._way: Way | None = None

    def subsystem_requested(self, subsystem: str) -> bool:
        """Open the subsystem if the peer may reach it; shells and commands stay refused."""
        self._way = self._gate.reaches(subsystem)
        return self._way is not None

    def session_started(self) -> None:
        """Start the handler."""
        if self._way is not None:
            self._gate.started(self._way, self.channel)

    def connection_lost(self, exc: Exception | None) -> None:
        """Pass on the end, and let the connection run out."""
        super().connection_lost(exc)
        self._gate.session_over()
