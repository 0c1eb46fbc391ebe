"""Files of a case: found by content, sealed under their own key at once, opened only to be shown."""

import asyncio

from common.casework.desk import Desk
from common.casework.errors import FileRefusedError
from common.crypto.symmetric import KEY_BYTES, random_bytes
from common.domain.application import FileRef
from common.domain.times import to_milliseconds
from common.journal.attachment import open_attachment, seal_attachment
from common.journal.ids import parcel_name
from common.store import parcels
from common.store.engine import Tx
from common.store.rows import ParcelRow

LARGEST = 10 * 1024 * 1024
"""Bytes of one file; a photograph of a phone is 3 to 8 MB."""
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
)


def media_type(data: bytes) -> str:
    """Return what the content is, never what the sender said.

    Raises:
        FileRefusedError: empty, too large, or neither JPEG, PNG nor PDF.
    """
    if not data:
        raise FileRefusedError("the file is empty", "这个文件是空的，请重新拍照或选择文件。")
    if len(data) > LARGEST:
        raise FileRefusedError("the file is too large", "这个文件超过10MB，请拍得小一些，或分成几张。")
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    raise FileRefusedError("the file is of no known kind", "只收照片（JPG、PNG）和PDF文件，请重新选择。")


async def keep_file(desk: Desk, data: bytes, title: str = "") -> FileRef:
    """Seal and keep a file durably, and return what an entry needs to name it."""
    kind = media_type(data)
    key = random_bytes(KEY_BYTES)
    sealed = await asyncio.to_thread(seal_attachment, data, key)
    name = parcel_name(sealed)
    await asyncio.to_thread(desk.files.save, name, sealed)
    now = to_milliseconds(desk.clock.now())

    async def work(tx: Tx) -> None:
        await parcels.stage_file(
            tx, ParcelRow(name, "attachment", len(sealed), None, 0, 0, None, None, "held", now)
        )

    await desk.open.write(work)
    return FileRef(name.hex(), len(data), key.hex(), kind, title)


async def read_file(desk: Desk, file: FileRef) -> bytes:
    """Return a file's plain bytes.

    Raises:
        FileRefusedError: its parcel has not arrived yet.
    """
    name = bytes.fromhex(file.parcel)
    if not desk.files.has(name):
        raise FileRefusedError("the attachment is not here yet", "这份材料还在路上，等下次同步后再看。")
    sealed = await asyncio.to_thread(desk.files.read, name)
    return await asyncio.to_thread(open_attachment, sealed, bytes.fromhex(file.key), file.length)
