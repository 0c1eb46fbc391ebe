"""Pictures and papers sent to be looked at; names of files say nothing about anybody."""

import logging

from aiohttp import web

from common.casework.attachments import open_pieces
from common.casework.desk import Desk
from common.casework.errors import FileRefusedError
from common.domain.application import FileRef
from common.domain.log import event
from common.web.headers import SEALED_OFF

PDF = "application/pdf"
_LOG = logging.getLogger(__name__)
_PICTURES = {"image/jpeg": "jpg", "image/png": "png"}
_SHOWN = _PICTURES | {PDF: "pdf"}


def document(content: bytes, name: str) -> web.Response:
    """Return a PDF made just now, which browsers show instead of saving.

    Args:
        content: the plain bytes.
        name: a file name in plain ASCII without its ending and without personal data.
    """
    return web.Response(body=content, headers=_headers(PDF, name))


async def send_file(request: web.Request, desk: Desk, file: FileRef, name: str) -> web.StreamResponse:
    """Send a kept file, or the range of it that is asked for, piece by piece, each verified.

    Whoever calls has asked whether this person may see it. A file that is not here, or damaged at its start,
    is a ``FileRefusedError`` and becomes a page; one damaged further on ends there, short of its length.
    """
    start, stop = _range(request, file.length)
    response = web.StreamResponse(headers=_headers(file.media_type, name) | {"Accept-Ranges": "bytes"})
    response.content_length = stop - start
    if stop - start != file.length:
        response.set_status(206)
        response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{file.length}"
    pieces = open_pieces(desk, file, start, stop)
    first = await anext(pieces, b"")
    await response.prepare(request)
    if request.method == "HEAD":
        return response
    await response.write(first)
    try:
        async for piece in pieces:
            await response.write(piece)
    except FileRefusedError as error:
        event(_LOG, logging.ERROR, "file_ended_short", why=str(error))
        response.force_close()
    return response


def is_picture(file: FileRef) -> bool:
    """Whether browsers show the file inside a page."""
    return file.media_type in _PICTURES


def _range(request: web.Request, length: int) -> tuple[int, int]:
    """Return the bytes asked for; a range that is none, or more than one, is answered with the whole file."""
    try:
        asked = request.http_range
    except ValueError:
        return 0, length
    start, stop, _ = asked.indices(length)
    return (start, stop) if start < stop else (0, length)


def _headers(media_type: str, name: str) -> dict[str, str]:
    if media_type not in _SHOWN:
        return {
            "Content-Type": "application/octet-stream",
            "Content-Disposition": f'attachment; filename="{name}.bin"',
            "Content-Security-Policy": SEALED_OFF,
        }
    headers = {
        "Content-Type": media_type,
        "Content-Disposition": f'inline; filename="{name}.{_SHOWN[media_type]}"',
    }
    # Browsers show no PDF in a sandbox; theirs has one of its own.
    return headers if media_type == PDF else headers | {"Content-Security-Policy": SEALED_OFF}
