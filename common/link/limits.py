"""Every limit of the SSH carrier, in one place (docs/spec/ssh.md §6)."""

from dataclasses import dataclass

WINDOW = 1024 * 1024
"""Bytes a peer may send on a channel before we have read them."""
MAX_PACKET = 32 * 1024
"""Bytes of data in one SSH packet."""
READ_BUFFER = 256 * 1024
"""Bytes held unread before reading stops; it goes on from half of it."""
WRITE_BUFFER = 256 * 1024
"""Bytes held unsent before a writer waits."""

CONNECT_SECONDS = 20.0
"""From dialling to an open subsystem, at the client."""
CLOSE_SECONDS = 10.0
"""How long a close may wait for the peer before the line is dropped."""
LOGIN_SECONDS = 20.0
"""From a connection to a finished log-in, at the server."""
LINGER_SECONDS = 30.0
"""How long a logged-in connection may stay with no subsystem open."""
ENROL_SECONDS = 300.0
"""How long one connection that shows no certificate may last."""
KEEPALIVE_SECONDS = 15.0
KEEPALIVE_COUNT = 4
"""Unanswered keepalives after which the line counts as dead."""

MAX_CONNECTIONS = 1024
MAX_CONNECTIONS_PER_ADDRESS = 64
"""Generous: a whole township may sit behind one address."""
MAX_ENROLMENTS = 16
"""Connections without a certificate at one time: they cannot crowd out nodes."""


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """What one server allows; every number is positive.

    Attributes:
        connections: at one time, all together.
        per_address: at one time from one network address.
        enrolments: at one time without a certificate.
        login_seconds: for a connection to log in.
        linger_seconds: for a logged-in connection with no subsystem open.
        enrol_seconds: for one connection without a certificate.
    """

    connections: int = MAX_CONNECTIONS
    per_address: int = MAX_CONNECTIONS_PER_ADDRESS
    enrolments: int = MAX_ENROLMENTS
    login_seconds: float = LOGIN_SECONDS
    linger_seconds: float = LINGER_SECONDS
    enrol_seconds: float = ENROL_SECONDS

    def __post_init__(self) -> None:
        """Refuse limits that would let nobody in.

        Raises:
            ValueError: a limit is zero or less.
        """
        counts = (self.connections, self.per_address, self.enrolments)
        if min(*counts, self.login_seconds, self.linger_seconds, self.enrol_seconds) <= 0:
            message = "a limit of the link is a positive number"
            raise ValueError(message)
