"""The greetings of a session: what this node says of itself, and what is learnt from the other's."""

from datetime import UTC, datetime, timedelta

from common.crypto.wire import FormatError
from common.domain.node import NodeId
from common.domain.times import from_milliseconds, to_milliseconds
from common.exchange.checkpoints import hear_checkpoint, is_superseded
from common.exchange.clock_kept import keep_clock
from common.exchange.contacts import Contact, note_contact
from common.exchange.epochs import SUPERSEDED, stop_hub
from common.exchange.exchange import Exchange
from common.exchange.version import PROGRAM
from common.store import receipts
from common.sync.extra import Extra
from common.sync.messages import Hello
from common.sync.reasons import ByeReason

PROTOCOL = 1
_LATEST_TIME = to_milliseconds(datetime(2200, 1, 1, tzinfo=UTC))
"""A clock that shows more than this is broken, and reckoning with it overflows."""


class UnwelcomeError(Exception):
    """The other side's greeting ends the session.

    Attributes:
        reason: what its BYE says.
    """

    def __init__(self, reason: ByeReason, detail: str) -> None:
        """Say why, in English for the log."""
        super().__init__(detail)
        self.reason = reason


async def own_hello(exchange: Exchange, lower: NodeId) -> Hello:
    """Return this node's greeting in a session about ``lower``."""
    newest = await exchange.open.read(receipts.newest_checkpoint)
    # The hub's clock is the county's time; a node below says how sure it is of its own.
    certainty = 0 if exchange.node.is_hub else exchange.clock.reading.certainty_ms
    return Hello(
        lowest=PROTOCOL,
        highest=PROTOCOL,
        node=exchange.node,
        epoch=exchange.epoch,
        scope=lower,
        program=PROGRAM,
        time=to_milliseconds(exchange.clock.corrected()),
        checkpoint=newest.statement if newest else b"",
        extra=Extra(certainty).encode(),
    )


async def hear_hello(exchange: Exchange, hello: Hello) -> None:
    """Note the other side's greeting.

    Raises:
        UnwelcomeError: its time is none, or it shows an older epoch of the hub as current.
    """
    if not 0 <= hello.time < _LATEST_TIME:
        raise UnwelcomeError(ByeReason.OTHER, "the greeting's time is no time")
    network = exchange.network
    if hello.node.is_hub and 0 < network.order_of(hello.epoch) < network.hub.order:
        raise UnwelcomeError(ByeReason.EPOCH, "an older epoch of the hub is shown as current")
    if exchange.node.is_hub and is_superseded(network, hello.checkpoint):
        await stop_hub(exchange, SUPERSEDED)
        raise UnwelcomeError(ByeReason.EPOCH, "this hub is no longer the county's: a later epoch is known")
    await hear_checkpoint(exchange, hello.checkpoint)
    ahead = from_milliseconds(hello.time) - exchange.clock.corrected()
    await note_contact(exchange.open, hello.node, Contact(exchange.clock.now(), ahead, hello.program))


async def learn_time(exchange: Exchange, hello: Hello, trip: timedelta) -> None:
    """Learn the clock's error from the upper node, if that knows its own and does not contradict the hub.

    Args:
        exchange: this node.
        hello: the upper node's greeting.
        trip: how long ago at most it was written.
    """
    try:
        certainty = Extra.decode(hello.extra).certainty_ms
    except FormatError:
        return
    newest = await exchange.open.read(receipts.newest_checkpoint)
    if certainty is None or (newest is not None and hello.time < newest.hub_time_ms):
        return
    exchange.clock.measure(from_milliseconds(hello.time), trip + timedelta(milliseconds=certainty))
    await keep_clock(exchange.open, exchange.clock)
