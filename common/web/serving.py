"""Pages on a port: the only place that starts and ends an aiohttp server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

Pages = web.Application
_GRACE_SECONDS = 5.0


class PagesServer:
    """Serves one application after another on the same port: the first run's, then the node's.

    Attributes:
        port: where it listens.
    """

    def __init__(self, host: str, port: int) -> None:
        self._host, self.port = host, port
        self._runner: web.AppRunner | None = None

    async def show(self, pages: Pages) -> None:
        """Serve these pages from now on; an address that cannot be listened on is an ``OSError``."""
        await self.close()
        runner = web.AppRunner(pages, access_log=None, shutdown_timeout=_GRACE_SECONDS)
        await runner.setup()
        self._runner = runner
        await web.TCPSite(runner, self._host, self.port).start()
        self.port = int(runner.addresses[0][1])

    async def close(self) -> None:
        """End what is served."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()


@asynccontextmanager
async def serve_pages(pages: Pages, host: str, port: int) -> AsyncIterator[PagesServer]:
    """Serve inside the block; port 0 takes a free one, one in use is an ``OSError``."""
    server = PagesServer(host, port)
    try:
        await server.show(pages)
        yield server
    finally:
        await server.close()
