"""A visit: a node hears what others left in a folder, leaves what it has to say (docs/spec/folder.md §3)."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from common.domain.times import china_day, from_milliseconds
from common.exchange.applying import apply_held
from common.exchange.carrying import load
from common.exchange.clearing import clear
from common.exchange.exchange import Exchange
from common.exchange.inventory import take_inventory
from common.exchange.receipts import give_due
from common.exchange.relaying import recall
from common.exchange.sealing import seal_due
from common.exchange.speaking import word_of
from common.exchange.views import Views, view
from common.link.folder.county import insist_on_county
from common.link.folder.errors import FolderFullError, ReadOnlyFolderError
from common.link.folder.hearing import Hearing, Listener
from common.link.folder.label import label, stick_on
from common.link.folder.layout import COUNTY
from common.link.folder.letters import Errand, LetterShelf
from common.link.folder.limits import OFFERS_MAX
from common.link.folder.opened import OpenFolder, folder_opened
from common.link.folder.putting import Putting
from common.link.folder.report import FolderReport
from common.link.folder.taking import Taking
from common.link.folder.walking import Walk
from common.store import exchange_queries

_log = logging.getLogger(__name__)
Progress = Callable[[FolderReport], None]


async def visit(
    exchange: Exchange,
    path: Path,
    errands: Sequence[Errand] = (),
    progress: Progress = lambda _: None,
) -> FolderReport:
    """Exchange by the folder in ``path`` what one side lacks; letters are the ``errands``'.

    A ``FolderError`` where the folder cannot be used, or is lost on the way: what was taken in is kept.

    Returns:
        What happened. It never says that anything was delivered: receipts do.
    """
    await seal_due(exchange)
    await give_due(exchange)
    async with folder_opened(path, str(exchange.node), exchange.clock.now()) as folder:
        return await _Visit(exchange, folder, errands, progress).run()


class _Visit:
    def __init__(
        self, exchange: Exchange, folder: OpenFolder, errands: Sequence[Errand], progress: Progress
    ) -> None:
        self.exchange, self.folder, self.errands, self.progress = exchange, folder, errands, progress
        self.report = FolderReport(
            read_only=folder.read_only, full=folder.lock is None and not folder.read_only
        )
        self.walk = Walk(self.report)

    async def run(self) -> FolderReport:
        """Read, apply, answer, write."""
        introduction = await asyncio.to_thread(insist_on_county, self.folder.top, self.exchange.network)
        hearing = await self._read()
        # Who was rolled back or cloned writes nothing under its old epoch: its own word here is the witness.
        if not self.folder.read_only and not self.report.rolled_back:
            await self._written(introduction, hearing)
        return self.report

    async def _read(self) -> Hearing:
        exchange, top = self.exchange, self.folder.top
        kept = await exchange.open.read(exchange_queries.bytes_kept)
        taking = Taking(exchange, self.report, kept, self._step)
        try:
            await taking.public(top, self.walk)
            await apply_held(exchange)  # what follows may be by nodes certified just now
            await exchange.refresh()
            known = await take_inventory(exchange, exchange.node)
            hearing = await Listener(exchange, known, self.report).hear_all(top, self.walk)
            await taking.others(top, self.walk)
            await taking.attachments(top, await take_inventory(exchange, exchange.node))
            return hearing
        finally:
            # A stick pulled in the middle: what came is durable, and not left lying until the next round.
            self.report.applied = await apply_held(exchange)
            await clear(exchange)
            await give_due(exchange)

    async def _written(self, introduction: bytes | None, hearing: Hearing) -> None:
        try:
            await self._write(introduction, hearing)
        except FolderFullError:
            self.report.full = True
        except ReadOnlyFolderError:
            self.report.read_only = True

    async def _write(self, introduction: bytes | None, hearing: Hearing) -> None:
        exchange, top, report = self.exchange, self.folder.top, self.report
        putting = Putting(exchange, report, self._step)
        await seal_due(exchange)
        views = await self._views(hearing)
        await putting.tidy(top, views, Walk(report))  # first: it may be what makes room
        if introduction is not None:
            await asyncio.to_thread(top.write, COUNTY, [introduction])
        if await self._errands(LetterShelf(top, report)):
            views = await self._views(hearing)
        planned = await load(views, OFFERS_MAX)
        if planned.gone:
            await recall(exchange, planned.gone)
            views = await self._views(hearing)  # its own word asks for them
        report.forks += [one for one in planned.forks if one not in report.forks]
        report.for_whom = dict(planned.for_whom)
        await putting.word(top, await word_of(exchange, views.mine, planned.receipts), hearing.own)
        await putting.load(top, planned)
        if report.spoke or report.parcels_out or report.letters_out:
            await asyncio.to_thread(stick_on, top, self._label(hearing))

    async def _views(self, hearing: Hearing) -> Views:
        mine = await take_inventory(self.exchange, self.exchange.node)
        return await view(self.exchange, mine, hearing.others)

    async def _errands(self, shelf: LetterShelf) -> bool:
        """See to the letters; say whether one came, which may have made entries and certificates."""
        for errand in self.errands:
            await errand(shelf)
        if self.report.letters_in:
            await apply_held(self.exchange)
            await self.exchange.refresh()
            await seal_due(self.exchange)
            await give_due(self.exchange)
        return bool(self.report.letters_in)

    def _label(self, hearing: Hearing) -> bytes:
        network, exchange = self.exchange.network, self.exchange
        visits = {node: china_day(from_milliseconds(one.issued_ms)) for node, one in hearing.others.items()}
        visits[exchange.node] = exchange.clock.today()
        return label(network.hub.node, network.hub.name, visits)

    async def _step(self) -> None:
        await self.folder.touch()
        self.progress(self.report)
