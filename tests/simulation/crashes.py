"""A box that dies at its n-th transaction, before or after it is durable, and loses what was not on disk."""

import random
from collections.abc import Awaitable, Callable
from typing import Any

from common.store.engine import Database, Tx
from tests.builders.county import Box

Write = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]


class PowerCutError(BaseException):
    """The power is gone: no code of the program may go on, so this is no Exception."""


class Power:
    """Counts the transactions of both databases of a box, and cuts the power in one of them.

    Nothing of the program is replaced: a database's own ways to write and read run, or the box is dead.
    """

    def __init__(self, box: Box, transactions: int, *, durable: bool) -> None:
        self.left, self.durable, self.gone = transactions, durable, False
        for database in {box.exchange.open, box.vault}:
            self._guard(database)

    def _guard(self, database: Database) -> None:
        read = database.read

        def guarded(write: Write) -> Write:
            async def guarded_write(work: Callable[[Tx], Awaitable[Any]]) -> Any:
                self.left -= 1
                last = self.left <= 0
                if self.gone or (last and not self.durable):
                    self.gone = True
                    raise PowerCutError
                done = await write(work)
                if last or self.gone:
                    self.gone = True
                    raise PowerCutError
                return done

            return guarded_write

        async def guarded_read(work: Callable[[Tx], Awaitable[Any]]) -> Any:
            if self.gone:
                raise PowerCutError
            return await read(work)

        database.write = guarded(database.write)  # type: ignore[method-assign, assignment]
        database.write_beside = guarded(database.write_beside)  # type: ignore[method-assign, assignment]
        database.read = guarded_read  # type: ignore[method-assign]


def lose_what_was_not_synced(box: Box, seed: int) -> None:
    """Cut, or fill with zeros, the ends of parcels on their way in, as a disk does after a power cut."""
    chance = random.Random(seed)
    for partial in sorted((box.folder / "parcels").glob("*.part")):
        data = partial.read_bytes()
        kept = chance.randint(0, len(data))
        zeros = bytes(chance.choice([0, len(data) - kept]))
        partial.write_bytes(data[:kept] + zeros)
