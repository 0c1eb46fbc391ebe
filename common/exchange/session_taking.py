"""What a session takes in: parcels it was offered, their chunks, and each whole one in its place."""

import asyncio
from collections.abc import Collection, Iterable

from common.exchange import landing
from common.exchange.applying import apply_held
from common.exchange.exchange import Exchange
from common.exchange.intake import proves_roll_back
from common.exchange.offering import attachment_names
from common.exchange.report import SessionReport
from common.journal.taking_in import Fork, Quarantine, Refuse
from common.store import exchange_queries, parcels
from common.sync.events import ChunkCame
from common.sync.listed import Offer, ParcelKind
from common.sync.session import Session

_NOT_ITS_NAME = "a parcel's hash is not its name"


class SessionTaking:
    """The receiving side of one session.

    Args:
        exchange: this node.
        session: the machine that is told what is wanted.
        report: what happened, filled in here.
    """

    def __init__(self, exchange: Exchange, session: Session, report: SessionReport) -> None:
        self._exchange, self._session, self._report = exchange, session, report
        self._files: dict[bytes, Offer] = {}
        self._kept = 0
        self._whole: list[Offer] = []
        self._keeping: asyncio.Task[None] | None = None

    async def offered(self, offers: Iterable[Offer], told: Collection[bytes]) -> None:
        """Take what is lacking here of the offers; batches only of the journals that were ``told`` about."""
        self._kept = self._kept or await self._exchange.open.read(exchange_queries.bytes_kept)
        listed = list(offers)
        batches = [one for one in listed if one.kind is ParcelKind.BATCH and one.journal in told]
        for offer in await landing.wanted(self._exchange, batches):
            await self._take(offer)
        files = [one for one in listed if one.kind is ParcelKind.ATTACHMENT]
        self._files |= {one.name: one for one in files}
        await self._take_files([one.name for one in files])

    async def chunk(self, came: ChunkCame) -> None:
        """Land a chunk; the last one of a parcel proves it by its name and takes it in."""
        exchange, offer = self._exchange, came.offer
        await landing.land(exchange, offer, came.index, came.data)
        self._report.received += len(came.data)
        if not came.last:
            return
        if offer.kind is ParcelKind.BATCH:
            await self._batch(offer)
        else:
            self._whole.append(offer)
            if self._keeping is None or self._keeping.done():
                await self.kept()
                self._keeping = asyncio.create_task(self._keep())

    async def kept(self) -> None:
        """Wait until every attachment that landed whole is durable; what the disk refused is raised here."""
        keeping, self._keeping = self._keeping, None
        if keeping is not None:
            await keeping

    async def _keep(self) -> None:
        # Beside the line: while some are made durable the next ones come, and they share a transaction.
        while self._whole:
            some, self._whole = self._whole, []
            if not await landing.keep_whole_attachments(self._exchange, some):
                self._report.fault = _NOT_ITS_NAME

    async def _take(self, offer: Offer) -> None:
        later = landing.room_for(self._exchange, offer, self._kept)
        if later is not None:
            self._session.later(offer.name, later)
            self._report.put_off.append(later)
            return
        self._kept += offer.size
        self._session.take(offer.name, await landing.start_of(self._exchange, offer))

    async def _take_files(self, names: Iterable[bytes]) -> None:
        """Take attachments that were offered and that a batch held here names."""
        here = [name for name in names if name in self._files and not self._session.closed]
        for name in sorted(await landing.lacking(self._exchange, here)) if here else ():
            await self._take(self._files.pop(name))

    async def _batch(self, offer: Offer) -> None:
        verdict = await landing.take_whole_batch(self._exchange, offer)
        if verdict is None:
            # Another session may have taken it in meanwhile: then nothing is wrong with this one.
            if await landing.wanted(self._exchange, [offer]):
                self._report.fault = _NOT_ITS_NAME
            return
        self._report.parcels_in += 1
        match verdict:
            case Refuse(reason=reason) | Quarantine(reason=reason):
                self._report.refused.append(reason)
            case Fork(batch=batch):
                self._report.forks.append(batch.journal)
            case _:
                self._report.rolled_back |= proves_roll_back(self._exchange, verdict)
                if verdict.batch.journal.audience.is_public:
                    await apply_held(self._exchange)  # later batches may be by keys that came just now
                data = await self._exchange.open.read(lambda tx: parcels.content(tx, offer.name))
                await self._take_files(attachment_names(data))
