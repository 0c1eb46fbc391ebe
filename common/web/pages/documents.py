"""Pictures and papers sent to be looked at; names of files say nothing about anybody."""

from aiohttp import web

PDF = "application/pdf"
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", PDF: "pdf"}


def document(content: bytes, media_type: str, name: str) -> web.Response:
    """Return a document that browsers show instead of saving.

    Args:
        content: the plain bytes.
        media_type: as found by content when it was kept.
        name: a file name in plain ASCII without its ending and without personal data.
    """
    ending = _ENDINGS.get(media_type, "bin")
    return web.Response(
        body=content,
        content_type=media_type,
        headers={"Content-Disposition": f'inline; filename="{name}.{ending}"'},
    )
