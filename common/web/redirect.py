"""Sending a browser on after a deed, so that reloading the page repeats nothing."""

from aiohttp import web


def see_other(path: str) -> web.Response:
    """Return a redirect to ``path``, opened by GET."""
    return web.Response(status=303, headers={"Location": path})
