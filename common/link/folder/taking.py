"""Parcels of a folder taken in as those of a line: judged, durable, then opened (docs/spec/folder.md §3)."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

from common.crypto.wire import FormatError
from common.domain.audience import PUBLIC, Audience
from common.exchange import landing
from common.exchange.exchange import Exchange
from common.exchange.intake import proves_roll_back, take_in
from common.exchange.inventory import Inventory
from common.exchange.offering import audience_of_batch
from common.exchange.scope import audiences
from common.journal.ids import parcel_name
from common.journal.limits import BATCH_MAX
from common.journal.taking_in import Duplicate, Fork, Quarantine, Refuse
from common.link.folder.errors import FileError, ReadOnlyFolderError
from common.link.folder.layout import BATCH, PARCELS, audience_folder, audience_of, named, parcel_file
from common.link.folder.medium import Drawer
from common.link.folder.report import FolderReport
from common.link.folder.walking import Walk, drawer_opened
from common.store import exchange_queries
from common.sync.limits import MAX_ATTACHMENT
from common.sync.listed import NO_JOURNAL, Offer, ParcelKind

Step = Callable[[], Awaitable[None]]
"""Called after each parcel: the lock is touched, progress is said; a lock that was lost ends the visit."""


class Taking:
    """Takes parcels of one folder into one node."""

    def __init__(self, exchange: Exchange, report: FolderReport, kept: int, step: Step) -> None:
        """Take the node, what is told, how many bytes it keeps, and what is done after each parcel."""
        self._exchange, self._report, self._kept, self._step = exchange, report, kept, step

    async def public(self, top: Drawer, walk: Walk) -> None:
        """Take in the batches everybody may read."""
        async with drawer_opened(top, PARCELS) as parcels:
            if parcels is not None:
                await self._folder(parcels, PUBLIC, walk)

    async def others(self, top: Drawer, walk: Walk) -> None:
        """Take in the batches of every other audience in scope."""
        async with drawer_opened(top, PARCELS) as parcels:
            if parcels is None:
                return
            async for audience in self._audiences(parcels, walk):
                await self._folder(parcels, audience, walk)

    async def attachments(self, top: Drawer, mine: Inventory) -> None:
        """Take in the attachments that batches held here name and that are not whole; no others are read."""
        lacking = await self._exchange.open.read(lambda tx: exchange_queries.parcels_named(tx, mine.lacking))
        audience = {row.id: row.audience for row in mine.rows.values()}
        async with drawer_opened(top, PARCELS) as parcels:
            if parcels is None:
                return
            for row in lacking.values():
                if row.journal_id in audience:
                    async with drawer_opened(parcels, audience_folder(audience[row.journal_id])) as drawer:
                        if drawer is not None:
                            await self._attachment(drawer, row.name)

    async def _audiences(self, parcels: Drawer, walk: Walk) -> AsyncIterator[Audience]:
        scope = audiences(self._exchange.node, self._exchange.network)
        async for folders in walk.slices(parcels):
            for audience in map(audience_of, folders):
                if audience is not None and audience.text in scope and not audience.is_public:
                    yield audience

    async def _folder(self, parcels: Drawer, audience: Audience, walk: Walk) -> None:
        async with drawer_opened(parcels, audience_folder(audience.text)) as drawer:
            if drawer is None:
                return
            async for files in walk.slices(drawer):
                names = [name for name in (named(file, BATCH) for file in files) if name is not None]
                for name in sorted(await landing.wanted_names(self._exchange, names)):
                    await self._batch(drawer, audience, name)

    async def _batch(self, drawer: Drawer, audience: Audience, name: bytes) -> None:
        try:
            data = await asyncio.to_thread(drawer.read, parcel_file(name, ParcelKind.BATCH), BATCH_MAX)
        except FileError as error:
            self._report.passed_over[error.reason] += 1
            return
        if parcel_name(data) != name or not _is_for(data, audience):
            await self._spoilt(drawer, name, ParcelKind.BATCH)
        elif self._has_room(_offer(name, len(data), ParcelKind.BATCH)):
            await self._take(data)
        await self._step()

    async def _take(self, data: bytes) -> None:
        verdict, report = await take_in(self._exchange, data), self._report
        match verdict:
            case Refuse(reason=reason) | Quarantine(reason=reason):
                report.refused[reason] += 1
            case Fork(batch=batch):
                report.forks.append(batch.journal)
            case Duplicate():
                pass
            case _:
                report.batches_in += 1
                report.bytes_in += len(data)
                report.rolled_back |= proves_roll_back(self._exchange, verdict)

    async def _attachment(self, drawer: Drawer, name: bytes) -> None:
        file = parcel_file(name, ParcelKind.ATTACHMENT)
        size = await asyncio.to_thread(drawer.size, file)
        if size is None:
            return
        if not 0 < size <= MAX_ATTACHMENT:
            self._report.passed_over["too_large" if size else "empty"] += 1
            return
        offer = _offer(name, size, ParcelKind.ATTACHMENT)
        if not self._has_room(offer):
            return
        try:
            pieces = drawer.pieces(file, MAX_ATTACHMENT)
            right = await landing.bring_attachment(self._exchange, offer, pieces)
        except FileError as error:
            self._report.passed_over[error.reason] += 1
            return
        if right:
            self._report.attachments_in += 1
            self._report.bytes_in += size
        elif right is False:
            await self._spoilt(drawer, name, ParcelKind.ATTACHMENT)
        await self._step()

    def _has_room(self, offer: Offer) -> bool:
        later = landing.room_for(self._exchange, offer, self._kept)
        if later is not None:
            self._report.put_off[later] += 1
            return False
        self._kept += offer.size
        return True

    async def _spoilt(self, drawer: Drawer, name: bytes, kind: ParcelKind) -> None:
        self._report.spoilt += 1
        with suppress(ReadOnlyFolderError):
            await asyncio.to_thread(drawer.set_aside, parcel_file(name, kind))


def _offer(name: bytes, size: int, kind: ParcelKind) -> Offer:
    """Return what lies in a file as if it had been offered: its journal is read from it, not believed."""
    return Offer(name, size, kind, NO_JOURNAL, 1, 1)


def _is_for(batch: bytes, audience: Audience) -> bool:
    """Whether a batch lies in its own audience's folder; what is no batch is for taking-in to refuse."""
    try:
        return audience_of_batch(batch) == audience
    except FormatError:
        return True
