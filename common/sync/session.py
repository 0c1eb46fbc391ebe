"""One side of a session: bytes and commands in, bytes and events out; no sockets, no clock, no tables.

The driver reads bytes from its channel into ``receive_data``, answers the events with commands, and
writes what ``data_to_send`` returns. The conversation is in docs/spec/session.md; who may say what and when
is the table in ``states.py``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from common.domain.node import NodeId
from common.journal.ids import JournalId
from common.sync import messages as said
from common.sync.errors import BrokenRuleError, LocalProtocolError, RemoteProtocolError
from common.sync.events import ChunkCame, Closed, Compared, Declined, Event, Gone, Greeted
from common.sync.frames import FrameSplitter, frame
from common.sync.giving import Giving
from common.sync.greeting import Role, agree, insist_on_role
from common.sync.limits import MAX_DETAIL, MAX_LIST, Limits
from common.sync.listed import Head, Offer, ReceiptMark
from common.sync.reasons import ByeReason, Ending, LaterReason
from common.sync.speaker import Speaker
from common.sync.states import Stage
from common.sync.taking import Taking

T = TypeVar("T")
_TOKEN = 8


def _nothing() -> None:
    """Book nothing."""


def _as_it_is(message: Event) -> Event:
    """Hand a message on to the driver."""
    return message


@contextmanager
def _our_fault() -> Iterator[None]:
    """Say that it was this side that broke a rule.

    Raises:
        LocalProtocolError: a rule was broken inside.
    """
    try:
        yield
    except BrokenRuleError as broken:
        raise LocalProtocolError(broken.what) from broken
    except ValueError as error:
        raise LocalProtocolError(str(error)) from error


class Session:
    """The machine of one side; its HELLO is ready to be sent at once.

    Every command raises ``LocalProtocolError`` when it is not the time for it, and then has done nothing.

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
        self.ending: Closed | None = None
        self._role, self._hello, self._expected, self._limits = role, mine, peer, limits
        self._frames, self._out = FrameSplitter(), bytearray()
        self._me, self._other = Speaker(limits), Speaker(limits)
        self._giving, self._taking = Giving(limits.offers), Taking(limits.offers, limits.window)
        self._pings = 0
        self._ping: bytes | None = None
        self._pong_waits = False
        self._heeding = self._handlers()
        self._say(mine)

    def _handlers(self) -> Mapping[type[said.Message], Callable[[Any], Event | None]]:
        news = (said.Have, said.ReceiptsHave, said.Ask, said.Told, said.Offered, said.Receipt, said.Fork)
        return {
            **dict.fromkeys(news, _as_it_is),
            said.Hello: self._greeted,
            said.Digest: self._compared,
            said.Offers: self._offers_came,
            said.Want: self._giving.want,
            said.Chunk: self._chunk_came,
            said.Later: self._later_came,
            said.Done: self._done_came,
            said.Bye: self._bye_came,
            said.Ping: self._pinged,
            said.Pong: self._ponged,
        }

    @property
    def closed(self) -> bool:
        """Whether the session is over; send what ``data_to_send`` still has and close the line."""
        return self.ending is not None

    @property
    def stages(self) -> tuple[Stage, Stage]:
        """How far this side and the other side have come."""
        return self._me.stage, self._other.stage

    @property
    def may_finish(self) -> bool:
        """Whether ``done`` may be said: both sides have offered all and nothing is being taken."""
        return self._me.stage is Stage.TAKING and self._other.stage >= Stage.TAKING and not self._taking.open

    @property
    def taking(self) -> int:
        """How many parcels this side takes that have not come whole."""
        return self._taking.open

    @property
    def unsent(self) -> int:
        """How many bytes wait for ``data_to_send``."""
        return len(self._out)

    def receive_data(self, data: bytes) -> list[Event]:
        """Take in bytes that came, ``b""`` when the line was closed, and return what they say.

        ``RemoteProtocolError`` when the other side broke a rule: its ``.before`` has the good events before
        the fault, and a BYE waits to be sent.
        """
        if self.ending is not None:
            return []
        if not data:
            return [self._end(Ending.CUT)]
        events: list[Event] = []
        try:
            for message_type, payload in self._frames.feed(data):
                events += self._heed(message_type, payload)
                if self.closed:
                    break
        except BrokenRuleError as broken:
            raise self._blame(broken, events) from broken
        return events

    def data_to_send(self) -> bytes:
        """Return the bytes to write now, wants for chunks among them; ``b""`` when there are none."""
        if self._me.stage in {Stage.OFFERING, Stage.TAKING} and self.ending is None:
            for want in self._taking.grants():
                self._say(want)
        data = bytes(self._out)
        self._out.clear()
        self._pong_waits = False
        return data

    def idle(self, seconds: float) -> list[Event]:
        """Say that nothing has come for ``seconds``: a quiet line is pinged, a dead one given up."""
        if self.ending is not None:
            return []
        if seconds >= self._limits.dead_after:
            return [self._end(Ending.SILENT)]
        if seconds >= self._limits.quiet_after and self._ping is None and self._me.stage is not Stage.OVER:
            self._pings += 1
            self._ping = self._pings.to_bytes(_TOKEN, "big")
            self._say(said.Ping(self._ping))
        return []

    def digest(self, value: bytes) -> Compared | None:
        """Say the digest of what this side has (``have.have_digest``); compare if the other's is known."""
        with _our_fault():
            message = said.Digest(value)
        self._say(message)
        self._me.digest = value
        return self._comparison()

    def have(self, heads: Iterable[Head]) -> None:
        """Tell journals this side has; only when the digests differ."""
        self._say_list(said.Have, tuple(heads))

    def receipts_have(self, marks: Iterable[ReceiptMark]) -> None:
        """Tell receipts this side has; only when the digests differ."""
        self._say_list(said.ReceiptsHave, tuple(marks))

    def ask(self, names: Iterable[bytes]) -> None:
        """Ask for parcels known by name; the other side offers those it has."""
        self._say_list(said.Ask, tuple(names))

    def told(self) -> None:
        """Say that this side's lists are complete."""
        self._say(said.Told())

    def offer(self, offers: Iterable[Offer]) -> None:
        """Offer parcels; no parcel twice."""
        listed = tuple(offers)
        self._say_list(said.Offers, listed, lambda: self._giving.offer(listed))

    def offered(self) -> None:
        """Say that this side offers nothing more."""
        self._say(said.Offered())

    def take(self, name: bytes, start: int = 0) -> None:
        """Take an offered parcel from chunk ``start`` on; its chunks are asked for as there is room."""
        with _our_fault():
            self._me.allow(said.Want, 1, self._other)
            self._taking.take(name, start)

    def later(self, name: bytes, reason: LaterReason) -> None:
        """Put off a parcel that was offered; chunks of it that are under way are dropped.

        Raises:
            LocalProtocolError: as for every command, or the reason is the other side's to say.
        """
        if reason is LaterReason.GONE:
            raise LocalProtocolError("the side that was offered a parcel does not say it is gone")
        self._say(said.Later(name, reason), lambda: self._taking.put_off(name))

    def next_wanted(self) -> tuple[Offer, int] | None:
        """Return the parcel and chunk index to send next, or None; write what waits before asking again."""
        return None if self.ending is not None else self._giving.next()

    def send_chunk(self, name: bytes, index: int, data: bytes) -> None:
        """Send the chunk ``next_wanted`` named."""
        with _our_fault():
            self._me.allow(said.Chunk, 1, self._other)
            chunk = self._giving.give(name, index, data)
        self._say(chunk)

    def gone(self, name: bytes) -> None:
        """Say that a parcel this side offered cannot be given after all."""
        self._say(said.Later(name, LaterReason.GONE), lambda: self._giving.gone(name))

    def receipt(self, statement: bytes) -> None:
        """Send a receipt statement, this node's or one it carries."""
        self._say(said.Receipt(statement))

    def fork(self, journal: JournalId, number: int, chain_hash: bytes) -> None:
        """Say what this side has at a number where the other has something else."""
        with _our_fault():
            message = said.Fork(journal, number, chain_hash)
        self._say(message)

    def done(self) -> None:
        """Say that this side has nothing more to ask or give (``may_finish``), with its receipts sent.

        Raises:
            LocalProtocolError: as for every command, or parcels are still being taken.
        """
        if self._taking.open:
            raise LocalProtocolError("done is said while parcels are being taken")
        self._say(said.Done())
        self._farewell()

    def close(self, reason: ByeReason, detail: str = "") -> None:
        """End the session before it is finished; does nothing when it is over.

        Raises:
            LocalProtocolError: the reason says it is finished.
        """
        if reason is ByeReason.FINISHED:
            raise LocalProtocolError("a session is finished by both sides, with done")
        if self.ending is None:
            self._bye(reason, detail)
            self._end(Ending.LEFT, reason, detail)

    def accuse(self, what: str, reason: ByeReason = ByeReason.PROTOCOL) -> RemoteProtocolError:
        """End the session for a fault the driver found (a wrong hash), and return the error to raise."""
        return self._blame(BrokenRuleError(what, reason), [])

    def _say(self, message: said.Message, book: Callable[[], object] = _nothing) -> None:
        self._say_all(type(message), [message], 1, book)

    def _say_list(
        self,
        kind: Callable[[tuple[T, ...]], said.Message],
        items: tuple[T, ...],
        book: Callable[[], object] = _nothing,
    ) -> None:
        parts = [kind(items[start : start + MAX_LIST]) for start in range(0, len(items), MAX_LIST)]
        if parts:
            self._say_all(type(parts[0]), parts, len(items), book)

    def _say_all(
        self,
        kind: type[said.Message],
        messages: Sequence[said.Message],
        count: int,
        book: Callable[[], object],
    ) -> None:
        """Check, book, and only then note and queue: a command that is refused has done nothing."""
        with _our_fault():
            after = self._me.allow(kind, count, self._other)
            frames = [frame(message.TYPE, said.encode(message)) for message in messages]
            book()
        self._me.said(kind, count, after)
        self._out += b"".join(frames)

    def _heed(self, message_type: int, payload: bytes) -> list[Event]:
        message = said.decode(message_type, payload)
        if message is None:
            return []
        kind = type(message)
        count = said.items_in(message)
        after = self._other.allow(kind, count, self._me)
        self._other.said(kind, count, after)
        event = self._heeding[kind](message)
        return [] if event is None else [event]

    def _greeted(self, hello: said.Hello) -> Event:
        return Greeted(hello, agree(self._hello, hello, self._expected))

    def _compared(self, message: said.Digest) -> Event | None:
        self._other.digest = message.value
        return self._comparison()

    def _comparison(self) -> Compared | None:
        if self._me.digest is None or self._other.digest is None:
            return None
        return Compared(same=self._me.digest == self._other.digest)

    def _offers_came(self, message: said.Offers) -> Event:
        self._taking.offered(message.offers)
        return message

    def _chunk_came(self, chunk: said.Chunk) -> Event | None:
        offer = self._taking.chunk(chunk)
        return None if offer is None else ChunkCame(offer, chunk.index, chunk.data)

    def _later_came(self, message: said.Later) -> Event | None:
        if message.reason is LaterReason.GONE:
            offer = self._taking.gone(message.name)
            return None if offer is None else Gone(offer)
        offer, stopped = self._giving.declined(message.name)
        if stopped:
            self._say(said.Later(message.name, LaterReason.GONE))
        return Declined(offer, message.reason)

    def _done_came(self, message: said.Done) -> Event:
        if self._giving.owes:
            raise BrokenRuleError("done is said while chunks are wanted")
        self._farewell()
        return message

    def _bye_came(self, bye: said.Bye) -> Event:
        self._other.allow_bye(bye.reason, self._me)
        if bye.reason is ByeReason.FINISHED:
            return self._end(Ending.FINISHED, bye.reason)
        return self._end(Ending.PEER_LEFT, bye.reason, bye.detail)

    def _pinged(self, ping: said.Ping) -> None:
        if self._pong_waits:
            raise BrokenRuleError("a PING before the last one was answered")
        if self._me.stage is not Stage.OVER:
            self._say(said.Pong(ping.token))
            self._pong_waits = True

    def _ponged(self, pong: said.Pong) -> None:
        if pong.token != self._ping:
            raise BrokenRuleError("a PONG to no PING")
        self._ping = None

    def _farewell(self) -> None:
        if self._me.stage is self._other.stage is Stage.SERVING:
            self._bye(ByeReason.FINISHED, "")

    def _bye(self, reason: ByeReason, detail: str) -> None:
        if self._me.stage is not Stage.OVER:
            self._say(said.Bye(reason, detail.encode()[:MAX_DETAIL].decode("utf-8", "ignore")))

    def _blame(self, broken: BrokenRuleError, events: Sequence[Event]) -> RemoteProtocolError:
        self._bye(broken.reason, broken.what)
        self._end(Ending.BROKEN, broken.reason, broken.what)
        return RemoteProtocolError(broken.what, broken.reason, tuple(events))

    def _end(self, how: Ending, reason: ByeReason | None = None, detail: str = "") -> Closed:
        self.ending = Closed(how, reason, detail)
        return self.ending
