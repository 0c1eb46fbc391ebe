"""What a driver needs of a carrier: SSH, WebSocket and the simulation each have one."""

from typing import Protocol


class Channel(Protocol):
    """An ordered, reliable stream of bytes between two nodes that know each other's name."""

    async def read(self) -> bytes:
        """Wait for bytes and return them, at most about a megabyte; ``b""`` when the line is closed."""

    async def write(self, data: bytes) -> None:
        """Send bytes; returns when the carrier can take more, so that a slow line slows the sender.

        Raises:
            ConnectionError: the line is gone.
        """

    async def close(self) -> None:
        """Close the line; closing twice does nothing."""
