"""What a visitor leaves in a folder: its word, what others lack, less of what all have (folder.md §4)."""

import asyncio
from collections.abc import AsyncIterator, Iterator

from common.exchange.carrying import Load
from common.exchange.exchange import Exchange
from common.exchange.scope import audiences
from common.exchange.speaking import says_the_same, sign_word
from common.exchange.spending import spent
from common.exchange.views import Views
from common.journal.have_statement import HaveStatement
from common.link.folder.layout import (
    ATTACHMENT,
    BATCH,
    LETTERS,
    NODES,
    PARCELS,
    audience_folder,
    audience_of,
    named,
    parcel_file,
    word_file,
)
from common.link.folder.medium import ASIDE, TEMPORARY, Drawer
from common.link.folder.report import FolderReport
from common.link.folder.taking import Step
from common.link.folder.walking import Walk, drawer_opened
from common.store import parcels
from common.sync.listed import Offer, ParcelKind
from common.sync.word import Word, head_of


class Putting:
    """Writes into one folder for one node; the errors are those of ``Drawer.write``."""

    def __init__(self, exchange: Exchange, report: FolderReport, step: Step) -> None:
        self._exchange, self._report, self._step = exchange, report, step

    async def word(self, top: Drawer, word: Word, before: HaveStatement | None) -> None:
        """Write the own word, unless the one ``before`` says the same."""
        if before is not None and before.epoch == word.hello.epoch and says_the_same(word, before):
            return
        head = head_of(await sign_word(self._exchange, word))
        async with drawer_opened(top, NODES, make=True) as drawer:
            if drawer is not None:
                pieces = _with_head(head, word)
                await asyncio.to_thread(drawer.write, word_file(self._exchange.node), pieces)
                self._report.spoke = True

    async def load(self, top: Drawer, load: Load) -> None:
        """Write what others lack and what is not here yet."""
        async with drawer_opened(top, PARCELS, make=True) as folders:
            if folders is None:
                return
            for offer in load.offers:
                folder = audience_folder(load.audiences[offer.journal])
                async with drawer_opened(folders, folder, make=True) as drawer:
                    if drawer is not None:
                        await self._parcel(drawer, offer)

    async def _parcel(self, drawer: Drawer, offer: Offer) -> None:
        file = parcel_file(offer.name, offer.kind)
        if await asyncio.to_thread(drawer.size, file) == offer.size:
            return
        if offer.kind is ParcelKind.BATCH:
            data = await self._exchange.open.read(lambda tx: parcels.content(tx, offer.name))
            if data is None:
                return
            await asyncio.to_thread(drawer.write, file, [data])
            self._report.batches_out += 1
        else:
            if not await asyncio.to_thread(self._exchange.files.has, offer.name):
                return
            await asyncio.to_thread(drawer.write, file, self._exchange.files.whole_chunks(offer.name))
            self._report.attachments_out += 1
        self._report.bytes_out += offer.size
        await self._step()

    async def tidy(self, top: Drawer, views: Views, walk: Walk) -> None:
        """Remove what everybody has, and what a visit that was cut left behind."""
        for name in (NODES, LETTERS):
            async with drawer_opened(top, name) as drawer:
                if drawer is not None:
                    async for files in walk.slices(drawer):
                        await self._remove(drawer, [file for file in files if file.endswith(TEMPORARY)])
        async with drawer_opened(top, PARCELS) as folders:
            if folders is None:
                return
            async for folder in self._in_scope(folders, walk):
                async with drawer_opened(folders, folder) as drawer:
                    if drawer is not None:
                        await self._tidy(drawer, views, walk)

    async def _in_scope(self, folders: Drawer, walk: Walk) -> AsyncIterator[str]:
        scope = audiences(self._exchange.node, self._exchange.network)
        async for names in walk.slices(folders):
            for folder in names:
                audience = audience_of(folder)
                if audience is not None and audience.text in scope:
                    yield folder

    async def _tidy(self, drawer: Drawer, views: Views, walk: Walk) -> None:
        async for files in walk.slices(drawer):
            by_file = {file: name for file in files if (name := _parcel_of(file)) is not None}
            gone = await spent(views, {*by_file.values()})
            self._report.removed += sum(
                by_file[file] in gone and not file.endswith(ASIDE) for file in by_file
            )
            left = [file for file in files if file.endswith(TEMPORARY)]
            await self._remove(drawer, [*left, *(file for file in by_file if by_file[file] in gone)])

    async def _remove(self, drawer: Drawer, files: list[str]) -> None:
        for file in files:
            await asyncio.to_thread(drawer.remove, file)


def _parcel_of(file: str) -> bytes | None:
    """Return the parcel of a file, set aside or not."""
    plain = file.removesuffix(ASIDE)
    return named(plain, BATCH) or named(plain, ATTACHMENT)


def _with_head(head: bytes, word: Word) -> Iterator[bytes]:
    yield head
    yield from word.frames()
