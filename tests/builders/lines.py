"""A line between two nodes inside one process: bytes in order, in any pieces; it may die at any byte."""

import asyncio
import random
from dataclasses import dataclass, field


@dataclass
class Wire:
    """What both ends share: how many bytes still pass, and how the line cuts what it carries.

    Attributes:
        passes: bytes before the line dies; None: it does not.
        counted: the end whose bytes count towards that; None: both.
    """

    passes: int | None = None
    seed: int = 0
    counted: "End | None" = None
    dead: bool = False
    passed: int = 0
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def carry(self, data: bytes, sender: "End") -> bytes:
        """Return as much of the bytes as still passes."""
        if self.counted not in {None, sender}:
            return b"" if self.dead else data
        left = len(data) if self.passes is None else max(0, self.passes - self.passed)
        self.dead = self.dead or left < len(data)
        self.passed += min(left, len(data))
        return data[:left]


class End:
    """One end: a ``common.sync.channel.Channel``."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.buffer = bytearray()
        self.said = bytearray()
        self.closed = False
        self.news = asyncio.Event()
        self.other: End = self

    async def read(self) -> bytes:
        """Return what came, in pieces of chance."""
        while not self.buffer and not self.wire.dead and not self.other.closed and not self.closed:
            self.news.clear()
            await self.news.wait()
        size = self.wire.chance.choice([1, 9, 400, 70_000, 300_000]) if self.wire.seed else 300_000
        data = bytes(self.buffer[:size])
        del self.buffer[:size]
        return data

    async def write(self, data: bytes) -> None:
        """Carry bytes to the other end."""
        if self.wire.dead or self.closed or self.other.closed:
            raise ConnectionResetError
        carried = self.wire.carry(data, self)
        self.said += carried
        self.other.buffer += carried
        self._wake()
        if self.wire.dead:
            raise ConnectionResetError
        await asyncio.sleep(0)

    async def close(self) -> None:
        """Close the line."""
        self.closed = True
        self._wake()

    def _wake(self) -> None:
        self.news.set()
        self.other.news.set()


class Echo:
    """A line whose other end says again, byte for byte, what somebody said in an old session."""

    def __init__(self, said: bytes, seed: int = 0) -> None:
        self.said = bytearray(said)
        self.chance = random.Random(seed)

    async def read(self) -> bytes:
        """Return the next piece of the old words, then the end of the line."""
        await asyncio.sleep(0)
        size = self.chance.choice([9, 400, 70_000])
        data = bytes(self.said[:size])
        del self.said[:size]
        return data

    async def write(self, data: bytes) -> None:
        """Hear nothing."""
        await asyncio.sleep(0)

    async def close(self) -> None:
        """Close the line."""
        self.said.clear()


def line(passes: int | None = None, seed: int = 0, counted: int | None = None) -> tuple[End, End]:
    """Return both ends of a line over which ``passes`` bytes go before it dies; None: it does not.

    ``counted`` says whose bytes count: 0 the first end's, 1 the second's, None both.
    """
    wire = Wire(passes, seed)
    one, two = End(wire), End(wire)
    one.other, two.other = two, one
    if counted is not None:
        wire.counted = (one, two)[counted]
    return one, two
