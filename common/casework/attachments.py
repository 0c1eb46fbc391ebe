"""Files of a case: sealed under their own key at once, opened piece by piece and only to be shown."""

import asyncio
from collections.abc import AsyncIterator, Sequence

from common.casework.desk import Desk
from common.casework.errors import FileRefusedError
from common.crypto.errors import CannotOpenError
from common.crypto.symmetric import KEY_BYTES, random_bytes
from common.domain.application import FileRef
from common.domain.times import to_milliseconds
from common.journal.attachment import PIECE, chunk_count, open_chunk, seal_attachment
from common.journal.ids import parcel_name
from common.store import parcels
from common.store.engine import Tx
from common.store.rows import ParcelRow


async def keep_files(
    desk: Desk, contents: Sequence[bytes], media_type: str, title: str = ""
) -> tuple[FileRef, ...]:
    """Seal and keep files durably, and return what an entry needs to name them, in their order.

    Args:
        desk: where.
        contents: plain bytes, checked or made by ourselves: nothing is looked at here.
        media_type: what they are.
        title: what they show, for people; without personal data.
    """
    now = to_milliseconds(desk.clock.now())
    files, rows = [], []
    for data in contents:
        key = random_bytes(KEY_BYTES)
        name, size = await asyncio.to_thread(_save, desk, data, key)
        files.append(FileRef(name.hex(), len(data), key.hex(), media_type, title))
        rows.append(ParcelRow(name, "attachment", size, None, 0, 0, None, None, "held", now))

    async def work(tx: Tx) -> None:
        for row in rows:
            await parcels.stage_file(tx, row)

    await desk.open.write(work)
    return tuple(files)


async def keep_file(desk: Desk, data: bytes, media_type: str, title: str = "") -> FileRef:
    """Keep one file, as :func:`keep_files`."""
    (file,) = await keep_files(desk, [data], media_type, title)
    return file


def _save(desk: Desk, data: bytes, key: bytes) -> tuple[bytes, int]:
    sealed = seal_attachment(data, key)
    name = parcel_name(sealed)
    desk.files.save(name, sealed)
    return name, len(sealed)


async def open_pieces(
    desk: Desk, file: FileRef, start: int = 0, stop: int | None = None
) -> AsyncIterator[bytes]:
    """Yield a file's plain bytes from ``start`` to before ``stop`` (its end), at most 64 KiB at a time.

    Every piece is verified before it is given; a piece altered on the disk ends it with the error.

    Raises:
        FileRefusedError: its parcel has not arrived yet, or is not what its entry names.
    """
    name, key = bytes.fromhex(file.parcel), bytes.fromhex(file.key)
    if not await asyncio.to_thread(desk.files.has, name):
        raise FileRefusedError("the attachment is not here yet", "这份材料还在路上，等下次同步后再看。")
    end = file.length if stop is None else stop
    for index in range(start // PIECE, chunk_count(end)):
        try:
            chunk = await asyncio.to_thread(desk.files.read_chunk, name, index)
            piece = open_chunk(chunk, key, file.length, index)
        except CannotOpenError:
            raise FileRefusedError(
                "the attachment is damaged",
                "这份材料的文件在本机上损坏了，没有显示。请联系管理员从别的站点取回。",
            ) from None
        yield piece[max(0, start - index * PIECE) : end - index * PIECE]


async def read_file(desk: Desk, file: FileRef) -> bytes:
    """Return a file's plain bytes, all at once; refusals as :func:`open_pieces`."""
    return b"".join([piece async for piece in open_pieces(desk, file)])
