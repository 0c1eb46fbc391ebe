"""One session over a channel: drives the machine of common.sync from this node's databases (design §4)."""

import asyncio
import contextlib
from collections.abc import Iterable
from datetime import timedelta

from common.domain.node import NodeId
from common.exchange import landing
from common.exchange.applying import Applied, apply_held
from common.exchange.clearing import clear
from common.exchange.exchange import Exchange
from common.exchange.extras import Extras
from common.exchange.greetings import UnwelcomeError, hear_hello, learn_time, own_hello
from common.exchange.inventory import receipts_in_scope, take_inventory
from common.exchange.offering import plan
from common.exchange.receipts import give_due, keep
from common.exchange.relaying import recall
from common.exchange.report import SessionReport
from common.exchange.scope import in_scope
from common.exchange.sealing import seal_due
from common.exchange.session_taking import SessionTaking
from common.store.errors import DiskFullError
from common.sync.channel import Channel
from common.sync.errors import RemoteProtocolError
from common.sync.events import ChunkCame, Compared, Declined, Event, Greeted
from common.sync.greeting import Role
from common.sync.have import receipts_lacking
from common.sync.limits import Limits
from common.sync.listed import Head, Offer, ReceiptMark
from common.sync.messages import (
    Ask,
    Cover,
    Figures,
    Fork,
    Have,
    Hello,
    Offers,
    Receipt,
    ReceiptsHave,
    Told,
)
from common.sync.reasons import ByeReason
from common.sync.session import Session

_LAST_WORDS = 10.0
"""Seconds a dead line may take to carry a BYE."""
_KEPT = (ChunkCame, Receipt, Fork, Declined, Cover, Figures)
"""Events that count although the session ended with the same bytes."""


async def run_session(
    exchange: Exchange,
    channel: Channel,
    role: Role,
    peer: NodeId,
    *,
    limits: Limits | None = None,
) -> SessionReport:
    """Exchange with ``peer`` what one of the two lacks, apply it, and give receipts, all in one session.

    Args:
        exchange: this node.
        channel: the line; it is closed at the end, however the session ends.
        role: ``DIALER`` is the lower node.
        peer: whom the carrier authenticated.
        limits: what the session may grow to.

    Returns:
        What happened. It never says that anything was delivered: receipts do.
    """
    await exchange.refresh()
    await seal_due(exchange)
    await give_due(exchange)
    conversation = _Conversation(exchange, channel, role, peer, limits or Limits())
    await conversation.begin()
    try:
        return await conversation.run()
    finally:
        await channel.close()


class _Conversation:
    def __init__(
        self,
        exchange: Exchange,
        channel: Channel,
        role: Role,
        peer: NodeId,
        limits: Limits,
    ) -> None:
        self.exchange, self.channel, self.role, self.peer = exchange, channel, role, peer
        self.limits = limits
        self.lower = exchange.node if role is Role.DIALER else peer
        self.report = SessionReport(peer)
        self.wake = asyncio.Event()
        self.theirs: list[Head] = []
        self.their_marks: list[ReceiptMark] = []
        self.asked: list[bytes] = []
        self.same = False
        self.receipts: list[bytes] = []
        self.extras = Extras(exchange, role, self.lower)
        self.settling: asyncio.Task[Applied] | None = None
        self.settled = False

    async def begin(self) -> None:
        """Take stock and say HELLO."""
        exchange = self.exchange
        self.mine = await take_inventory(exchange, self.lower)
        self.known = set(self.mine.receipts)
        await self.extras.take_stock(self.mine)
        hello = await own_hello(exchange, self.lower)
        self.session = Session(self.role, hello, self.limits, self.peer)
        self.taking = SessionTaking(exchange, self.session, self.report)
        self.began = asyncio.get_running_loop().time()

    async def run(self) -> SessionReport:
        """Read, answer and write until the session is over."""
        pump = asyncio.create_task(self._pump())
        reading: asyncio.Task[bytes] | None = None
        heard = asyncio.get_running_loop().time()
        try:
            while not self.session.closed:
                reading = reading or asyncio.create_task(self._read())
                waiting = {reading, pump} | ({self.settling} if self.settling else set())
                await asyncio.wait(
                    waiting, timeout=self.limits.quiet_after / 2, return_when=asyncio.FIRST_COMPLETED
                )
                if pump.done() and not self.session.closed:
                    await self._hear(b"")
                elif reading.done():
                    data, reading = reading.result(), None
                    heard = asyncio.get_running_loop().time()
                    await self._hear(data)
                else:
                    self.session.idle(asyncio.get_running_loop().time() - heard)
                await self._go_on()
                self.wake.set()
            self.wake.set()
            await asyncio.wait([pump], timeout=_LAST_WORDS)
        except DiskFullError:
            self.session.close(ByeReason.FULL)
        finally:
            self.session.close(ByeReason.FAILED)
            await _cancelled([pump, reading, self.settling])
            with contextlib.suppress(DiskFullError):  # its parts stay, and the next session finds them
                await self.taking.kept()
            await self._flush_receipts()
        return self._reported()

    def _reported(self) -> SessionReport:
        ending = self.session.ending
        if ending is not None:
            self.report.ending, self.report.reason = ending.how, ending.reason
        return self.report

    async def _read(self) -> bytes:
        try:
            return await self.channel.read()
        except ConnectionError:
            return b""

    async def _pump(self) -> None:
        """Write what waits and the chunks that are wanted; a line that is gone ends it."""
        try:
            while True:
                while data := await self._output():
                    await self.channel.write(data)
                if self.session.closed:
                    return
                await self.wake.wait()
                self.wake.clear()
        except ConnectionError:
            return

    async def _output(self) -> bytes:
        data = self.session.data_to_send()
        if data:
            return data
        owed = self.session.next_wanted()
        if owed is None:
            return b""
        offer, index = owed
        chunk = await landing.chunk_to_send(self.exchange, offer, index)
        if self.session.next_wanted() == owed:  # it may have been put off while the disk was read
            if chunk:
                self.session.send_chunk(offer.name, index, chunk)
                self.report.sent += len(chunk)
            else:
                self.session.gone(offer.name)
        return self.session.data_to_send() or await self._output()

    async def _hear(self, data: bytes) -> None:
        try:
            events: Iterable[Event] = self.session.receive_data(data)
        except RemoteProtocolError as error:
            self.report.fault = error.what
            events = error.before
        for event in events:
            # Once it is over there is nothing to say; what came before is kept all the same.
            if not self.session.closed or isinstance(event, _KEPT):
                await self._answer(event)
        await self._flush_receipts()

    async def _flush_receipts(self) -> None:
        came, self.receipts = self.receipts, []
        self.report.receipts_in += await keep(self.exchange, came)
        await self.extras.keep()

    async def _go_on(self) -> None:
        """When everything has come, apply it, give receipts, and say that this side is done."""
        if self.session.closed or self.settled or not self.session.may_finish:
            return
        if self.settling is None:
            self.settling = asyncio.create_task(self._settle())
        elif self.settling.done():
            self.report.applied = self.settling.result()
            self.settling, self.settled = None, True
            await self._say_new_receipts()
            self.session.done()

    async def _settle(self) -> Applied:
        await self.taking.kept()
        applied = await apply_held(self.exchange)
        await clear(self.exchange)
        await give_due(self.exchange)
        await seal_due(self.exchange)
        return applied

    async def _say_new_receipts(self) -> None:
        now = await receipts_in_scope(self.exchange, self.lower)
        for mark in now.keys() - self.known:
            if mark.receiver != self.peer:
                self.session.receipt(now[mark])
                self.report.receipts_out += 1

    async def _answer(self, event: Event) -> None:  # noqa: C901 - one case an event, a line each
        match event:
            case Greeted(hello=hello):
                await self._greeted(hello)
            case Compared(same=same):
                self._compared(same=same)
            case Have(heads=heads):
                network = self.exchange.network
                self.theirs += [one for one in heads if in_scope(one.journal.audience, self.lower, network)]
            case ReceiptsHave(marks=marks):
                self.their_marks += marks
            case Ask(names=names):
                self.asked += names
            case Told():
                await self._give()
            case Offers(offers=offers):
                await self._offered(offers)
            case ChunkCame():
                await self.taking.chunk(event)
            case Receipt(statement=statement):
                self.receipts.append(statement)
            case Fork(journal=journal):
                self.report.forks.append(journal)
            case Declined(reason=reason):
                self.report.declined.append(reason)
            case _:
                self.extras.heed(event)

    async def _greeted(self, hello: Hello) -> None:
        try:
            await hear_hello(self.exchange, hello)
        except UnwelcomeError as error:
            self.session.close(error.reason, str(error))
            return
        if self.role is Role.DIALER:
            trip = timedelta(seconds=asyncio.get_running_loop().time() - self.began)
            await learn_time(self.exchange, hello, trip)
        compared = self.session.digest(self.mine.digest())
        if compared is not None:
            self._compared(same=compared.same)

    def _compared(self, *, same: bool) -> None:
        self.same = same
        if not same:
            self.session.have(self.mine.heads)
            self.session.receipts_have(self.mine.receipts)
        self.session.ask(self.mine.lacking[: self.limits.asked])
        self.extras.tell(self.session, self.limits)
        self.session.told()

    async def _give(self) -> None:
        """Offer what the peer lacks and send it the receipts it has not seen."""
        theirs = self.mine.heads if self.same else self.theirs
        planned = await plan(self.exchange, self.mine, theirs, self.asked, self.limits.offers)
        for fork in planned.forks:
            self.session.fork(fork.journal, fork.number, fork.mine)
            self.report.forks.append(fork.journal)
        await recall(self.exchange, planned.gone)
        self.session.offer(planned.offers)
        if not self.same:
            for mark in receipts_lacking(
                self.mine.receipts, self.their_marks, self.exchange.network.precedes
            ):
                self.session.receipt(self.mine.receipts[mark])
                self.report.receipts_out += 1
        await self.extras.give(self.session, self.limits)
        self.session.offered()

    async def _offered(self, offers: Iterable[Offer]) -> None:
        # Only of journals in the scope: what nobody told about belongs to nobody here.
        told = {head.journal.digest() for head in self.theirs} | self.mine.rows.keys()
        await self.taking.offered(offers, told)


async def _cancelled(
    tasks: Iterable["asyncio.Task[bytes] | asyncio.Task[None] | asyncio.Task[Applied] | None"],
) -> None:
    """Cancel tasks and wait until each has ended."""
    running = [task for task in tasks if task is not None]
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
