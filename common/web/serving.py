"""Pages on a port: the only place that starts and ends an aiohttp server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

Pages = web.Application
_GRACE_SECONDS = 5.0


@asynccontextmanager
async def serve_pages(pages: Pages, host: str, port: int) -> AsyncIterator[int]:
    """Serve inside the block and give the port; port 0 takes a free one, one in use is an ``OSError``."""
    runner = web.AppRunner(pages, access_log=None, shutdown_timeout=_GRACE_SECONDS)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
