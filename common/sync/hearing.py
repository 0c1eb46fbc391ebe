"""What the other side says, checked, noted and turned into events."""

from collections.abc import Callable, Mapping
from typing import Any

from common.domain.node import NodeId
from common.sync import messages as said
from common.sync.errors import BrokenRuleError
from common.sync.events import ChunkCame, Compared, Declined, Event, Gone, Greeted
from common.sync.giving import Giving
from common.sync.greeting import agree
from common.sync.line import Line
from common.sync.reasons import ByeReason, Ending, LaterReason
from common.sync.states import Stage
from common.sync.taking import Taking


def _as_it_is(message: Event) -> Event:
    """Hand a message on to the driver."""
    return message


class Hearing:
    """The listening half of a session.

    Args:
        line: the speakers.
        hello: this side's HELLO.
        expected: whom the carrier says the other side is, if it knows.
        giving: what this side offered.
        taking: what it was offered.
    """

    def __init__(
        self, line: Line, hello: said.Hello, expected: NodeId | None, giving: Giving, taking: Taking
    ) -> None:
        self._line, self._hello, self._expected = line, hello, expected
        self._giving, self._taking = giving, taking
        self.ping: bytes | None = None
        self.pong_waits = False
        self._handlers = self._all_handlers()

    def _all_handlers(self) -> Mapping[type[said.Message], Callable[[Any], Event | None]]:
        news = (
            said.Have, said.ReceiptsHave, said.Ask, said.Told, said.Offered, said.Receipt, said.Fork,
            said.Uncovered, said.Cover, said.FiguresHave, said.Figures,
        )  # fmt: skip
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

    def heed(self, message_type: int, payload: bytes) -> list[Event]:
        """Take in one frame and return what it tells, if anything.

        ``BrokenRuleError`` when the other side may not say this, or not now.
        """
        message = said.decode(message_type, payload)
        if message is None:
            return []
        self._line.hear(message)
        event = self._handlers[type(message)](message)
        return [] if event is None else [event]

    def _greeted(self, hello: said.Hello) -> Event:
        return Greeted(hello, agree(self._hello, hello, self._expected))

    def _compared(self, message: said.Digest) -> Event | None:
        self._line.other.digest = message.value
        return self.comparison()

    def comparison(self) -> Compared | None:
        """Compare the digests when both are known."""
        if self._line.me.digest is None or self._line.other.digest is None:
            return None
        return Compared(same=self._line.me.digest == self._line.other.digest)

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
            self._line.say(said.Later(message.name, LaterReason.GONE))
        return Declined(offer, message.reason)

    def _done_came(self, message: said.Done) -> Event:
        if self._giving.owes:
            raise BrokenRuleError("done is said while chunks are wanted")
        self._line.farewell()
        return message

    def _bye_came(self, bye: said.Bye) -> Event:
        self._line.other.allow_bye(bye.reason, self._line.me)
        if bye.reason is ByeReason.FINISHED:
            return self._line.end(Ending.FINISHED, bye.reason)
        return self._line.end(Ending.PEER_LEFT, bye.reason, bye.detail)

    def _pinged(self, ping: said.Ping) -> None:
        if self.pong_waits:
            raise BrokenRuleError("a PING before the last one was answered")
        if self._line.me.stage is not Stage.OVER:
            self._line.say(said.Pong(ping.token))
            self.pong_waits = True

    def _ponged(self, pong: said.Pong) -> None:
        if pong.token != self.ping:
            raise BrokenRuleError("a PONG to no PING")
        self.ping = None
