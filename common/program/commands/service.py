"""Commands about the node itself: ``serve``, ``rebuild``."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from common.casework.rebuilding import Rebuilt, rebuild_projections
from common.domain.node import Tier
from common.link.peer import Carrier
from common.program.commands.shared import (
    as_option,
    data_option,
    directory_of,
    opened,
    program_of,
    run,
    say,
    signed_in,
)
from common.program.directory import MOST_SERVING
from common.program.founding import found_node
from common.program.passphrase import hub_passphrase
from common.program.serving import Addresses, Served, serve_until_told
from common.program.settings import NodeSettings, load_settings
from common.web.metrics import PATH

_WRONG = 1


_web_option = click.option("--web", default=None, help="网页地址，HOST:PORT；端口0为任选。")
_metrics_option = click.option(
    "--metrics", default=None, help="给 Prometheus 的指标，只在本机：127.0.0.1:PORT；不写就不给。"
)
_HELP = "运行：网页、连接和后台，一个进程；Ctrl-C 或 SIGTERM 正常结束。"


@click.command("serve", help=_HELP)
@data_option
@_web_option
@click.option("--ssh", default=None, help="下级站点连接的地址，HOST:PORT。")
@click.option("--wss", default=None, help="只通443端口时，下级站点用加密网页通道连接的地址，HOST:PORT。")
@_metrics_option
@click.pass_context
def serve(
    context: click.Context, path: Path, web: str | None, ssh: str | None, wss: str | None, metrics: str | None
) -> None:
    """Serve pages and lines until told to end."""
    _serve(context, path, _Given(web, {Carrier.SSH: ssh, Carrier.WEBSOCKET: wss}, metrics))


@click.command("serve", help=_HELP)
@data_option
@_web_option
@_metrics_option
@click.pass_context
def serve_station(context: click.Context, path: Path, web: str | None, metrics: str | None) -> None:
    """Serve pages until told to end: nobody dials a station."""
    _serve(context, path, _Given(web, {}, metrics))


@dataclass(frozen=True, slots=True)
class _Given:
    """Addresses of the command line, by every carrier there is here; None where the setting stands."""

    web: str | None
    lines: Mapping[Carrier, str | None]
    metrics: str | None

    def over(self, settings: NodeSettings) -> Addresses:
        """Return what ``serve`` shall listen on."""
        lines = {
            carrier: settings.lines[carrier] if given is None else given
            for carrier, given in self.lines.items()
        }
        return Addresses(
            self.web or settings.web,
            {carrier: address for carrier, address in lines.items() if address},
            settings.metrics if self.metrics is None else self.metrics,
        )


def _serve(context: click.Context, path: Path, given: _Given) -> None:
    program, directory = program_of(context), directory_of(path)

    async def work() -> None:
        async with opened(context, path, serves=True) as house:
            if house.is_hub:
                await house.unlock_hub(hub_passphrase(house.settings.passphrase_file))
            await serve_until_told(house, given.over(house.settings), program.make_pages, _ready)

    if program.tier is not Tier.COUNTY and not directory.settings.exists():
        run(found_node(directory, program.tier))  # the first run in the browser gives its own recovery code
    directory.insist()
    shared = load_settings(directory.settings).database
    with directory.serving(MOST_SERVING if shared else 1):
        run(work())


def _ready(served: Served) -> None:
    say(f"网页 http://{served.web}/")
    for address in served.lines:
        say(f"连接 {address}")
    if served.metrics:
        say(f"指标 http://{served.metrics}{PATH}")
    say("已就绪。")


@click.command("rebuild", help="从日志重做全部查询表，并和原来的比较。")
@data_option
@as_option
@click.pass_context
def rebuild(context: click.Context, path: Path, login: str) -> None:
    """Make the projections again; they must come out the same."""

    async def work() -> Rebuilt:
        async with opened(context, path) as house:
            await signed_in(house, login)
            return await rebuild_projections(house.at_desk())

    found = run(work())
    if found.differing:
        say(f"已重做{found.cases}个办件；这些表和原来不同：{'、'.join(found.differing)}。")
        context.exit(_WRONG)
    say(f"已重做{found.cases}个办件，和原来完全一样。")
