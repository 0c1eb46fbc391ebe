"""Whether this node's own certificate has ended: then no session is let in, and only a renewal is."""

from datetime import datetime

from common.crypto.certificates import NodeCertificate
from common.program.house import House


async def valid_until(house: House) -> datetime | None:
    """Return the end of the node's certificate; None at the hub, and before it is enrolled."""
    signed = await house.own_certificate()
    return signed.cert.valid_until if signed and isinstance(signed.cert, NodeCertificate) else None


async def ended_at(house: House) -> datetime | None:
    """Return when the node's certificate ended by its measured time; None while it is good."""
    until = await valid_until(house)
    if until is None or house.clock.corrected() < until:
        return None
    return until
