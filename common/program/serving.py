"""``serve``: pages, lines and keeper in one process, from the first listening port to a clean end."""

import asyncio
import contextlib
import errno
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address

import sdnotify

from common.domain.log import event
from common.domain.spoken_error import SpokenError
from common.link.address import Address
from common.link.mdns.announcement import Announcement
from common.link.mdns.announcing import announce
from common.link.peer import Carrier
from common.program.house import House
from common.program.keeper import Keeper
from common.program.measuring import measured
from common.program.settings import host_port
from common.web.metrics import metrics_app
from common.web.serving import Pages, serve_pages

_log = logging.getLogger(__name__)


class PortError(SpokenError):
    """An address cannot be listened on."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where to listen, HOST:PORT each; port 0 takes any free one.

    Attributes:
        web: the pages.
        lines: lower nodes, by carrier; a carrier that is not there is not listened on.
        metrics: empty: not at all.
    """

    web: str
    lines: Mapping[Carrier, str] = field(default_factory=dict)
    metrics: str = ""


@dataclass(frozen=True, slots=True)
class Served:
    """Where a running ``serve`` is reached.

    Attributes:
        web: HOST:PORT of the pages.
        lines: where lower nodes dial in; none where nobody does.
        metrics: HOST:PORT of the metrics; empty where there are none.
        ended: set when background work ends by failing, and the log says which.
    """

    web: str
    lines: tuple[Address, ...]
    metrics: str
    ended: asyncio.Event


MakePages = Callable[[House, Keeper, Callable[[], None]], Awaitable[Pages]]
"""A tier's pages, made for its house: the first run's until the box is settled, as they say by calling."""


@asynccontextmanager
async def serving(house: House, wanted: Addresses, make_pages: MakePages) -> AsyncIterator[Served]:
    """Serve inside the block, and say which addresses are listened on.

    An address in use, or not this machine's, is a ``PortError``.
    """
    keeper = Keeper(house)
    async with AsyncExitStack() as stack:
        lines = _Listening(house, keeper, wanted.lines)
        stack.push_async_callback(keeper.lines.close)
        heard_at = await lines.try_now()
        metrics_at = await _serve_metrics(stack, house, keeper, wanted.metrics)
        host, port = host_port(wanted.web)
        settled = asyncio.Event()
        pages = await make_pages(house, keeper, settled.set)
        with _ports_named(wanted.web):
            server = await stack.enter_async_context(serve_pages(pages, host, port))

        async def change_over() -> None:
            await settled.wait()
            await server.show(await make_pages(house, keeper, settled.set))

        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGUSR1, keeper.kick)
        # Removing the handler would bring back the default, which ends the process.
        stack.callback(signal.signal, signal.SIGUSR1, signal.SIG_IGN)
        stack.callback(loop.remove_signal_handler, signal.SIGUSR1)
        ended = asyncio.Event()

        def say_end(task: asyncio.Task[None]) -> None:
            if not task.cancelled() and (error := task.exception()) is not None:
                event(_log, logging.ERROR, "work_ended", work=task.get_name(), error=error)
                ended.set()

        works = {"keeper": keeper.run, "listening": lines.until_enrolled, "change_of_pages": change_over}
        for name, work in works.items():
            task = asyncio.create_task(work(), name=name)
            task.add_done_callback(say_end)
            stack.push_async_callback(_stop, task)
        yield Served(_shown(host, server.port), heard_at, metrics_at, ended)


async def serve_until_told(
    house: House, wanted: Addresses, make_pages: MakePages, say: Callable[[Served], None]
) -> None:
    """Serve until SIGTERM or SIGINT; ``say`` is called once everything listens."""
    notifier = sdnotify.SystemdNotifier()
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    async with serving(house, wanted, make_pages) as served:
        say(served)
        notifier.notify("READY=1")
        waits = [asyncio.ensure_future(event.wait()) for event in (told, served.ended)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        notifier.notify("STOPPING=1")


async def _serve_metrics(stack: AsyncExitStack, house: House, keeper: Keeper, address: str) -> str:
    """Listen for scrapes on this machine alone, if at all; return where.

    Raises:
        PortError: the address is not this machine's own.
    """
    if not address:
        return ""
    host, port = host_port(address)
    if host != "localhost" and not _is_loopback(host):
        raise PortError(
            f"metrics asked for at {address}",
            "指标只在本机上给，请写 127.0.0.1:PORT；要从别的机器取，请用 ssh 转发。",
        )
    app = metrics_app(keeper.lines.meters, lambda: measured(house))
    with _ports_named(address):
        server = await stack.enter_async_context(serve_pages(app, host, port))
    return _shown(host, server.port)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class _Listening:
    """Lower nodes are heard as soon as the box has a certificate: from the start, or once it is enrolled."""

    def __init__(self, house: House, keeper: Keeper, wanted: Mapping[Carrier, str]) -> None:
        self._house, self._keeper, self._wanted = house, keeper, wanted

    async def try_now(self) -> tuple[Address, ...]:
        """Listen wherever it is not done yet, and say where."""
        heard: list[Address] = []
        lines = self._keeper.lines
        for carrier, address in self._wanted.items():
            if self._house.exchange is not None and carrier not in lines.ports:
                host, port = host_port(address)
                with _ports_named(address):
                    heard.append(Address(carrier, host, await lines.listen(carrier, host, port)))
        return tuple(heard)

    async def until_enrolled(self) -> None:
        """Listen once the box is enrolled, then announce it where ``node.toml`` says so."""
        while self._house.exchange is None or self._wanted.keys() - self._keeper.lines.ports.keys():
            await asyncio.sleep(1)
            if self._house.exchange is None:
                await self._house.settle()  # another process may have enrolled the box
            if self._house.exchange is not None:
                await self.try_now()
                self._keeper.kick()
        interfaces, ports = self._house.settings.announce, self._keeper.lines.ports
        if interfaces and ports:
            await announce(interfaces, Announcement(self._house.enrolled()[0].node, ports))


@contextlib.contextmanager
def _ports_named(address: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            pattern = "{address} 已被别的程序占用，请换一个端口，或先停掉那个程序。"
        else:
            pattern = "不能在 {address} 上等待连接，请检查地址和权限。"
        raise PortError(
            f"cannot listen on {address}: errno {error.errno}", pattern, address=address
        ) from error


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def _shown(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
