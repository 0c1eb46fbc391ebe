"""One side of a session: bytes and commands in, bytes and events out; no sockets, no clock, no tables.

The driver reads bytes from its channel into ``receive_data``, answers the events with commands, and
writes what ``data_to_send`` returns. The conversation is in docs/spec/session.md; who may say what and when
is the table in ``states.py``.
"""

from collections.abc import Iterable

from common.domain.node import NodeId
from common.journal.ids import JournalId
from common.sync import messages as said
from common.sync.errors import BrokenRuleError, LocalProtocolError, RemoteProtocolError
from common.sync.events import Closed, Compared, Event
from common.sync.extensions import FiguresMark, UncoveredHead
from common.sync.frames import FrameSplitter
from common.sync.giving import Giving
from common.sync.greeting import Role, insist_on_role
from common.sync.hearing import Hearing
from common.sync.limits import Limits
from common.sync.line import Line, our_fault
from common.sync.listed import Head, Offer, ReceiptMark
from common.sync.reasons import ByeReason, Ending, LaterReason
from common.sync.states import Stage
from common.sync.taking import Taking

_TOKEN = 8


class Session:
    """The machine of one side; its HELLO is ready to be sent at once.

    Every command raises ``LocalProtocolError`` when it is not the time for it, and then has done nothing.
    After the other side left or the line closed, answers to what came before are taken and go nowhere.

    Args:
        role: whether this side dialled; the side that dials is the lower node, whose scope is spoken about.
        mine: this side's HELLO.
        limits: what the session may grow to.
        peer: whom the carrier says the other side is; a HELLO of another name ends the session.

    Raises:
        ValueError: the role and the scope in ``mine`` do not fit.
    """

    def __init__(self, role: Role, mine: said.Hello, limits: Limits, peer: NodeId | None = None) -> None:
        insist_on_role(role, mine)
        self._limits = limits
        self._frames, self._line, self._pings = FrameSplitter(), Line(limits), 0
        self._giving, self._taking = Giving(limits.offers), Taking(limits.offers, limits.window)
        self._hearing = Hearing(self._line, mine, peer, self._giving, self._taking)
        self._line.say(mine)

    @property
    def ending(self) -> Closed | None:
        """How the session ended, None while it goes on."""
        return self._line.ending

    @property
    def talking(self) -> bool:
        """Whether this side may still say something: it has not said BYE and the session goes on."""
        return self._line.me.stage is not Stage.OVER and not self.closed

    @property
    def closed(self) -> bool:
        """Whether the session is over; send what ``data_to_send`` still has and close the line."""
        return self.ending is not None

    @property
    def stages(self) -> tuple[Stage, Stage]:
        """How far this side and the other side have come."""
        return self._line.me.stage, self._line.other.stage

    @property
    def may_finish(self) -> bool:
        """Whether ``done`` may be said: both sides have offered all and nothing is being taken."""
        return (
            self._line.me.stage is Stage.TAKING
            and self._line.other.stage >= Stage.TAKING
            and not self._taking.open
        )

    @property
    def taking(self) -> int:
        """How many parcels this side takes that have not come whole."""
        return self._taking.open

    @property
    def unsent(self) -> int:
        """How many bytes wait for ``data_to_send``."""
        return len(self._line.out)

    def receive_data(self, data: bytes) -> list[Event]:
        """Take in bytes that came, ``b""`` when the line was closed, and return what they say.

        ``RemoteProtocolError`` when the other side broke a rule: its ``.before`` has the good events before
        the fault, and a BYE waits to be sent.
        """
        if self.ending is not None:
            return []
        if not data:
            return [self._line.end(Ending.CUT)]
        events: list[Event] = []
        try:
            for message_type, payload in self._frames.feed(data):
                events += self._hearing.heed(message_type, payload)
                if self.closed:
                    break
        except BrokenRuleError as broken:
            raise self._line.blame(broken, events) from broken
        return events

    def data_to_send(self) -> bytes:
        """Return the bytes to write now, wants for chunks among them; ``b""`` when there are none."""
        if self._line.me.stage in {Stage.OFFERING, Stage.TAKING} and self.ending is None:
            for want in self._taking.grants():
                self._line.say(want)
        data = bytes(self._line.out)
        self._line.out.clear()
        self._hearing.pong_waits = False
        return data

    def idle(self, seconds: float) -> list[Event]:
        """Say that nothing has come for ``seconds``: a quiet line is pinged, a dead one given up."""
        if self.ending is not None:
            return []
        if seconds >= self._limits.dead_after:
            return [self._line.end(Ending.SILENT)]
        if (
            seconds >= self._limits.quiet_after
            and self._hearing.ping is None
            and self._line.me.stage is not Stage.OVER
        ):
            self._pings += 1
            self._hearing.ping = self._pings.to_bytes(_TOKEN, "big")
            self._line.say(said.Ping(self._hearing.ping))
        return []

    def digest(self, value: bytes) -> Compared | None:
        """Say the digest of what this side has (``have.have_digest``); compare if the other's is known."""
        with our_fault():
            message = said.Digest(value)
        self._line.say(message)
        self._line.me.digest = value
        return self._hearing.comparison()

    def have(self, heads: Iterable[Head]) -> None:
        """Tell journals this side has; only when the digests differ."""
        self._line.say_list(said.Have, tuple(heads))

    def receipts_have(self, marks: Iterable[ReceiptMark]) -> None:
        """Tell receipts this side has; only when the digests differ."""
        self._line.say_list(said.ReceiptsHave, tuple(marks))

    def ask(self, names: Iterable[bytes]) -> None:
        """Ask for parcels known by name; the other side offers those it has."""
        self._line.say_list(said.Ask, tuple(names))

    def uncovered(self, heads: Iterable[UncoveredHead]) -> None:
        """Ask for covers of journals; the other side sends those that say more."""
        self._line.say_list(said.Uncovered, tuple(heads))

    def figures_have(self, marks: Iterable[FiguresMark]) -> None:
        """Tell whose figures this side has; the other side sends those that are newer."""
        self._line.say_list(said.FiguresHave, tuple(marks))

    def told(self) -> None:
        """Say that this side's lists are complete."""
        self._line.say(said.Told())

    def offer(self, offers: Iterable[Offer]) -> None:
        """Offer parcels; no parcel twice."""
        listed = tuple(offers)
        self._line.say_list(said.Offers, listed, lambda: self._giving.offer(listed))

    def offered(self) -> None:
        """Say that this side offers nothing more."""
        self._line.say(said.Offered())

    def take(self, name: bytes, start: int = 0) -> None:
        """Take an offered parcel from chunk ``start`` on; its chunks are asked for as there is room."""
        with our_fault():
            self._line.me.allow(said.Want, 1, self._line.other)
            self._taking.take(name, start)

    def later(self, name: bytes, reason: LaterReason) -> None:
        """Put off a parcel that was offered; chunks of it that are under way are dropped.

        Raises:
            LocalProtocolError: as for every command, or the reason is the other side's to say.
        """
        if reason is LaterReason.GONE:
            raise LocalProtocolError("the side that was offered a parcel does not say it is gone")
        self._line.say(said.Later(name, reason), lambda: self._taking.put_off(name))

    def next_wanted(self) -> tuple[Offer, int] | None:
        """Return the parcel and chunk index to send next, or None; write what waits before asking again."""
        return None if self.ending is not None else self._giving.next()

    def send_chunk(self, name: bytes, index: int, data: bytes) -> None:
        """Send the chunk ``next_wanted`` named."""
        with our_fault():
            self._line.me.allow(said.Chunk, 1, self._line.other)
            chunk = self._giving.give(name, index, data)
        self._line.say(chunk)

    def gone(self, name: bytes) -> None:
        """Say that a parcel this side offered cannot be given after all."""
        self._line.say(said.Later(name, LaterReason.GONE), lambda: self._giving.gone(name))

    def receipt(self, statement: bytes) -> None:
        """Send a receipt statement, this node's or one it carries."""
        self._line.say(said.Receipt(statement))

    def cover(self, cover: bytes) -> None:
        """Send a cover that was asked for."""
        self._line.say(said.Cover(cover))

    def figures(self, statement: bytes) -> None:
        """Send figures, this node's or of one below it."""
        self._line.say(said.Figures(statement))

    def fork(self, journal: JournalId, number: int, chain_hash: bytes) -> None:
        """Say what this side has at a number where the other has something else."""
        with our_fault():
            message = said.Fork(journal, number, chain_hash)
        self._line.say(message)

    def done(self) -> None:
        """Say that this side has nothing more to ask or give (``may_finish``), with its receipts sent.

        Raises:
            LocalProtocolError: as for every command, or parcels are still being taken.
        """
        if self._taking.open:
            raise LocalProtocolError("done is said while parcels are being taken")
        self._line.say(said.Done())
        self._line.farewell()

    def close(self, reason: ByeReason, detail: str = "") -> None:
        """End the session before it is finished; does nothing when it is over.

        Raises:
            LocalProtocolError: the reason says it is finished.
        """
        if reason is ByeReason.FINISHED:
            raise LocalProtocolError("a session is finished by both sides, with done")
        if self.ending is None:
            self._line.bye(reason, detail)
            self._line.end(Ending.LEFT, reason, detail)

    def accuse(self, what: str, reason: ByeReason = ByeReason.PROTOCOL) -> RemoteProtocolError:
        """End the session for a fault the driver found (a wrong hash), and return the error to raise."""
        return self._line.blame(BrokenRuleError(what, reason), [])
