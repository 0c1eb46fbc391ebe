"""The background of ``serve``: seal soon after a write, dial the upper node, carry letters, apply, sweep."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

from common.casework.clock import system_uptime
from common.casework.sweeping import sweep_in_turn
from common.domain.log import event
from common.domain.spoken_error import SpokenError
from common.exchange.applying import apply_held
from common.exchange.battery import note_clock
from common.exchange.checkpoints import make_checkpoint
from common.exchange.clearing import clear
from common.exchange.enrolment import EnrolmentError
from common.exchange.epochs import hub_stopped
from common.exchange.purging import purge
from common.exchange.receipts import give_due
from common.exchange.relaying import let_go_carried
from common.exchange.sealing import seal_due
from common.link.errors import LinkError
from common.link.folder.errors import FolderError
from common.link.folder.watching import FerryWatch
from common.program.folders import visit_folder
from common.program.house import House
from common.program.lines import Lines
from common.program.renewing import renew_by, renewal_due
from common.store.errors import StoreError

FIRST_REST = 1.0
LONGEST_REST = 300.0
"""Seconds between dials that fail: doubling from the first, each shortened by chance, reset by a kick."""
_SWEEP_EVERY = timedelta(hours=1)
_log = logging.getLogger(__name__)


def rest_after(failures: int, shortest: float = FIRST_REST, longest: float = LONGEST_REST) -> float:
    """Return how long to rest after that many failures in a row: capped, and between half and the whole."""
    whole = min(shortest * 2.0 ** min(failures, 32), longest)
    return whole * (0.5 + secrets.randbelow(1000) / 2000)


class Keeper:
    """Rounds of a node's own work, one after another; ``kick`` starts the next at once."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._kicked = asyncio.Event()
        self.lines = Lines(house, self.kick)
        self.failures = 0
        self.last_error: LinkError | None = None
        self.synced_at: datetime | None = None
        self.ferry_errors: dict[Path, str] = {}
        self._watch = FerryWatch()
        self._kicks = 0
        self._tidied: float | None = None

    @property
    def line_up(self) -> bool:
        """Whether the last contact with the upper node succeeded."""
        return self.synced_at is not None and self.last_error is None

    def kick(self) -> None:
        """Do a round now: something was written, a line appeared, or somebody asks."""
        self._kicks += 1
        self._kicked.set()

    async def run(self) -> None:
        """Keep going until cancelled; a round that fails is told in the log and tried again."""
        while True:
            self._kicked.clear()
            kicks = self._kicks
            await self.round()
            if kicks != self._kicks:
                self.failures = 0
            await self._rest()

    async def round(self) -> None:
        """Do everything once; the database's and the line's refusals are kept for the next round."""
        try:
            await self._inside()
            await self._ferries()
            if self._house.exchange is not None and not self._house.is_hub:
                await self._outside()
                await self._inside()
        except (StoreError, SpokenError, OSError, LookupError) as error:
            # Named by its type alone: the text of a database's or a file's error may hold values.
            event(_log, logging.ERROR, "round_unfinished", error=error)

    async def _inside(self) -> None:
        exchange = self._house.exchange
        if exchange is None:
            return
        await self._house.follow()
        await note_clock(self._house.opened, self._house.clock, system_uptime().boot)
        await self._house.end_epoch_left()
        await apply_held(exchange)
        await exchange.refresh()  # a command beside this process may have let in or revoked a node
        if not await hub_stopped(exchange):
            await self._sweep()
            await clear(exchange)
            await make_checkpoint(exchange)
        await seal_due(exchange)
        await give_due(exchange)
        self.lines.expel_revoked()

    async def _sweep(self) -> None:
        desk, exchange = self._house.desk, self._house.exchange
        if desk is None:
            return
        await sweep_in_turn(desk, _SWEEP_EVERY)
        now = asyncio.get_running_loop().time()
        if exchange is not None and (
            self._tidied is None or now - self._tidied > _SWEEP_EVERY.total_seconds()
        ):
            await purge(exchange)
            await let_go_carried(exchange)
            self._tidied = now

    async def _ferries(self) -> None:
        """Visit every ferry directory with news, there or here; one that fails is told once."""
        exchange = self._house.exchange
        if exchange is None:
            return
        for path in self._house.settings.ferry:
            try:
                looked = await self._watch.look(exchange, path)
                if looked is None:
                    continue
                report = await visit_folder(self._house, path)
                self._watch.note(path, looked, report)
            except FolderError as error:
                if self.ferry_errors.get(path) != error.sentence:
                    event(_log, logging.WARNING, "ferry_failed", why=str(error))
                self.ferry_errors[path] = error.sentence
            else:
                self.ferry_errors.pop(path, None)
                if report.parcels_in or report.parcels_out or report.receipts_in or report.letters_in:
                    event(
                        _log,
                        logging.INFO,
                        "ferry_visited",
                        received=report.parcels_in,
                        sent=report.parcels_out,
                    )

    async def _outside(self) -> None:
        steps = (self.lines.session, self.lines.carry_letters, self._renew_in_time)
        errors = [error for error in [await self._tried(step) for step in steps] if error is not None]
        self.last_error = errors[0] if errors else None
        self.failures = self.failures + 1 if errors else 0
        if errors:
            self.lines.meters.dial_failed()
        if not errors:
            self.synced_at = self._house.clock.now()

    async def _tried(self, step: Callable[[], Awaitable[None]]) -> LinkError | None:
        try:
            await step()
        except LinkError as error:
            event(_log, logging.INFO, "dial_failed", why=str(error))
            return error
        except ConnectionError as error:
            event(_log, logging.INFO, "line_ended", why=type(error).__name__)
        return None

    async def _renew_in_time(self) -> None:
        if not await renewal_due(self._house):
            return
        line, channel = await self.lines.letter_line()
        try:
            if await renew_by(self._house, line.send):
                await self.lines.renewed()
        except EnrolmentError as error:
            event(_log, logging.WARNING, "renewal_refused", why=str(error))
        finally:
            await channel.close()

    async def _rest(self) -> None:
        seconds = rest_after(self.failures - 1) if self.failures else float(self._house.settings.sync_seconds)
        try:
            await asyncio.wait_for(
                self._kicked.wait(), min(seconds, float(self._house.settings.sync_seconds))
            )
        except TimeoutError:
            return
